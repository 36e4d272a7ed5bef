"""Fields for numbers, dates and times whose values every supported database stores unchanged."""

import decimal
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

from marshmallow import ValidationError, fields, validate

# MySQL supports years from 1000.
DATE_PATTERN = r"^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}$"
DATETIME_PATTERN = (
    r"^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})$"
)
# A later value would exceed `datetime.max` when a server converts it to its own time zone.
MAX_DATETIME = datetime.max.replace(tzinfo=UTC) - timedelta(days=1)


class Int32(fields.Integer):
    """A 32-bit integer. `1.0` is accepted, as in JSON Schema; `"1"` and `true` are not."""

    def __init__(self, *, minimum: int = -(2**31), maximum: int = 2**31 - 1, **kwargs: Any) -> None:
        """Set the inclusive bounds."""
        super().__init__(validate=validate.Range(min=minimum, max=maximum), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        is_whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
        if isinstance(value, bool) or not is_whole:
            raise self.make_error("invalid", input=value)
        return super()._deserialize(value, attr, data, **kwargs)


class Decimal(fields.String):
    """A decimal number as a string, because many clients parse JSON numbers as binary floats."""

    def __init__(self, *, digits: int, places: int, **kwargs: Any) -> None:
        """Set the total number of digits and the number of decimal places."""
        self.places = places
        self.pattern = rf"^-?{_digits(digits - places)}(\.{_digits(places)})?$"
        super().__init__(metadata={"pattern": self.pattern}, **kwargs)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        text = super()._serialize(value, attr, obj, **kwargs)
        return text and f"{decimal.Decimal(text):.{self.places}f}"

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not _matches(self.pattern, text):
            raise ValidationError('Not a valid decimal string such as "12.50".')
        return decimal.Decimal(text) + 0  # normalizes -0, which databases do not keep


class Date(fields.Date):
    """A date in ISO 8601 format, such as `2026-01-31`."""

    def __init__(self, **kwargs: Any) -> None:
        """Document the accepted pattern."""
        super().__init__(metadata={"pattern": DATE_PATTERN}, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> date:
        if not _matches(DATE_PATTERN, value):
            raise self.make_error("invalid", input=value, obj_type=self.OBJ_TYPE)
        return super()._deserialize(value, attr, data, **kwargs)


class UTCDateTime(fields.AwareDateTime):
    """A date and time with a UTC offset, such as `2026-01-31T12:00:00+01:00`; loaded as UTC."""

    def __init__(self, **kwargs: Any) -> None:
        """Document the accepted pattern."""
        super().__init__(metadata={"pattern": DATETIME_PATTERN}, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        invalid = self.make_error("invalid", input=value, obj_type=self.OBJ_TYPE)
        if not _matches(DATETIME_PATTERN, value):
            raise invalid
        try:
            value_in_utc = super()._deserialize(value, attr, data, **kwargs).astimezone(UTC)
        except (ValueError, OverflowError) as error:
            raise invalid from error
        if value_in_utc > MAX_DATETIME:
            raise invalid
        return value_in_utc


def _digits(maximum: int) -> str:
    return "[0-9]{1," + str(maximum) + "}"


def _matches(pattern: str, value: object) -> bool:
    """Return whether the whole string matches; `$` alone would accept a trailing newline."""
    return isinstance(value, str) and re.fullmatch(pattern.removesuffix("$"), value) is not None
