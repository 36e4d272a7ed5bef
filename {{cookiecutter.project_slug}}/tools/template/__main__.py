"""Update this service from its template, change an answer, or see whether that left work to do."""

import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from tools.template import cruft, remains, revisions
from tools.template.answers import checked, questions_of, wanted_answers
from tools.template.link import ROOT, RefusedError, answers_of, clean_tree, git, read_link, template_at

USAGE = "usage: python -m tools.template update | set NAME=VALUE ... | check | cruft ARGUMENT ..."
NOTHING = "Nothing to do: this service is up to date."
NEXT = "Done: git diff --staged shows it. Now make check, make test and flask db upgrade, then commit."
VIEW = re.compile(r"^from app\.admin\.(\w+) import (\w+)\n", re.MULTILINE)
UNDO = "When that is done, commit; git reset --hard and git clean -fd take everything back instead."


def main(arguments: Sequence[str]) -> int | str:
    """Do what the first word says; a sentence as the result means failure."""
    match arguments:
        case ["update"]:
            return update()
        case ["set", *words]:
            return change_answers(words)
        case ["check"]:
            return "\n".join(remains.findings()) or 0
        case ["cruft", *words]:
            return cruft.call(*words)
    return USAGE


def update() -> int | str:
    """Bring what changed in the template since this service was made or last updated."""
    clean_tree()
    link = read_link()
    with template_at(link["template"], link["commit"], newest=True) as template:
        return apply(template)


def change_answers(words: Sequence[str]) -> int | str:
    """Make this service what it would be with other answers, from the same commit of the template."""
    wanted = wanted_answers(words)
    clean_tree()
    link = read_link()
    with template_at(link["template"], link["commit"], newest=False) as template:
        changes = checked(wanted, questions_of(template), answers_of(link))
        return apply(template, "--variables-to-update", json.dumps(changes)) if changes else say(NOTHING)


def apply(template: Path, *options: str) -> int | str:
    """Let cruft merge the difference, join the revisions, and believe nobody's word that all went well."""
    done = cruft.run("update", "--skip-apply-ask", "--template-path", str(template), *options)
    if done.returncode:
        return last_words(done.stderr or done.stdout)
    revisions.join()
    drop_missing_views()
    if not git(ROOT, "status", "--porcelain").stdout:
        return say(NOTHING)
    errors = [line for line in done.stderr.splitlines() if line.startswith("error:")]
    if left := [*errors, *remains.findings()]:
        return "\n".join([*left, UNDO])
    git(ROOT, "add", "--all")
    return say(NEXT)


def drop_missing_views() -> None:
    """Remove the admin's references to views whose modules are not there, because updates skip them."""
    admin = ROOT / "app" / "admin" / "__init__.py"
    text = before = admin.read_text(encoding="utf-8") if admin.exists() else ""
    for line in VIEW.finditer(before):
        if not admin.with_name(f"{line[1]}.py").exists():
            text = text.replace(line[0], "").replace(f"    {line[2]},\n", "")
    if text != before:
        admin.write_text(text, encoding="utf-8", newline="\n")


def last_words(output: str) -> str:
    """Return the sentence at the end of a traceback."""
    line = output.strip().splitlines()[-1]
    return line.partition("Exception: ")[2] or line


def say(sentence: str) -> int:
    """Tell how it went well."""
    sys.stdout.write(f"{sentence}\n")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except RefusedError as sentence:
        sys.exit(str(sentence))
