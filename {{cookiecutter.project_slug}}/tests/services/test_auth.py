"""Tests of password authentication."""

import uuid
from datetime import timedelta

import pytest

from app.exceptions import ForbiddenError, InvalidInputError, UnauthorizedError
from app.models.login_session import LoginSession
from app.models.user import User
from app.passwords import passwords
from app.services import auth, login_sessions
from tests.plugins.accounts import WRONG_PASSWORD
from tests.plugins.credentials import PASSWORD

NEW_PASSWORD = "a completely different one"


@pytest.fixture
def account(user, app_context) -> User:
    """`user`, in an app context."""
    return user


@pytest.fixture
def sessions(account) -> list[LoginSession]:
    """Three sessions of `account`."""
    return [login_sessions.create(account, "test", timedelta(hours=1)) for _ in range(3)]


@pytest.mark.parametrize("spelling", ["user@example.com", "USER@EXAMPLE.COM", "\tUser@example.com "])
def test_correct_password_authenticates(account, spelling):
    assert auth.authenticate(spelling, PASSWORD) is account


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("user@example.com", WRONG_PASSWORD),
        ("user@example.com", PASSWORD + " "),
        ("user@example.com", ""),
        ("unknown@example.com", PASSWORD),
        ("unknown@example.com", ""),
        ("", ""),
    ],
)
def test_wrong_email_or_password_is_unauthorized(account, email, password):
    with pytest.raises(UnauthorizedError):
        auth.authenticate(email, password)


def test_deleted_user_is_unauthorized(make_user, app_context):
    deleted = make_user(deleted=True)

    with pytest.raises(UnauthorizedError):
        auth.authenticate(deleted.email, PASSWORD)


@pytest.mark.parametrize(
    ("password", "error"), [(PASSWORD, ForbiddenError), (WRONG_PASSWORD, UnauthorizedError)]
)
def test_only_correct_password_reveals_inactive_user(make_user, app_context, password, error):
    inactive = make_user(is_active=False)

    with pytest.raises(error):
        auth.authenticate(inactive.email, password)


@pytest.mark.parametrize("spelling", ["user@example.com", "USER@example.com"])
def test_user_is_found_by_any_spelling_of_the_email(account, spelling):
    assert auth.get_user_by_email(spelling) is account


@pytest.mark.parametrize("email", ["unknown@example.com", "", "%", "user_example.com"])
def test_unknown_email_finds_no_user(account, email):
    assert auth.get_user_by_email(email) is None


def test_deleted_user_is_not_found_by_email(make_user, app_context):
    deleted = make_user(deleted=True)

    assert auth.get_user_by_email(deleted.email) is None


def test_current_password_is_accepted(account):
    auth.require_password(account, PASSWORD)


@pytest.mark.parametrize("password", [None, "", WRONG_PASSWORD])
def test_wrong_or_missing_current_password_is_rejected(account, password):
    with pytest.raises(InvalidInputError) as caught:
        auth.require_password(account, password)

    assert set(caught.value.errors or ()) == {"current_password"}


def test_changed_password_replaces_the_old_one(account):
    auth.change_password(account, PASSWORD, NEW_PASSWORD, keep=uuid.uuid4())

    assert passwords.verify(NEW_PASSWORD, account.password_hash)
    assert not passwords.verify(PASSWORD, account.password_hash)


def test_password_change_revokes_all_sessions_but_one(account, sessions):
    auth.change_password(account, PASSWORD, NEW_PASSWORD, keep=sessions[1].id)

    assert [session.revoked_at is None for session in sessions] == [False, True, False]


def test_wrong_current_password_changes_nothing(account, sessions):
    with pytest.raises(InvalidInputError):
        auth.change_password(account, WRONG_PASSWORD, NEW_PASSWORD, keep=sessions[0].id)

    assert auth.authenticate(account.email, PASSWORD) is account
    assert [session.revoked_at for session in sessions] == [None] * 3


def test_password_is_set_without_the_current_one(account):
    auth.set_password(account, NEW_PASSWORD)

    assert auth.authenticate(account.email, NEW_PASSWORD) is account


def test_setting_a_password_revokes_all_sessions(account, sessions):
    auth.set_password(account, NEW_PASSWORD)

    assert not [session for session in sessions if session.revoked_at is None]
