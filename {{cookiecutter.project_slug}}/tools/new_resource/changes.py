"""Changes of files: shown as a patch, or written."""

import subprocess
import sys
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

from click import ClickException

# Sort imports and drop those that this resource does not need.
TIDY = (["check", "--fix-only", "--exit-zero", "--quiet", "--select=I,F401"], ["format", "--quiet"])
LINT = ["check", "--quiet", "--output-format=concise"]


@dataclass(frozen=True)
class Change:
    """A file as it was, empty if there was none, and as it will be."""

    path: str
    before: str
    after: str


def tidy(text: str, path: str, root: Path) -> str:
    """Format a module with the project's own settings, which have to find nothing else in it.

    Raises:
        ClickException: The linter is not installed, or is not happy.
    """
    for command in TIDY:
        done = _ruff(command, text, path, root)
        if done.returncode:
            raise ClickException(f"ruff cannot read {path}: {done.stderr.decode().strip()}")
        text = done.stdout.decode()
    if found := _ruff(LINT, text, path, root).stdout.decode().splitlines():
        raise ClickException(f"`ruff check` would find {found[0]}: choose other names.")
    return text


def _ruff(command: list[str], text: str, path: str, root: Path) -> subprocess.CompletedProcess[bytes]:
    words = [sys.executable, "-m", "ruff", *command, f"--stdin-filename={path}", "-"]
    return subprocess.run(words, cwd=root, input=text.encode(), capture_output=True, check=False)


def patch(changes: list[Change]) -> str:
    """Show changes the way `git apply` reads them."""
    return "".join(_diff(change) for change in changes)


def _diff(change: Change) -> str:
    old = f"a/{change.path}" if change.before else "/dev/null"
    before, after = (text.splitlines(keepends=True) for text in (change.before, change.after))
    return "".join(unified_diff(before, after, old, f"b/{change.path}"))


def write(changes: list[Change], root: Path) -> None:
    """Write all files, with the line ends that git keeps."""
    for change in changes:
        (root / change.path).write_text(change.after, encoding="utf-8", newline="\n")
