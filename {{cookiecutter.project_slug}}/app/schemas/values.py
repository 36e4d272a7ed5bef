"""Fields for numbers and times that are the same in JSON, in Python and on every database."""

import decimal
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

from marshmallow import ValidationError, fields, validate

# MySQL promises the years from 1000 on.
DATE_PATTERN = r"^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}$"
DATETIME_PATTERN = (
    r"^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})$"
)
# Later ones would leave Python's calendar when a server answers in its own time zone.
MAX_DATETIME = datetime.max.replace(tzinfo=UTC) - timedelta(days=1)


class Int32(fields.Integer):
    """A whole number that fits into 32 bits; 1.0 is one in JSON, "1" and true are none."""

    def __init__(self, *, minimum: int = -(2**31), maximum: int = 2**31 - 1, **kwargs: Any) -> None:
        """Bound the number."""
        super().__init__(validate=validate.Range(min=minimum, max=maximum), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        is_whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
        if isinstance(value, bool) or not is_whole:
            raise self.make_error("invalid", input=value)
        return super()._deserialize(value, attr, data, **kwargs)


class Decimal(fields.String):
    """A decimal number as a string: as a JSON number it would lose digits in many a client."""

    def __init__(self, *, digits: int, places: int, **kwargs: Any) -> None:
        """Bound the number of digits, and how many of them stand after the point."""
        self.places = places
        self.pattern = rf"^-?{_digits(digits - places)}(\.{_digits(places)})?$"
        super().__init__(metadata={"pattern": self.pattern}, **kwargs)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        text = super()._serialize(value, attr, obj, **kwargs)
        return text and f"{decimal.Decimal(text):.{self.places}f}"

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not _matches(self.pattern, text):
            raise ValidationError('Not a decimal number in a string, like "12.50".')
        return decimal.Decimal(text) + 0  # servers know no -0


class Date(fields.Date):
    """A day of the calendar, like 2026-01-31."""

    def __init__(self, **kwargs: Any) -> None:
        """Tell the bounds to the document."""
        super().__init__(metadata={"pattern": DATE_PATTERN}, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> date:
        if not _matches(DATE_PATTERN, value):
            raise self.make_error("invalid", input=value, obj_type=self.OBJ_TYPE)
        return super()._deserialize(value, attr, data, **kwargs)


class UTCDateTime(fields.AwareDateTime):
    """A moment with its offset from UTC, like 2026-01-31T12:00:00+01:00."""

    def __init__(self, **kwargs: Any) -> None:
        """Tell the bounds to the document."""
        super().__init__(metadata={"pattern": DATETIME_PATTERN}, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        refusal = self.make_error("invalid", input=value, obj_type=self.OBJ_TYPE)
        if not _matches(DATETIME_PATTERN, value):
            raise refusal
        try:
            moment = super()._deserialize(value, attr, data, **kwargs).astimezone(UTC)
        except (ValueError, OverflowError) as error:
            raise refusal from error
        if moment > MAX_DATETIME:
            raise refusal
        return moment


def _digits(most: int) -> str:
    return "[0-9]{1," + str(most) + "}"


def _matches(pattern: str, value: object) -> bool:
    """Tell whether all of a string matches; alone, `$` would let a line break follow."""
    return isinstance(value, str) and re.fullmatch(pattern.removesuffix("$"), value) is not None
