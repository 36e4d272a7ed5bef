# @if cookiecutter.auth == "none"
# @include "open/tests/commands/test_seed.py"
# @else
"""Tests of `flask seed`."""

import re

import pytest

from app import create_app
from tests.plugins.accounts import credentials

PASSWORD = re.compile(r"Created (\w+) (\S+) with password (\S+)")


def test_seed_creates_a_user_and_an_admin(runner):
    result = runner.invoke(args=["seed"])

    assert result.exit_code == 0
    assert [found[:2] for found in PASSWORD.findall(result.output)] == [
        ("admin", "admin@example.com"),
        ("user", "user@example.com"),
    ]


def test_printed_passwords_are_valid(runner, client):
    result = runner.invoke(args=["seed"])

    for _, email, password in PASSWORD.findall(result.output):
        assert credentials(client, email, password)


def test_passwords_are_long_and_different(runner):
    passwords = {password for _, _, password in PASSWORD.findall(runner.invoke(args=["seed"]).output)}

    assert len(passwords) == 2
    assert all(len(password) >= 16 for password in passwords)


def test_second_run_changes_nothing(runner):
    runner.invoke(args=["seed"])

    result = runner.invoke(args=["seed"])

    assert result.exit_code == 0
    assert result.output.count("already exists") == 2
    assert "password" not in result.output


def test_existing_user_is_not_changed(runner, user):
    result = runner.invoke(args=["seed"])

    assert "User user@example.com already exists." in result.output
    assert f"user {user.email} with password" not in result.output


@pytest.mark.usefixtures("production")
def test_seed_is_refused_in_production():
    result = create_app("production").test_cli_runner().invoke(args=["seed"])

    assert result.exit_code == 1
    assert "Refusing to seed a production database" in result.output
    # @endif
