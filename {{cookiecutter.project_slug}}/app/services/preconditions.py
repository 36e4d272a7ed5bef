"""Preconditions of changes: a row must still be what the client read, so that no update is lost."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnExpressionArgument

from app.db.row_locks import lock
from app.exceptions import PreconditionFailedError
from app.extensions import db

# Compares a row with what the client read; None where it did not say.
IsUnchanged = Callable[[Any], bool] | None


def require_unchanged(row: Any, is_unchanged: IsUnchanged, *criteria: ColumnExpressionArgument[bool]) -> None:
    """Lock a row, or the rows that match, until the commit, and compare it with what the client read.

    Without the lock, two clients who read the same could both change it.

    Raises:
        PreconditionFailedError: The row was changed in the meantime.
    """
    if is_unchanged is None:
        return
    lock(db.session, row, *criteria)
    if not is_unchanged(row):
        raise PreconditionFailedError("This was changed after you read it: read it again.")
