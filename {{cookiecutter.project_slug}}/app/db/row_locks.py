"""Row locks that work on every database."""

from typing import Any

from sqlalchemy import ColumnExpressionArgument, update
from sqlalchemy.orm import Session, scoped_session


def lock(session: Session | scoped_session[Any], row: Any, *criteria: ColumnExpressionArgument[bool]) -> None:
    """Lock the rows that match, by default one, until the commit, and refresh that one.

    An UPDATE without changes locks rows on every database; on SQLite, it locks the whole database.
    """
    model = type(row)
    statement = update(model).where(*criteria or (model.id == row.id,)).values(updated_at=model.updated_at)
    session.execute(statement.execution_options(synchronize_session=False))
    session.refresh(row)
