"""Fields that take exactly what the API's document promises, and nothing that only looks like it."""

from typing import Any

from marshmallow import ValidationError, fields, validate

# JSON Schema's `email` format alone would promise more than `validate.Email` takes.
EMAIL_PATTERN = r"^[^\s\x00-\x1f\x7f]+@(localhost|\[[\d.]+\]|[^\s@]+\.[^\s@.]{2,})$"


class Text(fields.String):
    """A string that every database can store: no NUL, no half of a surrogate pair."""

    def __init__(
        self, *, max_length: int, min_length: int = 0, allow_blank: bool = True, **kwargs: Any
    ) -> None:
        """Bound the length in characters; without `allow_blank`, there has to be something to see."""
        self.length = validate.Length(min=min_length, max=max_length)
        self.allow_blank = allow_blank
        pattern = r"^[^\x00]*$" if allow_blank else r"^[^\x00]*[^\x00\s][^\x00]*$"
        bounds = {"minLength": min_length if allow_blank else max(min_length, 1), "maxLength": max_length}
        super().__init__(metadata={**bounds, "pattern": pattern}, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        string = super()._deserialize(value, attr, data, **kwargs)
        self.length(string)
        if "\x00" in string or not _is_unicode(string):
            raise ValidationError("Contains unusable characters.")
        if not self.allow_blank and not string.strip():
            raise ValidationError("Must not be blank.")
        return string


class Email(Text):
    """An address; control characters and white space are not welcome even in quotes."""

    def __init__(self, **kwargs: Any) -> None:
        """Bound the length as mail servers do (RFC 5321 4.5.3.1.3)."""
        super().__init__(max_length=254, min_length=3, **kwargs)
        self.metadata = {**self.metadata, "format": "email", "pattern": EMAIL_PATTERN}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        address = super()._deserialize(value, attr, data, **kwargs)
        if not address.isprintable() or " " in address:
            raise ValidationError(validate.Email.default_message)
        return validate.Email()(address)


class StrictBoolean(fields.Boolean):
    """A JSON boolean, or `true` and `false` in a query; not 1, "on" or "yes"."""

    def __init__(self, **kwargs: Any) -> None:
        """Know only the two words of JSON."""
        super().__init__(truthy={"true"}, falsy={"false"}, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if isinstance(value, bool):
            return value
        if not isinstance(value, str):
            raise self.make_error("invalid", input=value)
        return super()._deserialize(value, attr, data, **kwargs)


class PositiveInteger(fields.Integer):
    """A whole number in a query, in plain digits."""

    def __init__(self, *, maximum: int, **kwargs: Any) -> None:
        """Count from 1 to the largest."""
        super().__init__(validate=validate.Range(min=1, max=maximum), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if not (isinstance(value, str) and value.isascii() and value.isdigit()):
            raise self.make_error("invalid", input=value)
        return super()._deserialize(value, attr, data, **kwargs)


def _is_unicode(string: str) -> bool:
    try:
        string.encode()
    except UnicodeEncodeError:
        return False
    return True
