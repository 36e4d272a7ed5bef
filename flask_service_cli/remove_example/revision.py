"""The revision that drops the table; those that were delivered stay."""

from pathlib import Path

from jinja2 import Environment

from flask_service_cli.exceptions import UsageError
from flask_service_cli.remove_example.edits import has_accounts
from flask_service_cli.revisions import Revisions

TEMPLATE = Path(__file__).with_name("drop_posts.py.jinja")


def next_revision(root: Path) -> tuple[str, str]:
    """Return name and text of the revision on top of all others.

    Raises:
        UsageError: There is more than one to base it on, or a revision cannot be read.
    """
    revisions = Revisions(root)
    try:
        heads = revisions.heads()
    except SyntaxError as error:
        raise UsageError(
            f"{error.filename} cannot be read as Python: correct line {error.lineno} first."
        ) from None
    number = f"{revisions.next_number():04}"
    if len(heads) != 1:
        merge = f"flask db merge heads --rev-id {number}_join"
        raise UsageError(f"The migrations end in {len(heads)} heads: join them with {merge}.")
    revision = f"{number}_drop_posts"
    values = {"revision": revision, "head": heads[0], "accounts": has_accounts(root)}
    return f"migrations/versions/{revision}.py", render(values)


def render(values: dict[str, object]) -> str:
    """Write the revision."""
    source = TEMPLATE.read_text(encoding="utf-8")
    environment = Environment(line_statement_prefix="# @", keep_trailing_newline=True)  # noqa: S701 - this is Python
    return environment.from_string(source).render(values)
