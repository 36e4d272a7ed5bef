"""Browser sessions: cookies that name a login, and tokens against other websites."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.models.base import utcnow
from app.models.login_session import LoginSession
from tests.plugins.accounts import WRONG_PASSWORD
from tests.plugins.credentials import PASSWORD
from tests.session_clients import CSRF, cookie_client, csrf_header

LOGIN = "/api/v1/auth/login"
LOGOUT = "/api/v1/auth/logout"
ME = "/api/v1/users/me"
CHANGE = f"{ME}/password"
NEW_PASSWORD = {"current_password": PASSWORD, "new_password": "a completely different one"}


@pytest.fixture
def client(app):
    """A browser that nobody is logged in with."""
    return cookie_client(app)


@pytest.fixture
def log_in_browser(app):
    """Sign a user in with a browser of their own."""

    def log_in_browser(user, **options):
        client = cookie_client(app)
        body = {"email": user.email, "password": PASSWORD, **options}
        response = client.post(LOGIN, json=body, headers=csrf_header(client))
        assert response.status_code == 200, response.text
        return client

    return log_in_browser


@pytest.fixture
def logged_in(log_in_browser, user):
    """A browser that `user` is logged in with."""
    return log_in_browser(user)


def steal(app, client, *names):
    """Return another browser with copies of the cookies."""
    thief = cookie_client(app)
    for name in names or ("session",):
        thief.set_cookie(name, client.get_cookie(name).value)
    return thief


# Logging in and out


def test_logging_in_answers_with_the_user(client, user):
    body = {"email": user.email, "password": PASSWORD}

    response = client.post(LOGIN, json=body, headers=csrf_header(client))

    assert response.json["id"] == user.id
    assert client.get(ME).json["email"] == user.email


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(client, user):
    body = {"email": user.email, "password": PASSWORD, "remember": True}

    response = client.post(LOGIN, json=body, headers=csrf_header(client))

    for cookie in response.headers.getlist("Set-Cookie"):
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie


def test_cookies_travel_encrypted_where_the_configuration_says_so(make_app, make_user):
    app = make_app(SESSION_COOKIE_SECURE=True)
    client = cookie_client(app)
    body = {"email": make_user().email, "password": PASSWORD, "remember": True}
    https = {"base_url": "https://localhost"}
    token = client.get(CSRF, **https).get_json()["csrf_token"]

    response = client.post(LOGIN, json=body, headers={"X-CSRF-Token": token}, **https)

    cookies = response.headers.getlist("Set-Cookie")
    assert len(cookies) == 2
    assert all("Secure" in cookie for cookie in cookies)


def test_signing_out_ends_the_session_and_forgets_the_cookie(logged_in):
    assert logged_in.post(LOGOUT, headers=csrf_header(logged_in)).status_code == 204

    assert logged_in.get(ME).status_code == 401
    assert logged_in.get_cookie("session") is None


def test_a_stolen_cookie_is_dead_after_signing_out(app, logged_in):
    thief = steal(app, logged_in)

    logged_in.post(LOGOUT, headers=csrf_header(logged_in))

    assert thief.get(ME).status_code == 401


def test_a_session_prepared_by_somebody_else_is_not_the_one_that_is_logged_in(app, client, user):
    csrf_header(client)
    attacker = steal(app, client)
    body = {"email": user.email, "password": PASSWORD}

    client.post(LOGIN, json=body, headers=csrf_header(client))

    assert attacker.get(ME).status_code == 401


def test_logging_in_again_ends_the_session_that_it_replaces(app, logged_in, user):
    thief = steal(app, logged_in)
    body = {"email": user.email, "password": PASSWORD}

    logged_in.post(LOGIN, json=body, headers=csrf_header(logged_in))

    assert logged_in.get(ME).status_code == 200
    assert thief.get(ME).status_code == 401


@pytest.mark.parametrize("change", ["expires_at", "revoked_at"])
def test_the_row_decides_whatever_the_cookie_says(db_session, logged_in, change):
    row = db_session.scalars(select(LoginSession)).one()
    setattr(row, change, utcnow() - timedelta(seconds=1))
    db_session.commit()

    assert logged_in.get(ME).status_code == 401


@pytest.mark.parametrize(
    "cookie", ["", "nonsense", "eyJfdXNlcl9pZCI6IjEifQ.aaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbb"]
)
def test_a_tampered_cookie_is_no_cookie(client, cookie):
    client.set_cookie("session", cookie)

    assert client.get(ME).status_code == 401
    assert client.get(CSRF).status_code == 200


def test_a_password_change_elsewhere_ends_this_session(log_in_browser, logged_in, user):
    elsewhere = log_in_browser(user)

    assert elsewhere.post(CHANGE, json=NEW_PASSWORD, headers=csrf_header(elsewhere)).status_code == 204

    assert logged_in.get(ME).status_code == 401
    assert elsewhere.get(ME).status_code == 200


# Being remembered


def test_who_is_remembered_is_known_without_the_session_cookie(app, log_in_browser, user):
    client = log_in_browser(user, remember=True)

    later = steal(app, client, "remember_token")

    assert later.get(ME).json["id"] == user.id


@pytest.mark.parametrize("cookie", ["session", "remember_token"])
@pytest.mark.parametrize(("kept", "status"), [(True, 200), (False, 401)])
def test_a_new_key_knows_sessions_that_an_old_one_signed(
    new_app, app, log_in_browser, user, cookie, kept, status
):
    client, old = log_in_browser(user, remember=True), app.config["SECRET_KEY"]

    rotated = new_app(SECRET_KEY="n" * 64, SECRET_KEY_FALLBACKS=[old] if kept else [])

    assert steal(rotated, client, cookie).get(ME).status_code == status


def test_who_is_not_remembered_gets_no_lasting_cookie(logged_in):
    assert logged_in.get_cookie("remember_token") is None


def test_being_remembered_lasts_longer(db_session, log_in_browser, user):
    log_in_browser(user)
    log_in_browser(user, remember=True)

    rows = db_session.scalars(select(LoginSession).order_by(LoginSession.expires_at)).all()

    hours = [round((row.expires_at - utcnow()) / timedelta(hours=1)) for row in rows]
    assert hours == [12, 30 * 24]


def test_signing_out_forgets_who_is_remembered(app, log_in_browser, user):
    client = log_in_browser(user, remember=True)
    thief = steal(app, client, "remember_token")

    client.post(LOGOUT, headers=csrf_header(client))

    assert client.get_cookie("remember_token") is None
    assert thief.get(ME).status_code == 401


@pytest.mark.parametrize("signature", ["0" * 128, "", "é", "\U0001f36a"])
def test_a_forged_remember_cookie_is_worth_nothing(client, db_session, logged_in, signature):
    row = db_session.scalars(select(LoginSession)).one()
    client.set_cookie("remember_token", f"{row.id}|{signature}")

    assert client.get(ME).status_code == 401


# Tokens against other websites


UNSAFE = [
    ("post", LOGIN, {"email": "user@example.com", "password": PASSWORD}),
    ("post", "/api/v1/users", {"email": "new@example.com", "password": PASSWORD}),
    ("post", LOGOUT, None),
    ("post", CHANGE, NEW_PASSWORD),
    ("patch", ME.replace("me", "1"), {"first_name": "X"}),
]


@pytest.mark.parametrize(("verb", "path", "body"), UNSAFE)
@pytest.mark.parametrize("headers", [{}, {"X-CSRF-Token": ""}, {"X-CSRF-Token": "forged"}])
def test_an_unsafe_request_needs_a_token(logged_in, verb, path, body, headers):
    response = getattr(logged_in, verb)(path, json=body, headers=headers)

    assert response.status_code == 400
    assert response.mimetype == "application/problem+json"
    assert "CSRF" in response.json["detail"]


def test_a_token_is_good_for_the_session_that_got_it_only(log_in_browser, make_user, logged_in):
    token = csrf_header(log_in_browser(make_user()))
    csrf_header(logged_in)

    assert logged_in.post(CHANGE, json=NEW_PASSWORD, headers=token).status_code == 400


def test_logging_in_replaces_the_token(client, user):
    before = csrf_header(client)
    client.post(LOGIN, json={"email": user.email, "password": PASSWORD}, headers=before)
    csrf_header(client)

    assert client.post(CHANGE, json=NEW_PASSWORD, headers=before).status_code == 400


def test_signing_out_replaces_the_token(logged_in, user):
    before = csrf_header(logged_in)
    logged_in.post(LOGOUT, headers=before)
    csrf_header(logged_in)
    body = {"email": user.email, "password": PASSWORD}

    assert logged_in.post(LOGIN, json=body, headers=before).status_code == 400


def test_an_old_token_is_refused(make_app, make_user):
    app = make_app(WTF_CSRF_TIME_LIMIT=-1)
    client = cookie_client(app)
    body = {"email": make_user().email, "password": PASSWORD}

    response = client.post(LOGIN, json=body, headers=csrf_header(client))

    assert response.get_json()["detail"] == "The CSRF token has expired."


def test_a_stranger_is_told_to_log_in_before_anything_about_tokens(client):
    assert client.post(CHANGE, json=NEW_PASSWORD).status_code == 401


def test_a_failed_log_in_needs_no_new_token(client, user):
    token = csrf_header(client)
    wrong = client.post(LOGIN, json={"email": user.email, "password": WRONG_PASSWORD}, headers=token)

    right = client.post(LOGIN, json={"email": user.email, "password": PASSWORD}, headers=token)

    assert (wrong.status_code, right.status_code) == (401, 200)


def test_reading_needs_no_token(logged_in):
    assert logged_in.get(ME).status_code == 200


# What other origins and the document learn


def test_listed_origins_may_send_the_cookie(make_app):
    app = make_app(CORS_ORIGINS=["https://app.example.com"])
    headers = {"Origin": "https://app.example.com", "Access-Control-Request-Method": "POST"}

    response = cookie_client(app).options(
        LOGIN, headers=headers | {"Access-Control-Request-Headers": "X-CSRF-Token"}
    )

    assert response.headers["Access-Control-Allow-Credentials"] == "true"
    assert response.headers["Access-Control-Allow-Origin"] == "https://app.example.com"
    assert response.headers["Access-Control-Allow-Headers"] == "X-CSRF-Token"


def test_other_origins_get_no_credentials(make_app):
    app = make_app(CORS_ORIGINS=["https://app.example.com"])

    response = cookie_client(app).get(ME, headers={"Origin": "https://evil.example.org"})

    assert "Access-Control-Allow-Origin" not in response.headers


def test_the_document_tells_where_the_token_is_needed(client):
    paths = client.get("/api/openapi.json").get_json()["paths"]

    assert paths[LOGIN]["post"]["security"] == [{"csrfToken": []}]
    assert paths[CHANGE]["post"]["security"] == [{"csrfToken": [], "sessionCookie": []}]
    assert paths[CSRF]["get"]["security"] == []
