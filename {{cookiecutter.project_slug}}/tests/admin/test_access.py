"""Access to the admin's pages."""

import re

import pytest
from sqlalchemy import update

from app.models.login_session import LoginSession
from app.models.user import Role
from app.services import users
from tests.plugins.credentials import PASSWORD

LOGIN_ENDPOINTS = {"admin_auth.login_form", "admin_auth.login", "admin_auth.logout"}
STATIC_ENDPOINTS = {"admin.static", "admin_auth.static"}
PAGES = ["/admin/", "/admin/users/"]


@pytest.fixture
def protected_routes(app) -> list[tuple[str, str]]:
    """Method and path of all routes of the admin except login, logout and static files."""
    return [
        (method, re.sub("<[^>]+>", "csv", rule.rule))
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/admin") and rule.endpoint not in LOGIN_ENDPOINTS | STATIC_ENDPOINTS
        for method in (rule.methods or set()) & {"GET", "POST"}
    ]


def request_all(browser, routes) -> dict[tuple[str, str], int]:
    """Request all routes and return their status codes."""
    data = {"csrf_token": browser.csrf_token()}
    return {
        (method, path): browser.open(path, method=method, data=data if method == "POST" else None).status_code
        for method, path in routes
    }


def test_protected_routes_contain_pages_and_exports(protected_routes):
    assert {("GET", path) for path in PAGES} <= set(protected_routes)
    assert ("POST", "/admin/users/edit/") in protected_routes
    assert ("GET", "/admin/users/export/csv/") in protected_routes


def test_anonymous_requests_are_redirected_from_every_route(browser, protected_routes):
    assert set(request_all(browser, protected_routes).values()) == {302}


def test_users_are_refused_by_every_route(user_browser, protected_routes):
    assert set(request_all(user_browser, protected_routes).values()) == {403}


def test_admins_are_refused_by_no_route(admin_browser, protected_routes):
    statuses = request_all(admin_browser, protected_routes)

    assert not {route: status for route, status in statuses.items() if status in {401, 403} or status >= 500}


@pytest.mark.parametrize("path", PAGES)
def test_admins_get_pages(admin_browser, path):
    assert admin_browser.get(path).status_code == 200


def test_login_redirects_to_the_requested_page(browser, admin_user):
    requested = "/admin/users/?search=a&page=2"
    login_url = browser.get(requested).location

    response = browser.submit(login_url, email=admin_user.email, password=PASSWORD)

    assert response.location == requested


def test_anonymous_change_is_redirected_without_next_parameter(browser):
    assert browser.submit("/admin/users/delete/").location == "/admin/login"


def test_static_files_are_public(browser):
    assert browser.get("/admin/static/vendor/jquery.min.js", buffered=True).status_code == 200
    assert browser.get("/admin/assets/admin.js", buffered=True).status_code == 200


def test_browser_of_a_user_gets_an_error_page(user_browser):
    response = user_browser.get("/admin/", headers={"Accept": "text/html,*/*;q=0.8"})

    assert (response.status_code, response.mimetype) == (403, "text/html")
    assert "Only admins have access." in response.text


def test_other_client_of_a_user_gets_a_problem_document(user_browser):
    assert user_browser.get("/admin/").json["detail"] == "Only admins have access."


@pytest.mark.parametrize("changes", [{"role": Role.USER}, {"is_active": False}])
def test_demoted_or_deactivated_admin_is_logged_out(app, admin_browser, admin_user, make_user, changes):
    make_user(role=Role.ADMIN)

    with app.app_context():
        users.change_user(users.get_user(admin_user.id), changes)

    assert admin_browser.get("/admin/").location.startswith("/admin/login")


def test_deleted_admin_is_logged_out(app, admin_browser, admin_user, make_user):
    make_user(role=Role.ADMIN)

    with app.app_context():
        users.delete_user(admin_user.id)

    assert admin_browser.get("/admin/").status_code == 302


def test_revoked_session_is_logged_out(admin_browser, db_session, admin_user):
    db_session.execute(update(LoginSession).values(revoked_at=admin_user.created_at))
    db_session.commit()

    assert admin_browser.get("/admin/").status_code == 302


@pytest.mark.parametrize("cookie", ["", "x", "eyJfdXNlcl9pZCI6IjEifQ.aaaa.bbbb"])
def test_tampered_cookie_is_anonymous(app, admin_browser, cookie):
    admin_browser.set_cookie(app.config["SESSION_COOKIE_NAME"], cookie)

    assert admin_browser.get("/admin/").status_code == 302


def test_admin_stays_under_the_prefix(browser, admin_user):
    base_url = "http://localhost/service"
    redirected = browser.get("/admin/users/", base_url=base_url)
    assert redirected.location == "/service/admin/login?next=/service/admin/users/"

    form = {"csrf_token": browser.csrf_token(), "email": admin_user.email, "password": PASSWORD}
    response = browser.post("/admin/login?next=/service/admin/users/", data=form, base_url=base_url)
    assert response.location == "/service/admin/users/"
    page = browser.get("/admin/users/", base_url=base_url).text

    urls = re.findall(r'(?:src|href|action)="([^"]+)"', page)
    outside = [url for url in urls if not url.startswith(("/service/", "data:", "?", "#"))]
    assert (len(urls) > 10, outside) == (True, [])
