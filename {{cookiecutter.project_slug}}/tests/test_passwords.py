"""Tests of password hashes: parameters, rehashing and response times."""

import time

import argon2
import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from app import create_app
from app.models.login_session import LoginSession
from app.models.user import User
from app.passwords import Passwords, passwords, validate_parameters
from tests.plugins.accounts import WRONG_PASSWORD
from tests.plugins.credentials import PASSWORD, credentials

LOGIN = "/api/v1/auth/login"
ME = "/api/v1/users/me"
OUTDATED = PasswordHasher(time_cost=2, memory_cost=8, parallelism=1)


def attempt_login(client, email: str, password: str):
    """Attempt a login."""
    return client.post(LOGIN, json={"email": email, "password": password})


def set_hash(db_session, user: User, password_hash: str) -> None:
    """Store a password hash of a user."""
    user.password_hash = password_hash
    db_session.commit()


class CountingHasher(PasswordHasher):
    """Records the hashes that passwords are verified against."""

    verified: list[str]

    def verify(self, hash, password):  # noqa: A002 - argon2's name
        """Record the hash and verify the password."""
        self.verified.append(hash)
        return super().verify(hash, password)


@pytest.fixture
def verified(app) -> list[str]:
    """The hashes that passwords are verified against from here on."""
    hasher = CountingHasher(**app.config["PASSWORD_HASH"])
    hasher.verified = []
    app.extensions["passwords"] = Passwords(hasher, "Flask Service")
    return hasher.verified


def test_production_uses_parameters_recommended_by_owasp(production):
    with create_app("production").app_context():
        password_hash = passwords.hash(PASSWORD)

    assert argon2.extract_parameters(password_hash) == argon2.Parameters(
        type=argon2.Type.ID,
        version=19,
        salt_len=16,
        hash_len=32,
        time_cost=2,
        memory_cost=19 * 1024,
        parallelism=1,
    )


def test_tests_use_cheap_parameters(app_context):
    parameters = argon2.extract_parameters(passwords.hash(PASSWORD))

    assert (parameters.time_cost, parameters.memory_cost) == (1, 8)


def test_hashes_are_salted(app_context):
    assert passwords.hash(PASSWORD) != passwords.hash(PASSWORD)


@pytest.mark.parametrize("password", ["correct horse", "é" * 128, "\U0001f40e" * 8, " ", ""])
def test_correct_password_is_verified(app_context, password):
    assert passwords.verify(password, passwords.hash(password))


@pytest.mark.parametrize("password", ["", "Correct horse", "correct horse ", "correct"])
def test_other_password_is_rejected(app_context, password):
    assert not passwords.verify(password, passwords.hash("correct horse"))


@pytest.mark.parametrize("password", ["", PASSWORD])
def test_any_password_is_rejected_without_hash(app_context, password):
    assert not passwords.verify(password, None)


@pytest.mark.parametrize("broken", ["!", "plain text", "$argon2id$v=19$m=8,t=1,p=1$", "$2b$12$" + "x" * 53])
def test_any_password_is_rejected_with_invalid_hash(app_context, broken):
    assert not passwords.verify(PASSWORD, broken)


def test_hash_with_other_parameters_is_outdated(app_context):
    assert passwords.is_outdated(OUTDATED.hash(PASSWORD))
    assert not passwords.is_outdated(passwords.hash(PASSWORD))


@pytest.mark.parametrize(
    ("typed", "other"),
    [("caf\u00e9 au lait", "cafe\u0301 au lait"), ("no break space", "no\u00a0break\u2003space")],
)
def test_password_is_verified_in_any_unicode_form(app_context, typed, other):
    assert passwords.verify(typed, passwords.hash(other))
    assert passwords.verify(other, passwords.hash(typed))


def test_compatibility_characters_make_passwords_different(app_context):
    assert not passwords.verify("\uff41 bc", passwords.hash("a bc"))


# Passwords that are easy to guess

COMMON = [
    "password",
    "password1",
    "Password123",
    "p@ssw0rd",
    "P@ssword1",
    "passw0rd!",
    "12345678",
    "1234567890",
    "87654321",
    "11111111",
    "qwertyuiop",
    "qwerty123",
    "Qwerty123!",
    "1q2w3e4r",
    "1qaz2wsx",
    "asdfghjkl",
    "iloveyou",
    "sunshine",
    "princess",
    "football",
    "superman",
    "trustno1",
    "letmein123",
    "welcome1",
    "admin123",
    "abcd1234",
    "changeme",
    "Summer2026!",
]


@pytest.mark.parametrize("password", COMMON)
def test_common_password_is_guessable(app_context, password):
    assert passwords.is_guessable(password)


@pytest.mark.parametrize(
    "password",
    [
        "ada.lovelace@analytical.example",
        "adalovelace1",
        "ADA.LOVELACE",
        "first.last@department.of.engines.example",
        "lovelace",
        "AdaLovelace1",
        "ada-lovelace!",
        "analytical1",
        "Flask Service",
        "FlaskService1",
        "flask-service",
        "Flask-Service1",
        "e\u0301\u0301\u0301\u0301\u0301\u0301\u0301",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    ],
)
def test_personal_password_is_guessable(app, app_context, password):
    app.extensions["passwords"] = Passwords(PasswordHasher(), "Flask Service")
    emails = ("ada.lovelace@analytical.example", "first.last@department.of.engines.example")

    assert passwords.is_guessable(password, *emails, "Ada Lovelace")


@pytest.mark.parametrize(
    "password",
    [
        PASSWORD,
        "kx7QpZ2v",
        "lamp river cloud",
        "Rosenkohl mit Zimt",
        "\u0436\u0443\u043a \u043d\u0430 \u043b\u0443\u043d\u0435",
    ],
)
def test_other_password_is_not_guessable(app_context, password):
    assert not passwords.is_guessable(password, "user@example.com", "Ursula User", "")


def test_estimation_time_is_bounded(app_context):
    started = time.perf_counter()
    passwords.is_guessable("4@8({[<3|1!|0$5+7%2" * 7)

    assert time.perf_counter() - started < 1


# Rehashing


def test_login_rehashes_outdated_hash(app, client, db_session, user):
    set_hash(db_session, user, OUTDATED.hash(PASSWORD))

    attempt_login(client, user.email, PASSWORD)

    db_session.refresh(user)
    parameters = argon2.extract_parameters(user.password_hash)
    assert parameters.time_cost == app.config["PASSWORD_HASH"]["time_cost"]


def test_rehashing_keeps_the_password(client, db_session, user):
    set_hash(db_session, user, OUTDATED.hash(PASSWORD))

    credentials(client, user.email)

    assert credentials(client, user.email)


def test_rehashing_revokes_no_session(client, db_session, user, auth_headers):
    set_hash(db_session, user, OUTDATED.hash(PASSWORD))

    credentials(client, user.email)

    assert client.get(ME, headers=auth_headers).status_code == 200


def test_login_keeps_current_hash(client, db_session, user):
    before = user.password_hash

    credentials(client, user.email)

    db_session.refresh(user)
    assert user.password_hash == before


def test_failed_login_does_not_rehash(client, db_session, user):
    outdated_hash = OUTDATED.hash(PASSWORD)
    set_hash(db_session, user, outdated_hash)

    attempt_login(client, user.email, WRONG_PASSWORD)

    db_session.refresh(user)
    assert user.password_hash == outdated_hash


def test_user_with_invalid_hash_cannot_log_in(client, db_session, user):
    set_hash(db_session, user, "!")

    assert attempt_login(client, user.email, "!").status_code == 401


# Timing


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("user@example.com", PASSWORD),
        ("user@example.com", WRONG_PASSWORD),
        ("gone@example.com", PASSWORD),
        ("inactive@example.com", WRONG_PASSWORD),
        ("unknown@example.com", PASSWORD),
        ("", ""),
    ],
)
def test_every_login_verifies_one_hash_with_the_same_parameters(
    app, client, user, make_user, verified, email, password
):
    make_user(email="gone@example.com", deleted=True)
    make_user(email="inactive@example.com", is_active=False)

    attempt_login(client, email, password)

    efforts = [argon2.extract_parameters(password_hash) for password_hash in verified]
    assert [(effort.time_cost, effort.memory_cost) for effort in efforts] == [(1, 8)]


def test_failed_login_creates_no_session(client, db_session, user):
    attempt_login(client, user.email, WRONG_PASSWORD)
    attempt_login(client, "unknown@example.com", PASSWORD)

    assert db_session.scalars(select(LoginSession)).all() == []


def test_failed_login_runs_the_same_queries_for_unknown_email(client, user, statements):
    attempt_login(client, "user@example.com", WRONG_PASSWORD)
    known = [statement for statement in statements if "SELECT" in statement]
    statements.clear()

    attempt_login(client, "unknown@example.com", WRONG_PASSWORD)

    assert [statement for statement in statements if "SELECT" in statement] == known


@pytest.mark.parametrize("parameters", [{"time_cost": "2"}, {"time": 2}])
def test_parameters_that_argon2_does_not_know_are_a_problem(parameters):
    assert "time" in str(validate_parameters(parameters))


def test_parameters_of_the_app_are_valid(app):
    assert validate_parameters(app.config["PASSWORD_HASH"]) is None
