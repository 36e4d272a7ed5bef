"""What all pages have in common, and the first one."""

import re
from html import escape

import pytest
from sqlalchemy.exc import OperationalError

from tests.admin.clients import Browser
from tests.admin.page_faults import FAULTS, SCRIPT, TEMPLATE, proves_a_password

PAGES = [
    "/admin/",
    "/admin/users/",
    "/admin/users/new/",
    "/admin/users/edit/?id={user_id}",
    "/admin/users/password/?id={user_id}",
    "/admin/users/export/csv/",
]


@pytest.fixture
def texts(admin, make_user) -> dict[str, str]:
    """Every page, with a person on it who would like to run."""
    person = make_user(first_name=SCRIPT[:100], last_name=SCRIPT[:100])
    return {path: admin.get(path.format(user_id=person.id)).text for path in PAGES}


def policy(response) -> dict[str, str]:
    """Read a Content-Security-Policy."""
    directives = response.headers["Content-Security-Policy"].split(";")
    return dict(directive.split(maxsplit=1) for directive in directives)


@pytest.mark.parametrize("is_at_fault", FAULTS)
def test_no_page(texts, is_at_fault):
    assert not [path for path, text in texts.items() if "export" not in path and is_at_fault(text)]


def test_script_and_templates_in_names_are_text(texts):
    assert "&lt;script&gt;alert" in texts["/admin/users/"]
    assert TEMPLATE in texts["/admin/users/"]


def test_no_export_holds_what_proves_a_password(texts):
    assert not proves_a_password(texts["/admin/users/export/csv/"])


def test_scripts_run_by_nonce_only(admin):
    response = admin.get("/admin/users/")
    (nonce,) = set(re.findall(r'<script nonce="([^"]+)"', response.text))

    assert policy(response)["script-src"] == f"'nonce-{nonce}'"
    assert policy(response)["style-src"] == "'self'"
    assert policy(response)["default-src"] == "'none'"


def test_a_nonce_is_used_once(admin):
    assert policy(admin.get("/admin/"))["script-src"] != policy(admin.get("/admin/"))["script-src"]


def test_the_policy_of_the_api_stays_strict(admin):
    assert "script-src" not in policy(admin.get("/api/v1/users/me"))


@pytest.mark.parametrize("path", ["/admin/users/", "/admin/users/export/csv/"])
def test_what_is_shown_is_not_kept_by_browsers(admin, path):
    assert admin.get(path).headers["Cache-Control"] == "no-store"


def test_pages_fit_a_phone_and_name_the_project(app, admin, browser):
    for page in (admin.get("/admin/users/"), browser.get("/admin/login")):
        assert 'name="viewport"' in page.text
        assert escape(app.config["PROJECT_NAME"]) in page.text


def test_a_project_name_is_text_too(make_app, admin_user):
    app = make_app(PROJECT_NAME="<script>alert(1)</script>")
    admin = Browser(app, app.response_class)
    admin.become(admin_user)

    assert "<script>alert" not in admin.get("/admin/").text + admin.get("/admin/nope").text


def test_the_first_page_counts(admin, make_user, db_session):
    make_user(is_active=False)
    make_user().soft_delete()
    db_session.commit()

    words = re.sub(r"<[^>]+>|\s+", " ", admin.get("/admin/").text).split()
    text = " ".join(words)

    assert "Users 1 active 1 admins 1 deactivated 1 deleted" in text


def test_the_first_page_shows_the_newest(admin, make_user):
    for number in range(6):
        make_user(email=f"number-{number}@example.com")

    page = admin.get("/admin/").text

    assert "number-5@example.com" in page
    assert "number-0@example.com" not in page


def test_the_first_page_leads_to_the_documentation_if_there_is_any(admin, admin_user, make_app):
    assert 'href="/api/docs/"' in admin.get("/admin/").text

    app = make_app(API_DOCS=False)
    other = Browser(app, app.response_class)
    other.become(admin_user)
    assert "/api/docs" not in other.get("/admin/").text


def test_a_page_that_is_not_there_is_a_page_for_browsers(browser):
    response = browser.get("/admin/nothing", headers={"Accept": "text/html"})

    assert (response.status_code, response.mimetype) == (404, "text/html")
    assert "404 Not Found" in response.text
    assert policy(response)["default-src"] == "'none'"


def test_other_pages_keep_their_problems(browser):
    response = browser.get("/administration", headers={"Accept": "text/html"})

    assert response.mimetype == "application/problem+json"


def test_a_database_that_is_away_is_a_page_too(admin, monkeypatch):
    def away(*_args, **_kwargs):
        raise OperationalError("SELECT", {}, Exception("away"))

    monkeypatch.setattr("app.services.login_sessions.get_active", away)

    response = admin.get("/admin/", headers={"Accept": "text/html"})

    assert (response.status_code, response.mimetype) == (503, "text/html")
