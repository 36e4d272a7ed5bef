"""The export of all data of a user."""

from datetime import date
from typing import Any

from sqlalchemy import Table, select

from app.extensions import db
from app.models.user import User


def export_user(user: User) -> dict[str, list[dict[str, Any]]]:
    """Return the rows that belong to a user, deleted ones included, by table.

    They are the user and all rows with a foreign key to it, so new tables need no code here. Columns that
    users must not see, such as hashes, are marked with `info={"private": True}` in their model.
    """
    tables = {table: _owner_columns(table) for table in db.metadata.sorted_tables}
    return {
        table.name: [row for column in columns for row in _rows(table, column == user.id)]
        for table, columns in tables.items()
        if columns
    }


def _owner_columns(table: Table) -> list[Any]:
    """Return the columns of a table that contain the id of a user."""
    users = db.metadata.tables[User.__tablename__]
    return [users.c.id] if table is users else [c for c in table.c if c.references(users.c.id)]


def _rows(table: Table, is_own: Any) -> list[dict[str, Any]]:
    columns = [column for column in table.c if not column.info.get("private")]
    rows = db.session.execute(select(*columns).where(is_own).order_by(*table.primary_key)).mappings()
    return [{name: _as_json(value) for name, value in row.items()} for row in rows]


def _as_json(value: Any) -> Any:
    """Return times in the format of the API; Flask would write them like HTTP headers."""
    return value.isoformat() if isinstance(value, date) else value
