"""Access to the pages: default deny, CSRF tokens, error pages."""

import re

import pytest
from flask import abort
from sqlalchemy.exc import OperationalError

from app.exceptions import ForbiddenError
from app.models.user import Role
from app.services import users
from tests.page_checks import PAGE_CHECKS
from tests.pages.clients import HTML, LOGIN_URL, Browser
from tests.pages.routes import page_routes

# The public pages of accounts; pages of your own add theirs in their tests.
BLUEPRINTS = ("account_mails", "assets", "auth", "home", "profile", "sessions")
PUBLIC = {
    ("GET", "/"),
    ("GET", "/forgot-password"),
    ("GET", "/login"),
    ("GET", "/register"),
    ("GET", "/reset-password"),
    ("GET", "/static/pages.css"),
    ("GET", "/verify-email"),
    ("POST", "/forgot-password"),
    ("POST", "/login"),
    ("POST", "/register"),
    ("POST", "/reset-password"),
    ("POST", "/verify-email"),
}

LOST = OperationalError("SELECT", {}, Exception("connection refused"), connection_invalidated=True)


def add_failing_pages(app) -> None:
    """Add views that fail in different ways."""
    errors = {"forbidden": ForbiddenError("Not for you."), "error": ValueError("secret"), "database": LOST}

    @app.route("/fail/<how>", methods=["GET", "POST"])
    def fail(how: str) -> str:
        if how == "large":
            abort(413)
        raise errors[how]


# Default deny


def test_only_expected_pages_are_public(app):
    assert page_routes(app, *BLUEPRINTS, public=True) == PUBLIC


def test_anonymous_requests_are_redirected_from_all_other_pages(app, browser):
    token = browser.csrf_token()
    routes = page_routes(app, public=False)

    locations = {
        (method, path): browser.open(
            path, method=method, data={"csrf_token": token} if method == "POST" else None
        ).location
        for method, path in routes
    }

    assert len(routes) > 10
    assert {
        route: location for route, location in locations.items() if not str(location).startswith(LOGIN_URL)
    } == {}


def test_anonymous_requests_get_public_pages(app, browser):
    paths = [path for method, path in page_routes(app, public=True) if method == "GET" and "<" not in path]

    statuses = {path: browser.get(path, buffered=True).status_code for path in paths}

    assert {path: status for path, status in statuses.items() if status not in {200, 404}} == {}


def test_login_leads_back_to_the_requested_page(browser, user):
    login_url = browser.get("/profile/password?x=1").location

    assert browser.submit(login_url, email=user.email, password="correct horse battery staple").location == (
        "/profile/password?x=1"
    )


def test_anonymous_change_is_redirected_without_next_parameter(browser):
    assert browser.submit("/profile").location == LOGIN_URL


@pytest.mark.parametrize("changes", [{"role": Role.ADMIN}, {"is_active": False}])
def test_changed_or_deactivated_user_is_logged_out(app, user_browser, user, changes):
    with app.app_context():
        users.change_user(users.get_user(user.id), changes)

    assert not user_browser.is_logged_in()


def test_deleted_user_is_logged_out(app, user_browser, user):
    with app.app_context():
        users.delete_user(user.id)

    assert not user_browser.is_logged_in()


@pytest.mark.parametrize("cookie", ["", "x", "eyJfdXNlcl9pZCI6IjEifQ.aaaa.bbbb"])
def test_tampered_cookie_is_anonymous(app, user_browser, cookie):
    user_browser.set_cookie(app.config["SESSION_COOKIE_NAME"], cookie)

    assert not user_browser.is_logged_in()


def test_requests_of_users_are_counted_by_user(make_app, user, make_user):
    app = make_app(RATELIMIT_ENABLED=True, RATELIMIT_DEFAULT="2 per minute")
    first, second = Browser(app, app.response_class), Browser(app, app.response_class)
    first.login_as(user)
    second.login_as(make_user())

    assert [first.get("/profile").status_code for _ in range(3)] == [200, 200, 429]
    assert second.get("/profile").status_code == 200


# CSRF


def test_all_forms_require_the_csrf_token(app, user_browser):
    routes = page_routes(app, public=True) | page_routes(app, public=False)
    paths = [path for method, path in routes if method == "POST"]

    without = {path: user_browser.post(path).status_code for path in paths}
    forged = {path: user_browser.post(path, data={"csrf_token": "forged"}).status_code for path in paths}

    assert without == forged == dict.fromkeys(paths, 400)


def test_token_of_another_session_is_refused(user_browser, browser):
    token = browser.csrf_token()

    assert user_browser.post("/logout", data={"csrf_token": token}).status_code == 400
    assert user_browser.is_logged_in()


def test_token_from_before_the_login_is_refused(browser, user):
    token = browser.csrf_token()
    browser.login(user.email)

    assert browser.post("/logout", data={"csrf_token": token}).status_code == 400


# Responses


def test_pages_are_not_cached(browser, user_browser):
    for response in (browser.get("/"), browser.get("/profile"), user_browser.get("/profile")):
        assert response.headers["Cache-Control"] == "no-store"


def test_policy_allows_no_inline_code_and_no_scripts(browser):
    policy = browser.get("/").headers["Content-Security-Policy"]

    assert "unsafe" not in policy
    assert "script-src" not in policy
    assert policy.startswith("default-src 'none'; style-src 'self'; img-src 'self' data:;")


@pytest.mark.parametrize("check", PAGE_CHECKS)
@pytest.mark.parametrize(
    "path", ["/", *(f"/profile{page}" for page in ("", "/email", "/password", "/sessions"))]
)
def test_pages_pass_check(user_browser, path, check):
    assert not check(user_browser.get(path, follow_redirects=True).text)


def test_project_name_is_escaped(make_app):
    app = make_app(PROJECT_NAME="<script>alert(1)</script>")

    assert "<script>alert" not in app.test_client().get("/").text


def test_static_file_with_its_version_is_kept_for_a_year(browser):
    (url,) = re.findall(r'href="(/static/pages\.css\?v=\w+)"', browser.get("/").text)

    response = browser.get(url, buffered=True)

    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response.mimetype == "text/css"


@pytest.mark.parametrize("query", ["", "?v=", "?v=another"])
def test_static_file_of_another_version_is_not_kept(browser, query):
    response = browser.get(f"/static/pages.css{query}", buffered=True)

    assert (response.status_code, response.headers["Cache-Control"]) == (200, "no-cache")


@pytest.mark.parametrize("path", ["/static/missing.css", "/static/../__init__.py", "/static/%2e%2e/auth.py"])
def test_other_files_are_404(browser, path):
    assert browser.get(path).status_code == 404


def test_static_files_do_not_count(make_app):
    client = make_app(RATELIMIT_ENABLED=True, RATELIMIT_DEFAULT="1 per minute").test_client()

    assert {client.get("/static/pages.css", buffered=True).status_code for _ in range(3)} == {200}


def test_links_stay_under_the_prefix(browser):
    page = browser.get("/", base_url="http://localhost/service").text

    urls = re.findall(r'(?:href|action)="([^"]+)"', page)

    assert len(urls) > 5
    assert [url for url in urls if not url.startswith(("/service/", "data:", "#"))] == []


# Error pages


@pytest.mark.parametrize(
    ("how", "status"), [("forbidden", 403), ("error", 500), ("database", 503), ("large", 413)]
)
def test_browsers_get_error_pages(make_app, how, status):
    client = make_app(add_failing_pages).test_client()

    response = client.get(f"/fail/{how}", headers=HTML)

    assert (response.status_code, response.mimetype) == (status, "text/html")
    assert f"Error {status}" in response.text
    assert response.headers["X-Request-ID"] in response.text
    assert "secret" not in response.text
    assert "style-src 'self'" in response.headers["Content-Security-Policy"]


def test_unknown_path_is_an_error_page(browser):
    response = browser.get("/unknown<script>", headers=HTML)

    assert (response.status_code, response.mimetype) == (404, "text/html")
    assert "<script>" not in response.text


def test_unknown_method_is_an_error_page(browser):
    response = browser.delete("/login", headers=HTML)

    assert (response.status_code, response.mimetype) == (405, "text/html")
    assert "POST" in response.headers["Allow"]


def test_forged_csrf_token_is_an_error_page(browser):
    response = browser.post(LOGIN_URL, data={"csrf_token": "forged"}, headers=HTML)

    assert (response.status_code, response.mimetype) == (400, "text/html")


def test_exceeded_limit_is_an_error_page(make_app):
    client = make_app(RATELIMIT_ENABLED=True, RATELIMIT_DEFAULT="1 per minute").test_client()
    client.get("/")

    response = client.get("/", headers=HTML)

    assert (response.status_code, response.mimetype) == (429, "text/html")
    assert int(response.headers["Retry-After"]) > 0


def test_error_page_needs_no_database(make_app, monkeypatch, user):
    app = make_app(add_failing_pages)
    browser = Browser(app, app.response_class)
    browser.login_as(user)

    def fail(*_args) -> None:
        raise LOST

    monkeypatch.setattr("app.services.login_sessions.get_active", fail)
    response = browser.get("/profile", headers=HTML)

    assert (response.status_code, response.mimetype) == (503, "text/html")
    assert response.headers["Retry-After"]


@pytest.mark.parametrize("accept", ["*/*", "application/json", "application/problem+json"])
def test_other_clients_get_problem_documents(client, accept):
    response = client.get("/unknown", headers={"Accept": accept})

    assert (response.status_code, response.mimetype) == (404, "application/problem+json")


@pytest.mark.parametrize("path", ["/api/v1/unknown", "/api/v1/users/me", "/api"])
def test_errors_of_the_api_are_problem_documents_for_browsers_too(client, path):
    assert client.get(path, headers=HTML).mimetype == "application/problem+json"
