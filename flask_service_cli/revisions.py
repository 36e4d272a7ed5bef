"""Revisions of Alembic, read without importing them."""

import ast
import json
from pathlib import Path
from typing import Any

MAX_ID = 32  # the width of the column in alembic_version

SOURCE = '''"""Join the delivered revisions and those of this service.

Revises: {revised}
"""

revision = "{revision}"
down_revision = ({quoted})
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change nothing: both branches are complete."""


def downgrade() -> None:
    """Change nothing: both branches are complete."""
'''


class Revisions:
    """The folder with the revisions of a service."""

    def __init__(self, root: Path) -> None:
        """Keep the folder."""
        self.folder = root / "migrations" / "versions"

    def heads(self) -> list[str]:
        """Return the revisions that no other one is based on.

        Raises:
            SyntaxError: A file is no Python; it may have a conflict.
        """
        revisions = dict(map(read, sorted(self.folder.glob("*.py"))))
        earlier = {name for names in revisions.values() for name in names}
        return sorted(set(revisions) - earlier - {""})

    def next_number(self) -> int:
        """Return the number for the next file."""
        numbers = [path.name.partition("_")[0] for path in self.folder.glob("*.py")]
        return 1 + max((int(number) for number in numbers if number.isdigit()), default=0)

    def join(self) -> str | None:
        """Write a revision that joins all heads if there are several, and return its name."""
        try:
            joined = self.heads()
        except SyntaxError:
            return None
        if len(joined) <= 1:
            return None
        words = "_".join(name.partition("_")[2] or name for name in joined)
        revision = f"{self.next_number():04}_join_{words}"[:MAX_ID].rstrip("_")
        source = SOURCE.format(
            revision=revision, revised=", ".join(joined), quoted=json.dumps(joined)[1:-1]
        )
        path = self.folder / f"{revision}.py"
        path.write_text(source, encoding="utf-8", newline="\n")
        return revision


def read(path: Path) -> tuple[str, tuple[str, ...]]:
    """Return a revision and those that it is based on."""
    values: dict[str, Any] = {}
    for node in ast.parse(path.read_text(encoding="utf-8"), path.name).body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value:
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            if ast.unparse(target) in {"revision", "down_revision"}:
                values[ast.unparse(target)] = ast.literal_eval(node.value)
    down = values.get("down_revision") or ()
    return values.get("revision", ""), (down,) if isinstance(down, str) else tuple(down)
