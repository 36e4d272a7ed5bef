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
    numbers = [re.match("[0-9]+(?=_)", script.revision) for script in scripts.walk_revisions()]
    number = f"{1 + max(int(digits[0]) for digits in numbers if digits):04}"
    if len(heads) != 1:
        merge = f"flask db merge heads --rev-id {number}_join"
        raise RefusedError(f"The migrations end in {len(heads)} heads: join them with {merge}.")
    revision = f"{number}_drop_posts"
    text = SOURCE.read_text(encoding="utf-8").replace("THIS_REVISION", revision).replace("HEAD", heads[0])
    return f"migrations/versions/{revision}.py", text
