"""What can go wrong in the domain; `app.error_handlers` turns it into answers."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any


class AppError(Exception):
    """A rule of the service was broken; the message is meant for the caller."""

    status = HTTPStatus.INTERNAL_SERVER_ERROR
    type = "about:blank"  # a URI by which clients recognize one kind of error (RFC 9457 3.1.1)
    headers: Mapping[str, str] | None = None  # of the response, such as `Retry-After`

    def __init__(self, detail: str, errors: Mapping[str, Any] | None = None) -> None:
        """Take a sentence for people and, for invalid input, messages by field."""
        super().__init__(detail)
        self.detail = detail
        self.errors = errors


class InvalidInputError(AppError):
    """The input is invalid."""

    status = HTTPStatus.BAD_REQUEST


class UnauthorizedError(AppError):
    """The request is not authenticated, or its credentials are not valid any more."""

    status = HTTPStatus.UNAUTHORIZED


class ForbiddenError(AppError):
    """The caller is known and may not do this."""

    status = HTTPStatus.FORBIDDEN


class EmailNotVerifiedError(ForbiddenError):
    """The email has to be verified first."""

    type = "urn:problem-type:email-not-verified"


class NotFoundError(AppError):
    """There is no such thing, or it was deleted."""

    status = HTTPStatus.NOT_FOUND


class ConflictError(AppError):
    """The request contradicts what is stored."""

    status = HTTPStatus.CONFLICT


class PreconditionFailedError(AppError):
    """What is to be changed is not what the client read."""

    status = HTTPStatus.PRECONDITION_FAILED


class PreconditionRequiredError(AppError):
    """The request has to name what the client read."""

    status = HTTPStatus.PRECONDITION_REQUIRED
