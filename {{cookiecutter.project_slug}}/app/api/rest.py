"""flask-smorest with this service's manners: problem documents, strict input, bounded ids."""

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
    """An id in a path; numbers that no database holds do not exist."""

    regex = "[0-9]+"

    def __init__(self, map: Any) -> None:  # noqa: A002 - Werkzeug's name
        """Accept plain digits in the range of the key."""
        super().__init__(map, min=1, max=MAX_ID)


class StrictRequest(Request):
    """A request that may have a body which ends too early or was cut into wrong chunks."""

    def get_data(self, *args: Any, **kwargs: Any) -> Any:
        """Read the body.

        Raises:
            BadRequest: It cannot be read; every server has exceptions of its own for that.
        """
        try:
            return super().get_data(*args, **kwargs)
        except HTTPException:
            raise
        except Exception as error:
            raise BadRequest("The body cannot be read.") from error


class StrictParser(FlaskParser):
    """Reads arguments and refuses, with 400, whatever a schema does not know."""

    DEFAULT_VALIDATION_STATUS = HTTPStatus.BAD_REQUEST

    def load_json(self, req: Request, schema: Schema) -> Any:
        """Parse the body.

        Raises:
            UnsupportedMediaType: There is a body, and it does not claim to be JSON.
            InvalidInputError: There is none, it is not JSON, or nested too deeply to be meant well.
        """
        if not (req.content_length or req.get_data()):
            raise InvalidInputError("The body is missing.")
        if not req.is_json:
            raise UnsupportedMediaType("Send JSON, and say so: Content-Type: application/json.")
        try:
            return super().load_json(req, schema)
        except (ValueError, RecursionError) as error:
            self._handle_invalid_json_error(error, req)

    def _handle_invalid_json_error(self, error: Exception, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise InvalidInputError("The body is not JSON that can be read.") from error

    def handle_error(self, error: ValidationError, *_args: Any, **_kwargs: Any) -> NoReturn:
        """Tell all messages at once, by field.

        Raises:
            InvalidInputError: Always.
        """
        (by_field,) = error.messages_dict.values()
        raise InvalidInputError("The input is not valid.", errors=by_field) from error


class Blueprint(flask_smorest.Blueprint):
    """A group of resources whose input is parsed strictly."""

    ARGUMENTS_PARSER = StrictParser(unknown=RAISE)


class ProblemApi(flask_smorest.Api):
    """An API whose document tells that errors are problem documents; `app.error_handlers` makes them so."""

    spec: APISpec

    def _register_error_handlers(self) -> None:
        """Leave the errors to `app.error_handlers`."""

    def _register_responses(self) -> None:
        errors = {status.name: status.phrase for status in HTTPStatus if status >= HTTPStatus.BAD_REQUEST}
        for name, description in {**errors, "DEFAULT_ERROR": "Any other error"}.items():
            response = {"description": description, "schema": ProblemSchema}
            prepare_response(response, self.spec, PROBLEM_JSON)
            self.spec.components.response(name, response, lazy=True)


def id_parameter(_converter: IdConverter) -> dict[str, Any]:
    """Document the bounds of ids."""
    return {"type": "integer", "minimum": 1, "maximum": MAX_ID}
