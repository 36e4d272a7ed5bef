"""The table of options in the README, from what cookiecutter asks: `python -m tests.options`."""

import re
from collections.abc import Iterator

from flask_service_extensions.rendering import CONTEXT, ROOT

README = ROOT / "README.md"
PLACE = re.compile(r"(?<=<!-- options -->\n).*?(?=<!-- end of options -->)", re.DOTALL)
HEAD = "| option | question | answers, the default first |\n| --- | --- | --- |\n"


def table() -> str:
    """Return a row for each question."""
    names = [name for name in CONTEXT if not name.startswith("_")]
    return HEAD + "".join(
        f"| `{name}` | {question(name)} | {' · '.join(answers(name))} |\n" for name in names
    )


def question(name: str) -> str:
    """Return what cookiecutter asks."""
    prompt = CONTEXT["__prompts__"][name]
    return prompt if isinstance(prompt, str) else prompt["__prompt__"]


def answers(name: str) -> Iterator[str]:
    """Yield the choices, with their description where there is one."""
    default, prompt = CONTEXT[name], CONTEXT["__prompts__"][name]
    if isinstance(default, bool):
        yield from ("`yes`", "`no`") if default else ("`no`", "`yes`")
    elif isinstance(default, list):
        for choice in default:
            says_more = prompt[choice] != choice
            yield f"`{choice}` ({prompt[choice]})" if says_more else f"`{choice}`"
    else:
        yield "made from the name" if "{{" in default else f"`{default}`"


def write() -> None:
    """Write the table into the README."""
    text = README.read_text("utf-8")
    README.write_text(PLACE.sub(lambda _: table(), text), "utf-8")


if __name__ == "__main__":
    write()
