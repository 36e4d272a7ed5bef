"""What `.cruft.json` says about the template, and the template itself at a commit."""

import json
import shutil
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).parents[2]
LINK = ROOT / ".cruft.json"


class RefusedError(Exception):
    """Nothing was done; the message is the sentence that says why, and what to do."""


def read_link() -> dict[str, Any]:
    """Return the address of the template, the commit and the answers this service was made of.

    Raises:
        RefusedError: The service was never linked, or the file is damaged.
    """
    if not LINK.exists():
        raise RefusedError("This service is not linked to its template: docs/updating.md tells how.")
    damaged = RefusedError(".cruft.json cannot be read: take it back from git.")
    try:
        link = json.loads(LINK.read_text(encoding="utf-8"))
    except ValueError as error:
        raise damaged from error
    match link:
        case {"template": str(), "commit": str(), "context": {"cookiecutter": dict()}}:
            return link
    raise damaged


def answers_of(link: dict[str, Any]) -> dict[str, Any]:
    """Return the answers to the template's questions."""
    return {name: value for name, value in link["context"]["cookiecutter"].items() if name[0] != "_"}


def git(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run git, wherever a hook or a person called us from."""
    command = ["git", *words]
    # Names of files may be anything.
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, errors="surrogateescape", check=False
    )


def clean_tree() -> None:
    """Insist on a state to come back to.

    Raises:
        RefusedError: There is no git or no repository, or there are changes that nobody committed.
    """
    if not shutil.which("git"):
        raise RefusedError("git is not installed, and an update needs it.")
    status = git(ROOT, "status", "--porcelain")
    if status.returncode:
        raise RefusedError("This service is in no git repository: run git init and commit everything.")
    if status.stdout:
        raise RefusedError("There are uncommitted changes: commit them first, and git can undo this.")


@contextmanager
def template_at(address: str, commit: str, *, newest: bool) -> Generator[Path]:
    """Clone the template for a while, at its newest state or at the commit this service stands on.

    Raises:
        RefusedError: The template cannot be reached, or does not know the commit.
    """
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        cloned = git(ROOT, "clone", "--quiet", "--", address, folder)
        if cloned.returncode:
            reason = cloned.stderr.strip().splitlines()[-1]
            raise RefusedError(f"The template at {address} cannot be reached: {reason}")
        if git(Path(folder), "cat-file", "-e", commit).returncode:
            raise RefusedError(f"The template at {address} does not know commit {commit} of .cruft.json.")
        if not newest:
            git(Path(folder), "checkout", "--quiet", "--detach", commit)
        yield Path(folder)
