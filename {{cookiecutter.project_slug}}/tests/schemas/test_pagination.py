"""Tests of `app/schemas/pagination.py`."""

from types import SimpleNamespace

import pytest
from marshmallow import ValidationError

from app.schemas.pagination import PageQuerySchema, PageSchema


def test_page_query_has_defaults():
    assert PageQuerySchema().load({}) == {"page": 1, "per_page": 20}


def test_maximum_page_and_size_are_accepted():
    for page, per_page in ((10_000, 1), (100, 100)):
        loaded = PageQuerySchema().load({"page": str(page), "per_page": str(per_page)})
        assert loaded == {"page": page, "per_page": per_page}


def test_page_beyond_the_first_10_000_rows_is_rejected():
    with pytest.raises(ValidationError) as caught:
        PageQuerySchema().load({"page": "101", "per_page": "100"})

    assert caught.value.messages_dict == {"page": ["Pages end after 10000 rows; follow the `Link` header."]}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("page", "0"),
        ("page", "-1"),
        ("page", "10001"),
        ("page", "x"),
        ("per_page", "0"),
        ("per_page", "101"),
    ],
)
def test_invalid_page_is_rejected(name, value):
    with pytest.raises(ValidationError) as caught:
        PageQuerySchema().load({name: value})

    assert caught.value.messages_dict.keys() == {name}


def test_page_is_dumped_with_its_position():
    page = SimpleNamespace(page=2, per_page=2, total=5, pages=3, items=[])

    assert PageSchema().dump(page) == {"page": 2, "per_page": 2, "total": 5, "pages": 3}
