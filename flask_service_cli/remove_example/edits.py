"""Shared files without the example."""

import re
from pathlib import Path

from flask_service_cli.exceptions import UsageError
from flask_service_cli.remove_example.example import ACCOUNT_EDITS, EDITS, OPEN_EDITS, Edit


def has_accounts(root: Path) -> bool:
    """Return whether a service has users."""
    return (root / "app" / "models" / "user.py").exists()


def edited(root: Path) -> dict[str, str]:
    """Return the new texts of shared files by their names."""
    texts: dict[str, str] = {}
    for edit in edits_for(root):
        before = texts.get(edit.path) or (root / edit.path).read_text(encoding="utf-8")
        texts[edit.path] = apply(edit, before)
    return texts


def edits_for(root: Path) -> tuple[Edit, ...]:
    """Return the edits that this service needs, with the features it has and the files it kept."""
    edits = EDITS + (ACCOUNT_EDITS if has_accounts(root) else OPEN_EDITS)
    return tuple(edit for edit in edits if (root / edit.path).exists())


def apply(edit: Edit, text: str) -> str:
    """Change the one place; prose may have none.

    Raises:
        UsageError: There is none, or there are several, because the file was changed.
    """
    places = [match.start() for match in re.finditer(edit.pattern, text, re.MULTILINE)]
    if len(places) > 1 or not (places or edit.path.endswith(".md")):
        lines = ", ".join(str(text.count("\n", 0, place) + 1) for place in places)
        several = f"is several times in {edit.path}, in lines {lines}"
        found = several if lines else f"is not in {edit.path}"
        raise UsageError(
            f"What is to be removed, {edit.place}, {found}: restore it as it was delivered."
        )
    return re.sub(edit.pattern, edit.replacement, text, flags=re.MULTILINE)
