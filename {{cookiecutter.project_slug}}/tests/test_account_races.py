"""What happens when two try at once: real threads, real commits."""

from collections import Counter
from datetime import timedelta
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.exceptions import ConflictError, NotFoundError, UnauthorizedError
from app.extensions import db
from app.models.user import Role, User
from app.passwords import Passwords
from app.services import auth, login_sessions, users
from tests.plugins.accounts import open_account
from tests.plugins.credentials import PASSWORD, credentials
from tests.threads import at_once

USERS = "/api/v1/users"
TIMES = 20


def register(app: Flask, email: str) -> int:
    """Register and return the response's status."""
    return app.test_client().post(USERS, json={"email": email, "password": PASSWORD}).status_code


def count_admins(app: Flask) -> int:
    """Count the active admins that are not deleted."""
    query = select(func.count(User.id)).where(
        User.role == Role.ADMIN, User.is_active, User.deleted_at.is_(None)
    )
    with app.app_context():
        return db.session.scalar(query) or 0


def meanwhile(app: Flask, change) -> None:
    """Make a change in another session and transaction."""

    def run(_number: int) -> None:
        with app.app_context():
            change()

    at_once(1, run)


@pytest.fixture
def two_admins(concurrent_app) -> list[int]:
    """The ids of two admins, and there are no others."""
    return [open_account(concurrent_app, f"admin{n}@example.com", Role.ADMIN) for n in (0, 1)]


def test_one_of_many_registrations_of_an_email_succeeds(concurrent_app):
    statuses = at_once(TIMES, lambda _number: register(concurrent_app, "user@example.com"))

    assert Counter(statuses) == {201: 1, 409: TIMES - 1}


def test_spelling_an_email_differently_wins_no_race(concurrent_app):
    spellings = ["user@example.com", "USER@example.com", "User@Example.Com", "uSER@EXAMPLE.com"]

    statuses = at_once(TIMES, lambda number: register(concurrent_app, spellings[number % 4]))

    assert Counter(statuses) == {201: 1, 409: TIMES - 1}


def test_registrations_of_different_emails_all_succeed(concurrent_app):
    statuses = at_once(TIMES, lambda number: register(concurrent_app, f"user{number}@example.com"))

    assert Counter(statuses) == {201: TIMES}


def test_one_of_many_users_gets_an_email(concurrent_app):
    open_account(concurrent_app, "admin@example.com", Role.ADMIN)
    headers = credentials(concurrent_app.test_client(), "admin@example.com")
    people = [open_account(concurrent_app, f"user{number}@example.com") for number in range(5)]

    def move(number: int) -> int:
        client, body = concurrent_app.test_client(), {"email": "wanted@example.com"}
        return client.patch(f"{USERS}/{people[number]}", json=body, headers=headers).status_code

    assert Counter(at_once(5, move)) == {200: 1, 409: 4}


@pytest.mark.parametrize(
    ("method", "body"),
    [
        ("PATCH", {"role": "user"}),
        ("PATCH", {"is_active": False}),
        ("PATCH", {"role": "user", "first_name": "Eve"}),
        ("DELETE", None),
    ],
    ids=["demote", "deactivate", "demote and rename", "delete"],
)
def test_two_admins_who_remove_each_other_leave_one(concurrent_app, two_admins, method, body):
    headers = [credentials(concurrent_app.test_client(), f"admin{n}@example.com") for n in (0, 1)]

    def remove_other(number: int) -> int:
        path = f"{USERS}/{two_admins[1 - number]}"
        client = concurrent_app.test_client()
        return client.open(path, method=method, json=body, headers=headers[number]).status_code

    statuses = at_once(2, remove_other)

    # The second request breaks the rule, or its user is logged out or not an admin any more.
    assert sorted(statuses)[0] in {200, 204}
    assert sorted(statuses)[1] in {401, 403, 409}
    assert count_admins(concurrent_app) == 1


@pytest.mark.parametrize(
    "change", [{"role": Role.USER}, {"is_active": False}, {"role": Role.USER, "last_name": "E"}]
)
def test_two_admins_who_are_both_let_in_leave_one(concurrent_app, two_admins, change):
    both_are_in = Barrier(2)

    def remove_other(number: int) -> bool:
        with concurrent_app.app_context():
            actor = users.get_user(two_admins[number])
            both_are_in.wait()
            try:
                users.update_user(actor, two_admins[1 - number], change)
            except ConflictError:
                return False
            return True

    assert sorted(at_once(2, remove_other)) == [False, True]
    assert count_admins(concurrent_app) == 1


def test_two_admins_who_delete_themselves_leave_one(concurrent_app, two_admins):
    both_are_in = Barrier(2)

    def delete_self(number: int) -> bool:
        with concurrent_app.app_context():
            both_are_in.wait()
            try:
                users.delete_user(two_admins[number])
            except ConflictError:
                return False
            return True

    assert sorted(at_once(2, delete_self)) == [False, True]
    assert count_admins(concurrent_app) == 1


def test_one_of_a_restored_account_and_a_registration_gets_the_email(concurrent_app):
    deleted = open_account(concurrent_app, "user@example.com")
    with concurrent_app.app_context():
        users.delete_user(deleted)

    def restore() -> int:
        with concurrent_app.app_context():
            try:
                users.restore_user(db.session.get_one(User, deleted))
            except ConflictError:
                return 409
            return 201

    statuses = at_once(
        2, lambda number: register(concurrent_app, "USER@example.com") if number else restore()
    )

    assert sorted(statuses) == [201, 409]


@pytest.mark.parametrize("outdated", [False, True])
def test_login_with_a_password_that_changes_meanwhile_is_rejected(concurrent_app, monkeypatch, outdated):
    user_id = open_account(concurrent_app, "user@example.com")
    verify = Passwords.verify

    def verify_slowly(passwords: Passwords, password: str, password_hash: str | None) -> bool:
        known = verify(passwords, password, password_hash)
        meanwhile(concurrent_app, lambda: auth.set_password(users.get_user(user_id), "another password"))
        return known

    with monkeypatch.context() as patch, concurrent_app.app_context():
        patch.setattr(Passwords, "verify", verify_slowly)
        patch.setattr(Passwords, "is_outdated", lambda *_: outdated)
        with pytest.raises(UnauthorizedError):
            login_sessions.create(auth.authenticate("user@example.com", PASSWORD), "test", timedelta(hours=1))

    assert credentials(concurrent_app.test_client(), "user@example.com", "another password")


def test_an_email_is_free_after_a_deletion_whatever_changes_it_meanwhile(concurrent_app):
    user_id = open_account(concurrent_app, "user@example.com")

    with concurrent_app.app_context():
        user = users.get_user(user_id)
        meanwhile(concurrent_app, lambda: users.delete_user(user_id))
        with pytest.raises(NotFoundError):
            users.change_user(user, {"email": "new@example.com"})

    assert open_account(concurrent_app, "new@example.com") != user_id


def test_who_became_the_last_admin_meanwhile_stays(concurrent_app):
    admin_id = open_account(concurrent_app, "admin@example.com", Role.ADMIN)
    user_id = open_account(concurrent_app, "user@example.com")

    def change_places() -> None:
        users.promote_to_admin(users.get_user(user_id))
        users.delete_user(admin_id)

    with concurrent_app.app_context():
        user = users.get_user(user_id)
        meanwhile(concurrent_app, change_places)
        with pytest.raises(ConflictError):
            users.delete_user(user.id)

    assert count_admins(concurrent_app) == 1


def with_tag(app: Flask, path: str, headers: dict[str, str]) -> dict[str, str]:
    """Return headers with the tag of what is read now."""
    tag = app.test_client().get(path, headers=headers).headers["ETag"]
    return headers | {"If-Match": tag}


def test_one_of_many_updates_of_the_same_version_of_a_user_succeeds(concurrent_app, concurrent_headers):
    user_id = concurrent_app.test_client().get(f"{USERS}/me", headers=concurrent_headers).json["id"]
    path = f"{USERS}/{user_id}"
    headers = with_tag(concurrent_app, path, concurrent_headers)

    def rename(number: int) -> int:
        body = {"first_name": f"Name {number}"}
        return concurrent_app.test_client().patch(path, json=body, headers=headers).status_code

    assert Counter(at_once(TIMES, rename)) == {200: 1, 412: TIMES - 1}


@pytest.mark.parametrize(("method", "body"), [("PATCH", {"role": "user"}), ("DELETE", None)])
def test_admins_who_remove_each_other_with_tags_wait_for_each_other(concurrent_app, two_admins, method, body):
    paths = [f"{USERS}/{admin_id}" for admin_id in two_admins]
    headers = [credentials(concurrent_app.test_client(), f"admin{n}@example.com") for n in (0, 1)]
    headers = [with_tag(concurrent_app, paths[1 - n], headers[n]) for n in (0, 1)]

    def remove_other(number: int) -> int:
        client, path = concurrent_app.test_client(), paths[1 - number]
        return client.open(path, method=method, json=body, headers=headers[number]).status_code

    first, second = sorted(at_once(2, remove_other))
    assert first in {200, 204}
    assert second in {401, 403, 409}
    assert count_admins(concurrent_app) == 1
