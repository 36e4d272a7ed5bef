# @if cookiecutter.auth == "none"
# @include "open/tests/api/test_posts.py"
# @else
"""The endpoints of posts: published ones are public; authors and admins update and delete."""

from datetime import UTC, datetime

import pytest

from tests.security.routes import public_operations

URL = "/api/v1/posts"


@pytest.fixture
def other_headers(login, make_user) -> dict[str, str]:
    """Headers of a user headers_fixture is neither the author nor an admin."""
    return login(make_user())


@pytest.fixture
def post(make_post, user):
    """A published post of `user`."""
    return make_post(author=user)


@pytest.fixture
def draft(make_post, user):
    """A draft of `user`."""
    return make_post(author=user, published=False)


def titles(response) -> list[str]:
    """Return the titles of a page."""
    assert response.status_code == 200, response.text
    return [post["title"] for post in response.json["items"]]


def test_anonymous_list_contains_published_posts_only(client, post, draft):
    assert titles(client.get(URL)) == [post.title]


def test_list_contains_own_drafts(client, post, draft, auth_headers):
    assert titles(client.get(URL, headers=auth_headers)) == [draft.title, post.title]


def test_list_omits_drafts_of_other_users(client, post, draft, other_headers):
    assert titles(client.get(URL, headers=other_headers)) == [post.title]


def test_admin_list_contains_all_drafts(client, post, draft, admin_headers):
    assert titles(client.get(URL, headers=admin_headers)) == [draft.title, post.title]


def test_list_returns_newest_first_and_orders_ties_by_id(client, make_post):
    for year, title in [(2026, "old"), (2028, "new"), (2027, "tie 1"), (2027, "tie 2")]:
        make_post(title=title, created_at=datetime(year, 1, 1, tzinfo=UTC))

    assert titles(client.get(URL)) == ["new", "tie 2", "tie 1", "old"]


def test_list_is_paginated(client, make_post):
    for _ in range(5):
        make_post()

    page = client.get(f"{URL}?page=2&per_page=2").json

    assert [post["title"] for post in page.pop("items")] == ["Post 3", "Post 2"]
    assert page == {"page": 2, "per_page": 2, "total": 5, "pages": 3}


def test_list_links_to_the_next_page(client, make_post):
    for _ in range(3):
        make_post()

    first = client.get(f"{URL}?per_page=2&published=true")
    second = client.get(first.headers["Link"].partition(">")[0].removeprefix("<"))

    assert titles(first) + titles(second) == ["Post 3", "Post 2", "Post 1"]
    assert 'rel="next"' in first.headers["Link"]
    assert "Link" not in second.headers


def test_list_has_no_content(client, make_post):
    make_post()

    (listed,) = client.get(URL).json["items"]

    assert "content" not in listed


def test_page_after_the_last_is_empty(client, make_post):
    make_post()

    assert titles(client.get(f"{URL}?page=500")) == []


@pytest.mark.parametrize(
    "query",
    ["page=0", "page=-1", "page=501", "page=x", "per_page=0", "per_page=101", "published=1", "other=1"],
)
def test_invalid_query_is_rejected(client, query):
    response = client.get(f"{URL}?{query}")

    assert response.status_code == 400
    assert response.get_json(force=True)["errors"].keys() == {query.partition("=")[0]}


@pytest.mark.parametrize(("published", "index"), [("true", 0), ("false", 1)])
def test_list_is_filtered_by_published(client, post, draft, auth_headers, published, index):
    response = client.get(f"{URL}?published={published}", headers=auth_headers)

    assert titles(response) == [[post.title], [draft.title]][index]


def test_anonymous_filter_for_drafts_finds_nothing(client, draft):
    assert titles(client.get(f"{URL}?published=false")) == []


def test_list_omits_posts_of_deleted_authors(client, post, user, admin_headers, db_session):
    user.soft_delete()
    db_session.commit()

    assert titles(client.get(URL)) == []
    assert titles(client.get(URL, headers=admin_headers)) == []


def test_list_omits_deleted_posts(client, make_post, admin_headers):
    make_post(deleted_at=datetime.now(UTC))

    assert titles(client.get(URL, headers=admin_headers)) == []


def test_post_without_author_is_listed(client, make_post):
    make_post()

    (listed,) = client.get(URL).json["items"]

    assert listed["author"] is None


def test_anonymous_client_gets_published_post(client, post, user):
    response = client.get(f"{URL}/{post.id}")

    assert response.status_code == 200
    assert response.json["title"] == post.title
    assert response.json["author"] == {"id": user.id, "full_name": "Ursula User"}
    assert datetime.fromisoformat(response.json["created_at"]) == post.created_at


def test_draft_is_not_found_by_anonymous_client(client, draft):
    assert client.get(f"{URL}/{draft.id}").status_code == 404


def test_draft_is_not_found_by_other_user(client, draft, other_headers):
    assert client.get(f"{URL}/{draft.id}", headers=other_headers).status_code == 404


def test_author_gets_own_draft(client, draft, auth_headers):
    assert client.get(f"{URL}/{draft.id}", headers=auth_headers).status_code == 200


def test_admin_gets_draft(client, draft, admin_headers):
    assert client.get(f"{URL}/{draft.id}", headers=admin_headers).status_code == 200


def test_post_of_deleted_author_is_not_found(client, post, user, admin_headers, db_session):
    user.soft_delete()
    db_session.commit()

    assert client.get(f"{URL}/{post.id}", headers=admin_headers).status_code == 404


@pytest.mark.parametrize("post_id", ["0", "-1", "1.0", "x", "2147483647", "2147483648", "9" * 5000, "%D9%A1"])
@pytest.mark.parametrize("method", ["get", "patch", "delete"])
def test_unknown_id_is_not_found(client, make_post, auth_headers, method, post_id):
    make_post(id=1)

    response = getattr(client, method)(f"{URL}/{post_id}", json={}, headers=auth_headers)

    assert response.status_code == 404


def test_create_returns_the_stored_post(client, new_post, user, auth_headers):
    response = client.post(URL, json=new_post | {"published": True}, headers=auth_headers)

    assert response.status_code == 201
    assert response.json.items() >= {**new_post, "published": True}.items()
    assert response.json["author"]["id"] == user.id
    assert client.get(response.headers["Location"]).json == response.json


def test_created_post_is_a_draft_by_default(client, new_post, auth_headers):
    response = client.post(URL, json=new_post, headers=auth_headers)

    assert response.json["published"] is False


@pytest.mark.parametrize(
    "text", ["äöü 日本語 🙂", "<script>alert(1)</script>", "'; DROP TABLE posts; --", "a" * 200]
)
def test_text_is_stored_unchanged(client, auth_headers, text):
    response = client.post(URL, json={"title": text, "content": text}, headers=auth_headers)

    read = client.get(response.headers["Location"], headers=auth_headers)
    assert (read.json["title"], read.json["content"]) == (text, text)


def test_create_accepts_the_longest_content(client, new_post, auth_headers):
    content = "🙂" * 100_000

    response = client.post(URL, json=new_post | {"content": content}, headers=auth_headers)

    assert response.status_code == 201
    assert response.json["content"] == content


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": None}, "title"),
        ({"title": " "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"title": "a\x00"}, "title"),
        ({"content": ""}, "content"),
        ({"content": "x" * 100_001}, "content"),
        ({"content": ["x"]}, "content"),
        ({"published": "true"}, "published"),
        ({"published": None}, "published"),
        ({"author_id": 1}, "author_id"),
        ({"id": 1}, "id"),
        ({"deleted_at": None}, "deleted_at"),
    ],
)
@pytest.mark.parametrize("method", ["post", "patch"])
def test_invalid_value_is_rejected(client, new_post, post, auth_headers, method, change, field):
    path, valid = {"post": (URL, new_post), "patch": (f"{URL}/{post.id}", {})}[method]

    response = getattr(client, method)(path, json=valid | change, headers=auth_headers)

    assert response.status_code == 400
    assert response.get_json(force=True)["errors"].keys() == {field}


def test_create_without_required_fields_is_rejected(client, auth_headers):
    response = client.post(URL, json={}, headers=auth_headers)

    assert response.status_code == 400
    assert response.get_json(force=True)["errors"].keys() == {"title", "content"}


def test_anonymous_request_is_rejected(client, new_post, post):
    path = f"{URL}/{post.id}"

    responses = [
        client.post(URL, json=new_post),
        client.patch(path, json={"title": "Mine"}),
        client.delete(path),
    ]

    assert [response.status_code for response in responses] == [401, 401, 401]
    assert titles(client.get(URL)) == [post.title]


def test_update_changes_all_fields(client, draft, auth_headers):
    changes = {"title": "Changed", "content": "Again.", "published": True}

    response = client.patch(f"{URL}/{draft.id}", json=changes, headers=auth_headers)

    assert response.status_code == 200
    assert response.json.items() >= changes.items()


def test_update_keeps_omitted_fields(client, post, auth_headers):
    response = client.patch(f"{URL}/{post.id}", json={"title": "Changed"}, headers=auth_headers)

    assert response.json.items() >= {"title": "Changed", "content": post.content, "published": True}.items()


def test_unpublished_post_is_not_found_by_anonymous_client(client, post, auth_headers):
    client.patch(f"{URL}/{post.id}", json={"published": False}, headers=auth_headers)

    assert client.get(f"{URL}/{post.id}").status_code == 404


def test_admin_updates_any_post_and_author_stays(client, draft, user, admin_headers):
    response = client.patch(f"{URL}/{draft.id}", json={"title": "Changed"}, headers=admin_headers)

    assert response.status_code == 200
    assert response.json["author"]["id"] == user.id


@pytest.mark.parametrize("method", ["patch", "delete"])
def test_other_user_may_not_change_published_post(client, post, other_headers, method):
    response = getattr(client, method)(f"{URL}/{post.id}", json={}, headers=other_headers)

    assert response.status_code == 403
    assert titles(client.get(URL)) == [post.title]


@pytest.mark.parametrize("method", ["patch", "delete"])
def test_draft_of_other_user_is_not_found(client, draft, other_headers, method):
    response = getattr(client, method)(f"{URL}/{draft.id}", json={}, headers=other_headers)

    assert response.status_code == 404


@pytest.mark.parametrize("method", ["patch", "delete"])
def test_user_may_not_change_post_without_author(client, make_post, auth_headers, method):
    response = getattr(client, method)(f"{URL}/{make_post().id}", json={}, headers=auth_headers)

    assert response.status_code == 403


@pytest.mark.parametrize(("method", "status"), [("patch", 200), ("delete", 204)])
def test_admin_changes_post_without_author(client, make_post, admin_headers, method, status):
    response = getattr(client, method)(f"{URL}/{make_post().id}", json={}, headers=admin_headers)

    assert response.status_code == status


@pytest.mark.parametrize("headers_fixture", ["auth_headers", "admin_headers"])
def test_author_and_admin_delete_post(client, post, headers_fixture, request):
    path, headers = f"{URL}/{post.id}", request.getfixturevalue(headers_fixture)

    response = client.delete(path, headers=headers)

    assert response.status_code == 204
    assert response.data == b""
    assert client.get(path, headers=headers).status_code == 404


@pytest.mark.parametrize("method", ["patch", "delete"])
def test_deleted_post_is_not_found(client, post, auth_headers, method):
    path = f"{URL}/{post.id}"
    client.delete(path, headers=auth_headers)

    assert getattr(client, method)(path, json={}, headers=auth_headers).status_code == 404


def test_posts_of_author_contain_published_posts_only(client, post, draft, user, make_post, make_user):
    make_post(author=make_user())

    assert titles(client.get(f"/api/v1/users/{user.id}/posts")) == [post.title]


@pytest.mark.parametrize("headers_fixture", ["auth_headers", "admin_headers"])
def test_author_and_admin_list_drafts_of_author(client, post, draft, user, headers_fixture, request):
    response = client.get(f"/api/v1/users/{user.id}/posts", headers=request.getfixturevalue(headers_fixture))

    assert titles(response) == [draft.title, post.title]


def test_author_without_posts_has_empty_list(client, user):
    assert titles(client.get(f"/api/v1/users/{user.id}/posts")) == []


def test_posts_of_unknown_author_are_not_found(client):
    assert client.get("/api/v1/users/2147483647/posts").status_code == 404


def test_posts_of_deleted_author_are_not_found(client, post, user, db_session):
    user.soft_delete()
    db_session.commit()

    assert client.get(f"/api/v1/users/{user.id}/posts").status_code == 404


@pytest.mark.parametrize("path", ["/api/v1/posts", "/api/v1/posts/{post}", "/api/v1/users/{user}/posts"])
def test_unchanged_posts_are_not_sent_again(client, post, path):
    path = path.format(post=post.id, user=post.author_id)
    tag = client.get(path).headers["ETag"]

    assert client.get(path, headers={"If-None-Match": tag}).status_code == 304


def test_readers_with_and_without_drafts_have_different_tags(
    client, post, draft, auth_headers, other_headers
):
    tags = [client.get(URL, headers=headers).headers["ETag"] for headers in ({}, other_headers, auth_headers)]

    assert tags[0] == tags[1] != tags[2]


@pytest.mark.parametrize("method", ["patch", "delete"])
def test_post_that_was_changed_meanwhile_stays(client, post, auth_headers, admin_headers, method):
    path = f"{URL}/{post.id}"
    outdated = auth_headers | {"If-Match": client.get(path).headers["ETag"]}
    changed = client.patch(path, json={"title": "By an admin"}, headers=admin_headers)
    current = auth_headers | {"If-Match": changed.headers["ETag"]}

    assert client.open(path, method=method, json={}, headers=outdated).status_code == 412
    assert client.get(path).json["title"] == "By an admin"
    assert client.open(path, method=method, json={}, headers=current).status_code in {200, 204}


@pytest.mark.parametrize("method", ["patch", "delete"])
def test_forbidden_change_is_forbidden_whatever_the_tag_is(client, post, other_headers, method):
    headers = other_headers | {"If-Match": '"other"'}

    assert client.open(f"{URL}/{post.id}", method=method, json={}, headers=headers).status_code == 403


def test_cached_list_of_anonymous_clients_has_no_drafts_of_the_author_who_reads_too(
    cache, client, post, draft, auth_headers
):
    for headers in (auth_headers, {}, auth_headers, {}):
        seen = [draft.title, post.title] if headers else [post.title]
        assert titles(client.get(URL, headers=headers)) == seen
        assert client.get(f"{URL}/{draft.id}", headers=headers).status_code == (200 if headers else 404)


@pytest.mark.parametrize("path", [URL, "/api/v1/users/{}/posts"])
def test_changes_of_cached_posts_are_seen_at_once(cache, client, post, user, auth_headers, path):
    path, item = path.format(user.id), f"{URL}/{post.id}"
    for method, change, seen in (
        ("PATCH", {"title": "Changed"}, ["Changed"]),
        ("PATCH", {"published": False}, []),
        ("PATCH", {"published": True}, ["Changed"]),
        ("DELETE", None, []),
    ):
        client.get(path)
        client.get(item)
        client.open(item, method=method, json=change, headers=auth_headers)
        assert titles(client.get(path)) == seen
        assert client.get(item).status_code == (200 if seen else 404)


def test_author_of_cached_post_is_renamed_and_deleted_at_once(
    cache, client, post, user, auth_headers, admin_headers
):
    path, author = f"{URL}/{post.id}", f"/api/v1/users/{user.id}"
    client.get(path)

    client.patch(author, json={"first_name": "Uma"}, headers=auth_headers)
    assert client.get(path).json["author"]["full_name"] == "Uma User"
    client.delete(author, headers=admin_headers)
    assert client.get(path).status_code == 404


def test_second_anonymous_read_sends_no_statement(cache, client, post, statements):
    client.get(URL)
    statements.clear()
    client.get(URL)

    assert statements == []


def test_only_reading_is_public(app):
    assert public_operations(app, "posts") == {
        ("GET", "/api/v1/posts"),
        ("GET", "/api/v1/posts/{post_id}"),
        ("GET", "/api/v1/users/{user_id}/posts"),
    }


def test_authentication_takes_one_query(client, auth_headers, statements):
    statements.clear()

    client.get(URL, headers=auth_headers)

    about_user = [sql for sql in statements if "login_sessions" in sql or "FROM users" in sql]
    assert len(about_user) == 1


def test_seed_creates_published_posts_of_both_users(client, runner):
    for _ in range(2):
        runner.invoke(args=["seed"])

    page = client.get(URL).json

    assert page["total"] == 6
    assert {post["author"]["full_name"] for post in page["items"]} == {"Ada Admin", "Ursula User"}


def test_seed_creates_no_posts_of_existing_users(client, runner, user):
    runner.invoke(args=["seed"])

    assert client.get(f"/api/v1/users/{user.id}/posts").json["total"] == 0
    # @endif
