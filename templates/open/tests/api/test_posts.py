"""Posts over HTTP: everybody reads and writes."""

from datetime import UTC, datetime

import pytest

POSTS = "/api/v1/posts"
NEW = {"title": "New", "content": "Read me."}


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


def test_everybody_lists_all_posts(client, post, draft):
    assert titles(client.get(POSTS)) == [draft.title, post.title]


@pytest.mark.parametrize(("published", "index"), [("true", 0), ("false", 1)])
def test_the_list_is_filtered_by_state(client, post, draft, published, index):
    response = client.get(f"{POSTS}?published={published}")

    assert titles(response) == [[post.title], [draft.title]][index]


def test_deleted_posts_are_not_listed(client, make_post):
    make_post(deleted_at=datetime.now(UTC))

    assert titles(client.get(POSTS)) == []


def test_everybody_reads_a_post(client, draft):
    response = client.get(f"{POSTS}/{draft.id}")

    assert response.status_code == 200
    assert response.json["title"] == draft.title
    assert "author" not in response.json
    assert datetime.fromisoformat(response.json["created_at"]) == draft.created_at


@pytest.mark.parametrize("post_id", ["0", "-1", "1.0", "x", "2147483647", "2147483648", "9" * 5000, "%D9%A1"])
@pytest.mark.parametrize("method", ["get", "patch", "delete"])
def test_ids_that_nothing_has_are_404(client, make_post, method, post_id):
    make_post(id=1)

    assert getattr(client, method)(f"{POSTS}/{post_id}", json={}).status_code == 404


def test_everybody_writes_a_post(client):
    response = client.post(POSTS, json=NEW | {"published": True})

    assert response.status_code == 201
    assert response.json.items() >= {**NEW, "published": True}.items()
    assert client.get(response.headers["Location"]).json == response.json


def test_a_new_post_is_a_draft_unless_told_otherwise(client):
    assert client.post(POSTS, json=NEW).json["published"] is False


@pytest.mark.parametrize(
    "text", ["äöü 日本語 🙂", "<script>alert(1)</script>", "'; DROP TABLE posts; --", "a" * 200]
)
def test_a_post_is_stored_as_it_was_written(client, text):
    response = client.post(POSTS, json={"title": text, "content": text})

    read = client.get(response.headers["Location"])
    assert (read.json["title"], read.json["content"]) == (text, text)


def test_the_longest_post_fits(client):
    content = "🙂" * 100_000

    response = client.post(POSTS, json=NEW | {"content": content})

    assert response.status_code == 201
    assert response.json["content"] == content


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": None}, "title"),
        ({"title": " "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"title": "a\x00"}, "title"),
        ({"title": "\ud800"}, "title"),
        ({"content": ""}, "content"),
        ({"content": "x" * 100_001}, "content"),
        ({"content": ["x"]}, "content"),
        ({"published": "yes"}, "published"),
        ({"published": None}, "published"),
        ({"author_id": 1}, "author_id"),
        ({"id": 1}, "id"),
        ({"deleted_at": None}, "deleted_at"),
    ],
)
@pytest.mark.parametrize("method", ["post", "patch"])
def test_a_post_refuses_what_does_not_fit(client, post, method, change, field):
    path, whole = {"post": (POSTS, NEW), "patch": (f"{POSTS}/{post.id}", {})}[method]

    response = getattr(client, method)(path, json=whole | change)

    assert response.status_code == 400
    assert response.get_json(force=True)["errors"].keys() == {field}


def test_a_new_post_needs_a_title_and_content(client):
    response = client.post(POSTS, json={})

    assert response.status_code == 400
    assert response.get_json(force=True)["errors"].keys() == {"title", "content"}


def test_everybody_changes_a_post(client, draft):
    changes = {"title": "Changed", "content": "Again.", "published": True}

    response = client.patch(f"{POSTS}/{draft.id}", json=changes)

    assert response.status_code == 200
    assert response.json.items() >= changes.items()


def test_what_is_left_out_stays(client, post):
    response = client.patch(f"{POSTS}/{post.id}", json={"title": "Changed"})

    assert response.json.items() >= {"title": "Changed", "content": post.content, "published": True}.items()


def test_everybody_deletes_a_post(client, post):
    path = f"{POSTS}/{post.id}"

    response = client.delete(path)

    assert response.status_code == 204
    assert response.data == b""
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("method", ["patch", "delete"])
def test_a_deleted_post_cannot_be_changed(client, post, method):
    path = f"{POSTS}/{post.id}"
    client.delete(path)

    assert getattr(client, method)(path, json={}).status_code == 404


def test_there_are_no_accounts(client):
    assert client.get("/api/v1/users/1/posts").status_code == 404
