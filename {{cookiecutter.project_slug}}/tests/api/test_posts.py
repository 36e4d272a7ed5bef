# @if cookiecutter.auth == "none"
# @include "open/tests/api/test_posts.py"
# @else
"""Posts over HTTP: strangers read, authors and admins write."""

from datetime import UTC, datetime

import pytest

from tests.security.routes import open_to_strangers

POSTS = "/api/v1/posts"
NEW = {"title": "New", "content": "Read me."}


@pytest.fixture
def other_headers(login, make_user) -> dict[str, str]:
    """Headers of a request by somebody who is neither the author nor an admin."""
    return login(make_user())


@pytest.fixture
def post(make_post, user):
    """A published post by `user`."""
    return make_post(author=user)


@pytest.fixture
def draft(make_post, user):
    """A draft by `user`."""
    return make_post(author=user, published=False)


def titles(response) -> list[str]:
    """Return the titles of a page."""
    assert response.status_code == 200, response.text
    return [post["title"] for post in response.json["items"]]


def test_a_stranger_lists_what_is_published(client, post, draft):
    assert titles(client.get(POSTS)) == [post.title]


def test_an_author_lists_their_drafts_too(client, post, draft, auth_headers):
    assert titles(client.get(POSTS, headers=auth_headers)) == [draft.title, post.title]


def test_somebody_else_lists_no_drafts(client, post, draft, other_headers):
    assert titles(client.get(POSTS, headers=other_headers)) == [post.title]


def test_an_admin_lists_everybodys_drafts(client, post, draft, admin_headers):
    assert titles(client.get(POSTS, headers=admin_headers)) == [draft.title, post.title]


@pytest.mark.parametrize(("published", "index"), [("true", 0), ("false", 1)])
def test_the_list_is_filtered_by_state(client, post, draft, auth_headers, published, index):
    response = client.get(f"{POSTS}?published={published}", headers=auth_headers)

    assert titles(response) == [[post.title], [draft.title]][index]


def test_a_stranger_finds_no_drafts_with_the_filter(client, draft):
    assert titles(client.get(f"{POSTS}?published=false")) == []


def test_a_deleted_authors_posts_are_not_listed(client, post, user, admin_headers, db_session):
    user.soft_delete()
    db_session.commit()

    assert titles(client.get(POSTS)) == []
    assert titles(client.get(POSTS, headers=admin_headers)) == []


def test_deleted_posts_are_not_listed(client, make_post, admin_headers):
    make_post(deleted_at=datetime.now(UTC))

    assert titles(client.get(POSTS, headers=admin_headers)) == []


def test_posts_without_an_author_are_listed(client, make_post):
    make_post()

    (listed,) = client.get(POSTS).json["items"]

    assert listed["author"] is None


def test_a_stranger_reads_a_published_post(client, post, user):
    response = client.get(f"{POSTS}/{post.id}")

    assert response.status_code == 200
    assert response.json["title"] == post.title
    assert response.json["author"] == {"id": user.id, "full_name": "Ursula User"}
    assert datetime.fromisoformat(response.json["created_at"]) == post.created_at


def test_a_stranger_reads_no_draft(client, draft):
    assert client.get(f"{POSTS}/{draft.id}").status_code == 404


def test_somebody_else_reads_no_draft(client, draft, other_headers):
    assert client.get(f"{POSTS}/{draft.id}", headers=other_headers).status_code == 404


def test_an_author_reads_their_draft(client, draft, auth_headers):
    assert client.get(f"{POSTS}/{draft.id}", headers=auth_headers).status_code == 200


def test_an_admin_reads_a_draft(client, draft, admin_headers):
    assert client.get(f"{POSTS}/{draft.id}", headers=admin_headers).status_code == 200


def test_a_deleted_authors_post_is_not_read(client, post, user, admin_headers, db_session):
    user.soft_delete()
    db_session.commit()

    assert client.get(f"{POSTS}/{post.id}", headers=admin_headers).status_code == 404


@pytest.mark.parametrize("post_id", ["0", "-1", "1.0", "x", "2147483647", "2147483648", "9" * 5000, "%D9%A1"])
@pytest.mark.parametrize("method", ["get", "patch", "delete"])
def test_ids_that_nothing_has_are_404(client, make_post, auth_headers, method, post_id):
    make_post(id=1)

    response = getattr(client, method)(f"{POSTS}/{post_id}", json={}, headers=auth_headers)

    assert response.status_code == 404


def test_whoever_is_logged_in_writes_a_post(client, user, auth_headers):
    response = client.post(POSTS, json=NEW | {"published": True}, headers=auth_headers)

    assert response.status_code == 201
    assert response.json.items() >= {**NEW, "published": True}.items()
    assert response.json["author"]["id"] == user.id
    assert client.get(response.headers["Location"]).json == response.json


def test_a_new_post_is_a_draft_unless_told_otherwise(client, auth_headers):
    response = client.post(POSTS, json=NEW, headers=auth_headers)

    assert response.json["published"] is False


@pytest.mark.parametrize(
    "text", ["äöü 日本語 🙂", "<script>alert(1)</script>", "'; DROP TABLE posts; --", "a" * 200]
)
def test_a_post_is_stored_as_it_was_written(client, auth_headers, text):
    response = client.post(POSTS, json={"title": text, "content": text}, headers=auth_headers)

    read = client.get(response.headers["Location"], headers=auth_headers)
    assert (read.json["title"], read.json["content"]) == (text, text)


def test_the_longest_post_fits(client, auth_headers):
    content = "🙂" * 100_000

    response = client.post(POSTS, json=NEW | {"content": content}, headers=auth_headers)

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
def test_a_post_refuses_what_does_not_fit(client, post, auth_headers, method, change, field):
    path, whole = {"post": (POSTS, NEW), "patch": (f"{POSTS}/{post.id}", {})}[method]

    response = getattr(client, method)(path, json=whole | change, headers=auth_headers)

    assert response.status_code == 400
    assert response.get_json(force=True)["errors"].keys() == {field}


def test_a_new_post_needs_a_title_and_content(client, auth_headers):
    response = client.post(POSTS, json={}, headers=auth_headers)

    assert response.status_code == 400
    assert response.get_json(force=True)["errors"].keys() == {"title", "content"}


def test_a_stranger_writes_nothing(client, post):
    path = f"{POSTS}/{post.id}"

    answers = [client.post(POSTS, json=NEW), client.patch(path, json={"title": "Mine"}), client.delete(path)]

    assert [response.status_code for response in answers] == [401, 401, 401]
    assert titles(client.get(POSTS)) == [post.title]


def test_an_author_changes_a_post(client, draft, auth_headers):
    changes = {"title": "Changed", "content": "Again.", "published": True}

    response = client.patch(f"{POSTS}/{draft.id}", json=changes, headers=auth_headers)

    assert response.status_code == 200
    assert response.json.items() >= changes.items()


def test_what_is_left_out_stays(client, post, auth_headers):
    response = client.patch(f"{POSTS}/{post.id}", json={"title": "Changed"}, headers=auth_headers)

    assert response.json.items() >= {"title": "Changed", "content": post.content, "published": True}.items()


def test_an_author_takes_a_post_back(client, post, auth_headers):
    client.patch(f"{POSTS}/{post.id}", json={"published": False}, headers=auth_headers)

    assert client.get(f"{POSTS}/{post.id}").status_code == 404


def test_an_admin_changes_a_post_and_its_author_stays(client, draft, user, admin_headers):
    response = client.patch(f"{POSTS}/{draft.id}", json={"title": "Changed"}, headers=admin_headers)

    assert response.status_code == 200
    assert response.json["author"]["id"] == user.id


@pytest.mark.parametrize("method", ["patch", "delete"])
def test_somebody_elses_post_may_not_be_changed(client, post, other_headers, method):
    response = getattr(client, method)(f"{POSTS}/{post.id}", json={}, headers=other_headers)

    assert response.status_code == 403
    assert titles(client.get(POSTS)) == [post.title]


@pytest.mark.parametrize("method", ["patch", "delete"])
def test_somebody_elses_draft_does_not_exist(client, draft, other_headers, method):
    response = getattr(client, method)(f"{POSTS}/{draft.id}", json={}, headers=other_headers)

    assert response.status_code == 404


@pytest.mark.parametrize("method", ["patch", "delete"])
def test_a_post_without_an_author_is_nobodys(client, make_post, auth_headers, method):
    response = getattr(client, method)(f"{POSTS}/{make_post().id}", json={}, headers=auth_headers)

    assert response.status_code == 403


@pytest.mark.parametrize(("method", "status"), [("patch", 200), ("delete", 204)])
def test_an_admin_looks_after_posts_without_an_author(client, make_post, admin_headers, method, status):
    response = getattr(client, method)(f"{POSTS}/{make_post().id}", json={}, headers=admin_headers)

    assert response.status_code == status


@pytest.mark.parametrize("who", ["auth_headers", "admin_headers"])
def test_authors_and_admins_delete_a_post(client, post, who, request):
    path, headers = f"{POSTS}/{post.id}", request.getfixturevalue(who)

    response = client.delete(path, headers=headers)

    assert response.status_code == 204
    assert response.data == b""
    assert client.get(path, headers=headers).status_code == 404


@pytest.mark.parametrize("method", ["patch", "delete"])
def test_a_deleted_post_cannot_be_changed(client, post, auth_headers, method):
    path = f"{POSTS}/{post.id}"
    client.delete(path, headers=auth_headers)

    assert getattr(client, method)(path, json={}, headers=auth_headers).status_code == 404


def test_an_authors_posts_are_listed_on_their_own(client, post, draft, user, make_post, make_user):
    make_post(author=make_user())

    assert titles(client.get(f"/api/v1/users/{user.id}/posts")) == [post.title]


@pytest.mark.parametrize("who", ["auth_headers", "admin_headers"])
def test_authors_and_admins_list_an_authors_drafts(client, post, draft, user, who, request):
    response = client.get(f"/api/v1/users/{user.id}/posts", headers=request.getfixturevalue(who))

    assert titles(response) == [draft.title, post.title]


def test_an_author_without_posts_has_an_empty_list(client, user):
    assert titles(client.get(f"/api/v1/users/{user.id}/posts")) == []


def test_the_posts_of_an_unknown_author_are_404(client):
    assert client.get("/api/v1/users/2147483647/posts").status_code == 404


def test_the_posts_of_a_deleted_author_are_404(client, post, user, db_session):
    user.soft_delete()
    db_session.commit()

    assert client.get(f"/api/v1/users/{user.id}/posts").status_code == 404


def test_strangers_read_and_do_nothing_else(app):
    assert open_to_strangers(app, "posts") == {
        ("GET", "/api/v1/posts"),
        ("GET", "/api/v1/posts/{post_id}"),
        ("GET", "/api/v1/users/{user_id}/posts"),
    }


def test_finding_out_who_reads_posts_takes_one_query(client, auth_headers, statements):
    statements.clear()

    client.get(POSTS, headers=auth_headers)

    assert len([statement for statement in statements if "FROM login_sessions" in statement]) == 1
    assert not [statement for statement in statements if "FROM users" in statement]
    # @endif
