"""Tests of `app/schemas/fields.py`."""

import json
import re

import pytest
from marshmallow import ValidationError

from app.schemas.fields import Email, PositiveInteger, QueryBoolean, StrictBoolean, Text
from app.schemas.pagination import MAX_PAGE, MAX_PER_PAGE, PageQuerySchema

EMAILS = ["a@example.com", "first.last+tag@sub.example.org", "ä@bücher.example"]


def is_rejected(field, value) -> bool:
    """Return whether a field rejects a value."""
    try:
        field.deserialize(value)
    except ValidationError:
        return True
    return False


@pytest.mark.parametrize("value", ["", " ", "Hello", "äöü", "日本語", "🙂", "a\nb\t", "x" * 10, "🙂" * 10])
def test_text_accepts_strings(value):
    assert Text(max_length=10).deserialize(value) == value


@pytest.mark.parametrize("value", [None, 1, 1.5, True, [], {}, "x" * 11, "\x00", "a\x00", "\ud800"])
def test_text_rejects_invalid_values(value):
    assert is_rejected(Text(max_length=10), value)


def test_text_length_is_counted_in_characters():
    field = Text(min_length=3, max_length=4)

    assert [is_rejected(field, "ä" * length) for length in range(2, 6)] == [True, False, False, True]


@pytest.mark.parametrize("value", ["", " ", "\n\t", "\u00a0", "\u2003"])
def test_blank_text_is_rejected_unless_allowed(value):
    assert is_rejected(Text(max_length=10, allow_blank=False), value)


def test_text_documents_its_length():
    metadata = Text(max_length=10, allow_blank=False).metadata

    assert (metadata["minLength"], metadata["maxLength"]) == (1, 10)


@pytest.mark.parametrize("blank", [True, False])
@pytest.mark.parametrize("value", ["", " ", "\n", "a", " a ", "a\nb", "\x00", "a\x00b", "🙂"])
def test_text_rejects_exactly_what_its_documented_pattern_rejects(value, blank):
    field = Text(max_length=10, allow_blank=blank)

    matches = re.search(field.metadata["pattern"].removesuffix("$") + r"\Z", value) is not None

    assert is_rejected(field, value) is not matches


@pytest.mark.parametrize("value", EMAILS)
def test_email_accepts_valid_emails(value):
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
def test_email_rejects_invalid_emails(value):
    assert is_rejected(Email(), value)


@pytest.mark.parametrize("value", [True, False])
def test_strict_boolean_accepts_booleans(value):
    assert StrictBoolean().deserialize(value) is value


@pytest.mark.parametrize("value", [None, 0, 1, 1.0, "true", "false", "1", "yes", "", [], {}, [True]])
def test_strict_boolean_rejects_other_values(value):
    assert is_rejected(StrictBoolean(), value)


@pytest.mark.parametrize(("value", "expected"), [("true", True), ("false", False)])
def test_query_boolean_accepts_json_literals(value, expected):
    assert QueryBoolean().deserialize(value) is expected


@pytest.mark.parametrize("value", [None, True, 0, "1", "0", "on", "yes", "True", "", [], {}])
def test_query_boolean_rejects_other_values(value):
    assert is_rejected(QueryBoolean(), value)


@pytest.mark.parametrize(("value", "expected"), [("1", 1), ("10", 10), ("007", 7)])
def test_positive_integer_accepts_ascii_digits(value, expected):
    assert PositiveInteger(maximum=10).deserialize(value) == expected


@pytest.mark.parametrize(
    "value",
    ["", "0", "-1", "+1", "11", "1.0", "1e1", " 1", "1_0", "\u0661", "0x1", "x", "9" * 5000, "\x00", "null"],
)
def test_positive_integer_rejects_other_values(value):
    assert is_rejected(PositiveInteger(maximum=10), value)


def test_page_query_has_defaults():
    assert PageQuerySchema().load({}) == {"page": 1, "per_page": 20}


@pytest.mark.parametrize(("name", "maximum"), [("page", MAX_PAGE), ("per_page", MAX_PER_PAGE)])
def test_page_query_has_a_maximum(name, maximum):
    others = {"page": "1", "per_page": "1"}
    assert PageQuerySchema().load({**others, name: str(maximum)})[name] == maximum
    with pytest.raises(ValidationError):
        PageQuerySchema().load({name: str(maximum + 1)})


@pytest.mark.parametrize("text", ['{"page": 1, "other": 2}', '{"Page": "1"}'])
def test_unknown_fields_are_rejected(text):
    with pytest.raises(ValidationError, match="Unknown field"):
        PageQuerySchema().load(json.loads(text))
