"""The door of the admin."""

from urllib.parse import urlencode

import pytest

from app.models.user import Role
from tests.admin.clients import LOGIN_URL, Browser
from tests.plugins.accounts import WRONG_PASSWORD
from tests.plugins.credentials import PASSWORD

WRONG = "Invalid email or password."
ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "/\\evil.example/",
    "\\\\evil.example/",
    "/\t/evil.example/",
    "/\n/evil.example/",
    "http:evil.example",
    "javascript:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html,x",
    " //evil.example/",
    "evil.example",
]


def door_to(target: str) -> str:
    """Return the address of a login that is to lead somewhere."""
    return f"{LOGIN_URL}?{urlencode({'next': target})}"


def test_an_admin_gets_in(browser, admin_user):
    assert browser.login(admin_user.email).location == "/admin/"
    assert browser.get("/admin/").status_code == 200


def test_an_address_is_known_however_it_is_spelled(browser, admin_user):
    assert browser.login(admin_user.email.upper()).status_code == 302


def test_a_wrong_password_and_an_unknown_address_look_the_same(browser, admin_user):
    wrong = browser.login(admin_user.email, WRONG_PASSWORD)
    unknown = browser.login("nobody@example.com", WRONG_PASSWORD)

    assert wrong.status_code == unknown.status_code == 401
    assert WRONG in wrong.text
    assert WRONG in unknown.text


def test_a_member_is_told_after_the_right_password(browser, user):
    response = browser.login(user.email)

    assert response.status_code == 403
    assert "The admin is for admins." in response.text
    assert browser.get("/admin/").status_code == 302


def test_a_member_is_told_nothing_after_a_wrong_password(browser, user):
    response = browser.login(user.email, WRONG_PASSWORD)

    assert response.status_code == 401
    assert WRONG in response.text


def test_a_deactivated_admin_is_told_after_the_right_password(browser, make_user):
    response = browser.login(make_user(role=Role.ADMIN, is_active=False).email)

    assert response.status_code == 403
    assert "This account is inactive." in response.text


def test_a_deleted_admin_is_unknown(browser, make_user, db_session):
    gone = make_user(role=Role.ADMIN)
    gone.soft_delete()
    db_session.commit()

    assert browser.login(gone.email).status_code == 401


@pytest.mark.parametrize(
    ("email", "password"),
    [("", ""), ("admin@example.com", ""), ("\x00", "x"), ("a" * 300, "x"), ("admin@example.com", "x" * 129)],
)
def test_what_cannot_be_right_is_explained(browser, email, password):
    response = browser.login(email, password)

    assert response.status_code == 400
    assert "invalid-feedback" in response.text


def test_the_password_is_not_sent_back(browser, admin_user):
    assert "my secret" not in browser.login(admin_user.email, "my secret").text


def test_who_is_in_needs_no_door(admin):
    assert admin.get(LOGIN_URL).location == "/admin/"


def test_a_member_may_log_in_as_somebody_else(member, admin_user):
    member.login(admin_user.email)

    assert member.get("/admin/").status_code == 200


def test_staying_logged_in_outlives_the_browser(browser, admin_user):
    browser.login(admin_user.email, remember="y")

    browser.delete_cookie("session")

    assert browser.get("/admin/").status_code == 200


def test_logging_in_ends_with_the_browser_unless_asked_otherwise(browser, admin_user):
    browser.login(admin_user.email)

    browser.delete_cookie("session")

    assert browser.get("/admin/").status_code == 302


def test_a_session_that_was_prepared_by_somebody_else_is_left_behind(browser, admin_user):
    with browser.session_transaction() as session:
        session["planted"] = True

    browser.login(admin_user.email)

    with browser.session_transaction() as session:
        assert "planted" not in session


def test_signing_out_ends_the_session_also_for_a_copy_of_the_cookie(admin):
    copy = admin.get_cookie("session").value

    assert admin.submit("/admin/logout").location == LOGIN_URL

    admin.set_cookie("session", copy)
    assert admin.get("/admin/").status_code == 302


def test_signing_out_twice_is_no_mistake(browser):
    assert browser.submit("/admin/logout").location == LOGIN_URL


def test_a_link_does_not_log_out(admin):
    assert admin.get("/admin/logout").status_code == 405
    assert admin.get("/admin/").status_code == 200


def test_logging_in_again_ends_the_log_in_that_it_replaces(app, admin, admin_user):
    thief = Browser(app, app.response_class)
    thief.set_cookie("session", admin.get_cookie("session").value)

    assert admin.login(admin_user.email).status_code == 302

    assert admin.get("/admin/").status_code == 200
    assert thief.get("/admin/").status_code == 302


def test_logging_in_leads_nowhere_else(app, admin_user):
    visitors = {target: Browser(app, app.response_class) for target in ELSEWHERE}

    answers = {
        target: browser.submit(door_to(target), email=admin_user.email, password=PASSWORD).location
        for target, browser in visitors.items()
    }

    assert answers == dict.fromkeys(ELSEWHERE, "/admin/")


def test_who_is_in_is_sent_nowhere_else(admin):
    answers = {target: admin.get(door_to(target)).location for target in ELSEWHERE}

    assert answers == dict.fromkeys(ELSEWHERE, "/admin/")


def test_forms_lead_nowhere_else(admin):
    page = {
        target: admin.get("/admin/users/new/", query_string={"url": target}).status_code
        for target in ELSEWHERE
    }
    form = {target: admin.submit("/admin/users/action/", url=target).status_code for target in ELSEWHERE}

    assert page == form == dict.fromkeys(ELSEWHERE, 400)


@pytest.mark.parametrize("body", ["[1, 2]", "5", '"abc"', "null", "{", "[" * 100_000])
def test_what_is_no_form_is_400(browser, body):
    headers = {"X-CSRF-Token": browser.token(), "Content-Type": "application/json"}

    assert browser.post(LOGIN_URL, data=body, headers=headers).status_code == 400


def test_a_wrong_password_asks_for_no_header_that_the_page_does_not_take(browser, admin_user):
    assert "WWW-Authenticate" not in browser.login(admin_user.email, WRONG_PASSWORD).headers


def test_a_strange_lasting_cookie_is_no_error(browser):
    browser.set_cookie("remember_token", "x|é")

    assert browser.get(LOGIN_URL).status_code == 200
