"""What all pages have in common, and the dashboard."""

import re
from html import escape

import pytest
from sqlalchemy.exc import OperationalError

from tests.admin.clients import Browser
from tests.page_checks import PAGE_CHECKS, SCRIPT, TEMPLATE_CODE, exposes_secrets

PAGES = [
    "/admin/",
    "/admin/users/",
    "/admin/users/new/",
    "/admin/users/edit/?id={user_id}",
    "/admin/users/password/?id={user_id}",
    "/admin/users/export/csv/",
]


@pytest.fixture
def pages(admin_browser, make_user) -> dict[str, str]:
    """All pages, with a user whose name is HTML and template code."""
    user = make_user(first_name=SCRIPT[:100], last_name=SCRIPT[:100])
    return {path: admin_browser.get(path.format(user_id=user.id)).text for path in PAGES}


def csp(response) -> dict[str, str]:
    """Return the directives of the Content-Security-Policy."""
    directives = response.headers["Content-Security-Policy"].split(";")
    return dict(directive.split(maxsplit=1) for directive in directives)


# Content


@pytest.mark.parametrize("check", PAGE_CHECKS)
def test_all_pages_pass_check(pages, check):
    assert not [path for path, text in pages.items() if "export" not in path and check(text)]


def test_html_and_template_code_in_names_are_escaped(pages):
    assert "&lt;script&gt;alert" in pages["/admin/users/"]
    assert TEMPLATE_CODE in pages["/admin/users/"]


def test_export_does_not_expose_secrets(pages):
    assert not exposes_secrets(pages["/admin/users/export/csv/"])


def test_pages_have_viewport_and_project_name(app, admin_browser, browser):
    for page in (admin_browser.get("/admin/users/"), browser.get("/admin/login")):
        assert 'name="viewport"' in page.text
        assert escape(app.config["PROJECT_NAME"]) in page.text


def test_project_name_is_escaped(make_app, admin_user):
    app = make_app(PROJECT_NAME="<script>alert(1)</script>")
    admin_browser = Browser(app, app.response_class)
    admin_browser.login_as(admin_user)

    assert "<script>alert" not in admin_browser.get("/admin/").text + admin_browser.get("/admin/nope").text


# Headers


def test_scripts_require_the_nonce(admin_browser):
    response = admin_browser.get("/admin/users/")
    (nonce,) = set(re.findall(r'<script nonce="([^"]+)"', response.text))

    assert csp(response)["script-src"] == f"'nonce-{nonce}'"
    assert csp(response)["style-src"] == "'self'"
    assert csp(response)["default-src"] == "'none'"


def test_each_response_has_another_nonce(admin_browser):
    assert csp(admin_browser.get("/admin/"))["script-src"] != csp(admin_browser.get("/admin/"))["script-src"]


def test_csp_of_the_api_has_no_nonce(admin_browser):
    assert "script-src" not in csp(admin_browser.get("/api/v1/users/me"))


@pytest.mark.parametrize("path", ["/admin/users/", "/admin/users/export/csv/"])
def test_pages_and_exports_are_not_cached(admin_browser, path):
    assert admin_browser.get(path).headers["Cache-Control"] == "no-store"


# Dashboard


def test_dashboard_counts_users(admin_browser, make_user):
    make_user(is_active=False)
    make_user(deleted=True)

    page = admin_browser.get("/admin/").text

    counts = re.findall(r"<dt[^>]*>([^<]+)</dt>\s*<dd[^>]*>(\d+)</dd>", page)
    assert counts[:4] == [("active", "1"), ("admins", "1"), ("inactive", "1"), ("deleted", "1")]


def test_dashboard_shows_the_most_recent_users(admin_browser, make_user):
    for number in range(6):
        make_user(email=f"number-{number}@example.com")
    make_user(email="deleted@example.com", deleted=True)

    page = admin_browser.get("/admin/").text

    assert "number-5@example.com" in page
    assert "number-0@example.com" not in page
    assert "deleted@example.com" not in page


def test_menu_links_to_api_documentation_if_enabled(admin_browser, admin_user, make_app):
    assert 'href="/api/docs/"' in admin_browser.get("/admin/").text

    app = make_app(API_DOCS=False)
    other_browser = Browser(app, app.response_class)
    other_browser.login_as(admin_user)
    assert "/api/docs" not in other_browser.get("/admin/").text


# Errors


def test_unknown_page_is_an_error_page_for_browsers(browser):
    response = browser.get("/admin/nothing", headers={"Accept": "text/html"})

    assert (response.status_code, response.mimetype) == (404, "text/html")
    assert "404 Not Found" in response.text
    assert csp(response)["default-src"] == "'none'"


def test_unknown_page_outside_the_admin_is_a_problem_document(browser):
    response = browser.get("/api/administration", headers={"Accept": "text/html"})

    assert response.mimetype == "application/problem+json"


def test_unavailable_database_is_an_error_page(admin_browser, monkeypatch):
    def fail(*_args, **_kwargs):
        raise OperationalError("SELECT", {}, Exception("connection refused"))

    monkeypatch.setattr("app.services.login_sessions.get_active", fail)

    response = admin_browser.get("/admin/", headers={"Accept": "text/html"})

    assert (response.status_code, response.mimetype) == (503, "text/html")
