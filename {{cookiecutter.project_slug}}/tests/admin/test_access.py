"""Who may see what."""

import re

import pytest
from sqlalchemy import update

from app.models.login_session import LoginSession
from app.models.user import Role
from app.services import users
from tests.plugins.credentials import PASSWORD

DOOR = {"admin_auth.login_form", "admin_auth.login", "admin_auth.logout"}
ASSETS = {"admin.static", "admin_auth.static"}
LISTS = ["/admin/", "/admin/users/"]


@pytest.fixture
def closed(app) -> list[tuple[str, str]]:
    """Verb and path of every route of the admin but the door."""
    return [
        (verb, re.sub("<[^>]+>", "csv", rule.rule))
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/admin") and rule.endpoint not in DOOR | ASSETS
        for verb in (rule.methods or set()) & {"GET", "POST"}
    ]


def statuses(browser, routes) -> dict[tuple[str, str], int]:
    """Ask every route and return how it answered."""
    data = {"csrf_token": browser.token()}
    return {
        (verb, path): browser.open(path, method=verb, data=data if verb == "POST" else None).status_code
        for verb, path in routes
    }


def test_there_are_routes_to_close(closed):
    assert {("GET", path) for path in LISTS} <= set(closed)
    assert ("POST", "/admin/users/ajax/update/") in closed
    assert ("GET", "/admin/users/export/csv/") in closed


def test_a_stranger_is_sent_away_from_every_page(browser, closed):
    assert set(statuses(browser, closed).values()) == {302}


def test_a_member_is_refused_on_every_page(member, closed):
    assert set(statuses(member, closed).values()) == {403}


def test_an_admin_is_refused_nowhere(admin, closed):
    answers = statuses(admin, closed)

    assert not {route: status for route, status in answers.items() if status in {401, 403} or status >= 500}


@pytest.mark.parametrize("path", LISTS)
def test_an_admin_sees(admin, path):
    assert admin.get(path).status_code == 200


def test_a_stranger_is_brought_back_after_logging_in(browser, admin_user):
    wanted = "/admin/users/?search=a&page=2"
    door = browser.get(wanted).location

    response = browser.submit(door, email=admin_user.email, password=PASSWORD)

    assert response.location == wanted


def test_nobody_is_brought_back_to_what_they_changed(browser):
    assert browser.submit("/admin/users/delete/").location == "/admin/login"


def test_styles_and_scripts_are_for_everybody(browser):
    assert browser.get("/admin/static/vendor/jquery.min.js", buffered=True).status_code == 200
    assert browser.get("/admin/assets/back_office.js", buffered=True).status_code == 200


def test_a_member_reads_why_as_a_page(member):
    response = member.get("/admin/", headers={"Accept": "text/html,*/*;q=0.8"})

    assert (response.status_code, response.mimetype) == (403, "text/html")
    assert "The admin is for admins." in response.text


def test_a_program_reads_why_as_a_problem(member):
    assert member.get("/admin/").json["detail"] == "The admin is for admins."


@pytest.mark.parametrize("changes", [{"role": Role.USER}, {"is_active": False}])
def test_who_is_an_admin_no_longer_is_out_at_once(app, admin, admin_user, make_user, changes):
    make_user(role=Role.ADMIN)

    with app.app_context():
        users.change_user(users.get_user(admin_user.id), changes)

    assert admin.get("/admin/").location.startswith("/admin/login")


def test_who_was_deleted_is_out_at_once(app, admin, admin_user, make_user):
    make_user(role=Role.ADMIN)

    with app.app_context():
        users.delete_user(admin_user.id)

    assert admin.get("/admin/").status_code == 302


def test_a_session_that_was_ended_opens_nothing(admin, db_session, admin_user):
    db_session.execute(update(LoginSession).values(revoked_at=admin_user.created_at))
    db_session.commit()

    assert admin.get("/admin/").status_code == 302


@pytest.mark.parametrize("cookie", ["", "x", "eyJfdXNlcl9pZCI6IjEifQ.aaaa.bbbb"])
def test_a_tampered_cookie_is_a_stranger(admin, cookie):
    admin.set_cookie("session", cookie)

    assert admin.get("/admin/").status_code == 302
