"""The revision that drops the table; those that were delivered stay."""

import re
from pathlib import Path

from alembic.script import ScriptDirectory

from tools.remove_example.state import RefusedError

SOURCE = Path(__file__).with_name("drop_posts.py")


def next_revision(root: Path) -> tuple[str, str]:
    """Return name and text of the revision on top of all others.

    Raises:
        RefusedError: There is more than one to build on.
    """
    scripts = ScriptDirectory(str(root / "migrations"))
    heads = scripts.get_heads()
    if len(heads) != 1:
        raise RefusedError(f"The migrations end in {len(heads)} heads: join them with flask db merge heads.")
    numbers = [re.match("[0-9]+", script.revision) for script in scripts.walk_revisions()]
    revision = f"{1 + max(int(number[0]) for number in numbers if number):04}_drop_posts"
    text = SOURCE.read_text(encoding="utf-8").replace("THIS_REVISION", revision).replace("HEAD", heads[0])
    return f"migrations/versions/{revision}.py", text
