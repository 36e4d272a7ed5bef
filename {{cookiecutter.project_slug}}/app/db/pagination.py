"""Pages of a list: rows and total in one statement, cursors for long lists."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Integer, ScalarSelect, Select, bindparam, func, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, scoped_session
from sqlalchemy.types import TypeEngine

from app.db.types import MAX_ID, UTCDateTime
from app.exceptions import InvalidInputError

T = TypeVar("T")

# Rows that page numbers reach, and up to which a total is counted: both cost time in proportion.
MAX_ROWS = 10_000
MIN_YEAR = 1000  # the first one that MySQL supports


@dataclass(frozen=True)
class Page(Generic[T]):
    """A page of a list."""

    items: Sequence[T]
    page: int
    per_page: int
    total: int
    next_cursor: str | None

    @property
    def pages(self) -> int:
        """Return the number of pages, 0 without rows."""
        return -(-self.total // self.per_page)


@dataclass(frozen=True)
class Order:
    """The order of a list: by columns that are never NULL, the last of them unique."""

    columns: Sequence[InstrumentedAttribute[Any]]
    descending: bool = False

    def clauses(self) -> list[ColumnElement[Any]]:
        """Return the arguments of ORDER BY."""
        return [column.desc() if self.descending else column.asc() for column in self.columns]

    def cursor_after(self, row: Any) -> str:
        """Return the cursor of the rows that follow a row."""
        values = [getattr(row, column.key) for column in self.columns]
        texts = [value.isoformat() if isinstance(value, datetime) else value for value in values]
        return base64.urlsafe_b64encode(json.dumps(texts).encode()).decode().rstrip("=")

    def rows_after(self, cursor: str) -> ColumnElement[bool]:
        """Select the rows that follow the one a cursor was made of.

        Raises:
            InvalidInputError: No cursor of a list in this order looks like that.
        """
        values = [
            bindparam(None, _parse(value, column.type), type_=column.type)
            for value, column in zip(_decode(cursor, len(self.columns)), self.columns, strict=True)
        ]
        row, last_row = tuple_(*self.columns), tuple_(*values)
        return row < last_row if self.descending else row > last_row


def paginate(
    session: scoped_session[Any],
    query: Select[T],
    order: Order,
    *,
    page: int,
    per_page: int,
    after: str | None = None,
) -> Page[T]:
    """Return a page of the rows that a query selects; with `after`, pages of the rows behind that cursor.

    Raises:
        InvalidInputError: The cursor is not valid.
    """
    if after is not None:
        query = query.where(order.rows_after(after))
    total = count_up_to_maximum(query, *order.columns)
    rows = query.add_columns(total).order_by(*order.clauses()).limit(per_page).offset((page - 1) * per_page)
    found = session.execute(rows).all()
    count = found[0][1] if found else 0 if page == 1 else session.scalar(select(total)) or 0
    has_more = len(found) == per_page and (page * per_page < count or count == MAX_ROWS)
    cursor = order.cursor_after(found[-1][0]) if has_more else None
    return Page([row[0] for row in found], page, per_page, count, cursor)


def count_up_to_maximum(query: Select[Any], *columns: Any) -> ScalarSelect[int]:
    """Return the number of rows that a query selects, counted up to `MAX_ROWS`, as an expression."""
    counted = query.with_only_columns(*columns, maintain_column_froms=True).limit(MAX_ROWS).subquery()
    return select(func.count()).select_from(counted).scalar_subquery()


def _decode(cursor: str, length: int) -> list[Any]:
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError) as error:
        raise _invalid_cursor() from error
    if not isinstance(values, list) or len(values) != length:
        raise _invalid_cursor()
    return values


def _parse(value: Any, column_type: TypeEngine[Any]) -> Any:
    if isinstance(column_type, UTCDateTime) and isinstance(value, str):
        try:
            moment = datetime.fromisoformat(value)
        except ValueError as error:
            raise _invalid_cursor() from error
        if moment.tzinfo is not None and MIN_YEAR <= moment.year < MAXYEAR:
            return moment
    elif isinstance(column_type, Integer) and type(value) is int and abs(value) <= MAX_ID:
        return value
    raise _invalid_cursor()


def _invalid_cursor() -> InvalidInputError:
    return InvalidInputError("The input is invalid.", errors={"after": ["Not a valid cursor."]})
