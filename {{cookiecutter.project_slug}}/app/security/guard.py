"""Who is calling, and may they come in: the same questions for every kind of authentication."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus
from typing import Any, ClassVar, ParamSpec, Protocol, TypeVar, cast

from apispec import APISpec
from flask import Flask, Response, current_app, g, request
from flask_smorest import Blueprint
from marshmallow import Schema

from app.exceptions import ForbiddenError, UnauthorizedError
from app.models.user import Role, User

P = ParamSpec("P")
R = TypeVar("R")

EXTENSION = "authenticator"
PROTECTED_PREFIX = "/api/"
PUBLIC_BLUEPRINTS = {"docs"}  # it tells what the API is and holds nobody's data


@dataclass(frozen=True)
class Identity:
    """A signed-in user and the login that proves it."""

    user: User
    session_id: uuid.UUID


class Authenticator(Protocol):
    """One kind of authentication. Nothing but its own module knows which kind was chosen."""

    # Whether browsers send the credentials by themselves, also when another website makes them ask.
    uses_cookies: ClassVar[bool]
    # How RFC 9110 has a 401 tell what to log in with.
    challenge: ClassVar[str]
    # For the API's document: security schemes by name, the one most views ask for first, and the
    # body that answers a login.
    schemes: ClassVar[dict[str, dict[str, Any]]]
    login_schema: ClassVar[type[Schema]]

    def identify(self) -> Identity | None:
        """Return whose credentials the request carries, or None if it carries none.

        Raises:
            UnauthorizedError: They are forged, expired or revoked.
        """

    def login(self, user: User, **options: Any) -> Response:
        """Start a session for the user and answer with what proves it.

        `options` are the fields of `LoginSchema` beside the credentials.
        """

    def logout(self, identity: Identity) -> None:
        """End the session that the request was made with."""


def register_authenticator(app: Flask, authenticator: Authenticator) -> None:
    """Let an authenticator find out who is calling."""
    app.extensions[EXTENSION] = authenticator
    app.before_request(load_identity)


def init_app(app: Flask) -> None:
    """Refuse strangers everywhere under `/api/` but on public views, and say so in the document."""
    app.before_request(require_authentication)
    app.after_request(add_challenge)
    chosen, spec = app.extensions[EXTENSION], api_document(app)
    logged_in = chosen.login_schema.__name__.removesuffix("Schema")
    spec.components.schema("LoginResponse", {"$ref": f"#/components/schemas/{logged_in}"})
    for name, scheme in chosen.schemes.items():
        spec.components.security_scheme(name, scheme)
    spec.options["security"] = [{next(iter(chosen.schemes)): []}]


def api_document(app: Flask) -> APISpec:
    """Return the document that flask-smorest writes for an app."""
    return app.extensions["flask-smorest"]["apis"][""]["ext_obj"].spec


def authenticator() -> Authenticator:
    """Return the authenticator of the running app."""
    return cast(Authenticator, current_app.extensions[EXTENSION])


def load_identity() -> None:
    """Remember who is calling; bad credentials count only where somebody has to be logged in."""
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
    """Default deny: let nobody in who is not known, unless the view says so.

    Raises:
        UnauthorizedError: Nobody is logged in.
    """
    if not is_protected(request.path) or request.endpoint is None:
        return
    if request.method != "OPTIONS" and not is_public(request.endpoint, request.method):
        current_identity()


def add_challenge(response: Response) -> Response:
    """Tell those who were refused how to log in."""
    if response.status_code == HTTPStatus.UNAUTHORIZED and is_protected(request.path):
        response.headers["WWW-Authenticate"] = authenticator().challenge
    return response


def is_protected(path: str) -> bool:
    """Tell whether the guard watches over a path."""
    return path.startswith(PROTECTED_PREFIX)


def is_public(endpoint: str, method: str) -> bool:
    """Tell whether an endpoint was marked public for a method."""
    if endpoint.partition(".")[0] in PUBLIC_BLUEPRINTS:
        return True
    view = current_app.view_functions[endpoint]
    handlers = getattr(view, "view_class", None)
    name = "get" if method == "HEAD" else method.lower()
    return getattr(getattr(handlers, name, view), "is_public", False)


def public(view: Callable[P, R]) -> Callable[P, R]:
    """Mark a view as open to everyone, for the guard and in the API's document."""
    marked = Blueprint.doc(security=[])(view)
    marked.is_public = True
    return marked


def role_required(role: Role) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let only users with a role into a view; the role is read from the database on every request."""

    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            if current_user().role != role:
                raise ForbiddenError(f"Only for users with the role {role.value}.")
            return view(*args, **kwargs)

        return guarded

    return decorate


def current_identity() -> Identity:
    """Return who is logged in, and with which session.

    Raises:
        UnauthorizedError: Nobody is.
    """
    if g.identity is None:
        raise g.get("auth_error") or UnauthorizedError("Log in first.")
    return g.identity


def current_user() -> User:
    """Return the signed-in user.

    Raises:
        UnauthorizedError: Nobody is logged in.
    """
    return current_identity().user


def current_user_or_none() -> User | None:
    """Return the signed-in user, or None on a public view that a stranger reads."""
    return g.identity.user if g.identity else None
