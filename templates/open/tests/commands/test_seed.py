"""`flask seed`."""

import pytest

from app import create_app


def test_it_writes_posts_for_everybody_to_read(runner, client):
    done = runner.invoke(args=["seed"])

    assert done.exit_code == 0
    assert done.output == "Created 3 posts.\n"
    assert client.get("/api/v1/posts?published=true").json["total"] == 3


def test_a_second_run_changes_nothing(runner, client):
    runner.invoke(args=["seed"])

    done = runner.invoke(args=["seed"])

    assert done.exit_code == 0
    assert done.output == "Posts exist already; nothing was created.\n"
    assert client.get("/api/v1/posts").json["total"] == 3


@pytest.mark.usefixtures("production")
def test_production_gets_no_example_data():
    done = create_app("production").test_cli_runner().invoke(args=["seed"])

    assert done.exit_code == 1
    assert "Refusing to seed a production database" in done.output
