"""Tests of session cookies and CSRF tokens."""

import time
import uuid
from datetime import timedelta

import pytest
from itsdangerous import TimestampSigner
from sqlalchemy import select, update

from app.extensions import db
from app.models.base import utcnow
from app.models.login_session import LoginSession
from tests.plugins.accounts import WRONG_PASSWORD, open_account
from tests.plugins.credentials import PASSWORD, credentials
from tests.session_clients import CSRF, cookie_client, csrf_header, get_cookie
from tests.threads import at_once

LOGIN = "/api/v1/auth/login"
LOGOUT = "/api/v1/auth/logout"
ME = "/api/v1/users/me"
CHANGE = f"{ME}/password"
NEW_PASSWORD = {"current_password": PASSWORD, "new_password": "a completely different one"}


@pytest.fixture
def client(app):
    """A client with cookies and without a login."""
    return cookie_client(app)


@pytest.fixture
def login_client(app):
    """Return a function that logs a user in with a new client."""

    def login_client(user, **options):
        client = cookie_client(app)
        body = {"email": user.email, "password": PASSWORD, **options}
        response = client.post(LOGIN, json=body, headers=csrf_header(client))
        assert response.status_code == 200, response.text
        return client

    return login_client


@pytest.fixture
def logged_in(login_client, user):
    """A client with which `user` is logged in."""
    return login_client(user)


def steal(app, client, *names):
    """Return another client with copies of the cookies."""
    attacker = cookie_client(app)
    for name in names or ("SESSION_COOKIE_NAME",):
        cookie = get_cookie(client, name)
        assert cookie
        attacker.set_cookie(cookie.key, cookie.value)
    return attacker


# Logging in and out


def test_login_returns_the_user(client, user):
    body = {"email": user.email, "password": PASSWORD}

    response = client.post(LOGIN, json=body, headers=csrf_header(client))

    assert response.json["id"] == user.id
    assert client.get(ME).json["email"] == user.email


def test_cookies_are_httponly_and_samesite(client, user):
    body = {"email": user.email, "password": PASSWORD, "remember": True}

    response = client.post(LOGIN, json=body, headers=csrf_header(client))

    for cookie in response.headers.getlist("Set-Cookie"):
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie


def test_cookies_over_https_belong_to_this_host_alone(make_app, make_user):
    app = make_app(SESSION_COOKIE_SECURE=True)
    client = cookie_client(app)
    body = {"email": make_user().email, "password": PASSWORD, "remember": True}
    https = {"base_url": "https://localhost"}

    def csrf_token() -> dict[str, str]:
        return {"X-CSRF-Token": client.get(CSRF, **https).get_json()["csrf_token"]}

    set_by_login = client.post(LOGIN, json=body, headers=csrf_token(), **https).headers.getlist("Set-Cookie")
    deleted = client.post(LOGOUT, headers=csrf_token(), **https).headers.getlist("Set-Cookie")

    names = {app.config["SESSION_COOKIE_NAME"], app.config["REMEMBER_COOKIE_NAME"]}
    for cookies in (set_by_login, deleted):
        assert {cookie.partition("=")[0] for cookie in cookies} == names
        for cookie in cookies:
            attributes = cookie.split("; ")
            assert attributes[0].startswith("__Host-")
            assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(attributes)
            assert "Domain" not in cookie
    assert [client.get_cookie(name) for name in names] == [None, None]


def test_logout_revokes_the_session_and_clears_the_cookie(logged_in):
    assert logged_in.post(LOGOUT, headers=csrf_header(logged_in)).status_code == 204

    assert logged_in.get(ME).status_code == 401
    assert get_cookie(logged_in) is None


@pytest.mark.parametrize("path", ["/sessions", "/sessions/{id}"])
def test_revoking_the_current_session_clears_the_cookie(logged_in, db_session, path):
    session_id = db_session.scalars(select(LoginSession.id)).one()

    response = logged_in.delete(ME + path.format(id=session_id), headers=csrf_header(logged_in))

    assert response.status_code == 204
    assert get_cookie(logged_in) is None


def test_stolen_cookie_is_rejected_after_logout(app, logged_in):
    attacker = steal(app, logged_in)

    logged_in.post(LOGOUT, headers=csrf_header(logged_in))

    assert attacker.get(ME).status_code == 401


def test_login_does_not_reuse_the_session_of_an_attacker(app, client, user):
    csrf_header(client)
    attacker = steal(app, client)
    body = {"email": user.email, "password": PASSWORD}

    client.post(LOGIN, json=body, headers=csrf_header(client))

    assert attacker.get(ME).status_code == 401


def test_second_login_revokes_the_replaced_session(app, logged_in, user):
    attacker = steal(app, logged_in)
    body = {"email": user.email, "password": PASSWORD}

    logged_in.post(LOGIN, json=body, headers=csrf_header(logged_in))

    assert logged_in.get(ME).status_code == 200
    assert attacker.get(ME).status_code == 401


@pytest.mark.parametrize("change", ["expires_at", "revoked_at"])
def test_cookie_of_expired_or_revoked_session_is_rejected(db_session, logged_in, change):
    row = db_session.scalars(select(LoginSession)).one()
    setattr(row, change, utcnow() - timedelta(seconds=1))
    db_session.commit()

    assert logged_in.get(ME).status_code == 401


@pytest.mark.parametrize(
    "cookie", ["", "nonsense", "eyJfdXNlcl9pZCI6IjEifQ.aaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbb"]
)
def test_tampered_cookie_is_ignored(app, client, cookie):
    client.set_cookie(app.config["SESSION_COOKIE_NAME"], cookie)

    assert client.get(ME).status_code == 401
    assert client.get(CSRF).status_code == 200


def test_password_change_in_another_session_revokes_this_one(login_client, logged_in, user):
    elsewhere = login_client(user)

    assert elsewhere.post(CHANGE, json=NEW_PASSWORD, headers=csrf_header(elsewhere)).status_code == 204

    assert logged_in.get(ME).status_code == 401
    assert elsewhere.get(ME).status_code == 200


# Remember cookie


def test_remember_cookie_authenticates_without_session_cookie(app, login_client, user):
    client = login_client(user, remember=True)

    later = steal(app, client, "REMEMBER_COOKIE_NAME")

    assert later.get(ME).json["id"] == user.id


@pytest.mark.parametrize("cookie", ["SESSION_COOKIE_NAME", "REMEMBER_COOKIE_NAME"])
@pytest.mark.parametrize(("kept", "status"), [(True, 200), (False, 401)])
def test_cookies_signed_with_a_fallback_key_are_accepted(
    new_app, app, login_client, user, cookie, kept, status
):
    client, old = login_client(user, remember=True), app.config["SECRET_KEY"]

    rotated = new_app(SECRET_KEY="n" * 64, SECRET_KEY_FALLBACKS=[old] if kept else [])

    assert steal(rotated, client, cookie).get(ME).status_code == status


def test_login_without_remember_sets_no_remember_cookie(logged_in):
    assert get_cookie(logged_in, "REMEMBER_COOKIE_NAME") is None


def test_remembered_session_lasts_longer(db_session, login_client, user):
    login_client(user)
    login_client(user, remember=True)

    rows = db_session.scalars(select(LoginSession).order_by(LoginSession.expires_at)).all()

    hours = [
        [round((end - utcnow()) / timedelta(hours=1)) for end in (row.expires_at, row.ends_at)]
        for row in rows
    ]
    assert hours == [[12, 12], [30 * 24, 90 * 24]]


def test_session_ends_after_12_hours_of_use(logged_in, let_time_pass):
    for _ in range(2):
        let_time_pass(hours=5.9)
        assert logged_in.get(ME).status_code == 200

    let_time_pass(hours=0.3)
    assert logged_in.get(ME).status_code == 401


def test_remembered_session_ends_after_30_days_without_requests(login_client, user, let_time_pass):
    client = login_client(user, remember=True)

    let_time_pass(days=30, seconds=1)

    assert client.get(ME).status_code == 401


def test_remembered_session_ends_after_90_days_of_use(login_client, user, let_time_pass):
    client = login_client(user, remember=True)
    for _ in range(3):
        let_time_pass(days=29.99)
        assert client.get(ME).status_code == 200

    let_time_pass(days=0.05)
    assert client.get(ME).status_code == 401


def test_current_user_is_one_statement(logged_in, statements):
    statements.clear()

    assert logged_in.get(ME).status_code == 200
    assert [statement.split()[0] for statement in statements if "SAVEPOINT" not in statement] == ["SELECT"]


def test_use_is_written_once_a_minute(logged_in, let_time_pass, statements):
    let_time_pass(minutes=2)
    statements.clear()

    statuses = [logged_in.get(ME).status_code for _ in range(5)]

    assert statuses == [200] * 5
    assert len([statement for statement in statements if statement.startswith("UPDATE")]) == 1


def test_concurrent_requests_extend_a_session_that_was_not_used_for_a_while(concurrent_app):
    open_account(concurrent_app, "user@example.com")
    headers = credentials(concurrent_app.test_client(), "user@example.com")
    earlier = utcnow() - timedelta(minutes=5)
    with concurrent_app.app_context():
        db.session.execute(update(LoginSession).values(last_used_at=earlier))
        db.session.commit()

    responses = at_once(10, lambda _number: concurrent_app.test_client().get(ME, headers=headers))

    assert [response.status_code for response in responses] == [200] * 10
    with concurrent_app.app_context():
        assert db.session.scalars(select(LoginSession)).one().last_used_at > earlier


# Clocks of hosts


@pytest.mark.parametrize(("seconds", "status"), [(1, 200), (9, 200), (60, 401), (-60, 200)])
def test_cookie_of_a_host_whose_clock_is_ahead_is_accepted(
    monkeypatch, app, login_client, user, seconds, status
):
    with monkeypatch.context() as other_host:
        other_host.setattr(TimestampSigner, "get_timestamp", lambda _signer: int(time.time()) + seconds)
        client = login_client(user)

    assert client.get(ME).status_code == status


def test_csrf_token_of_a_host_whose_clock_is_ahead_is_accepted(monkeypatch, logged_in):
    with monkeypatch.context() as other_host:
        other_host.setattr(TimestampSigner, "get_timestamp", lambda _signer: int(time.time()) + 5)
        header = csrf_header(logged_in)

    assert logged_in.post(CHANGE, json=NEW_PASSWORD, headers=header).status_code == 204


def test_logout_clears_the_remember_cookie(app, login_client, user):
    client = login_client(user, remember=True)
    attacker = steal(app, client, "REMEMBER_COOKIE_NAME")

    client.post(LOGOUT, headers=csrf_header(client))

    assert get_cookie(client, "REMEMBER_COOKIE_NAME") is None
    assert attacker.get(ME).status_code == 401


@pytest.mark.parametrize("signature", ["0" * 128, "", "é", "\U0001f36a"])
def test_forged_remember_cookie_is_rejected(app, client, db_session, logged_in, signature):
    row = db_session.scalars(select(LoginSession)).one()
    client.set_cookie(app.config["REMEMBER_COOKIE_NAME"], f"{row.id}|{signature}")

    assert client.get(ME).status_code == 401


# CSRF tokens


UNSAFE = [
    ("post", LOGIN, {"email": "user@example.com", "password": PASSWORD}),
    ("post", "/api/v1/users", {"email": "new@example.com", "password": PASSWORD}),
    ("post", LOGOUT, None),
    ("post", CHANGE, NEW_PASSWORD),
    ("patch", ME.replace("me", "1"), {"first_name": "X"}),
    ("delete", f"{ME}/sessions", None),
    ("delete", f"{ME}/sessions/{uuid.UUID(int=1)}", None),
]


@pytest.mark.parametrize(("verb", "path", "body"), UNSAFE)
@pytest.mark.parametrize("headers", [{}, {"X-CSRF-Token": ""}, {"X-CSRF-Token": "forged"}])
def test_unsafe_request_without_valid_token_is_rejected(logged_in, verb, path, body, headers):
    response = getattr(logged_in, verb)(path, json=body, headers=headers)

    assert response.status_code == 400
    assert response.mimetype == "application/problem+json"
    assert "CSRF" in response.json["detail"]


def test_token_of_another_session_is_rejected(login_client, make_user, logged_in):
    token = csrf_header(login_client(make_user()))
    csrf_header(logged_in)

    assert logged_in.post(CHANGE, json=NEW_PASSWORD, headers=token).status_code == 400


def test_login_replaces_the_token(client, user):
    before = csrf_header(client)
    client.post(LOGIN, json={"email": user.email, "password": PASSWORD}, headers=before)
    csrf_header(client)

    assert client.post(CHANGE, json=NEW_PASSWORD, headers=before).status_code == 400


def test_logout_replaces_the_token(logged_in, user):
    before = csrf_header(logged_in)
    logged_in.post(LOGOUT, headers=before)
    csrf_header(logged_in)
    body = {"email": user.email, "password": PASSWORD}

    assert logged_in.post(LOGIN, json=body, headers=before).status_code == 400


def test_expired_token_is_rejected(make_app, make_user):
    app = make_app(WTF_CSRF_TIME_LIMIT=-1)
    client = cookie_client(app)
    body = {"email": make_user().email, "password": PASSWORD}

    response = client.post(LOGIN, json=body, headers=csrf_header(client))

    assert response.get_json()["detail"] == "The CSRF token has expired."


def test_authentication_is_checked_before_the_token(client):
    assert client.post(CHANGE, json=NEW_PASSWORD).status_code == 401


def test_failed_login_keeps_the_token(client, user):
    token = csrf_header(client)
    wrong = client.post(LOGIN, json={"email": user.email, "password": WRONG_PASSWORD}, headers=token)

    right = client.post(LOGIN, json={"email": user.email, "password": PASSWORD}, headers=token)

    assert (wrong.status_code, right.status_code) == (401, 200)


def test_safe_request_needs_no_token(logged_in):
    assert logged_in.get(ME).status_code == 200


# CORS and OpenAPI


def test_allowed_origin_may_send_credentials(make_app):
    app = make_app(CORS_ORIGINS=["https://app.example.com"])
    headers = {"Origin": "https://app.example.com", "Access-Control-Request-Method": "POST"}

    response = cookie_client(app).options(
        LOGIN, headers=headers | {"Access-Control-Request-Headers": "X-CSRF-Token"}
    )

    assert response.headers["Access-Control-Allow-Credentials"] == "true"
    assert response.headers["Access-Control-Allow-Origin"] == "https://app.example.com"
    assert response.headers["Access-Control-Allow-Headers"] == "X-CSRF-Token"


def test_other_origin_may_not_send_credentials(make_app):
    app = make_app(CORS_ORIGINS=["https://app.example.com"])

    response = cookie_client(app).get(ME, headers={"Origin": "https://evil.example.org"})

    assert "Access-Control-Allow-Origin" not in response.headers


def test_document_lists_operations_that_need_the_token(client):
    paths = client.get("/api/openapi.json").get_json()["paths"]

    assert paths[LOGIN]["post"]["security"] == [{"csrfToken": []}]
    assert paths[CHANGE]["post"]["security"] == [{"csrfToken": [], "sessionCookie": []}]
    assert paths[CSRF]["get"]["security"] == []


def test_document_and_challenge_name_the_cookie(app, client):
    name = app.config["SESSION_COOKIE_NAME"]
    document = client.get("/api/openapi.json").get_json()

    assert document["components"]["securitySchemes"]["sessionCookie"]["name"] == name
    assert client.get(ME).headers["WWW-Authenticate"] == f'Cookie cookie-name="{name}"'
