"""Pages that can be asked for, and what is told of one."""

from types import SimpleNamespace

import pytest
from marshmallow import ValidationError

from app.schemas.pagination import PageQuerySchema, PageSchema


def test_the_first_page_is_the_default():
    assert PageQuerySchema().load({}) == {"page": 1, "per_page": 20}


def test_the_last_and_longest_page_can_be_asked_for():
    assert PageQuerySchema().load({"page": "100000", "per_page": "100"}) == {"page": 100_000, "per_page": 100}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("page", "0"),
        ("page", "-1"),
        ("page", "100001"),
        ("page", "x"),
        ("per_page", "0"),
        ("per_page", "101"),
    ],
)
def test_a_page_that_makes_no_sense_is_refused(name, value):
    with pytest.raises(ValidationError) as refusal:
        PageQuerySchema().load({name: value})

    assert refusal.value.messages_dict.keys() == {name}


def test_a_page_tells_where_it_is():
    page = SimpleNamespace(page=2, per_page=2, total=5, pages=3, items=[])

    assert PageSchema().dump(page) == {"page": 2, "per_page": 2, "total": 5, "pages": 3}
