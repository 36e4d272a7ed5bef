"""The project as it is, and the state in which it may be changed."""

import shutil
import subprocess
from pathlib import Path

from tools.remove_example.example import TOOL


class RefusedError(Exception):
    """Nothing was written; the message is the sentence that says why, and what to do."""


def git(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run git in the project."""
    return subprocess.run(["git", *words], cwd=root, capture_output=True, text=True, check=False)


def clean_tree(root: Path) -> None:
    """Insist on a state that git can bring back.

    Raises:
        RefusedError: There is no git or no repository, or there are changes that nobody committed.
    """
    if not shutil.which("git"):
        raise RefusedError("git is not installed: without it, nothing could undo this.")
    status = git(root, "status", "--porcelain")
    if status.returncode:
        raise RefusedError("This service is in no git repository: run git init and commit everything.")
    if status.stdout:
        raise RefusedError("There are uncommitted changes: commit them first, and git can undo this.")


def has_accounts(root: Path) -> bool:
    """Tell whether people log in."""
    return (root / "app" / "security" / "guard.py").exists()


def tracked(root: Path) -> list[str]:
    """Name the Python files that git knows, but those of this tool."""
    names = git(root, "ls-files", "-z", "--", "*.py").stdout.split("\0")
    return [name for name in names if name and not name.startswith(f"{TOOL}/")]
