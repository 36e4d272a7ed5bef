"""Tests of `app/schemas/values.py`."""

import decimal
import re
from datetime import UTC, date, datetime

import pytest
from marshmallow import Schema, ValidationError, fields

from app.schemas.values import Date, Decimal, Int32, UTCDateTime


def is_rejected(field, value) -> bool:
    """Return whether a field rejects a value."""
    try:
        field.deserialize(value)
    except ValidationError:
        return True
    return False


def amount(**kwargs) -> Decimal:
    """Return a field with four digits, two of them decimal places."""
    return Decimal(digits=4, places=2, **kwargs)


@pytest.mark.parametrize(
    ("value", "number"), [(0, 0), (-7, -7), (1.0, 1), (1e3, 1000), (2**31 - 1, 2**31 - 1)]
)
def test_int32_accepts_integers(value, number):
    loaded = Int32().deserialize(value)

    assert (loaded, type(loaded)) == (number, int)


@pytest.mark.parametrize(
    "value",
    [None, True, False, "1", "", 1.5, float("inf"), float("nan"), 2**31, -(2**31) - 1, 10**400, [], {}],
)
def test_int32_rejects_other_values(value):
    assert is_rejected(Int32(), value)


def test_int32_rejects_values_out_of_bounds():
    field = Int32(minimum=1, maximum=3)

    assert [is_rejected(field, value) for value in range(5)] == [True, False, False, False, True]


@pytest.mark.parametrize(
    ("value", "number"), [("0", "0"), ("12", "12"), ("-12.3", "-12.3"), ("99.99", "99.99"), ("-0", "0")]
)
def test_decimal_is_loaded_exactly(value, number):
    assert str(amount().deserialize(value)) == number


@pytest.mark.parametrize(
    "value",
    [
        None,
        1,
        1.5,
        True,
        "",
        "1.",
        ".5",
        "1.234",
        "123",
        "1e1",
        "+1",
        " 1",
        "1\n",
        "NaN",
        "Infinity",
        "\u0661",
        "1,5",
    ],
)
def test_decimal_rejects_other_values(value):
    assert is_rejected(amount(), value)


@pytest.mark.parametrize(("value", "text"), [("0", "0.00"), ("12.5", "12.50"), ("-99.99", "-99.99")])
def test_decimal_is_dumped_with_all_decimal_places(value, text):
    schema = Schema.from_dict({"amount": amount()})()

    assert schema.dump({"amount": decimal.Decimal(value)}) == {"amount": text}


def test_decimal_accepts_none_if_allowed():
    schema = Schema.from_dict({"amount": amount(allow_none=True)})()

    assert schema.dump({"amount": None}) == schema.load({"amount": None}) == {"amount": None}


@pytest.mark.parametrize("value", ["1000-01-01", "2024-02-29", "9999-12-31"])
def test_date_accepts_iso_dates(value):
    assert Date().deserialize(value) == date.fromisoformat(value)


@pytest.mark.parametrize(
    "value",
    [None, 1, "", "0999-12-31", "2026-02-29", "2026-1-1", "20260101", "2026-01-01T00:00:00", "2026-01-01\n"],
)
def test_date_rejects_other_values(value):
    assert is_rejected(Date(), value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-01-31T12:00:00Z", datetime(2026, 1, 31, 12, tzinfo=UTC)),
        ("2026-01-31T12:00:00+02:00", datetime(2026, 1, 31, 10, tzinfo=UTC)),
        ("2026-01-31T12:00:00.123456-00:30", datetime(2026, 1, 31, 12, 30, 0, 123456, tzinfo=UTC)),
    ],
)
def test_datetime_is_loaded_as_utc(value, expected):
    loaded = UTCDateTime().deserialize(value)

    assert (loaded, loaded.tzinfo) == (expected, UTC)


@pytest.mark.parametrize(
    "value",
    [
        None,
        1,
        "",
        "2026-01-31",
        "2026-01-31T12:00:00",
        "2026-01-31 12:00:00Z",
        "2026-01-31T24:00:01Z",
        "2026-02-30T12:00:00Z",
        "2026-01-31T12:00:00+25:00",
        "2026-01-31T12:00:00Z\n",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T00:00:01Z",
        "9999-12-31T23:59:59-12:00",
    ],
)
def test_datetime_rejects_other_values(value):
    assert is_rejected(UTCDateTime(), value)


@pytest.mark.parametrize("field", [amount(), Date(), UTCDateTime()])
def test_documented_pattern_matches_valid_value(field):
    sample = {fields.String: "12.50", fields.Date: "2026-01-31", fields.AwareDateTime: "2026-01-31T12:00:00Z"}

    assert re.search(field.metadata["pattern"], sample[type(field).__base__])
