"""Pages of posts."""

import re

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.models.post import Post
from tests.page_checks import PAGE_CHECKS, SCRIPT, TEMPLATE_CODE, has_unescaped_text
from tests.pages.clients import Browser
from tests.pages.routes import page_routes

FORM = {"title": "New", "content": "First line\r\nSecond line"}


def edit(browser: Browser, post: Post, **changes) -> TestResponse:
    """Submit the form of a post as it is."""
    values = {**FORM, "version": post.updated_at.isoformat(), **changes}
    return browser.submit(f"/posts/{post.id}/edit", **values)


@pytest.fixture
def post(make_post, user) -> Post:
    """A published post of `user`."""
    return make_post(author=user, title="Mine")


@pytest.fixture
def draft(make_post, user) -> Post:
    """A draft of `user`."""
    return make_post(author=user, title="My draft", published=False)


@pytest.fixture
def other_draft(make_post, make_user) -> Post:
    """A draft of another user."""
    return make_post(author=make_user(), title="Secret", published=False)


# Reading


def test_lists_and_posts_are_public(app):
    assert page_routes(app, "posts", public=True) == {("GET", "/posts"), ("GET", "/posts/1")}


def test_everyone_reads_published_posts(browser, post):
    for path in ("/", "/posts", f"/posts/{post.id}"):
        response = browser.get(path)
        assert (response.status_code, "Mine" in response.text) == (200, True)

    assert "Read me." in browser.get(f"/posts/{post.id}").text


@pytest.mark.parametrize("path", ["/", "/posts"])
def test_empty_list_says_so(browser, path):
    assert "Nothing has been published yet." in browser.get(path).text


def test_list_has_pages(browser, make_post):
    for number in range(11):
        make_post(title=f"Title {number:02}")

    first, second = browser.get("/posts").text, browser.get("/posts?page=2").text

    assert "Page 1 of 2" in first
    assert '/posts?page=2" rel="next"' in first
    assert "Title 00" not in first
    assert "Title 00" in second


@pytest.mark.parametrize("page", ["0", "-1", "x", "10001", "9" * 30, "1.5", "٣", "\x00"])
def test_impossible_page_is_404(browser, page):
    assert browser.get("/posts", query_string={"page": page}).status_code == 404


def test_page_behind_the_last_one_is_empty(browser, post):
    response = browser.get("/posts?page=2")

    assert (response.status_code, "Mine" in response.text) == (200, False)


def test_drafts_are_shown_to_their_author_only(app, browser, user_browser, draft):
    assert browser.get(f"/posts/{draft.id}").status_code == 404
    assert user_browser.get(f"/posts/{draft.id}").status_code == 200
    assert "My draft" in user_browser.get("/posts/mine").text
    assert "My draft" not in user_browser.get("/posts").text + user_browser.get("/").text


def test_own_posts_are_own_posts_only(user_browser, post, make_post, other_draft):
    make_post(title="Someone else's")

    page = user_browser.get("/posts/mine").text

    assert "Mine" in page
    assert "Someone else" not in page
    assert "Secret" not in page


def test_author_without_posts_reads_so(user_browser):
    assert "You have not written anything yet." in user_browser.get("/posts/mine").text


@pytest.mark.parametrize("post_id", ["0", "1", "99999999999999999999", "x"])
def test_missing_post_is_404(browser, post_id):
    assert browser.get(f"/posts/{post_id}").status_code == 404


@pytest.mark.parametrize("check", PAGE_CHECKS)
def test_pages_pass_check(user_browser, make_post, user, check):
    post = make_post(author=user, title=SCRIPT, content=SCRIPT)
    paths = ["/", "/posts", "/posts/mine", "/posts/new"]
    paths += [f"/posts/{post.id}{action}" for action in ("", "/edit", "/delete")]

    pages = {path: user_browser.get(path) for path in paths}

    assert {page.status_code for page in pages.values()} == {200}
    assert [path for path, page in pages.items() if check(page.text)] == []
    assert TEMPLATE_CODE in pages["/posts"].text


# Writing


def test_post_is_created_as_a_draft(user_browser, user, db_session):
    response = user_browser.submit("/posts/new", **FORM)

    post = db_session.scalars(select(Post)).one()
    assert response.location == f"/posts/{post.id}"
    assert (post.title, post.content, post.published) == ("New", "First line\nSecond line", False)
    assert post.author_id == user.id
    assert "Your draft is saved." in user_browser.get(response.location).text


def test_post_is_created_published(user_browser, browser):
    location = user_browser.submit("/posts/new", **FORM, published="y").location

    assert "First line" in browser.get(location).text


def test_double_submit_creates_one_post(user_browser, db_session):
    locations = {user_browser.submit("/posts/new", **FORM).location for _ in range(2)}

    assert len(locations) == 1
    assert len(db_session.scalars(select(Post.id)).all()) == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("title", " "),
        ("title", "x" * 201),
        ("title", "\x00"),
        ("content", ""),
        ("content", "x" * 100_001),
    ],
)
def test_invalid_post_is_400_at_the_field(user_browser, db_session, field, value):
    response = user_browser.submit("/posts/new", **FORM | {field: value})

    assert response.status_code == 400
    assert f'id="{field}-error"' in response.text
    assert db_session.scalars(select(Post.id)).all() == []


def test_html_in_an_invalid_form_is_escaped(user_browser):
    response = user_browser.submit("/posts/new", title=SCRIPT * 5, content=SCRIPT)

    assert response.status_code == 400
    assert not has_unescaped_text(response.text)


def test_post_is_edited(user_browser, post, db_session):
    page = user_browser.get(f"/posts/{post.id}/edit").text
    assert 'value="Mine"' in page
    assert " checked " in page

    response = edit(user_browser, post)

    assert response.location == f"/posts/{post.id}"
    db_session.refresh(post)
    assert (post.title, post.published) == ("New", False)


@pytest.mark.parametrize("version", ["", "x", "2000-01-01T00:00:00+00:00"])
def test_change_of_another_version_is_refused_and_shown(user_browser, post, db_session, version):
    response = edit(user_browser, post, title="Typed", version=version)

    assert response.status_code == 400
    assert "This was changed after you read it" in response.text
    assert 'value="Typed"' in response.text
    db_session.refresh(post)
    assert post.title == "Mine"


def test_second_of_two_editors_overwrites_nothing(user_browser, admin_browser, post, db_session):
    page = user_browser.get(f"/posts/{post.id}/edit").text
    (seen,) = re.findall(r'name="version"[^>]* value="([^"]+)"', page)
    edit(admin_browser, post, title="First")

    assert edit(user_browser, post, title="Second", version=seen).status_code == 400

    db_session.refresh(post)
    assert post.title == "First"


def test_invalid_change_is_400_at_the_field(user_browser, post, db_session):
    response = edit(user_browser, post, title="")

    assert response.status_code == 400
    assert 'id="title-error"' in response.text
    db_session.refresh(post)
    assert post.title == "Mine"


def test_post_is_deleted_after_a_question(user_browser, post, db_session):
    assert "Delete the post?" in user_browser.get(f"/posts/{post.id}/delete").text

    response = user_browser.submit(f"/posts/{post.id}/delete")

    assert response.location == "/posts/mine"
    assert user_browser.get(f"/posts/{post.id}").status_code == 404
    assert user_browser.submit(f"/posts/{post.id}/delete").status_code == 404


@pytest.mark.parametrize("action", ["edit", "delete"])
def test_post_of_another_user_is_403(user_browser, make_post, make_user, action, db_session):
    post = make_post(author=make_user(), title="Theirs")

    assert user_browser.get(f"/posts/{post.id}/{action}").status_code == 403
    assert user_browser.submit(f"/posts/{post.id}/{action}", **FORM).status_code == 403
    assert f"/posts/{post.id}/edit" not in user_browser.get(f"/posts/{post.id}").text
    db_session.refresh(post)
    assert (post.title, post.is_deleted) == ("Theirs", False)


@pytest.mark.parametrize("action", ["edit", "delete"])
def test_draft_of_another_user_is_404(user_browser, other_draft, action):
    assert user_browser.get(f"/posts/{other_draft.id}/{action}").status_code == 404
    assert user_browser.submit(f"/posts/{other_draft.id}/{action}", **FORM).status_code == 404


def test_admin_edits_posts_of_others(admin_browser, post, db_session):
    assert edit(admin_browser, post).location == f"/posts/{post.id}"

    db_session.refresh(post)
    assert post.title == "New"
