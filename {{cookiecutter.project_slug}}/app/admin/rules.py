"""Forms that follow the rules of the API instead of having their own."""

from typing import Any

import marshmallow
import wtforms
from marshmallow import Schema
from wtforms import Field, Form


class SchemaValidator:
    """Holds a field of a form to what a schema asks of the field of the same name."""

    def __init__(self, schema: type[Schema]) -> None:
        """Take the rules from a schema of the API."""
        self.fields = schema().fields

    def __call__(self, _form: Form, field: Field) -> None:
        """Check the input.

        Raises:
            wtforms.ValidationError: The API would not take it.
        """
        try:
            self.fields[field.name].deserialize(field.data)
        except marshmallow.ValidationError as error:
            raise wtforms.ValidationError(" ".join(map(str, error.messages))) from error


def unix_lines(value: Any) -> Any:
    """Return text with the line breaks that the API's clients send; forms send two characters."""
    return value.replace("\r\n", "\n") if isinstance(value, str) else value
