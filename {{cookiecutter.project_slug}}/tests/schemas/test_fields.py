"""Fields that take exactly what the API's document promises."""

import json
import re

import pytest
from marshmallow import ValidationError

from app.schemas.fields import Email, PositiveInteger, StrictBoolean, Text
from app.schemas.pagination import MAX_PAGE, MAX_PER_PAGE, PageQuerySchema

ADDRESSES = ["a@example.com", "first.last+tag@sub.example.org", "ä@bücher.example"]


def refuses(field, value) -> bool:
    """Tell whether a field refuses a value."""
    try:
        field.deserialize(value)
    except ValidationError:
        return True
    return False


@pytest.mark.parametrize("value", ["", " ", "Hello", "äöü", "日本語", "🙂", "a\nb\t", "x" * 10, "🙂" * 10])
def test_text_takes_strings(value):
    assert Text(max_length=10).deserialize(value) == value


@pytest.mark.parametrize("value", [None, 1, 1.5, True, [], {}, "x" * 11, "\x00", "a\x00", "\ud800"])
def test_text_refuses_what_no_database_stores(value):
    assert refuses(Text(max_length=10), value)


def test_text_counts_characters_from_the_shortest():
    field = Text(min_length=3, max_length=4)

    assert [refuses(field, "ä" * length) for length in range(2, 6)] == [True, False, False, True]


@pytest.mark.parametrize("value", ["", " ", "\n\t", "\u00a0", "\u2003"])
def test_text_that_must_not_be_blank_needs_something_to_see(value):
    assert refuses(Text(max_length=10, allow_blank=False), value)


def test_text_tells_its_bounds_to_the_document():
    metadata = Text(max_length=10, allow_blank=False).metadata

    assert (metadata["minLength"], metadata["maxLength"]) == (1, 10)


@pytest.mark.parametrize("blank", [True, False])
@pytest.mark.parametrize("value", ["", " ", "\n", "a", " a ", "a\nb", "\x00", "a\x00b", "🙂"])
def test_text_refuses_exactly_what_its_pattern_refuses(value, blank):
    field = Text(max_length=10, allow_blank=blank)

    matches = re.search(field.metadata["pattern"].removesuffix("$") + r"\Z", value) is not None

    assert refuses(field, value) is not matches


@pytest.mark.parametrize("value", ADDRESSES)
def test_email_takes_addresses(value):
    assert Email().deserialize(value) == value


@pytest.mark.parametrize(
    "value",
    [
        "",
        "@",
        "a",
        "a@",
        "@example.com",
        "a b@example.com",
        '"a b"@example.com',
        " a@example.com",
        "a@example.com\n",
        "a@example.com\nBcc: b@example.com",
        "a\x00@example.com",
        "a@exam ple.com",
        "a\u00a0b@example.com",
        "x" * 250 + "@example.com",
        None,
        1,
        ["a@example.com"],
    ],
)
def test_email_refuses_what_is_no_address(value):
    assert refuses(Email(), value)


@pytest.mark.parametrize(("value", "flag"), [(True, True), (False, False), ("true", True), ("false", False)])
def test_flag_takes_the_two_words_of_json(value, flag):
    assert StrictBoolean().deserialize(value) is flag


@pytest.mark.parametrize("value", [None, 0, 1, 1.0, "1", "0", "on", "yes", "True", "", [], {}, [True]])
def test_flag_refuses_everything_else(value):
    assert refuses(StrictBoolean(), value)


@pytest.mark.parametrize(("value", "count"), [("1", 1), ("10", 10), ("007", 7)])
def test_count_takes_plain_digits(value, count):
    assert PositiveInteger(maximum=10).deserialize(value) == count


@pytest.mark.parametrize(
    "value",
    ["", "0", "-1", "+1", "11", "1.0", "1e1", " 1", "1_0", "\u0661", "0x1", "x", "9" * 5000, "\x00", "null"],
)
def test_count_refuses_everything_else(value):
    assert refuses(PositiveInteger(maximum=10), value)


def test_pages_have_defaults():
    assert PageQuerySchema().load({}) == {"page": 1, "per_page": 20}


@pytest.mark.parametrize(("name", "largest"), [("page", MAX_PAGE), ("per_page", MAX_PER_PAGE)])
def test_pages_end_somewhere(name, largest):
    assert PageQuerySchema().load({name: str(largest)})[name] == largest
    with pytest.raises(ValidationError):
        PageQuerySchema().load({name: str(largest + 1)})


@pytest.mark.parametrize("text", ['{"page": 1, "other": 2}', '{"Page": "1"}'])
def test_unknown_fields_are_refused(text):
    with pytest.raises(ValidationError, match="Unknown field"):
        PageQuerySchema().load(json.loads(text))
