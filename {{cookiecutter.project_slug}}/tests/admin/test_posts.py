"""Posts in the admin."""

from functools import partial
from io import BytesIO

import pytest

from app.models.post import Post
from tests.admin.clients import Browser, rows

POSTS = "/admin/posts/"
NEWS = {"title": "News", "content": "Read"}


@pytest.fixture
def find(reread):
    """Read a post anew, by title."""
    return partial(reread, Post.title)


@pytest.fixture
def post(make_post, user) -> Post:
    """What somebody wrote."""
    return make_post(author_id=user.id, title="Hello")


def test_a_post_is_by_the_admin_who_writes_it(admin, admin_user, find):
    admin.submit(f"{POSTS}new/", title="News", content="One\r\nTwo", published="y")

    post = find("News")
    assert (post.author_id, post.content, post.published) == (admin_user.id, "One\nTwo", True)


def test_a_file_is_no_content(admin, find):
    response = admin.submit(f"{POSTS}new/", title="News", content=(BytesIO(b"One"), "one.txt"))

    assert response.status_code == 200
    assert find("News") is None


@pytest.mark.parametrize(
    "values", [{"title": " "}, {"title": "x" * 201}, {"content": ""}, {"content": "\x00"}]
)
def test_a_post_is_held_to_the_rules_of_the_api(admin, find, values):
    response = admin.submit(f"{POSTS}new/", **NEWS | values)

    assert "invalid-feedback" in response.text
    assert find("News") is None


def test_a_post_is_changed_and_stays_by_its_author(admin, post, user, find):
    admin.submit(f"{POSTS}edit/?id={post.id}", title="Bye", content="Gone", author="1", author_id="1")

    changed = find("Bye")
    assert (changed.author_id, changed.content, changed.published) == (user.id, "Gone", False)


def test_a_title_is_changed_in_the_list(admin, post, find):
    assert admin.edit_inline("posts", post.id, title="Bye").status_code == 200
    assert find("Bye").content == post.content


def test_a_title_is_not_emptied_in_the_list(admin, post, find):
    assert admin.edit_inline("posts", post.id, title="").status_code == 400
    assert find("Hello")


def test_a_deleted_post_is_hidden_and_restored(client, admin, post):
    assert "1 deleted." in admin.act("posts", "delete", post.id)
    assert client.get(f"/api/v1/posts/{post.id}").status_code == 404

    assert "1 restored." in admin.act("posts", "restore", post.id)
    assert client.get(f"/api/v1/posts/{post.id}").status_code == 200


def test_a_post_is_deleted_by_its_own_form(admin, post, find):
    admin.submit(f"{POSTS}delete/", id=post.id)

    assert find("Hello").is_deleted


def test_posts_of_deleted_authors_can_be_changed(admin, post, user, find):
    admin.act("users", "delete", user.id)

    admin.submit(f"{POSTS}edit/?id={post.id}", title="Bye", content="Gone")

    assert find("Bye")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"Hello", "Draft", "Gone"}),
        ("flt_published_is=no", {"Draft"}),
        ("flt_deleted_is=yes", {"Gone"}),
        ("search=drAF", {"Draft"}),
    ],
)
def test_the_list_shows_deleted_posts_too_and_is_narrowed_to(admin, post, make_post, query, found):
    make_post(title="Draft", published=False)
    admin.act("posts", "delete", make_post(title="Gone").id)

    page = admin.get(f"{POSTS}?{query}").text

    assert {title for title in ("Hello", "Draft", "Gone") if title in page} == found


def test_posts_without_an_author_are_listed(admin, make_post):
    make_post(title="From before there were accounts")

    assert "From before" in admin.get(POSTS).text


def test_posts_are_for_admins_only(admin, member, browser):
    assert [somebody.get(POSTS).status_code for somebody in (browser, member, admin)] == [302, 403, 200]


def test_a_post_is_not_written_without_the_token_of_the_session(app, admin, admin_user, browser, find):
    late = Browser(app, app.response_class)
    stale = late.token()
    late.login(admin_user.email)
    tokens = [{}, *({"csrf_token": token} for token in ("x", f"{admin.token()}x", browser.token()))]

    refused = [admin.post(f"{POSTS}new/", data=NEWS | token).status_code for token in tokens]
    refused.append(late.post(f"{POSTS}new/", data=NEWS | {"csrf_token": stale}).status_code)

    assert refused == [400] * 5
    assert find("News") is None


def test_formulas_in_titles_are_text(admin, make_post):
    make_post(title="+1", content="-1\n=2")

    (row,) = rows(admin.get(f"{POSTS}export/csv/"))

    assert (row["Title"], row["Content"]) == ("'+1", "'-1\n'=2")


def test_posts_are_exported_with_the_address_of_their_author(admin, make_post, user):
    make_post(author_id=user.id, title="By somebody", content='a,"b"\nc')

    (row,) = rows(admin.get(f"{POSTS}export/csv/"))

    assert (row["Author"], row["Content"]) == (user.email, 'a,"b"\nc')
