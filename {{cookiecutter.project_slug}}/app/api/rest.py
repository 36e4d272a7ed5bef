"""flask-smorest with problem documents, strict input and bounded ids."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from functools import partial, wraps
from http import HTTPStatus
from threading import RLock
from typing import Any, NoReturn, ParamSpec, TypeVar, cast
from urllib.parse import urlencode

import flask_smorest
from apispec import APISpec
from flask import Flask, Request, current_app, request
from flask.json.provider import DefaultJSONProvider
from flask_limiter import ExemptionScope
from flask_smorest.utils import prepare_response
from marshmallow import RAISE, Schema, ValidationError
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import BadRequest, HTTPException, UnsupportedMediaType
from werkzeug.routing import IntegerConverter, Rule

from app.api import etags
from app.db.pagination import Page
from app.db.types import MAX_ID
from app.error_handlers import PROBLEM_JSON
from app.exceptions import InvalidInputError
from app.extensions import limiter
from app.schemas.pagination import PageSchema
from app.schemas.problem import ProblemSchema

P = ParamSpec("P")
R = TypeVar("R")
V = TypeVar("V")

MAX_UNKNOWN_FIELDS = 20  # that are reported

# How operation ids name the methods that are not special.
VERBS = {"put": "replace", "patch": "update", "delete": "delete"}


class IdConverter(IntegerConverter):
    """An integer id in a path; values that exceed the column type are not found."""

    regex = "[0-9]+"

    def __init__(self, map: Any) -> None:  # noqa: A002 - Werkzeug's name
        """Set the range of the column type."""
        super().__init__(map, min=1, max=MAX_ID)


class UTF8JSONProvider(DefaultJSONProvider):
    """JSON as UTF-8: other scripts than Latin take up to three times as many bytes when escaped."""

    ensure_ascii = False


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

    def pre_load(self, location_data: Any, *, schema: Schema, **_context: Any) -> Any:
        """Drop unknown fields beyond those that are reported: each costs time and space in the response."""
        if not isinstance(location_data, Mapping) or len(location_data) <= MAX_UNKNOWN_FIELDS:
            return location_data
        known = {field.data_key or name for name, field in schema.load_fields.items()}
        unknown = [name for name in location_data if name not in known]
        kept = known.intersection(location_data).union(unknown[:MAX_UNKNOWN_FIELDS])
        return {name: location_data[name] for name in kept}

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
    """A flask-smorest blueprint with strict parsing, whose operations document their ids and errors."""

    ARGUMENTS_PARSER = StrictParser(unknown=RAISE)

    @classmethod
    def errors(cls, *statuses: int) -> Callable[[Callable[P, R]], Callable[P, R]]:
        """Document status codes that the service function causes.

        Errors that follow from arguments, route, rate limits, guard and roles are documented already.
        """
        return cls.doc(responses={status: HTTPStatus(status).name for status in statuses})

    def etag(self, obj: V) -> V:
        """Add entity tags to the responses of a view, or of all methods of a class; see `app.api.etags`."""

        def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
            @wraps(view)
            def wrapper(*args: Any, **kwargs: Any) -> Any:
                if current_app.config["IF_MATCH_REQUIRED"]:
                    etags.require_if_match()
                return etags.add_tag(current_app.ensure_sync(view)(*args, **kwargs))

            documented = cast(Any, wrapper)
            documented._apidoc = deepcopy(getattr(view, "_apidoc", {})) | {"etag": True}  # noqa: SLF001 - smorest has no public name
            return wrapper

        return self._decorate_view_func_or_method_view(decorate, obj)

    def register_views_in_doc(
        self, api: flask_smorest.Api, app: Flask, spec: APISpec, *, name: str, parameters: Any
    ) -> None:
        """Complete the documentation of all operations and add it to the document."""
        for endpoint, operations in self._docs.items():
            rule = next(app.url_map.iter_rules(f"{name}.{endpoint}"))
            for method, info in operations.items():
                if method != "parameters":
                    _document_operation(endpoint, method, info, _common_errors(app, rule))
        super().register_views_in_doc(api, app, spec, name=name, parameters=parameters)


def _common_errors(app: Flask, rule: Rule) -> set[HTTPStatus]:
    """Return the errors of a route that do not depend on the method."""
    blueprint = rule.endpoint.rpartition(".")[0]
    errors = set()
    if rule.arguments:
        errors.add(HTTPStatus.NOT_FOUND)
    if limiter.limit_manager.exemption_scope(app, rule.endpoint, blueprint) is ExemptionScope.NONE:
        errors.add(HTTPStatus.TOO_MANY_REQUESTS)
    return errors


def _document_operation(view: str, method: str, info: dict[str, Any], errors: set[HTTPStatus]) -> None:
    """Add the id and the errors of an operation to what flask-smorest knows about it."""
    locations = {parameter["in"] for parameter in info.get("arguments", {}).get("parameters", ())}
    if locations:
        errors = errors | {HTTPStatus.BAD_REQUEST}
    if "json" in locations:
        errors = errors | {HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNSUPPORTED_MEDIA_TYPE}
    documented = info.setdefault("manual_doc", {})
    documented.setdefault("operationId", _operation_id(view, method, info))
    responses = documented.setdefault("responses", {})
    for status in errors:
        responses.setdefault(status.value, status.name)


def _operation_id(view: str, method: str, info: dict[str, Any]) -> str:
    """Name an operation after its view, such as listPets, createPet or, for other actions, logout.

    Renaming a view renames the methods of generated clients.
    """
    noun = view.removesuffix("Item")
    responses = info.get("response", {}).get("responses", {})
    schemas = [
        response["schema"] for variants in responses.values() for response in variants if "schema" in response
    ]
    if method == "get":
        is_list = any(isinstance(schema, PageSchema) for schema in schemas)
        return f"{'list' if is_list else 'get'}{noun}"
    if method == "post":
        created = responses.get(HTTPStatus.CREATED)
        if not created:
            return f"{noun[0].lower()}{noun[1:]}"
        return f"create{type(schemas[0]).__name__.removesuffix('Schema')}"
    return f"{VERBS[method]}{noun}"


class ProblemApi(flask_smorest.Api):
    """An API whose errors are documented as problem documents (RFC 9457).

    It is documented when the document is first asked for, since serving requests needs nothing of that.
    """

    def __init__(self, app: Flask) -> None:
        """Register the API with an app."""
        self._undocumented: list[Callable[[APISpec], None]] = []
        self._lock = RLock()
        super().__init__(app)

    @property
    def spec(self) -> APISpec:
        """The OpenAPI document."""
        with self._lock:
            while self._undocumented:
                self._undocumented[0](self._spec)
                del self._undocumented[0]
        return self._spec

    @spec.setter
    def spec(self, spec: APISpec) -> None:
        self._spec = spec

    def add_description(self, describe: Callable[[APISpec], None]) -> None:
        """Let a function add to the document, after everything that was registered before."""
        self._undocumented.append(describe)

    def register_blueprint(
        self, blp: flask_smorest.Blueprint, *, parameters: Any = None, **options: Any
    ) -> None:
        """Register the views of a blueprint."""
        app, name = cast(Flask, self._app), options.get("name", blp.name)
        app.extensions["flask-smorest"]["blp_name_to_api"][name] = self
        app.register_blueprint(blp, **options)

        def describe(spec: APISpec) -> None:
            blp.register_views_in_doc(self, app, spec, name=name, parameters=parameters)
            spec.tag({"name": name, "description": blp.description})

        self.add_description(describe)

    def _register_error_handlers(self) -> None:
        """Register none: `app.error_handlers` handles all errors."""

    def _register_etag_headers(self) -> None:
        is_required = cast(Flask, self._app).config["IF_MATCH_REQUIRED"]
        self.add_description(partial(etags.describe, is_required=is_required))

    def _register_responses(self) -> None:
        self.add_description(self._describe_errors)

    def _describe_errors(self, spec: APISpec) -> None:
        errors = {status.name: status.phrase for status in HTTPStatus if status >= HTTPStatus.BAD_REQUEST}
        for name, description in {**errors, "DEFAULT_ERROR": "Any other error"}.items():
            response = {"description": description, "schema": ProblemSchema}
            prepare_response(response, spec, PROBLEM_JSON)
            spec.components.response(name, response, lazy=True)


PageResponse = tuple[Page[Any], dict[str, str]]
NEXT_LINK = {
    "Link": {"description": "The next page (rel=next), if there is one.", "schema": {"type": "string"}}
}


def with_next_link(page: Page[Any]) -> PageResponse:
    """Return a page and, if there are more rows, the header that links to them (RFC 8288)."""
    if page.next_cursor is None:
        return page, {}
    query = {name: value for name, value in request.args.items() if name != "page"}
    url = f"{request.root_path}{request.path}?{urlencode(query | {'after': page.next_cursor})}"
    return page, {"Link": f'<{url}>; rel="next"'}


def id_parameter(_converter: IdConverter) -> dict[str, Any]:
    """Return the OpenAPI schema of an id."""
    return {"type": "integer", "minimum": 1, "maximum": MAX_ID}
