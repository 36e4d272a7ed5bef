"""Posts in the admin."""

import re
from functools import partial
from io import BytesIO

import pytest
from sqlalchemy import event

from app.models.post import Post
from tests.admin.clients import Browser, read_csv
from tests.admin.query_fuzz import IDS, QUERY_FUZZ
from tests.page_checks import PAGE_CHECKS, SCRIPT, TEMPLATE_CODE, exposes_secrets

POSTS = "/admin/posts/"
NEW_POST = {"title": "News", "content": "Read"}
PAGES = [
    "/admin/",
    "/admin/posts/",
    "/admin/posts/new/",
    "/admin/posts/edit/?id={post_id}",
    "/admin/posts/export/csv/",
]


@pytest.fixture
def find_post(find_by):
    """Find a post by title and refresh it from the database."""
    return partial(find_by, Post.title)


@pytest.fixture
def post(make_post, user) -> Post:
    """A post of a user."""
    return make_post(author_id=user.id, title="Hello")


@pytest.fixture
def pages(admin_browser, make_user, make_post) -> dict[str, str]:
    """All pages, with a post whose text and author are HTML and template code."""
    author = make_user(first_name=SCRIPT[:100], last_name=SCRIPT[:100])
    post = make_post(title=SCRIPT, content=SCRIPT, author_id=author.id)
    return {path: admin_browser.get(path.format(post_id=post.id)).text for path in PAGES}


# Create, update, delete


def test_new_post_belongs_to_the_current_admin(admin_browser, admin_user, find_post):
    admin_browser.submit(f"{POSTS}new/", title="News", content="One\r\nTwo", published="y")

    post = find_post("News")
    assert (post.author_id, post.content, post.published) == (admin_user.id, "One\nTwo", True)


def test_uploaded_file_as_content_is_refused(admin_browser, find_post):
    response = admin_browser.submit(f"{POSTS}new/", title="News", content=(BytesIO(b"One"), "one.txt"))

    assert response.status_code == 200
    assert find_post("News") is None


@pytest.mark.parametrize(
    "values", [{"title": " "}, {"title": "x" * 201}, {"content": ""}, {"content": "\x00"}]
)
def test_invalid_post_is_refused_with_messages(admin_browser, find_post, values):
    response = admin_browser.submit(f"{POSTS}new/", **NEW_POST | values)

    assert "invalid-feedback" in response.text
    assert find_post("News") is None


def test_edited_post_keeps_its_author(admin_browser, post, user, find_post):
    form = {"title": "Bye", "content": "Gone", "author": "1", "author_id": "1"}
    admin_browser.submit(f"{POSTS}edit/?id={post.id}", **form)

    edited = find_post("Bye")
    assert (edited.author_id, edited.content, edited.published) == (user.id, "Gone", False)


def test_deleted_post_is_hidden_until_it_is_restored(client, admin_browser, post):
    assert "1 deleted." in admin_browser.run_action("posts", "delete", post.id)
    assert client.get(f"/api/v1/posts/{post.id}").status_code == 404

    assert "1 restored." in admin_browser.run_action("posts", "restore", post.id)
    assert client.get(f"/api/v1/posts/{post.id}").status_code == 200


def test_delete_form_soft_deletes(admin_browser, post, find_post):
    admin_browser.submit(f"{POSTS}delete/", id=post.id)

    assert find_post("Hello").is_deleted


def test_post_of_deleted_author_can_be_edited(admin_browser, post, user, find_post):
    admin_browser.run_action("users", "delete", user.id)

    admin_browser.submit(f"{POSTS}edit/?id={post.id}", title="Bye", content="Gone")

    assert find_post("Bye")


# Access


def test_only_admins_have_access(admin_browser, user_browser, browser):
    clients = (browser, user_browser, admin_browser)

    assert [client.get(POSTS).status_code for client in clients] == [302, 403, 200]


def test_post_is_not_created_without_the_csrf_token_of_the_session(
    app, admin_browser, admin_user, browser, find_post
):
    late_browser = Browser(app, app.response_class)
    old_token = late_browser.csrf_token()
    late_browser.login(admin_user.email)
    tokens = [{}, *({"csrf_token": token} for token in ("x", browser.csrf_token()))]

    statuses = [admin_browser.post(f"{POSTS}new/", data=NEW_POST | token).status_code for token in tokens]
    response = late_browser.post(f"{POSTS}new/", data=NEW_POST | {"csrf_token": old_token})

    assert [*statuses, response.status_code] == [400] * 4
    assert find_post("News") is None


# List


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"Hello", "Draft", "Gone"}),
        ("flt_published_is=no", {"Draft"}),
        ("flt_deleted_is=yes", {"Gone"}),
        ("search=drAF", {"Draft"}),
    ],
)
def test_list_has_deleted_posts_and_is_filtered(admin_browser, post, make_post, query, expected):
    make_post(title="Draft", published=False)
    admin_browser.run_action("posts", "delete", make_post(title="Gone").id)

    page = admin_browser.get(f"{POSTS}?{query}").text

    assert {title for title in ("Hello", "Draft", "Gone") if title in page} == expected


def test_post_without_author_is_listed(admin_browser, make_post):
    make_post(title="Older than the users table")

    assert "Older than" in admin_browser.get(POSTS).text


def test_invalid_query_parameters_are_ignored_or_bounded(admin_browser, make_post):
    make_post()
    queries = [*QUERY_FUZZ, "flt_published_is=perhaps"]

    statuses = {query: admin_browser.get(f"{POSTS}?{query}").status_code for query in queries}

    assert statuses == dict.fromkeys(queries, 200)


def test_unknown_id_is_redirected_to_the_list(admin_browser):
    assert {admin_browser.get(f"{POSTS}edit/?id={post_id}").status_code for post_id in IDS} == {302}


@pytest.mark.parametrize(("query", "order"), [("sort=0", "abc"), ("sort=0&desc=1", "cba"), ("", "bca")])
def test_rows_are_sorted_by_column_or_newest_first(admin_browser, make_post, query, order):
    for title in "acb":
        make_post(title=f"Title {title}")

    page = admin_browser.get(f"{POSTS}?{query}").text

    assert sorted("abc", key=lambda title: page.index(f">Title {title}<")) == list(order)


# Export


def test_formulas_are_quoted_in_the_export(admin_browser, make_post):
    make_post(title="+1\n=2")

    (row,) = read_csv(admin_browser.get(f"{POSTS}export/csv/"))

    assert row["Title"] == "'+1\n'=2"


def test_export_has_the_email_of_the_author_and_no_long_text(admin_browser, make_post, user):
    make_post(author_id=user.id, title="With author", content='a,"b"\nc')

    (row,) = read_csv(admin_browser.get(f"{POSTS}export/csv/"))

    assert row["Author"] == user.email
    assert "Content" not in row


@pytest.mark.parametrize("path", [POSTS, f"{POSTS}export/csv/"])
def test_list_and_export_do_not_load_long_texts(admin_browser, make_post, connection, path):
    make_post()
    statements = []
    event.listen(connection, "before_cursor_execute", lambda *arguments: statements.append(arguments[2]))

    assert admin_browser.get(path).text

    assert any("posts.title" in statement for statement in statements)
    assert not [statement for statement in statements if "posts.content" in statement]


# Pages


@pytest.mark.parametrize("check", PAGE_CHECKS)
def test_all_pages_pass_check(pages, check):
    assert not [path for path, text in pages.items() if "export" not in path and check(text)]


def test_html_and_template_code_in_titles_are_escaped(pages):
    assert "&lt;script&gt;alert" in pages["/admin/posts/"]
    assert TEMPLATE_CODE in pages["/admin/posts/"]


def test_export_does_not_expose_secrets(pages):
    assert not exposes_secrets(pages["/admin/posts/export/csv/"])


def test_dashboard_counts_posts(admin_browser, make_post):
    make_post(published=False)

    page = admin_browser.get("/admin/").text

    counts = re.findall(r"<dt[^>]*>([^<]+)</dt>\s*<dd[^>]*>(\d+)</dd>", page)
    assert counts[-3:] == [("published", "0"), ("drafts", "1"), ("deleted", "0")]


def test_dashboard_shows_the_most_recent_posts(admin_browser, make_post):
    for number in range(6):
        make_post(title=f"Number {number}")

    page = admin_browser.get("/admin/").text

    assert "Number 5" in page
    assert "Number 0" not in page


def test_dashboard_without_posts_says_so(admin_browser):
    assert "No posts yet." in admin_browser.get("/admin/").text
