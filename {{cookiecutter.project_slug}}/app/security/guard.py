"""The guard: authentication and authorization, independent of the kind of credentials."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus
from typing import Any, ClassVar, ParamSpec, Protocol, TypeVar, cast

from apispec import APISpec
from flask import Flask, Response, current_app, g, request
from flask_smorest import Blueprint
from marshmallow import Schema

from app import security_log
from app.exceptions import ForbiddenError, UnauthorizedError
from app.models.user import Role, User
from app.settings import Setting

P = ParamSpec("P")
R = TypeVar("R")

SETTINGS = (Setting("REGISTRATION_OPEN", True, "Whether anyone can register."),)
EXTENSION = "authenticator"
PROTECTED_PREFIX = "/api/"
METHODS = ("get", "post", "put", "patch", "delete")
PUBLIC_BLUEPRINTS = {"docs"}  # the OpenAPI document contains no data


@dataclass(frozen=True)
class Identity:
    """An authenticated user and the login session."""

    user: User
    session_id: uuid.UUID


class Authenticator(Protocol):
    """A kind of authentication. Only its own module depends on the kind."""

    # Whether browsers attach the credentials automatically, which requires CSRF protection.
    uses_cookies: ClassVar[bool]
    # The schema of the response to a login, for the OpenAPI document.
    login_schema: ClassVar[type[Schema]]

    @property
    def challenge(self) -> str:
        """The `WWW-Authenticate` header of 401 responses (RFC 9110, section 11.6.1)."""

    @property
    def schemes(self) -> dict[str, dict[str, Any]]:
        """The security schemes of the OpenAPI document by name, the default one first."""

    def identify(self) -> Identity | None:
        """Return the identity of the request's credentials, or None without credentials.

        Raises:
            UnauthorizedError: The credentials are invalid, expired or revoked.
        """

    def login(self, user: User, **options: Any) -> Response:
        """Create a session for the user and return the response with its credentials.

        `options` are the other fields of `LoginSchema`.
        """

    def logout(self, identity: Identity) -> None:
        """Revoke the session of the request."""


def register_authenticator(app: Flask, authenticator: Authenticator) -> None:
    """Authenticate requests with an authenticator."""
    app.extensions[EXTENSION] = authenticator
    app.before_request(load_identity)


def init_app(app: Flask) -> None:
    """Require authentication for all non-public views below `/api/`."""
    app.before_request(require_authentication)
    app.after_request(add_challenge)
    security_log.init_app(app)


def describe(app: Flask, document: APISpec) -> None:
    """Document the security schemes, the response to a login, and 401 where credentials are required."""
    authenticator = cast(Authenticator, app.extensions[EXTENSION])
    for name, scheme in authenticator.schemes.items():
        document.components.security_scheme(name, scheme)
    document.options["security"] = [{next(iter(authenticator.schemes)): []}]
    schema = authenticator.login_schema.__name__.removesuffix("Schema")
    if schema not in document.components.schemas:
        document.components.schema(schema, schema=authenticator.login_schema)
    document.components.schema("LoginResponse", {"allOf": [{"$ref": f"#/components/schemas/{schema}"}]})
    unauthorized = document.components.get_ref("response", HTTPStatus.UNAUTHORIZED.name)
    for operation in operations_of(document):
        if operation.get("security") != []:
            operation["responses"].setdefault("401", unauthorized)


def operations_of(document: APISpec, *methods: str) -> Iterator[dict[str, Any]]:
    """Yield the operations of a document, optionally only those of some methods."""
    for operations in document._paths.values():  # noqa: SLF001 - apispec has no public accessor
        for method in methods or METHODS:
            if method in operations:
                yield operations[method]


def authenticator() -> Authenticator:
    """Return the authenticator of the current app."""
    return cast(Authenticator, current_app.extensions[EXTENSION])


def load_identity() -> None:
    """Load the identity of the request; public views ignore invalid credentials."""
    g.identity = None
    if not is_protected(request.path):
        return
    try:
        g.identity = authenticator().identify()
    except UnauthorizedError as error:
        g.auth_error = error
    if g.identity:
        g.user_id = g.identity.user.id


def require_authentication() -> None:
    """Reject unauthenticated requests, except to public views.

    Raises:
        UnauthorizedError: The request is not authenticated.
    """
    if not is_protected(request.path) or request.endpoint is None:
        return
    if request.method != "OPTIONS" and not is_public(request.endpoint, request.method):
        current_identity()


def add_challenge(response: Response) -> Response:
    """Add the `WWW-Authenticate` header to 401 responses."""
    if response.status_code == HTTPStatus.UNAUTHORIZED and is_protected(request.path):
        response.headers["WWW-Authenticate"] = authenticator().challenge
    return response


def is_protected(path: str) -> bool:
    """Return whether the guard protects a path."""
    return path.startswith(PROTECTED_PREFIX)


def is_public(endpoint: str, method: str) -> bool:
    """Return whether an endpoint is public for a method."""
    if endpoint.partition(".")[0] in PUBLIC_BLUEPRINTS:
        return True
    view = current_app.view_functions[endpoint]
    handlers = getattr(view, "view_class", None)
    name = "get" if method == "HEAD" else method.lower()
    return getattr(getattr(handlers, name, view), "is_public", False)


def public(view: Callable[P, R]) -> Callable[P, R]:
    """Allow unauthenticated requests to a view."""
    marked = Blueprint.doc(security=[])(view)
    marked.is_public = True
    return marked


def roles_required(*roles: Role) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Require one of the roles, which are read from the database at each request."""

    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
            if current_user().role not in roles:
                raise ForbiddenError(f"Requires the role {' or '.join(roles)}.")
            return cast(R, current_app.ensure_sync(view)(*args, **kwargs))

        return Blueprint.doc(responses={HTTPStatus.FORBIDDEN: HTTPStatus.FORBIDDEN.name})(wrapper)

    return decorate


def require_open_registration() -> None:
    """Reject registrations where only admins add users.

    Raises:
        ForbiddenError: Registration is closed.
    """
    if not current_app.config["REGISTRATION_OPEN"]:
        raise ForbiddenError("Registration is closed.")


def current_identity() -> Identity:
    """Return the identity of the request.

    Raises:
        UnauthorizedError: The request is not authenticated.
    """
    if g.identity is None:
        raise g.get("auth_error") or UnauthorizedError("Authentication required.")
    return g.identity


def current_user() -> User:
    """Return the current user.

    Raises:
        UnauthorizedError: The request is not authenticated.
    """
    return current_identity().user


def current_user_or_none() -> User | None:
    """Return the current user, or None for an anonymous request to a public view."""
    return g.identity.user if g.identity else None
