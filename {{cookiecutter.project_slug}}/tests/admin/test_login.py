"""Login and logout of the admin."""

from urllib.parse import urlencode

import pytest
from sqlalchemy import update

from app.extensions import db
from app.models.user import Role, User
from app.services import auth
from tests.admin.clients import LOGIN_URL, Browser
from tests.page_checks import OTHER_SITES
from tests.plugins.accounts import WRONG_PASSWORD
from tests.plugins.credentials import PASSWORD

INVALID_CREDENTIALS = "Invalid email or password."


def login_url(target: str) -> str:
    """Return the URL of a login that redirects to the target."""
    return f"{LOGIN_URL}?{urlencode({'next': target})}"


# Login


def test_admin_logs_in(browser, admin_user):
    assert browser.login(admin_user.email).location == "/admin/"
    assert browser.get("/admin/").status_code == 200


def test_email_is_case_insensitive(browser, admin_user):
    assert browser.login(admin_user.email.upper()).status_code == 302


def test_wrong_password_and_unknown_email_get_the_same_response(browser, admin_user):
    wrong = browser.login(admin_user.email, WRONG_PASSWORD)
    unknown = browser.login("unknown@example.com", WRONG_PASSWORD)

    assert wrong.status_code == unknown.status_code == 401
    assert INVALID_CREDENTIALS in wrong.text
    assert INVALID_CREDENTIALS in unknown.text


def test_user_with_right_password_is_403(browser, user):
    response = browser.login(user.email)

    assert response.status_code == 403
    assert "Only admins have access." in response.text
    assert browser.get("/admin/").status_code == 302


def test_user_with_wrong_password_is_401(browser, user):
    response = browser.login(user.email, WRONG_PASSWORD)

    assert response.status_code == 401
    assert INVALID_CREDENTIALS in response.text


def test_inactive_admin_with_right_password_is_403(browser, make_user):
    response = browser.login(make_user(role=Role.ADMIN, is_active=False).email)

    assert response.status_code == 403
    assert "This account is inactive." in response.text


def test_deleted_admin_is_401(browser, make_user):
    assert browser.login(make_user(role=Role.ADMIN, deleted=True).email).status_code == 401


@pytest.mark.parametrize(
    ("email", "password"),
    [("", ""), ("admin@example.com", ""), ("\x00", "x"), ("a" * 300, "x"), ("admin@example.com", "x" * 129)],
)
def test_invalid_input_is_400_with_messages(browser, email, password):
    response = browser.login(email, password)

    assert response.status_code == 400
    assert "invalid-feedback" in response.text


def test_password_is_not_in_the_response(browser, admin_user):
    assert "my secret" not in browser.login(admin_user.email, "my secret").text


@pytest.mark.parametrize("body", ["[1, 2]", "5", '"abc"', "null", "{", "[" * 100_000])
def test_body_that_is_not_a_form_is_400(browser, body):
    headers = {"X-CSRF-Token": browser.csrf_token(), "Content-Type": "application/json"}

    assert browser.post(LOGIN_URL, data=body, headers=headers).status_code == 400


def test_wrong_password_response_has_no_www_authenticate_header(browser, admin_user):
    assert "WWW-Authenticate" not in browser.login(admin_user.email, WRONG_PASSWORD).headers


def test_login_page_redirects_logged_in_admin(admin_browser):
    assert admin_browser.get(LOGIN_URL).location == "/admin/"


def test_logged_in_user_can_log_in_as_admin(user_browser, admin_user):
    user_browser.login(admin_user.email)

    assert user_browser.get("/admin/").status_code == 200


# Sessions


def test_remembered_login_survives_the_session_cookie(app, browser, admin_user):
    browser.login(admin_user.email, remember="y")

    browser.delete_cookie(app.config["SESSION_COOKIE_NAME"])

    assert browser.get("/admin/").status_code == 200


def test_other_login_ends_with_the_session_cookie(app, browser, admin_user):
    browser.login(admin_user.email)

    browser.delete_cookie(app.config["SESSION_COOKIE_NAME"])

    assert browser.get("/admin/").status_code == 302


def test_admin_is_logged_out_after_an_hour_without_requests(browser, admin_user, let_time_pass):
    browser.login(admin_user.email, remember="y")
    let_time_pass(minutes=58)
    assert browser.get("/admin/").status_code == 200

    let_time_pass(minutes=58)
    assert browser.get("/admin/").status_code == 200

    let_time_pass(minutes=61)
    assert browser.get("/admin/").status_code == 302


def test_admin_is_logged_out_after_twelve_hours(browser, admin_user, let_time_pass):
    browser.login(admin_user.email, remember="y")

    statuses = []
    for _ in range(13):
        let_time_pass(minutes=56)
        statuses.append(browser.get("/admin/").status_code)

    assert statuses == [200] * 12 + [302]


def test_session_of_the_api_does_not_open_the_admin(browser, admin_user):
    browser.login_as(admin_user, kind="session")

    assert browser.get("/admin/").location.startswith(LOGIN_URL)
    assert browser.get(LOGIN_URL).status_code == 200
    assert browser.login(admin_user.email).location == "/admin/"


def test_malformed_remember_cookie_is_ignored(app, browser):
    browser.set_cookie(app.config["REMEMBER_COOKIE_NAME"], "x|é")

    assert browser.get(LOGIN_URL).status_code == 200


def test_login_discards_earlier_session_data(browser, admin_user):
    with browser.session_transaction() as session:
        session["planted"] = True

    browser.login(admin_user.email)

    with browser.session_transaction() as session:
        assert "planted" not in session


def test_second_login_revokes_the_first_session(app, admin_browser, admin_user):
    stolen = Browser(app, app.response_class)
    name = app.config["SESSION_COOKIE_NAME"]
    stolen.set_cookie(name, admin_browser.get_cookie(name).value)

    assert admin_browser.login(admin_user.email).status_code == 302

    assert admin_browser.get("/admin/").status_code == 200
    assert stolen.get("/admin/").status_code == 302


def test_password_that_changes_during_a_login_is_rejected(
    admin_browser, admin_user, let_time_pass, monkeypatch
):
    authenticate = auth.authenticate

    def authenticate_before_a_change(email: str, password: str) -> User:
        user = authenticate(email, password)
        change = update(User).values(password_hash="changed")
        db.session.execute(change.execution_options(synchronize_session=False))
        return user

    monkeypatch.setattr(auth, "authenticate", authenticate_before_a_change)
    form = {"csrf_token": admin_browser.csrf_token(), "email": admin_user.email, "password": PASSWORD}
    let_time_pass(minutes=2)  # so that the use of the earlier session is recorded

    assert admin_browser.post(LOGIN_URL, data=form).status_code == 401


def test_logout_revokes_the_session_for_copies_of_the_cookie(app, admin_browser):
    name = app.config["SESSION_COOKIE_NAME"]
    copy = admin_browser.get_cookie(name).value

    assert admin_browser.submit("/admin/logout").location == LOGIN_URL

    admin_browser.set_cookie(name, copy)
    assert admin_browser.get("/admin/").status_code == 302


def test_anonymous_logout_is_redirected_to_login(browser):
    assert browser.submit("/admin/logout").location == LOGIN_URL


def test_logout_by_get_is_405(admin_browser):
    assert admin_browser.get("/admin/logout").status_code == 405
    assert admin_browser.get("/admin/").status_code == 200


# Redirects


def test_login_does_not_redirect_to_other_sites(app, admin_user):
    browsers = {target: Browser(app, app.response_class) for target in OTHER_SITES}

    locations = {
        target: browser.submit(login_url(target), email=admin_user.email, password=PASSWORD).location
        for target, browser in browsers.items()
    }

    assert locations == dict.fromkeys(OTHER_SITES, "/admin/")


def test_login_page_does_not_redirect_to_other_sites(admin_browser):
    locations = {target: admin_browser.get(login_url(target)).location for target in OTHER_SITES}

    assert locations == dict.fromkeys(OTHER_SITES, "/admin/")


def test_form_with_url_of_another_site_is_400(admin_browser):
    pages = {
        target: admin_browser.get("/admin/users/new/", query_string={"url": target}).status_code
        for target in OTHER_SITES
    }
    actions = {
        target: admin_browser.submit("/admin/users/action/", url=target).status_code for target in OTHER_SITES
    }

    assert pages == actions == dict.fromkeys(OTHER_SITES, 400)
