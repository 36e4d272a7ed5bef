"""Pages to log in, log out and register."""

from urllib.parse import urlencode

import pytest
from sqlalchemy import select

from app.models.login_session import LoginSession
from app.models.user import User
from tests.page_checks import OTHER_SITES, SCRIPT, has_unescaped_text
from tests.pages.clients import LOGIN_URL, Browser
from tests.plugins.accounts import WRONG_PASSWORD
from tests.plugins.credentials import PASSWORD

NEW_USER = {"email": "new@example.com", "password": "lamp river cloud", "first_name": "Nora", "last_name": ""}


# Logging in


def test_user_logs_in(browser, user):
    assert browser.login(user.email).location == "/"
    assert browser.is_logged_in()
    assert "Hello, Ursula" in browser.get("/").text


def test_login_creates_a_session_of_the_pages(browser, user, db_session):
    browser.login(user.email)

    assert db_session.scalars(select(LoginSession.kind)).all() == ["pages"]


def test_wrong_password_and_unknown_email_get_the_same_response(browser, user):
    wrong = browser.login(user.email, WRONG_PASSWORD)
    unknown = browser.login("unknown@example.com", WRONG_PASSWORD)

    assert wrong.status_code == unknown.status_code == 401
    assert "Invalid email or password." in wrong.text
    assert "Invalid email or password." in unknown.text


def test_inactive_user_is_403(browser, make_user):
    response = browser.login(make_user(is_active=False).email)

    assert response.status_code == 403
    assert "This account is inactive." in response.text


@pytest.mark.parametrize(
    ("email", "password"),
    [("", ""), ("user@example.com", ""), ("\x00", "x"), ("a" * 300, "x"), ("a", "x" * 200)],
)
def test_invalid_input_is_400_with_messages_that_are_tied_to_fields(browser, email, password):
    response = browser.login(email, password)

    assert response.status_code == 400
    assert 'aria-invalid="true"' in response.text
    assert "-error" in response.text


def test_password_is_not_in_the_response(browser, user):
    assert WRONG_PASSWORD not in browser.login(user.email, WRONG_PASSWORD).text


def test_json_login_is_refused(browser, user):
    headers = {"X-CSRF-Token": browser.csrf_token()}

    response = browser.post(LOGIN_URL, json={"email": user.email, "password": PASSWORD}, headers=headers)

    assert response.status_code == 400


def test_login_page_redirects_logged_in_user(user_browser):
    assert user_browser.get(LOGIN_URL).location == "/"


def test_login_does_not_redirect_to_other_sites(app, user):
    browsers = {target: Browser(app, app.response_class) for target in OTHER_SITES}

    locations = {
        target: browser.submit(
            f"{LOGIN_URL}?{urlencode({'next': target})}", email=user.email, password=PASSWORD
        ).location
        for target, browser in browsers.items()
    }

    assert locations == dict.fromkeys(OTHER_SITES, "/")


def test_login_replaces_the_session_of_the_cookie(app, user_browser, user):
    stolen = Browser(app, app.response_class)
    name = app.config["SESSION_COOKIE_NAME"]
    stolen.set_cookie(name, user_browser.get_cookie(name).value)

    form = {"csrf_token": user_browser.csrf_token(), "email": user.email, "password": PASSWORD}
    assert user_browser.post(LOGIN_URL, data=form).status_code == 302

    assert user_browser.is_logged_in()
    assert not stolen.is_logged_in()


def test_login_discards_planted_session_data(browser, user):
    with browser.session_transaction() as session:
        session["planted"] = True

    browser.login(user.email)

    with browser.session_transaction() as session:
        assert "planted" not in session


def test_remembered_login_survives_the_session_cookie(app, browser, user):
    browser.login(user.email, remember="y")

    browser.delete_cookie(app.config["SESSION_COOKIE_NAME"])

    assert browser.is_logged_in()


def test_login_ends_after_twelve_hours(browser, user, let_time_pass):
    browser.login(user.email)
    let_time_pass(hours=13)

    assert not browser.is_logged_in()


def test_remembered_login_lasts_longer_than_a_day(browser, user, let_time_pass):
    browser.login(user.email, remember="y")
    let_time_pass(days=2)

    assert browser.is_logged_in()


def test_sixth_wrong_password_is_429(make_app, user):
    app = make_app(RATELIMIT_ENABLED=True)
    browser = Browser(app, app.response_class)

    assert [browser.login(user.email, WRONG_PASSWORD).status_code for _ in range(6)] == [401] * 5 + [429]


def test_eleventh_login_is_429(make_app):
    app = make_app(RATELIMIT_ENABLED=True)
    browser = Browser(app, app.response_class)

    statuses = [browser.login(f"person{n}@example.com", WRONG_PASSWORD).status_code for n in range(11)]

    assert statuses == [401] * 10 + [429]


def test_unverified_user_is_403_where_verification_is_required(app, browser, user):
    app.config["EMAIL_VERIFICATION_REQUIRED"] = True

    response = browser.login(user.email)

    assert response.status_code == 403
    assert "Confirm your email" in response.text


# Logging out


def test_logout_revokes_the_session_for_copies_of_the_cookie(app, user_browser):
    name = app.config["SESSION_COOKIE_NAME"]
    copy = user_browser.get_cookie(name).value

    response = user_browser.submit("/logout")

    assert response.location == "/"
    assert "You are logged out." in user_browser.get("/").text
    user_browser.set_cookie(name, copy)
    assert not user_browser.is_logged_in()


def test_logout_by_get_is_405(user_browser):
    assert user_browser.get("/logout").status_code == 405
    assert user_browser.is_logged_in()


# Registering


def test_registration_logs_in(browser, db_session):
    response = browser.submit("/register", **NEW_USER)

    assert response.location == "/"
    assert "Hello, Nora" in browser.get("/").text
    assert db_session.scalars(select(User.email)).all() == ["new@example.com"]


def test_registration_where_verification_is_required_shows_the_same_for_taken_emails(app, browser, user):
    app.config["EMAIL_VERIFICATION_REQUIRED"] = True

    for email in (user.email, "new@example.com"):
        response = browser.submit("/register", **NEW_USER | {"email": email})
        assert (response.status_code, "Check your mail" in response.text) == (200, True)

    assert not browser.is_logged_in()


def test_taken_email_is_400_at_the_field(browser, user):
    response = browser.submit("/register", **NEW_USER | {"email": user.email.upper()})

    assert response.status_code == 400
    assert 'id="email-error">This email is already taken.' in response.text


def test_double_registration_creates_one_user(browser, app, db_session):
    other = Browser(app, app.response_class)
    form = {"csrf_token": browser.csrf_token(), **NEW_USER}
    cookie = browser.get_cookie(app.config["SESSION_COOKIE_NAME"])
    other.set_cookie(app.config["SESSION_COOKIE_NAME"], cookie.value)

    statuses = [each.post("/register", data=form).status_code for each in (browser, other)]

    assert statuses == [302, 400]
    assert len(db_session.scalars(select(User.id)).all()) == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", ""),
        ("email", "nonsense"),
        ("password", ""),
        ("password", "short"),
        ("password", "x" * 129),
        ("password", "password123"),
        ("first_name", "x" * 101),
        ("last_name", "\x00"),
    ],
)
def test_invalid_registration_is_400_at_the_field(browser, db_session, field, value):
    response = browser.submit("/register", **NEW_USER | {field: value})

    assert response.status_code == 400
    assert f'id="{field}-error"' in response.text
    assert db_session.scalars(select(User.id)).all() == []


def test_fields_have_the_bounds_of_the_schema(browser):
    page = browser.get("/register").text

    (password,) = [tag for tag in page.split("<") if tag.startswith("input") and 'id="password"' in tag]
    assert 'minlength="8"' in password
    assert 'maxlength="128"' in password
    assert " required" in password


def test_html_in_submitted_values_is_escaped(browser):
    response = browser.submit("/register", email=SCRIPT, password="x", first_name=SCRIPT, last_name=SCRIPT)

    assert "&lt;script&gt;" in response.text
    assert not has_unescaped_text(response.text)


def test_closed_registration_is_403_and_not_linked(app, browser):
    app.config["REGISTRATION_OPEN"] = False

    assert browser.get("/register").status_code == 403
    assert browser.submit("/register", **NEW_USER).status_code == 403
    assert "/register" not in browser.get("/").text + browser.get(LOGIN_URL).text


def test_registration_page_redirects_logged_in_user(user_browser):
    assert user_browser.get("/register").location == "/"


def test_eleventh_registration_is_429(make_app):
    app = make_app(RATELIMIT_ENABLED=True)
    browser = Browser(app, app.response_class)
    token = browser.csrf_token()

    statuses = [browser.post("/register", data={"csrf_token": token}).status_code for _ in range(11)]

    assert statuses == [400] * 10 + [429]


@pytest.mark.parametrize("required", [True, False], ids=["verification", "no verification"])
def test_mails_to_the_owner_of_a_taken_email_are_limited_in_all_networks_together(make_app, user, required):
    app = make_app(RATELIMIT_ENABLED=True, EMAIL_VERIFICATION_REQUIRED=required)
    browser = Browser(app, app.response_class)
    form = {"csrf_token": browser.csrf_token(), **NEW_USER, "email": user.email}

    def register(number: int) -> int:
        network = {"REMOTE_ADDR": f"192.0.2.{number}"}
        return browser.post("/register", data=form, environ_base=network).status_code

    statuses = [register(number) for number in range(6)]

    assert statuses == ([200] * 5 + [429] if required else [400] * 6)
