"""What all pages have in common, and the first one."""

import re
from html import escape

import pytest
from sqlalchemy.exc import OperationalError

from tests.admin.visitors import Visitor

PAGES = [
    "/admin/",
    "/admin/users/",
    "/admin/users/new/",
    "/admin/users/edit/?id={user_id}",
    "/admin/users/password/?id={user_id}",
    "/admin/users/export/csv/",
    "/admin/posts/",
    "/admin/posts/new/",
    "/admin/posts/edit/?id={post_id}",
    "/admin/posts/export/csv/",
]
TEMPLATE = "{" * 2 + "7*7" + "}" * 2
SCRIPT = f"<script>alert('x')</script>{TEMPLATE}\"><img src=x onerror=alert(1)>"


@pytest.fixture
def texts(admin, make_user, make_post) -> dict[str, str]:
    """Every page, with a person and a post on it that would like to run."""
    person = make_user(first_name=SCRIPT[:100], last_name=SCRIPT[:100])
    post = make_post(title=SCRIPT, content=SCRIPT, author_id=person.id)
    paths = [path.format(user_id=person.id, post_id=post.id) for path in PAGES]
    return {path: admin.get(path).text for path in paths}


def policy(answer) -> dict[str, str]:
    """Read a Content-Security-Policy."""
    directives = answer.headers["Content-Security-Policy"].split(";")
    return dict(directive.split(maxsplit=1) for directive in directives)


def test_script_in_names_and_titles_is_text(texts):
    pages = {path: text for path, text in texts.items() if "export" not in path}

    assert not [path for path, text in pages.items() if "<script>alert" in text or "<img src=x" in text]
    assert "&lt;script&gt;alert" in texts["/admin/posts/"]


def test_templates_in_titles_are_text(texts):
    assert TEMPLATE in texts["/admin/posts/"]


def test_no_page_and_no_export_holds_what_proves_a_password(texts):
    assert not [path for path, text in texts.items() if "argon2" in text or "password_hash" in text]
    assert not [path for path, text in texts.items() if "email_key" in text]


def test_no_page_has_scripts_or_styles_of_its_own(texts):
    own = re.compile(r"<[^>]* on\w+=|<script(?![^>]* src=)|<style| style=")
    pages = {path: re.sub('="[^"]*"', "=", text) for path, text in texts.items() if "export" not in path}

    assert not [path for path, page in pages.items() if own.search(page)]


def test_no_page_needs_the_network(texts):
    assert not [path for path, text in texts.items() if re.search(r'(src|href)="(https?:)?//', text)]


def test_scripts_run_by_nonce_only(admin):
    answer = admin.get("/admin/users/")
    (nonce,) = set(re.findall(r'<script nonce="([^"]+)"', answer.text))

    assert policy(answer)["script-src"] == f"'nonce-{nonce}'"
    assert policy(answer)["style-src"] == "'self'"
    assert policy(answer)["default-src"] == "'none'"


def test_a_nonce_is_used_once(admin):
    assert policy(admin.get("/admin/"))["script-src"] != policy(admin.get("/admin/"))["script-src"]


def test_the_policy_of_the_api_stays_strict(admin):
    assert "script-src" not in policy(admin.get("/api/v1/posts"))


def test_pages_are_not_kept_by_browsers(admin):
    assert admin.get("/admin/users/").headers["Cache-Control"] == "no-store"


def test_pages_fit_a_phone_and_name_the_project(app, admin, visitor):
    for page in (admin.get("/admin/users/"), visitor.get("/admin/sign-in")):
        assert 'name="viewport"' in page.text
        assert escape(app.config["PROJECT_NAME"]) in page.text


def test_a_project_name_is_text_too(make_app, admin_user):
    app = make_app(PROJECT_NAME="<script>alert(1)</script>")
    admin = Visitor(app, app.response_class)
    admin.become(admin_user)

    assert "<script>alert" not in admin.get("/admin/").text + admin.get("/admin/nope").text


def test_the_first_page_counts(admin, make_user, make_post, db_session):
    make_user(is_active=False)
    make_user().soft_delete()
    make_post(published=False)
    db_session.commit()

    words = re.sub(r"<[^>]+>|\s+", " ", admin.get("/admin/").text).split()
    text = " ".join(words)

    assert "Users 1 active 1 admins 1 deactivated 1 deleted" in text
    assert "Posts 0 published 1 drafts 0 deleted" in text


def test_the_first_page_shows_the_newest(admin, make_user, make_post):
    make_user(email="newest@example.com")
    for number in range(6):
        make_post(title=f"Number {number}")

    page = admin.get("/admin/").text

    assert "newest@example.com" in page
    assert "Number 5" in page
    assert "Number 0" not in page


def test_the_first_page_leads_to_the_documentation_if_there_is_any(admin, admin_user, make_app):
    assert 'href="/api/docs/"' in admin.get("/admin/").text

    app = make_app(API_DOCS=False)
    other = Visitor(app, app.response_class)
    other.become(admin_user)
    assert "/api/docs" not in other.get("/admin/").text


def test_a_page_that_is_not_there_is_a_page_for_browsers(visitor):
    answer = visitor.get("/admin/nothing", headers={"Accept": "text/html"})

    assert (answer.status_code, answer.mimetype) == (404, "text/html")
    assert "404 Not Found" in answer.text
    assert policy(answer)["default-src"] == "'none'"


def test_other_pages_keep_their_problems(visitor):
    answer = visitor.get("/administration", headers={"Accept": "text/html"})

    assert answer.mimetype == "application/problem+json"


def test_a_database_that_is_away_is_a_page_too(admin, monkeypatch):
    def away(*_args, **_kwargs):
        raise OperationalError("SELECT", {}, Exception("away"))

    monkeypatch.setattr("app.services.login_sessions.find_live", away)

    answer = admin.get("/admin/", headers={"Accept": "text/html"})

    assert (answer.status_code, answer.mimetype) == (503, "text/html")
