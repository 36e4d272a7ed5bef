"""The endpoints of posts, which are public."""

from datetime import UTC, datetime

import pytest

URL = "/api/v1/posts"


@pytest.fixture
def post(make_post):
    """A published post."""
    return make_post()


@pytest.fixture
def draft(make_post):
    """A draft."""
    return make_post(published=False)


def titles(response) -> list[str]:
    """Return the titles of a page."""
    assert response.status_code == 200, response.text
    return [post["title"] for post in response.json["items"]]


def test_list_contains_drafts(client, post, draft):
    assert titles(client.get(URL)) == [draft.title, post.title]


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
def test_list_is_filtered_by_published(client, post, draft, published, index):
    response = client.get(f"{URL}?published={published}")

    assert titles(response) == [[post.title], [draft.title]][index]


def test_list_omits_deleted_posts(client, make_post):
    make_post(deleted_at=datetime.now(UTC))

    assert titles(client.get(URL)) == []


def test_get_returns_post_without_author(client, draft):
    response = client.get(f"{URL}/{draft.id}")

    assert response.status_code == 200
    assert response.json["title"] == draft.title
    assert "author" not in response.json
    assert datetime.fromisoformat(response.json["created_at"]) == draft.created_at


@pytest.mark.parametrize("post_id", ["0", "-1", "1.0", "x", "2147483647", "2147483648", "9" * 5000, "%D9%A1"])
@pytest.mark.parametrize("method", ["get", "patch", "delete"])
def test_unknown_id_is_not_found(client, make_post, method, post_id):
    make_post(id=1)

    assert getattr(client, method)(f"{URL}/{post_id}", json={}).status_code == 404


def test_create_returns_the_stored_post(client, new_post):
    response = client.post(URL, json=new_post | {"published": True})

    assert response.status_code == 201
    assert response.json.items() >= {**new_post, "published": True}.items()
    assert client.get(response.headers["Location"]).json == response.json


def test_created_post_is_a_draft_by_default(client, new_post):
    assert client.post(URL, json=new_post).json["published"] is False


@pytest.mark.parametrize(
    "text", ["äöü 日本語 🙂", "<script>alert(1)</script>", "'; DROP TABLE posts; --", "a" * 200]
)
def test_text_is_stored_unchanged(client, text):
    response = client.post(URL, json={"title": text, "content": text})

    read = client.get(response.headers["Location"])
    assert (read.json["title"], read.json["content"]) == (text, text)


def test_create_accepts_the_longest_content(client, new_post):
    content = "🙂" * 100_000

    response = client.post(URL, json=new_post | {"content": content})

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
def test_invalid_value_is_rejected(client, new_post, post, method, change, field):
    path, valid = {"post": (URL, new_post), "patch": (f"{URL}/{post.id}", {})}[method]

    response = getattr(client, method)(path, json=valid | change)

    assert response.status_code == 400
    assert response.get_json(force=True)["errors"].keys() == {field}


def test_create_without_required_fields_is_rejected(client):
    response = client.post(URL, json={})

    assert response.status_code == 400
    assert response.get_json(force=True)["errors"].keys() == {"title", "content"}


def test_update_changes_all_fields(client, draft):
    changes = {"title": "Changed", "content": "Again.", "published": True}

    response = client.patch(f"{URL}/{draft.id}", json=changes)

    assert response.status_code == 200
    assert response.json.items() >= changes.items()


def test_update_keeps_omitted_fields(client, post):
    response = client.patch(f"{URL}/{post.id}", json={"title": "Changed"})

    assert response.json.items() >= {"title": "Changed", "content": post.content, "published": True}.items()


def test_delete_returns_no_content(client, post):
    path = f"{URL}/{post.id}"

    response = client.delete(path)

    assert response.status_code == 204
    assert response.data == b""
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("method", ["patch", "delete"])
def test_deleted_post_is_not_found(client, post, method):
    path = f"{URL}/{post.id}"
    client.delete(path)

    assert getattr(client, method)(path, json={}).status_code == 404


def test_posts_have_no_authors(client):
    assert client.get("/api/v1/users/1/posts").status_code == 404


@pytest.mark.parametrize("path", ["/api/v1/posts", "/api/v1/posts/{}"])
def test_unchanged_posts_are_not_sent_again(client, post, path):
    tag = client.get(path.format(post.id)).headers["ETag"]

    assert client.get(path.format(post.id), headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize("method", ["patch", "delete"])
def test_post_that_was_changed_meanwhile_stays(client, post, method):
    path = f"{URL}/{post.id}"
    outdated = {"If-Match": client.get(path).headers["ETag"]}
    changed = client.patch(path, json={"title": "By someone else"})
    current = {"If-Match": changed.headers["ETag"]}

    assert client.open(path, method=method, json={}, headers=outdated).status_code == 412
    assert client.get(path).json["title"] == "By someone else"
    assert client.open(path, method=method, json={}, headers=current).status_code in {200, 204}


def test_changes_of_cached_posts_are_seen_at_once(cache, client, post):
    item = f"{URL}/{post.id}"
    for method, change, seen in (("PATCH", {"title": "Changed"}, ["Changed"]), ("DELETE", None, [])):
        client.get(URL)
        client.get(item)
        client.open(item, method=method, json=change)
        assert titles(client.get(URL)) == seen
        assert client.get(item).status_code == (200 if seen else 404)


def test_second_read_sends_no_statement(cache, client, post, statements):
    client.get(URL)
    statements.clear()
    client.get(URL)

    assert statements == []
