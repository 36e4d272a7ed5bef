# @if cookiecutter.auth == "none"
# @include "open/tests/commands/test_seed.py"
# @else
"""`flask seed`."""

import re

import pytest

from app import create_app
from tests.plugins.accounts import credentials

PASSWORD = re.compile(r"Created (\w+) (\S+) with password (\S+)")


def test_it_creates_a_user_and_an_admin(runner):
    done = runner.invoke(args=["seed"])

    assert done.exit_code == 0
    assert [found[:2] for found in PASSWORD.findall(done.output)] == [
        ("admin", "admin@example.com"),
        ("user", "user@example.com"),
    ]


def test_everybody_signs_in_with_the_printed_password(runner, client):
    done = runner.invoke(args=["seed"])

    for _, email, password in PASSWORD.findall(done.output):
        assert credentials(client, email, password)


def test_everybody_gets_a_long_password_of_their_own(runner):
    passwords = {password for _, _, password in PASSWORD.findall(runner.invoke(args=["seed"]).output)}

    assert len(passwords) == 2
    assert all(len(password) >= 16 for password in passwords)


def test_a_second_run_changes_nothing(runner):
    runner.invoke(args=["seed"])

    done = runner.invoke(args=["seed"])

    assert done.exit_code == 0
    assert done.output.count("already exists") == 2
    assert "password" not in done.output


def test_an_account_that_was_there_is_left_alone(runner, user):
    done = runner.invoke(args=["seed"])

    assert "User user@example.com already exists." in done.output
    assert f"user {user.email} with password" not in done.output


@pytest.mark.usefixtures("production")
def test_production_gets_no_example_data():
    done = create_app("production").test_cli_runner().invoke(args=["seed"])

    assert done.exit_code == 1
    assert "Refusing to seed a production database" in done.output
    # @endif
