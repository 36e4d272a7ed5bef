"""Proving who somebody is."""

import uuid
from datetime import timedelta

import pytest

from app.exceptions import ForbiddenError, InvalidInputError, UnauthorizedError
from app.models.login_session import LoginSession
from app.models.user import User
from app.security.passwords import passwords
from app.services import auth, login_sessions
from tests.plugins.accounts import WRONG_PASSWORD
from tests.plugins.credentials import PASSWORD

NEW_PASSWORD = "a completely different one"


@pytest.fixture
def person(user, app_context) -> User:
    """`user`, in an app context."""
    return user


@pytest.fixture
def sessions(person) -> list[LoginSession]:
    """Three logins of `person`."""
    return [login_sessions.create(person, "test", timedelta(hours=1)) for _ in range(3)]


@pytest.mark.parametrize("spelling", ["user@example.com", "USER@EXAMPLE.COM", "\tUser@example.com "])
def test_the_right_password_proves_the_user(person, spelling):
    assert auth.authenticate(spelling, PASSWORD) is person


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("user@example.com", WRONG_PASSWORD),
        ("user@example.com", PASSWORD + " "),
        ("user@example.com", ""),
        ("nobody@example.com", PASSWORD),
        ("nobody@example.com", ""),
        ("", ""),
    ],
)
def test_anything_else_proves_nothing(person, email, password):
    with pytest.raises(UnauthorizedError):
        auth.authenticate(email, password)


def test_a_deleted_user_proves_nothing(make_user, app_context):
    gone = make_user(deleted=True)

    with pytest.raises(UnauthorizedError):
        auth.authenticate(gone.email, PASSWORD)


@pytest.mark.parametrize(
    ("password", "error"), [(PASSWORD, ForbiddenError), (WRONG_PASSWORD, UnauthorizedError)]
)
def test_only_the_right_password_tells_that_an_account_is_inactive(make_user, app_context, password, error):
    inactive = make_user(is_active=False)

    with pytest.raises(error):
        auth.authenticate(inactive.email, password)


@pytest.mark.parametrize("spelling", ["user@example.com", "USER@example.com"])
def test_an_account_is_found_however_its_address_is_spelled(person, spelling):
    assert auth.get_user_by_email(spelling) is person


@pytest.mark.parametrize("email", ["nobody@example.com", "", "%", "user_example.com"])
def test_an_unknown_address_finds_nobody(person, email):
    assert auth.get_user_by_email(email) is None


def test_a_deleted_account_is_not_found_by_its_address(make_user, app_context):
    gone = make_user(deleted=True)

    assert auth.get_user_by_email(gone.email) is None


def test_the_current_password_is_enough_proof(person):
    auth.require_password(person, PASSWORD)


@pytest.mark.parametrize("password", [None, "", WRONG_PASSWORD])
def test_without_the_current_password_there_is_no_proof(person, password):
    with pytest.raises(InvalidInputError) as caught:
        auth.require_password(person, password)

    assert set(caught.value.errors or ()) == {"current_password"}


def test_a_changed_password_is_the_only_good_one(person):
    auth.change_password(person, PASSWORD, NEW_PASSWORD, keep=uuid.uuid4())

    assert passwords().verify(NEW_PASSWORD, person.password_hash)
    assert not passwords().verify(PASSWORD, person.password_hash)


def test_a_change_of_password_ends_all_sessions_but_one(person, sessions):
    auth.change_password(person, PASSWORD, NEW_PASSWORD, keep=sessions[1].id)

    assert [session.revoked_at is None for session in sessions] == [False, True, False]


def test_a_wrong_current_password_changes_nothing(person, sessions):
    with pytest.raises(InvalidInputError):
        auth.change_password(person, WRONG_PASSWORD, NEW_PASSWORD, keep=sessions[0].id)

    assert auth.authenticate(person.email, PASSWORD) is person
    assert [session.revoked_at for session in sessions] == [None] * 3


def test_a_password_can_be_set_without_the_old_one(person):
    auth.set_password(person, NEW_PASSWORD)

    assert auth.authenticate(person.email, NEW_PASSWORD) is person


def test_setting_a_password_ends_all_sessions(person, sessions):
    auth.set_password(person, NEW_PASSWORD)

    assert not [session for session in sessions if session.revoked_at is None]
