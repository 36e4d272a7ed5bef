"""What `flask seed` writes beside accounts."""

POSTS = "/api/v1/posts"


def test_it_writes_posts_for_everybody_to_read(runner, client):
    runner.invoke(args=["seed"])

    page = client.get(POSTS).json

    assert page["total"] == 6
    assert {post["author"]["full_name"] for post in page["items"]} == {"Ada Admin", "Ursula User"}


def test_a_second_run_writes_no_posts(runner, client):
    for _ in range(2):
        runner.invoke(args=["seed"])

    assert client.get(POSTS).json["total"] == 6


def test_an_account_that_was_there_gets_no_posts(runner, client, user):
    runner.invoke(args=["seed"])

    assert client.get(f"/api/v1/users/{user.id}/posts").json["total"] == 0
