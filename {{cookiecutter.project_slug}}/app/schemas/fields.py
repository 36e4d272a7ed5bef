"""Strict fields: they accept exactly what their OpenAPI schema describes, without type coercion."""

from typing import Any

from marshmallow import ValidationError, fields, validate

# JSON Schema's `email` format accepts more than `validate.Email`.
EMAIL_PATTERN = r"^[^\s\x00-\x1f\x7f]+@(localhost|\[[\d.]+\]|[^\s@]+\.[^\s@.]{2,})$"


class Text(fields.String):
    """A string without NUL characters and lone surrogates, which databases cannot store."""

    def __init__(
        self, *, max_length: int, min_length: int = 0, allow_blank: bool = True, **kwargs: Any
    ) -> None:
        """Set the length in characters and whether a string of white space only is valid."""
        self.length = validate.Length(min=min_length, max=max_length)
        self.allow_blank = allow_blank
        pattern = r"^[^\x00]*$" if allow_blank else r"^[^\x00]*[^\x00\s][^\x00]*$"
        bounds = {"minLength": min_length if allow_blank else max(min_length, 1), "maxLength": max_length}
        super().__init__(metadata={**bounds, "pattern": pattern}, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        string = super()._deserialize(value, attr, data, **kwargs)
        self.length(string)
        if "\x00" in string or not _is_unicode(string):
            raise ValidationError("Contains invalid characters.")
        if not self.allow_blank and not string.strip():
            raise ValidationError("Must not be blank.")
        return string


class Email(Text):
    """An email address without control characters and white space, even in a quoted local part."""

    def __init__(self, **kwargs: Any) -> None:
        """Limit the length to 254 characters (RFC 5321 4.5.3.1.3)."""
        super().__init__(max_length=254, min_length=3, **kwargs)
        self.metadata = {**self.metadata, "format": "email", "pattern": EMAIL_PATTERN}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        email = super()._deserialize(value, attr, data, **kwargs)
        if not email.isprintable() or " " in email:
            raise ValidationError(validate.Email.default_message)
        return validate.Email()(email)


class StrictBoolean(fields.Boolean):
    """A JSON boolean; not `1` or `"true"`."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:  # noqa: ARG002 - as in marshmallow
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class QueryBoolean(fields.Boolean):
    """`true` or `false` in a query string; not `1`, `on` or `yes`."""

    def __init__(self, **kwargs: Any) -> None:
        """Accept only the two literals of JSON."""
        super().__init__(truthy={"true"}, falsy={"false"}, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, str):
            raise self.make_error("invalid", input=value)
        return super()._deserialize(value, attr, data, **kwargs)


class PositiveInteger(fields.Integer):
    """A positive integer in a query string, in ASCII digits."""

    def __init__(self, *, maximum: int, **kwargs: Any) -> None:
        """Set the inclusive maximum."""
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
