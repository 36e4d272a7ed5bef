"""Alembic revisions: a delivered one and this service's own become one line again."""

import ast
import json
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

from tools.template.link import ROOT

VERSIONS = ROOT / "migrations" / "versions"
MAX_ID = 32  # what alembic_version takes

SOURCE = '''"""Join {words} to this service's own revisions.

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


def heads() -> set[str]:
    """Return the revisions that no other one builds on."""
    revisions = dict(map(_read, sorted(VERSIONS.glob("*.py"))))
    return set(revisions) - {earlier for downs in revisions.values() for earlier in downs}


def _read(path: Path) -> tuple[str, tuple[str, ...]]:
    """Return a revision and those below it, without importing it."""
    values: dict[str, Any] = {}
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value:
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            if ast.unparse(target) in {"revision", "down_revision"}:
                values[ast.unparse(target)] = ast.literal_eval(node.value)
    down = values.get("down_revision") or ()
    return str(values.get("revision")), (down,) if isinstance(down, str) else tuple(down)


def join(before: Collection[str]) -> Path | None:
    """Write a revision on top of all heads if there are new ones, and return its file."""
    now = heads()
    delivered = sorted(now - set(before))
    if not delivered or len(now) == 1:
        return None
    revision = f"{_next_number():04}_join_{_words(delivered[0])}"[:MAX_ID].rstrip("_")
    file = VERSIONS / f"{revision}.py"
    file.write_text(_source(revision, _words(delivered[0]), now), encoding="utf-8")
    return file


def _source(revision: str, words: str, joined: Iterable[str]) -> str:
    names = sorted(joined)
    return SOURCE.format(
        revision=revision,
        words=words.replace("_", " "),
        revised=", ".join(names),
        quoted=json.dumps(names)[1:-1],
    )


def _words(revision: str) -> str:
    return revision.partition("_")[2] or revision


def _next_number() -> int:
    names = [path.name.partition("_")[0] for path in VERSIONS.glob("*.py")]
    return 1 + max((int(name) for name in names if name.isdigit()), default=0)
