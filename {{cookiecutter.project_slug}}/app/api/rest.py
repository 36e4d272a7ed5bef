"""flask-smorest with problem documents, strict input and bounded ids."""

from http import HTTPStatus
from typing import Any, NoReturn

import flask_smorest
from apispec import APISpec
from flask import Request
from flask_smorest.utils import prepare_response
from marshmallow import RAISE, Schema, ValidationError
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import BadRequest, HTTPException, UnsupportedMediaType
from werkzeug.routing import IntegerConverter

from app.error_handlers import PROBLEM_JSON
from app.exceptions import InvalidInputError
from app.models.base import MAX_ID
from app.schemas.problem import ProblemSchema


class IdConverter(IntegerConverter):
    """An integer id in a path; values that exceed the column type are not found."""

    regex = "[0-9]+"

    def __init__(self, map: Any) -> None:  # noqa: A002 - Werkzeug's name
        """Set the range of the column type."""
        super().__init__(map, min=1, max=MAX_ID)


class StrictRequest(Request):
    """A request that reports a truncated or wrongly chunked body as a client error."""

    def get_data(self, *args: Any, **kwargs: Any) -> Any:
        """Return the body.

        Raises:
            BadRequest: It cannot be read. Each WSGI server raises its own exceptions for that.
        """
        try:
            return super().get_data(*args, **kwargs)
        except HTTPException:
            raise
        except Exception as error:
            raise BadRequest("The request body cannot be read.") from error


class StrictParser(FlaskParser):
    """A parser that reports all validation errors with status code 400."""

    DEFAULT_VALIDATION_STATUS = HTTPStatus.BAD_REQUEST

    def load_json(self, req: Request, schema: Schema) -> Any:
        """Parse the body.

        Raises:
            UnsupportedMediaType: The content type of the body is not JSON.
            InvalidInputError: The body is missing, malformed or nested too deeply.
        """
        if not (req.content_length or req.get_data()):
            raise InvalidInputError("The request body is missing.")
        if not req.is_json:
            raise UnsupportedMediaType("The content type must be application/json.")
        try:
            return super().load_json(req, schema)
        except (ValueError, RecursionError) as error:
            self._handle_invalid_json_error(error, req)

    def _handle_invalid_json_error(self, error: Exception, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise InvalidInputError("The request body is not valid JSON.") from error

    def handle_error(self, error: ValidationError, *_args: Any, **_kwargs: Any) -> NoReturn:
        """Report all messages by field.

        Raises:
            InvalidInputError: Always.
        """
        (by_field,) = error.messages_dict.values()
        raise InvalidInputError("The input is invalid.", errors=by_field) from error


class Blueprint(flask_smorest.Blueprint):
    """A flask-smorest blueprint with strict parsing."""

    ARGUMENTS_PARSER = StrictParser(unknown=RAISE)


class ProblemApi(flask_smorest.Api):
    """An API whose errors are documented as problem documents (RFC 9457)."""

    spec: APISpec

    def _register_error_handlers(self) -> None:
        """Register none: `app.error_handlers` handles all errors."""

    def _register_responses(self) -> None:
        errors = {status.name: status.phrase for status in HTTPStatus if status >= HTTPStatus.BAD_REQUEST}
        for name, description in {**errors, "DEFAULT_ERROR": "Any other error"}.items():
            response = {"description": description, "schema": ProblemSchema}
            prepare_response(response, self.spec, PROBLEM_JSON)
            self.spec.components.response(name, response, lazy=True)


def id_parameter(_converter: IdConverter) -> dict[str, Any]:
    """Return the OpenAPI schema of an id."""
    return {"type": "integer", "minimum": 1, "maximum": MAX_ID}
