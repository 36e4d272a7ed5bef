"""The guard: default deny, and views that do not know how somebody logged in."""

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
HATCH = "/api/v1/hatch"

# What strangers may do with accounts and logins. A kind of authentication adds its own blueprint.
OPEN = {
    ("POST", "/api/v1/auth/login"),
    ("POST", "/api/v1/users"),
}


def add_hatch(app) -> None:
    """Add a resource of which only GET is public, and plain functions."""
    blp = Blueprint("hatch", __name__, url_prefix=HATCH)

    @blp.route("")
    class Hatch(MethodView):
        @guard.public
        def get(self):
            user = guard.current_user_or_none()
            return jsonify(user.email if user else None)

        def post(self):
            return jsonify(guard.current_user().email)

        @guard.roles_required(Role.ADMIN)
        def delete(self):
            return jsonify("deleted")

    app.register_blueprint(blp)
    app.add_url_rule("/api/v1/forgotten", "forgotten", lambda: "secret")
    app.add_url_rule("/api/v1/open", "open", guard.public(lambda: "welcome"))
    app.add_url_rule("/elsewhere", "elsewhere", lambda: "welcome")


@pytest.fixture
def app(make_app):
    """An app with these views, too."""
    return make_app(add_hatch)


@pytest.fixture
def service(make_app):
    """An app with the views of the service only."""
    return make_app()


def ask(client, verb: str, path: str, **kwargs):
    """Send a request to a path of the document."""
    return client.open(re.sub(r"{\w+}", "1", path), method=verb, **kwargs)


# Every route


def test_there_are_routes_to_guard(service):
    assert len(routes(service) - public_routes(service)) >= 10


def test_strangers_are_refused_everywhere_but_on_public_views(service):
    guarded = routes(service) - public_routes(service)

    let_in = {
        (verb, path) for verb, path, _ in guarded if ask(service.test_client(), verb, path).status_code != 401
    }

    assert let_in == set()


def test_exactly_these_views_are_public(service):
    assert public_operations(service, "auth", "users") == OPEN


def test_public_views_do_not_ask_strangers_to_log_in(service):
    refused = {route for route in OPEN if ask(service.test_client(), *route).status_code in {401, 403}}

    assert refused <= {("POST", LOGIN)}


@pytest.mark.parametrize("path", ["/api/openapi.json", "/api/docs/"])
def test_the_document_is_for_everyone(client, path):
    assert client.get(path).status_code == 200


def test_every_route_is_in_the_document(service):
    document = service.test_client().get("/api/openapi.json").json

    described = {
        (verb.upper(), path)
        for path, operations in document["paths"].items()
        for verb in operations
        if path.startswith("/api/") and verb.upper() in METHODS
    }
    served = {
        (verb, path)
        for verb, path, endpoint in routes(service)
        if verb != "HEAD" and not endpoint.startswith("docs.")
    }
    assert described == served


def test_the_document_says_of_each_view_what_the_guard_does(service):
    document = service.test_client().get("/api/openapi.json").json
    scheme = next(iter(service.extensions["authenticator"].schemes))
    public = {(verb, path) for verb, path, _ in public_routes(service)}

    asking = {
        (verb.upper(), path)
        for path, operations in document["paths"].items()
        for verb, operation in operations.items()
        if path.startswith("/api/") and verb.upper() in METHODS
        if any(scheme in needed for needed in operation.get("security", document["security"]))
    }

    assert asking.isdisjoint(public)
    assert asking == {
        (verb, path) for verb, path, _ in routes(service) if verb != "HEAD" and (verb, path) not in public
    }


def test_the_document_declares_how_to_log_in(service):
    document = service.test_client().get("/api/openapi.json").json

    assert set(document["components"]["securitySchemes"]) >= set(service.extensions["authenticator"].schemes)


# New routes


def test_a_view_that_is_not_marked_is_closed(client):
    assert client.post(HATCH).status_code == 401


def test_a_plain_function_that_is_not_marked_is_closed(client):
    assert client.get("/api/v1/forgotten").status_code == 401


def test_a_plain_function_that_is_marked_is_open(client):
    assert client.get("/api/v1/open").text == "welcome"


def test_a_mark_opens_one_method_only(client):
    assert client.get(HATCH).status_code == 200
    assert client.delete(HATCH).status_code == 401


def test_head_is_as_open_as_get(client):
    assert client.head(HATCH).status_code == 200
    assert client.head(ME).status_code == 401


def test_a_public_view_knows_who_reads_it(client, user, auth_headers):
    assert client.get(HATCH).json is None
    assert client.get(HATCH, headers=auth_headers).json == user.email


def test_a_view_knows_its_user(client, user, auth_headers):
    assert client.post(HATCH, headers=auth_headers).json == user.email


def test_a_role_lets_in_who_has_it(client, admin_headers):
    assert client.delete(HATCH, headers=admin_headers).json == "deleted"


def test_a_role_keeps_out_who_does_not_have_it(client, auth_headers):
    assert client.delete(HATCH, headers=auth_headers).status_code == 403


def test_the_guard_leaves_other_paths_alone(client):
    assert client.get("/elsewhere").text == "welcome"


def test_what_is_not_there_is_404_to_strangers(client):
    assert client.get("/api/v1/nothing").status_code == 404


def test_a_method_that_is_not_there_is_405_to_strangers(client):
    assert client.put(ME).status_code == 405


def test_anyone_may_ask_for_the_methods(client):
    response = client.options(ME)

    assert response.status_code == 200
    assert "GET" in response.headers["Allow"]


# Users and sessions come from the database


@pytest.mark.parametrize("path", [ME, HATCH])
def test_finding_out_who_is_calling_takes_one_query(client, auth_headers, statements, path):
    statements.clear()

    client.get(path, headers=auth_headers)

    assert len([statement for statement in statements if "FROM login_sessions" in statement]) == 1
    assert not [statement for statement in statements if "FROM users" in statement]


# Another kind of authentication


class CookieAuthenticator:
    """Finds the caller in a cookie, as a session would."""

    uses_cookies: ClassVar[bool] = False  # nothing here needs protection against other websites
    challenge: ClassVar[str] = "Cookie"
    schemes: ClassVar[dict[str, dict[str, Any]]] = {
        "cookie": {"type": "apiKey", "in": "cookie", "name": "login"}
    }
    login_schema: ClassVar[type[UserSchema]] = UserSchema

    def identify(self) -> Identity | None:
        """Look up the session that the cookie names."""
        cookie = request.cookies.get("login")
        if cookie is None:
            return None
        try:
            session_id = uuid.UUID(cookie)
        except ValueError as error:
            raise UnauthorizedError("The cookie is broken.") from error
        session = login_sessions.get_active(session_id, "cookie")
        return Identity(session.user, session.id)

    def login(self, user: User, **_options: Any) -> Response:
        """Answer with the user and a cookie."""
        session = login_sessions.create(user, "cookie", timedelta(hours=1))
        response = jsonify(UserSchema().dump(user))
        response.set_cookie("login", str(session.id))
        return response

    def logout(self, identity: Identity) -> None:
        """End the session."""
        login_sessions.revoke(identity.session_id)


@pytest.fixture
def browser(app, user):
    """A client of an app that signs people in with cookies; `user` is logged in."""
    app.extensions["authenticator"] = CookieAuthenticator()
    client = FlaskClient(app, app.response_class)
    response = client.post(LOGIN, json={"email": user.email, "password": PASSWORD})
    assert response.status_code == 200
    return client


def test_another_kind_answers_a_log_in_its_own_way(app, user):
    app.extensions["authenticator"] = CookieAuthenticator()

    response = FlaskClient(app, app.response_class).post(
        LOGIN, json={"email": user.email, "password": PASSWORD}
    )

    assert response.get_json()["email"] == user.email
    assert "login=" in response.headers["Set-Cookie"]


def test_views_know_users_of_another_kind(browser, user):
    assert browser.get(ME).json["id"] == user.id


def test_what_needs_a_user_knows_users_of_another_kind(browser, user):
    response = browser.post(HATCH)

    assert response.status_code == 200
    assert response.json == user.email


def test_users_of_another_kind_log_out(browser):
    assert browser.post(LOGOUT).status_code == 204
    assert browser.get(ME).status_code == 401


def test_users_of_another_kind_keep_the_session_in_which_they_change_the_password(app, browser, user):
    elsewhere = FlaskClient(app, app.response_class)
    elsewhere.post(LOGIN, json={"email": user.email, "password": PASSWORD})
    body = {"current_password": PASSWORD, "new_password": "a completely different one"}

    assert browser.post(f"{ME}/password", json=body).status_code == 204

    assert browser.get(ME).status_code == 200
    assert elsewhere.get(ME).status_code == 401


def test_roles_hold_for_another_kind(browser):
    assert browser.get("/api/v1/users").status_code == 403


@pytest.mark.parametrize("cookie", ["broken", str(uuid.UUID(int=0))])
def test_bad_credentials_of_another_kind_are_401(app, browser, cookie):
    stranger = FlaskClient(app, app.response_class)
    stranger.set_cookie("login", cookie)

    response = stranger.get(ME)

    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Cookie"


def test_bad_credentials_do_not_close_what_is_public(app, browser):
    stranger = FlaskClient(app, app.response_class)
    stranger.set_cookie("login", "broken")

    assert stranger.get(HATCH).status_code == 200
