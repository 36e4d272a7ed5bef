"""Pages of a list, on a table of its own."""

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import MetaData, event, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, registry

from app.db import pagination
from app.db.pagination import Order, paginate
from app.db.types import MAX_ID
from app.exceptions import InvalidInputError
from app.extensions import db
from app.models.base import Base

START = datetime(2026, 1, 1, tzinfo=UTC)


class ItemBase(DeclarativeBase):
    """Keep the table apart from those that migrations know."""

    registry = registry(metadata=MetaData(), type_annotation_map=Base.registry.type_annotation_map)


class Item(ItemBase):
    """A row of the list."""

    __tablename__ = "items"

    id: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[datetime]


NEWEST_FIRST = Order([Item.created_at, Item.id], descending=True)


@pytest.fixture
def session(concurrent_app):
    """A session of a database with the table, in which rows 1 to 5 were created in pairs."""
    with concurrent_app.app_context():
        ItemBase.metadata.create_all(db.engine)
        add(*(Item(id=number, created_at=START + timedelta(days=number // 2)) for number in range(1, 6)))
        yield db.session
        db.session.rollback()
        ItemBase.metadata.drop_all(db.engine)


def add(*items: Item) -> None:
    """Insert rows."""
    db.session.add_all(items)
    db.session.commit()


def page_of(
    session, number: int = 1, per_page: int = 2, after: str | None = None, order: Order = NEWEST_FIRST
):
    """Return a page of the rows."""
    return paginate(session, select(Item), order, page=number, per_page=per_page, after=after)


def ids(page) -> list[int]:
    """Return the ids of a page."""
    return [item.id for item in page.items]


def all_ids_by_cursor(session, order: Order = NEWEST_FIRST) -> list[int]:
    """Follow the cursors from the first page to the last."""
    page = page_of(session, order=order)
    found = ids(page)
    while page.next_cursor:
        page = page_of(session, after=page.next_cursor, order=order)
        found += ids(page)
    return found


def test_pages_are_ordered_and_counted(session):
    pages = [page_of(session, number) for number in (1, 2, 3)]

    assert [ids(page) for page in pages] == [[5, 4], [3, 2], [1]]
    assert {(page.total, page.pages) for page in pages} == {(5, 3)}


def test_page_after_the_last_is_empty_and_counted(session):
    page = page_of(session, 9)

    assert (ids(page), page.total, page.next_cursor) == ([], 5, None)


def test_list_without_rows_has_no_pages(session):
    page = paginate(session, select(Item).where(Item.id > 99), NEWEST_FIRST, page=1, per_page=2)

    assert (page.total, page.pages, page.next_cursor) == (0, 0, None)


@pytest.mark.parametrize(
    ("order", "expected"), [(NEWEST_FIRST, [5, 4, 3, 2, 1]), (Order([Item.id]), [1, 2, 3, 4, 5])]
)
def test_cursors_reach_all_rows(session, order, expected):
    assert all_ids_by_cursor(session, order) == expected


def test_rows_inserted_while_paging_are_neither_repeated_nor_do_they_hide_others(session):
    first = page_of(session)
    add(Item(id=6, created_at=START + timedelta(days=9)))

    assert ids(first) + ids(page_of(session, after=first.next_cursor)) == [5, 4, 3, 2]
    assert ids(page_of(session, 2)) == [4, 3]


def test_total_is_counted_up_to_a_maximum(session, monkeypatch):
    monkeypatch.setattr(pagination, "MAX_ROWS", 3)

    page = page_of(session, 2)

    assert (page.total, page.pages) == (3, 2)
    assert page.next_cursor


def test_a_page_is_one_statement(session):
    statements = []
    event.listen(
        db.engine, "before_cursor_execute", lambda _c, _k, statement, *_: statements.append(statement)
    )

    page_of(session)

    assert len(statements) == 1


def cursor(*values) -> str:
    """Encode values as the function under test does."""
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "\N{SNOWMAN}",
        cursor(),
        cursor(1),
        cursor(START.isoformat(), 1, 1),
        cursor("2026-01-01", 1),
        cursor("2026-01-01T00:00:00", 1),
        cursor("0001-01-01T00:00:00+00:00", 1),
        cursor("9999-12-31T23:59:59-12:00", 1),
        cursor(5, 1),
        cursor(START.isoformat(), "1"),
        cursor(START.isoformat(), 1.5),
        cursor(START.isoformat(), MAX_ID + 1),
        cursor({"a": 1}, None),
    ],
)
def test_forged_cursor_is_invalid_input(session, text):
    with pytest.raises(InvalidInputError) as caught:
        page_of(session, after=text)

    assert caught.value.errors == {"after": ["Not a valid cursor."]}
