"""Entity tags (RFC 9110, section 8.8.3): unchanged reads are not sent again, and no update is lost.

flask-smorest documents them. Its code requires `If-Match` of every client, compares it before the row is
locked, so that one of two concurrent updates is lost, and serializes each response twice.
"""

import hashlib
import warnings
from http import HTTPStatus
from typing import Any

from apispec import APISpec
from flask import Response, g, jsonify, request
from flask_smorest import etag
from marshmallow import Schema

from app.exceptions import PreconditionRequiredError
from app.services.preconditions import IsUnchanged
from app.settings import Setting

SETTINGS = (
    Setting(
        "IF_MATCH_REQUIRED",
        False,
        "Whether updates and deletions without `If-Match` are rejected, with status code 428.",
    ),
)
READING_METHODS = {"GET", "HEAD"}
CHANGING_METHODS = {"PUT", "PATCH", "DELETE"}
WITH_TAG = {HTTPStatus.OK, HTTPStatus.CREATED}
TAG_BYTES = 16


def require_if_match() -> None:
    """Reject a change that does not name what it changes.

    Raises:
        PreconditionRequiredError: There is no `If-Match` (RFC 6585, section 3).
    """
    if request.method in CHANGING_METHODS and "If-Match" not in request.headers:
        raise PreconditionRequiredError("Send the ETag of what you read as `If-Match`.")


def if_match(schema: type[Schema]) -> IsUnchanged:
    """Return how a service compares a row with `If-Match`; None if the client sent none.

    `schema` is that of the row in the response to GET.
    """
    g.if_match_used = True
    if "If-Match" not in request.headers:
        return None
    tags = request.if_match
    # A proxy that compresses a response makes its tag weak; it still tells what the client has read.
    return lambda row: tags.contains_weak(_tag(jsonify(schema().dump(row))))


def add_tag(response: Response) -> Response:
    """Add the tag of a response, and leave the body out if the client has it.

    The tag is strong: it is a hash of the body, so that readers who see different things have different
    ones.
    """
    if request.method in CHANGING_METHODS and "If-Match" in request.headers and "if_match_used" not in g:
        warnings.warn(f"{request.endpoint} ignores If-Match: pass if_match() to its service.", stacklevel=2)
    if response.status_code in WITH_TAG:
        tag = _tag(response)
        response.set_etag(tag)
        if request.method in READING_METHODS and request.if_none_match.contains_weak(tag):
            response.status_code = HTTPStatus.NOT_MODIFIED
    return response


def describe(document: APISpec, *, is_required: bool) -> None:
    """Document the headers and the response that flask-smorest refers to."""
    components = document.components
    components.parameter("IF_NONE_MATCH", "header", etag.IF_NONE_MATCH_HEADER, lazy=True)
    components.parameter("IF_MATCH", "header", etag.IF_MATCH_HEADER | {"required": is_required}, lazy=True)
    components.header("ETAG", etag.ETAG_HEADER, lazy=True)
    not_modified: dict[str, Any] = {"description": "The client has the current version already."}
    components.response(HTTPStatus.NOT_MODIFIED.name, not_modified, lazy=True)


def _tag(response: Response) -> str:
    return hashlib.blake2b(response.get_data(), digest_size=TAG_BYTES).hexdigest()
