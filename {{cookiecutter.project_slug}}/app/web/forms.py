"""Forms that follow the rules of the API's schemas."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, ClassVar

import marshmallow
import wtforms
from flask import flash, request
from flask_wtf import FlaskForm
from marshmallow import Schema
from wtforms import BooleanField, Field, Form
from wtforms.validators import InputRequired

from app.exceptions import AppError
from app.extensions import db


class SchemaValidator:
    """Validate a form field with the field of the same name of an API schema."""

    def __init__(self, schema: type[Schema]) -> None:
        """Take the fields of the schema."""
        self.fields = schema().fields

    def __call__(self, _form: Form, field: Field) -> None:
        """Validate the input.

        Raises:
            wtforms.ValidationError: The API would refuse it, too.
        """
        try:
            self.fields[field.name].deserialize(field.data)
        except marshmallow.ValidationError as error:
            raise wtforms.ValidationError(" ".join(map(str, error.messages))) from error


class SchemaForm(FlaskForm):
    """A form whose fields are validated like those of the same names in a schema.

    Browsers get the lengths and what is required as attributes of the fields.
    """

    schema: ClassVar[type[Schema]]

    def __init__(self, **values: Any) -> None:
        """Read the submitted form, never JSON: a list as email would count as another account."""
        super().__init__(request.form or None, **values)
        validator = SchemaValidator(self.schema)
        for name in validator.fields.keys() & self._fields.keys():
            field, rule = self[name], validator.fields[name]
            # A box that is not checked is not sent: it is false, not missing.
            is_required = rule.required and not isinstance(field, BooleanField)
            required = [InputRequired()] if is_required else []
            field.validators = [*required, *field.validators, validator]
            attributes = {"required": is_required, **_lengths(rule)}
            for attribute, value in attributes.items():
                if value:
                    setattr(field.flags, attribute, value)


def _lengths(rule: marshmallow.fields.Field) -> dict[str, int | None]:
    length = getattr(rule, "length", None)
    return {"minlength": length.min, "maxlength": length.max} if length else {}


def normalize_newlines(value: Any) -> Any:
    r"""Replace the `\r\n` of submitted forms by the `\n` that API clients send."""
    return value.replace("\r\n", "\n") if isinstance(value, str) else value


@contextmanager
def show_app_errors(form: Form) -> Generator[None]:
    """Roll back if a service raises an error, and show its messages at the fields or on the page."""
    try:
        yield
    except AppError as error:
        db.session.rollback()
        messages = {name: texts for name, texts in (error.errors or {}).items() if name in form}
        for name, texts in messages.items():
            form[name].errors = texts
        if not messages:
            flash_error(error.detail)


def flash_error(message: str) -> None:
    """Show a message on the next page."""
    flash(message, "error")
