"""Password hashes: how strong they are, when they are renewed, and what a wrong one costs."""

import argon2
import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from app import create_app
from app.models.login_session import LoginSession
from app.models.user import User
from app.security.passwords import Passwords, passwords
from tests.plugins.accounts import WRONG_PASSWORD
from tests.plugins.credentials import PASSWORD, credentials

LOGIN = "/api/v1/auth/login"
ME = "/api/v1/users/me"
YESTERDAYS = PasswordHasher(time_cost=2, memory_cost=8, parallelism=1)


def log_in(client, email: str, password: str):
    """Try to log in."""
    return client.post(LOGIN, json={"email": email, "password": password})


def give_hash(db_session, user: User, password_hash: str) -> None:
    """Store a hash of a user."""
    user.password_hash = password_hash
    db_session.commit()


class CountingHasher(PasswordHasher):
    """Remembers the hashes that passwords were compared with."""

    compared: list[str]

    def verify(self, hash, password):  # noqa: A002 - argon2's name
        """Compare, and remember that."""
        self.compared.append(hash)
        return super().verify(hash, password)


@pytest.fixture
def compared(app) -> list[str]:
    """The hashes that passwords were compared with from here on."""
    hasher = CountingHasher(**app.config["PASSWORD_HASH"])
    hasher.compared = []
    app.extensions["passwords"] = Passwords(hasher)
    return hasher.compared


def test_production_hashes_as_owasp_recommends(production):
    with create_app("production").app_context():
        password_hash = passwords().hash(PASSWORD)

    assert argon2.extract_parameters(password_hash) == argon2.Parameters(
        type=argon2.Type.ID,
        version=19,
        salt_len=16,
        hash_len=32,
        time_cost=2,
        memory_cost=19 * 1024,
        parallelism=1,
    )


def test_tests_hash_with_little_work(app_context):
    parameters = argon2.extract_parameters(passwords().hash(PASSWORD))

    assert (parameters.time_cost, parameters.memory_cost) == (1, 8)


def test_hashes_are_salted(app_context):
    assert passwords().hash(PASSWORD) != passwords().hash(PASSWORD)


@pytest.mark.parametrize("password", ["correct horse", "é" * 128, "\U0001f40e" * 8, " ", ""])
def test_the_right_password_fits_its_hash(app_context, password):
    assert passwords().verify(password, passwords().hash(password))


@pytest.mark.parametrize("password", ["", "Correct horse", "correct horse ", "correct"])
def test_no_other_password_fits(app_context, password):
    assert not passwords().verify(password, passwords().hash("correct horse"))


@pytest.mark.parametrize("password", ["", PASSWORD])
def test_without_a_hash_no_password_fits(app_context, password):
    assert not passwords().verify(password, None)


@pytest.mark.parametrize("broken", ["!", "plain text", "$argon2id$v=19$m=8,t=1,p=1$", "$2b$12$" + "x" * 53])
def test_what_is_no_hash_fits_no_password(app_context, broken):
    assert not passwords().verify(PASSWORD, broken)


def test_a_hash_with_other_parameters_is_outdated(app_context):
    assert passwords().is_outdated(YESTERDAYS.hash(PASSWORD))
    assert not passwords().is_outdated(passwords().hash(PASSWORD))


# Logging in renews what is outdated


def test_logging_in_renews_an_outdated_hash(app, client, db_session, user):
    give_hash(db_session, user, YESTERDAYS.hash(PASSWORD))

    log_in(client, user.email, PASSWORD)

    db_session.refresh(user)
    parameters = argon2.extract_parameters(user.password_hash)
    assert parameters.time_cost == app.config["PASSWORD_HASH"]["time_cost"]


def test_a_renewed_hash_is_of_the_same_password(client, db_session, user):
    give_hash(db_session, user, YESTERDAYS.hash(PASSWORD))

    credentials(client, user.email)

    assert credentials(client, user.email)


def test_renewing_a_hash_ends_no_session(client, db_session, user, auth_headers):
    give_hash(db_session, user, YESTERDAYS.hash(PASSWORD))

    credentials(client, user.email)

    assert client.get(ME, headers=auth_headers).status_code == 200


def test_a_hash_that_is_up_to_date_stays(client, db_session, user):
    before = user.password_hash

    credentials(client, user.email)

    db_session.refresh(user)
    assert user.password_hash == before


def test_a_wrong_password_renews_nothing(client, db_session, user):
    outdated = YESTERDAYS.hash(PASSWORD)
    give_hash(db_session, user, outdated)

    log_in(client, user.email, WRONG_PASSWORD)

    db_session.refresh(user)
    assert user.password_hash == outdated


def test_an_account_without_a_usable_hash_cannot_be_logged_in_to(client, db_session, user):
    give_hash(db_session, user, "!")

    assert log_in(client, user.email, "!").status_code == 401


# What strangers cannot learn from the time of an response


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("user@example.com", PASSWORD),
        ("user@example.com", WRONG_PASSWORD),
        ("gone@example.com", PASSWORD),
        ("inactive@example.com", WRONG_PASSWORD),
        ("nobody@example.com", PASSWORD),
        ("", ""),
    ],
)
def test_every_log_in_compares_once_with_the_same_effort(
    app, client, user, make_user, compared, email, password
):
    make_user(email="gone@example.com", deleted=True)
    make_user(email="inactive@example.com", is_active=False)

    log_in(client, email, password)

    efforts = [argon2.extract_parameters(password_hash) for password_hash in compared]
    assert [(effort.time_cost, effort.memory_cost) for effort in efforts] == [(1, 8)]


def test_a_failed_log_in_stores_nothing(client, db_session, user):
    log_in(client, user.email, WRONG_PASSWORD)
    log_in(client, "nobody@example.com", PASSWORD)

    assert db_session.scalars(select(LoginSession)).all() == []


def test_a_failed_log_in_asks_the_database_the_same_for_everybody(client, user, statements):
    log_in(client, "user@example.com", WRONG_PASSWORD)
    known = [statement for statement in statements if "SELECT" in statement]
    statements.clear()

    log_in(client, "nobody@example.com", WRONG_PASSWORD)

    assert [statement for statement in statements if "SELECT" in statement] == known
