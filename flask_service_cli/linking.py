"""Link a service that was generated without a record of its template."""

from collections.abc import Iterable
from pathlib import Path

import click

from flask_service_cli import answers as answer
from flask_service_cli import link as record
from flask_service_cli.checks import contradictions, sentinels_of
from flask_service_cli.exceptions import UsageError
from flask_service_cli.git import scratch_folder
from flask_service_cli.merge import walk
from flask_service_cli.render import Rendering, render
from flask_service_cli.template import Template

# The keys of cruft's record, in its order.
EMPTY = {"template": "", "commit": "", "checkout": None, "context": {}, "directory": None}
SHOWN = 20


def link(
    root: Path, clone: Path | None, source: tuple[str, str], words: Iterable[str], *, ask: bool
) -> int:
    """Write the record and print what differs from a service of these answers; return 0.

    Raises:
        UsageError: The service is linked already, or the template or the answers cannot be.
    """
    if (root / record.NAME).exists():
        raise UsageError(f"This service is linked already: {record.NAME} says to what.")
    url, name = source
    words = list(words)
    wanted = answer.parse_words(words) if words else {}
    with scratch_folder() as folder:
        scratch = Path(folder).resolve()
        template = Template(url, clone) if clone else Template.clone(url, scratch / "clone")
        commit = template.commit_of(name)
        files = template.export(commit, scratch / "template")
        given = answer.validated(wanted, answer.questions_of(files))
        rendering = render(files, given, scratch / "project", ask=ask)
        text = record.text_of({**EMPTY, "template": url}, commit, rendering.answers)
        (root / record.NAME).write_text(text, encoding="utf-8", newline="\n")
        left = list(contradictions(root, rendering.answers, sentinels_of(files)))
        report(differences(root, rendering), left)
    return 1 if left else 0


def differences(root: Path, rendering: Rendering) -> list[str]:
    """Return the names of rendered files that are missing or different in a service."""
    files = {name: path.read_bytes() for name, path in walk(rendering.folder)}
    return [
        name
        for name, content in files.items()
        if not (root / name).is_file()
        or (root / name).read_bytes().replace(b"\r\n", b"\n") != content
    ]


def report(names: list[str], left: list[str]) -> None:
    """Print what was written and what differs."""
    click.echo(f"{record.NAME} is written: commit it.")
    if names:
        more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
        click.echo(f"Different from the template: {', '.join(names[:SHOWN])}{more}.")
    for sentence in left:
        click.echo(sentence)
