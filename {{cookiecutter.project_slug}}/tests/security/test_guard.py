"""Tests of the guard: default deny, and independence of the kind of authentication."""

import re
import uuid
from datetime import timedelta
from typing import Any, ClassVar

import pytest
from flask import Response, jsonify, request
from flask.testing import FlaskClient
from flask.views import MethodView

from app.api.rest import Blueprint
from app.exceptions import UnauthorizedError
from app.models.user import Role, User
from app.schemas.user import UserSchema
from app.security import guard
from app.security.guard import Identity
from app.services import login_sessions
from tests.plugins.credentials import PASSWORD
from tests.security.routes import METHODS, public_operations, public_routes, routes

LOGIN = "/api/v1/auth/login"
LOGOUT = "/api/v1/auth/logout"
ME = "/api/v1/users/me"
EXAMPLE = "/api/v1/example"

# The public operations of accounts; a kind of authentication adds its own blueprint.
PUBLIC = {
    ("POST", "/api/v1/auth/login"),
    ("POST", "/api/v1/users"),
}


def add_example(app) -> None:
    """Add a resource of which only GET is public, and plain functions."""
    blp = Blueprint("example", __name__, url_prefix=EXAMPLE)

    @blp.route("")
    class Example(MethodView):
        @guard.public
        def get(self):
            user = guard.current_user_or_none()
            return jsonify(user.email if user else None)

        def post(self):
            return jsonify(guard.current_user().email)

        @guard.roles_required(Role.ADMIN)
        def delete(self):
            return jsonify("deleted")

        @guard.roles_required(Role.ADMIN)
        async def put(self):
            return jsonify(guard.current_user().email)

    app.register_blueprint(blp)
    app.add_url_rule("/api/v1/forgotten", "forgotten", lambda: "secret")
    app.add_url_rule("/api/v1/open", "open", guard.public(lambda: "welcome"))
    app.add_url_rule("/elsewhere", "elsewhere", lambda: "welcome")


@pytest.fixture
def app(make_app):
    """An app with these views, too."""
    return make_app(add_example)


@pytest.fixture
def service(make_app):
    """An app with the views of the service only."""
    return make_app()


def ask(client, method: str, path: str, **kwargs):
    """Send a request to a path of the OpenAPI document."""
    ids = {"session_id": uuid.UUID(int=1)}
    url = re.sub(r"{(\w+)}", lambda name: str(ids.get(name[1], 1)), path)
    return client.open(url, method=method, **kwargs)


# Every route


def test_there_are_protected_routes(service):
    assert len(routes(service) - public_routes(service)) >= 10


def test_anonymous_requests_are_rejected_by_protected_routes(service):
    guarded = routes(service) - public_routes(service)

    accepted = {
        (method, path)
        for method, path, _ in guarded
        if ask(service.test_client(), method, path).status_code != 401
    }

    assert accepted == set()


def test_only_expected_operations_are_public(service):
    assert public_operations(service, "auth", "users") == PUBLIC


def test_public_operations_accept_anonymous_requests(service):
    refused = {route for route in PUBLIC if ask(service.test_client(), *route).status_code in {401, 403}}

    assert refused <= {("POST", LOGIN)}


@pytest.mark.parametrize("path", ["/api/openapi.json", "/api/docs/"])
def test_document_is_public(client, path):
    assert client.get(path).status_code == 200


def test_every_route_is_documented(service):
    document = service.test_client().get("/api/openapi.json").json

    described = {
        (method.upper(), path)
        for path, operations in document["paths"].items()
        for method in operations
        if path.startswith("/api/") and method.upper() in METHODS
    }
    served = {
        (method, path)
        for method, path, endpoint in routes(service)
        if method != "HEAD" and not endpoint.startswith("docs.")
    }
    assert described == served


def test_documented_security_matches_the_guard(service):
    document = service.test_client().get("/api/openapi.json").json
    scheme = next(iter(service.extensions["authenticator"].schemes))
    public = {(method, path) for method, path, _ in public_routes(service)}

    asking = {
        (method.upper(), path)
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        if path.startswith("/api/") and method.upper() in METHODS
        if any(scheme in needed for needed in operation.get("security", document["security"]))
    }

    assert asking.isdisjoint(public)
    assert asking == {
        (method, path)
        for method, path, _ in routes(service)
        if method != "HEAD" and (method, path) not in public
    }


def test_document_declares_security_schemes(service):
    document = service.test_client().get("/api/openapi.json").json

    assert set(document["components"]["securitySchemes"]) >= set(service.extensions["authenticator"].schemes)


# New routes


def test_unmarked_view_requires_authentication(client):
    assert client.post(EXAMPLE).status_code == 401


def test_unmarked_function_requires_authentication(client):
    assert client.get("/api/v1/forgotten").status_code == 401


def test_public_function_accepts_anonymous_request(client):
    assert client.get("/api/v1/open").text == "welcome"


def test_public_applies_to_one_method_only(client):
    assert client.get(EXAMPLE).status_code == 200
    assert client.delete(EXAMPLE).status_code == 401


def test_head_is_as_public_as_get(client):
    assert client.head(EXAMPLE).status_code == 200
    assert client.head(ME).status_code == 401


def test_public_view_knows_the_current_user(client, user, auth_headers):
    assert client.get(EXAMPLE).json is None
    assert client.get(EXAMPLE, headers=auth_headers).json == user.email


def test_view_knows_the_current_user(client, user, auth_headers):
    assert client.post(EXAMPLE, headers=auth_headers).json == user.email


def test_user_with_required_role_is_accepted(client, admin_headers):
    assert client.delete(EXAMPLE, headers=admin_headers).json == "deleted"


def test_user_without_required_role_is_forbidden(client, auth_headers):
    assert client.delete(EXAMPLE, headers=auth_headers).status_code == 403


def test_role_is_required_by_async_views(client, admin_user, admin_headers, auth_headers):
    assert client.put(EXAMPLE, headers=admin_headers).json == admin_user.email
    assert client.put(EXAMPLE, headers=auth_headers).status_code == 403
    assert client.put(EXAMPLE).status_code == 401


def test_other_paths_are_not_protected(client):
    assert client.get("/elsewhere").text == "welcome"


def test_unknown_path_is_not_found(client):
    assert client.get("/api/v1/nothing").status_code == 404


def test_unknown_method_is_not_allowed(client):
    assert client.put(ME).status_code == 405


def test_options_request_needs_no_authentication(client):
    response = client.options(ME)

    assert response.status_code == 200
    assert "GET" in response.headers["Allow"]


# Queries


@pytest.mark.parametrize("path", [ME, EXAMPLE])
def test_authentication_takes_one_query(client, auth_headers, statements, path):
    statements.clear()

    client.get(path, headers=auth_headers)

    about_user = [sql for sql in statements if "login_sessions" in sql or "FROM users" in sql]
    assert len(about_user) == 1


# Another kind of authentication


class CookieAuthenticator:
    """Authenticates by a cookie."""

    uses_cookies: ClassVar[bool] = False  # CSRF protection is not tested here
    challenge: ClassVar[str] = "Cookie"
    schemes: ClassVar[dict[str, dict[str, Any]]] = {
        "cookie": {"type": "apiKey", "in": "cookie", "name": "login"}
    }
    login_schema: ClassVar[type[UserSchema]] = UserSchema

    def identify(self) -> Identity | None:
        """Look up the session of the cookie."""
        cookie = request.cookies.get("login")
        if cookie is None:
            return None
        try:
            session_id = uuid.UUID(cookie)
        except ValueError as error:
            raise UnauthorizedError("The cookie is invalid.") from error
        session = login_sessions.get_active(session_id, "cookie")
        return Identity(session.user, session.id)

    def login(self, user: User, **_options: Any) -> Response:
        """Return the user and a cookie."""
        session = login_sessions.create(user, "cookie", timedelta(hours=1))
        response = jsonify(UserSchema().dump(user))
        response.set_cookie("login", str(session.id))
        return response

    def logout(self, identity: Identity) -> None:
        """Revoke the session."""
        login_sessions.revoke(identity.session_id)


@pytest.fixture
def browser(app, user):
    """A client with which `user` is logged in by cookie."""
    app.extensions["authenticator"] = CookieAuthenticator()
    client = FlaskClient(app, app.response_class)
    response = client.post(LOGIN, json={"email": user.email, "password": PASSWORD})
    assert response.status_code == 200
    return client


def test_login_response_depends_on_the_authenticator(app, user):
    app.extensions["authenticator"] = CookieAuthenticator()

    response = FlaskClient(app, app.response_class).post(
        LOGIN, json={"email": user.email, "password": PASSWORD}
    )

    assert response.get_json()["email"] == user.email
    assert "login=" in response.headers["Set-Cookie"]


def test_current_user_is_known_by_cookie(browser, user):
    assert browser.get(ME).json["id"] == user.id


def test_protected_view_accepts_cookie(browser, user):
    response = browser.post(EXAMPLE)

    assert response.status_code == 200
    assert response.json == user.email


def test_logout_revokes_session_of_cookie(browser):
    assert browser.post(LOGOUT).status_code == 204
    assert browser.get(ME).status_code == 401


def test_password_change_keeps_session_of_cookie(app, browser, user):
    elsewhere = FlaskClient(app, app.response_class)
    elsewhere.post(LOGIN, json={"email": user.email, "password": PASSWORD})
    body = {"current_password": PASSWORD, "new_password": "a completely different one"}

    assert browser.post(f"{ME}/password", json=body).status_code == 204

    assert browser.get(ME).status_code == 200
    assert elsewhere.get(ME).status_code == 401


def test_required_role_is_checked_with_cookie(browser):
    assert browser.get("/api/v1/users").status_code == 403


@pytest.mark.parametrize("cookie", ["broken", str(uuid.UUID(int=0))])
def test_invalid_cookie_is_rejected(app, browser, cookie):
    anonymous = FlaskClient(app, app.response_class)
    anonymous.set_cookie("login", cookie)

    response = anonymous.get(ME)

    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Cookie"


def test_public_view_ignores_invalid_cookie(app, browser):
    anonymous = FlaskClient(app, app.response_class)
    anonymous.set_cookie("login", "broken")

    assert anonymous.get(EXAMPLE).status_code == 200
