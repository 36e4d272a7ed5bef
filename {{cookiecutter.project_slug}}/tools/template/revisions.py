"""Alembic revisions: a delivered one and this service's own become one line again."""

import ast
import json
from pathlib import Path
from typing import Any

from tools.template.link import ROOT

VERSIONS = ROOT / "migrations" / "versions"
MAX_ID = 32  # what alembic_version takes

SOURCE = '''"""Join what was delivered and what this service added.

Revises: {revised}
"""

revision = "{revision}"
down_revision = ({quoted})
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change nothing: both sides are complete."""


def downgrade() -> None:
    """Change nothing: both sides are complete."""
'''


def heads() -> list[str]:
    """Return the revisions that no other one builds on; none while one of them has a conflict."""
    try:
        revisions = dict(map(_read, sorted(VERSIONS.glob("*.py"))))
    except SyntaxError:
        return []
    earlier = {name for names in revisions.values() for name in names}
    return sorted(set(revisions) - earlier - {""})


def _read(path: Path) -> tuple[str, tuple[str, ...]]:
    """Return a revision and those below it, without importing it."""
    values: dict[str, Any] = {}
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value:
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            if ast.unparse(target) in {"revision", "down_revision"}:
                values[ast.unparse(target)] = ast.literal_eval(node.value)
    down = values.get("down_revision") or ()
    return values.get("revision", ""), (down,) if isinstance(down, str) else tuple(down)


def join() -> None:
    """Write a revision on top of all heads if there are several."""
    joined = heads()
    if len(joined) <= 1:
        return
    words = "_".join(name.partition("_")[2] or name for name in joined)
    revision = f"{_next_number():04}_join_{words}"[:MAX_ID].rstrip("_")
    source = SOURCE.format(revision=revision, revised=", ".join(joined), quoted=json.dumps(joined)[1:-1])
    (VERSIONS / f"{revision}.py").write_text(source, encoding="utf-8")


def _next_number() -> int:
    numbers = [path.name.partition("_")[0] for path in VERSIONS.glob("*.py")]
    return 1 + max((int(number) for number in numbers if number.isdigit()), default=0)
