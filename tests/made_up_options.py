"""Add made-up options to a copy of the template, by the five steps of CONTRIBUTING.md."""

import os
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from flask_service_extensions.rendering import PROJECT_FOLDER, ROOT
from tests.baking import clean_environment, copy_template

Changes = list[tuple[str, str]]


@dataclass(frozen=True)
class MadeUpOption:
    """An option that is yes or no.

    Attributes:
        name: As it is asked.
        files: The files of the feature, by path.
        row: The row of the feature in the table of features.
        shared: By path, what stands in a file that every project has, and what comes in its place.
        requires: The row of the table of requirements, if it needs a choice of another option.
    """

    name: str
    files: Mapping[str, str]
    row: str
    shared: Mapping[str, Changes]
    requires: str = ""


def replace(path: Path, old: str, new: str) -> None:
    """Change one place of a file, and keep its time: the copy shares the environments of ROOT.

    With a newer pyproject.toml, `make` would install them again, with paths of the copy.
    """
    text, times = path.read_text("utf-8"), path.stat()
    assert text.count(old) == 1, f"{path}: {old}"
    path.write_text(text.replace(old, new), "utf-8")
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def insert(path: Path, before: str, text: str) -> None:
    """Insert text before one place of a file."""
    replace(path, before, text + before)


def ask(template: Path, option: MadeUpOption) -> None:
    """Step 1: the option and its prompt."""
    file = template / "cookiecutter.json"
    insert(file, '  "auth": [', f'  "{option.name}": false,\n')
    insert(file, '    "auth": {\n', f'    "{option.name}": "Add {option.name}?",\n')


def write_whole_files(template: Path, option: MadeUpOption) -> None:
    """Step 2: the feature, and its row in the table of features."""
    for name, text in option.files.items():
        (template / PROJECT_FOLDER / name).write_text(text, "utf-8")
    file = template / "flask_service_extensions" / "features.py"
    replace(file, "\nFEATURES = (\n", f"\nFEATURES = (\n{option.row}")


def mark_shared_files(template: Path, option: MadeUpOption) -> None:
    """Step 3: what the option changes inside files that every project has."""
    for name, changes in option.shared.items():
        for old, new in changes:
            replace(template / PROJECT_FOLDER / name, old, new)


def say_what_is_tested(template: Path, option: MadeUpOption) -> None:
    """Step 4: it changes Python, and what it needs."""
    variants = template / "tests" / "variants.py"
    replace(variants, "CODE_OPTIONS = (", f'CODE_OPTIONS = ("{option.name}", ')
    replace(
        template / "flask_service_extensions" / "answers.py",
        "\nREQUIRES = (",
        f"\nREQUIRES = ({option.requires}",
    )


def describe(template: Path) -> None:
    """Step 5: its row in the README, its settings, the picture of the terminal, and formatting."""
    for module in ("tests.options", "tests.settings_table", "tests.terminal"):
        command = [".venv/bin/python", "-m", module]
        subprocess.run(
            command, cwd=template, env=clean_environment(), stdout=subprocess.DEVNULL, check=True
        )
    formatting = [".venv/bin/ruff", "format", "--no-cache", "--quiet", "."]
    subprocess.run(formatting, cwd=template, check=True)


STEPS_OF_EACH = (ask, write_whole_files, mark_shared_files, say_what_is_tested)
STEPS = (*STEPS_OF_EACH, describe)


def template_with(folder: Path, *options: MadeUpOption) -> Path:
    """Return a copy of the template with more options, which shares the environments of ROOT."""
    template = copy_template(folder)
    (template / ".venv").symlink_to(ROOT / ".venv")
    subprocess.run(["git", "init", "--quiet"], cwd=template, check=True)
    for option in options:
        for step in STEPS_OF_EACH:
            step(template, option)
    describe(template)
    return template


def marked(option: str, *lines: str) -> str:
    """Return lines that only a project with the option has."""
    indent = lines[0][: len(lines[0]) - len(lines[0].lstrip())]
    block = (f"{indent}# @if cookiecutter.{option}", *lines, f"{indent}# @endif")
    return "".join(f"{line}\n" for line in block)


METRICS_ROW = "| `app/metrics/` | metrics for Prometheus |\n"


def part(option: str, module: str, variable: str) -> dict[str, Changes]:
    """Return what a part with a setting changes: `app/__init__.py`, documents and layers.

    Names of modules are sorted; the one of the part stands after `metrics`.
    """
    return {
        ".env.example": [
            (
                "# DEBUG, INFO,",
                marked(option, f"# What {module} say.", f"#{variable}=Bake it slowly.")
                + "# DEBUG, INFO,",
            )
        ],
        "AGENTS.md": [
            (
                METRICS_ROW,
                f"{METRICS_ROW}{{%- if cookiecutter.{option} %}}\n"
                f"| `app/{module}.py` | the {option} of the day |\n{{%- endif %}}\n",
            )
        ],
        "app/__init__.py": [
            ("    metrics,\n", "    metrics,\n" + marked(option, f"    {module},")),
            (
                "    *metrics.SETTINGS,\n",
                "    *metrics.SETTINGS,\n" + marked(option, f"    *{module}.SETTINGS,"),
            ),
            (
                "    metrics.init_app(app)\n",
                "    metrics.init_app(app)\n" + marked(option, f"    {module}.init_app(app)"),
            ),
        ],
        # import-linter: in parentheses stands what may be missing.
        "pyproject.toml": [("metrics : (", f"metrics : ({module}) : (")],
    }


def feature_row(option: str, files: Iterable[str], module: str, variable: str) -> str:
    """Return the row of a part with a setting in the table of features."""
    return f"""    Feature(
        "{option}",
        brought_by={{"{option}": (True,)}},
        paths={(*files,)!r},
        sentinel=Sentinel("app/{module}.py"),
        variables=("{variable}",),
        reserved_names=("{option}", "{module}"),
    ),
"""


PART = '''"""A part of a made-up option."""

from flask import Flask

from app.settings import Setting

SETTINGS = (Setting("VARIABLE", "Bake it.", "What pages can show.", parse=str.strip),)


def init_app(app: Flask) -> None:
    """Make the setting available to templates."""
    app.jinja_env.globals["MODULE"] = app.config["VARIABLE"]
'''

TEST = '''"""The setting of a made-up option."""

from app import create_app


def test_templates_see_what_the_environment_variable_says(monkeypatch):
    monkeypatch.setenv("VARIABLE", " Knead first. ")

    app = create_app("testing")

    assert app.jinja_env.globals["MODULE"] == "Knead first."
'''


def small_option(name: str) -> MadeUpOption:
    """Return an option that brings a part with a setting, and its tests.

    Args:
        name: Between `metrics` and `passwords` in the alphabet, as is its plural.
    """
    module, variable = f"{name}s", f"{name.upper()}_OF_THE_DAY"
    files = {
        path: text.replace("VARIABLE", variable).replace("MODULE", module)
        for path, text in {f"app/{module}.py": PART, f"tests/test_{module}.py": TEST}.items()
    }
    row = feature_row(name, files, module, variable)
    return MadeUpOption(name, files, row, part(name, module, variable))
