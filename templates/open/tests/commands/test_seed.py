"""Tests of `flask seed`."""

import pytest

from app import create_app


def test_seed_creates_published_posts(runner, client):
    result = runner.invoke(args=["seed"])

    assert result.exit_code == 0
    assert result.output == "Created 3 posts.\n"
    assert client.get("/api/v1/posts?published=true").json["total"] == 3


def test_second_run_changes_nothing(runner, client):
    runner.invoke(args=["seed"])

    result = runner.invoke(args=["seed"])

    assert result.exit_code == 0
    assert result.output == "Posts exist already; nothing was created.\n"
    assert client.get("/api/v1/posts").json["total"] == 3


@pytest.mark.usefixtures("production")
def test_seed_is_refused_in_production():
    result = create_app("production").test_cli_runner().invoke(args=["seed"])

    assert result.exit_code == 1
    assert "Refusing to seed a production database" in result.output
