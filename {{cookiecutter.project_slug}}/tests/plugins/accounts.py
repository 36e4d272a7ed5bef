"""Fixtures with people in them; part of every test through `conftest.py`."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from threading import Barrier
from typing import TypeVar

import pytest
from flask import Flask
from sqlalchemy import Connection, event
from sqlalchemy.orm import Session

from app.models.user import Role, User
from app.security.passwords import passwords
from app.services import users
from tests.plugins.credentials import PASSWORD, credentials

T = TypeVar("T")

WRONG_PASSWORD = "wrong horse battery staple"


@pytest.fixture
def make_user(app: Flask, db_session: Session):
    """Create accounts with the password `PASSWORD` and numbered addresses."""
    with app.app_context():
        password_hash = passwords().hash(PASSWORD)

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
    """Somebody with an account."""
    return make_user(email="user@example.com", first_name="Ursula", last_name="User")


@pytest.fixture
def admin_user(make_user) -> User:
    """Somebody who may do everything."""
    return make_user(email="admin@example.com", first_name="Ada", last_name="Admin", role=Role.ADMIN)


@pytest.fixture
def login(app: Flask):
    """Sign a user in and return the headers that prove it."""

    def login(user: User) -> dict[str, str]:
        return credentials(app.test_client(), user.email)

    return login


@pytest.fixture
def auth_headers(login, user: User) -> dict[str, str]:
    """Headers of a request by `user`."""
    return login(user)


@pytest.fixture
def admin_headers(login, admin_user: User) -> dict[str, str]:
    """Headers of a request by `admin_user`."""
    return login(admin_user)


@pytest.fixture
def statements(connection: Connection) -> list[str]:
    """The SQL that the database gets from here on."""
    statements: list[str] = []

    def remember(_connection: Connection, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(connection, "before_cursor_execute", remember)
    return statements


def open_account(app: Flask, email: str, role: Role = Role.USER) -> int:
    """Create an account with the password `PASSWORD` in an app of its own and return its id."""
    with app.app_context():
        return users.create_user(email, PASSWORD, role=role).id


def at_once(times: int, call: Callable[[int], T]) -> list[T]:
    """Call something with 0, 1, 2, ... from as many threads, which start together."""
    start = Barrier(times)

    def wait_and_call(number: int) -> T:
        start.wait()
        return call(number)

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(wait_and_call, range(times)))
