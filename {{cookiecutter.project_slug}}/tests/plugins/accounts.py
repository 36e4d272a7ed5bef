"""Users and the headers of their requests."""

from datetime import timedelta
from itertools import count

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.login_session import LoginSession
from app.models.user import Role, User
from app.passwords import passwords
from app.services import users
from tests.plugins.credentials import PASSWORD, credentials

WRONG_PASSWORD = "wrong horse battery staple"


@pytest.fixture
def make_user(app: Flask, db_session: Session):
    """Insert users with the password `PASSWORD` and numbered emails."""
    with app.app_context():
        password_hash = passwords.hash(PASSWORD)

    numbers = count(1)

    def make(*, deleted: bool = False, **values) -> User:
        defaults = {"email": f"person{next(numbers)}@example.com", "password_hash": password_hash}
        user = User(**defaults | values)
        if deleted:
            user.soft_delete()
        db_session.add(user)
        db_session.commit()
        return user

    return make


@pytest.fixture
def user(make_user) -> User:
    """A user without a role that permits more."""
    return make_user(email="user@example.com", first_name="Ursula", last_name="User")


@pytest.fixture
def admin_user(make_user) -> User:
    """An admin."""
    return make_user(email="admin@example.com", first_name="Ada", last_name="Admin", role=Role.ADMIN)


@pytest.fixture
def login(app: Flask):
    """Log a user in and return the headers of their requests."""

    def login(user: User) -> dict[str, str]:
        return credentials(app.test_client(), user.email)

    return login


@pytest.fixture
def auth_headers(login, user: User) -> dict[str, str]:
    """The headers of a request by `user`."""
    return login(user)


@pytest.fixture
def admin_headers(login, admin_user: User) -> dict[str, str]:
    """The headers of a request by `admin_user`."""
    return login(admin_user)


@pytest.fixture
def concurrent_headers(concurrent_app: Flask) -> dict[str, str]:
    """The headers of a request by a user of `concurrent_app`."""
    open_account(concurrent_app, "user@example.com")
    return credentials(concurrent_app.test_client(), "user@example.com")


@pytest.fixture
def let_time_pass(db_session: Session):
    """Return a function that makes all login sessions older, as if time had passed."""

    def let_time_pass(**duration: float) -> None:
        for session in db_session.scalars(select(LoginSession).execution_options(populate_existing=True)):
            for name in ("created_at", "last_used_at", "rotated_at", "expires_at", "ends_at"):
                if moment := getattr(session, name):
                    setattr(session, name, moment - timedelta(**duration))
        db_session.commit()

    return let_time_pass


def open_account(app: Flask, email: str, role: Role = Role.USER) -> int:
    """Create a user with the password `PASSWORD` in the database of an app and return the id."""
    with app.app_context():
        return users.create_user(email, PASSWORD, role=role).id
