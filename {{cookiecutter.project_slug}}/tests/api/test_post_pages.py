"""Pages of the list of posts."""

from datetime import UTC, datetime

import pytest

POSTS = "/api/v1/posts"


def titles(response) -> list[str]:
    """Return the titles of a page."""
    assert response.status_code == 200, response.text
    return [post["title"] for post in response.json["items"]]


def test_the_newest_post_is_first_and_the_id_breaks_a_tie(client, make_post):
    for year, title in [(2026, "old"), (2028, "new"), (2027, "tie 1"), (2027, "tie 2")]:
        make_post(title=title, created_at=datetime(year, 1, 1, tzinfo=UTC))

    assert titles(client.get(POSTS)) == ["new", "tie 2", "tie 1", "old"]


def test_a_list_comes_in_pages(client, make_post):
    for _ in range(5):
        make_post()

    page = client.get(f"{POSTS}?page=2&per_page=2").json

    assert [post["title"] for post in page.pop("items")] == ["Post 3", "Post 2"]
    assert page == {"page": 2, "per_page": 2, "total": 5, "pages": 3}


def test_a_page_after_the_last_is_empty(client, make_post):
    make_post()

    assert titles(client.get(f"{POSTS}?page=100000")) == []


@pytest.mark.parametrize(
    "query",
    ["page=0", "page=-1", "page=100001", "page=x", "per_page=0", "per_page=101", "published=1", "other=1"],
)
def test_a_list_refuses_queries_that_make_no_sense(client, query):
    response = client.get(f"{POSTS}?{query}")

    assert response.status_code == 400
    assert response.get_json(force=True)["errors"].keys() == {query.partition("=")[0]}
