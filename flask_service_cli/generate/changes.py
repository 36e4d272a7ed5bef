"""Changes of files: format them, show them as a patch, write them."""

import subprocess
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

from click import ClickException

# Sort imports and remove those that this resource does not need.
TIDY = (
    ["check", "--fix-only", "--exit-zero", "--quiet", "--select=I,F401"],
    ["format", "--quiet"],
)
LINT = ["check", "--quiet", "--output-format=concise"]


@dataclass(frozen=True)
class Change:
    """The text of a file before and after; `before` is empty for a new file."""

    path: str
    before: str
    after: str


def tidy(text: str, path: str, root: Path, ruff: str) -> str:
    """Format a module with the service's own settings and linter; other files stay as they are.

    Raises:
        ClickException: The linter finds something.
    """
    if not path.endswith(".py"):
        return text
    for command in TIDY:
        done = _run_ruff(command, text, path, root, ruff)
        if done.returncode:
            raise ClickException(f"ruff cannot format {path}: {done.stderr.decode().strip()}")
        text = done.stdout.decode()
    if found := _run_ruff(LINT, text, path, root, ruff).stdout.decode().splitlines():
        raise ClickException(f"`ruff check` would report {found[0]}: choose other names.")
    return text


def _run_ruff(
    command: list[str], text: str, path: str, root: Path, ruff: str
) -> subprocess.CompletedProcess[bytes]:
    arguments = [ruff, *command, f"--stdin-filename={path}", "-"]
    return subprocess.run(
        arguments, cwd=root, input=text.encode(), capture_output=True, check=False
    )


def patch(changes: list[Change]) -> str:
    """Return the changes as a patch for `git apply`."""
    return "".join(_diff(change) for change in changes)


def _diff(change: Change) -> str:
    old = f"a/{change.path}" if change.before else "/dev/null"
    before, after = (text.splitlines(keepends=True) for text in (change.before, change.after))
    return "".join(unified_diff(before, after, old, f"b/{change.path}"))


def write(changes: list[Change], root: Path) -> None:
    """Write all files, with the line ends that git stores."""
    for change in changes:
        path = root / change.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(change.after, encoding="utf-8", newline="\n")
