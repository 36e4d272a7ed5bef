"""Remove posts, the example of a service: files, mentions, table; all of it or nothing."""

import re
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

import click

from flask_service_cli import link
from flask_service_cli.exceptions import UsageError
from flask_service_cli.git import clean_repository
from flask_service_cli.remove_example.edits import edited, edits_for, has_accounts
from flask_service_cli.remove_example.example import FILES, MODEL, OPEN_FILES
from flask_service_cli.remove_example.revision import next_revision
from flask_service_cli.remove_example.updates import skipped
from flask_service_cli.remove_example.users import require_unused

DONE = "The example is removed. Now make check, make test and flask db upgrade, then commit."


def remove(root: Path) -> None:
    """Plan everything, refuse what cannot be done, and only then write.

    Raises:
        UsageError: Nothing was written.
    """
    git = clean_repository(root)
    if not (root / MODEL).exists():
        raise UsageError("The example is removed already.")
    files = FILES if has_accounts(root) else FILES + OPEN_FILES
    texts = planned(root, files)
    modules = [name for name in git.names("ls-files", "-z", "--", "*.py") if name not in files]
    require_unused({name: texts.get(name) or read(root, name) for name in modules})
    write(root, files, texts)
    click.echo(DONE)


def strip(folder: Path) -> None:
    """Remove the example from a rendering, so that an update does not bring back its mentions."""
    delete(folder, FILES if has_accounts(folder) else FILES + OPEN_FILES)
    for edit in edits_for(folder):
        text = re.sub(edit.pattern, edit.replacement, read(folder, edit.path), flags=re.MULTILINE)
        (folder / edit.path).write_text(text, encoding="utf-8", newline="\n")


def planned(root: Path, files: Collection[str]) -> dict[str, str]:
    """Return the texts of new and changed files."""
    revision, source = next_revision(root)
    settings = skipped(read(root, link.SETTINGS), files)
    return {**edited(root), revision: source, link.SETTINGS: settings}


def write(root: Path, files: Iterable[str], texts: Mapping[str, str]) -> None:
    """Delete files and write others."""
    delete(root, files)
    for name, text in texts.items():
        (root / name).write_text(text, encoding="utf-8", newline="\n")


def delete(root: Path, files: Iterable[str]) -> None:
    """Delete files, and the folders that are empty without them."""
    for path in (root / name for name in files):
        path.unlink(missing_ok=True)
        if path.parent.exists() and not any(path.parent.iterdir()):
            path.parent.rmdir()


def read(root: Path, name: str) -> str:
    """Return the text of a file."""
    return (root / name).read_text(encoding="utf-8")
