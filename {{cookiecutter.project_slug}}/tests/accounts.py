"""Fixtures with people in them; part of every test through `conftest.py`."""

from itertools import count

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.models.user import Role, User
from app.security.passwords import passwords

PASSWORD = "correct horse battery staple"


@pytest.fixture
def make_user(app: Flask, db_session: Session):
    """Create accounts with the password `PASSWORD` and numbered addresses."""
    with app.app_context():
        password_hash = passwords().hash(PASSWORD)

    numbers = count(1)

    def make(**values) -> User:
        defaults = {"email": f"person{next(numbers)}@example.com", "password_hash": password_hash}
        user = User(**defaults | values)
        db_session.add(user)
        db_session.commit()
        return user

    return make


@pytest.fixture
def user(make_user) -> User:
    """Somebody with an account."""
    return make_user(email="user@example.com", first_name="Ursula", last_name="User")


@pytest.fixture
def admin_user(make_user) -> User:
    """Somebody who may do everything."""
    return make_user(email="admin@example.com", first_name="Ada", last_name="Admin", role=Role.ADMIN)


@pytest.fixture
def sign_in(app: Flask):
    """Sign a user in and return the headers that prove it."""

    def sign_in(user: User) -> dict[str, str]:
        return credentials(app.test_client(), user.email)

    return sign_in


@pytest.fixture
def auth_headers(sign_in, user: User) -> dict[str, str]:
    """Headers of a request by `user`."""
    return sign_in(user)


@pytest.fixture
def admin_headers(sign_in, admin_user: User) -> dict[str, str]:
    """Headers of a request by `admin_user`."""
    return sign_in(admin_user)


def credentials(client: FlaskClient, email: str, password: str = PASSWORD) -> dict[str, str]:
    """Sign in over HTTP and return the headers that prove it."""
    answer = client.post("/api/v1/auth/login", json={"email": email, "password": password})
    assert answer.status_code == 200, answer.text
    return {"Authorization": f"Bearer {answer.get_json()['access_token']}"}
