"""Tests of the rate limits against password guessing."""

import json
import socket
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from app.extensions import limiter
from app.models.base import utcnow
from app.models.login_session import LoginSession
from app.services import login_sessions
from tests.plugins.accounts import WRONG_PASSWORD
from tests.plugins.credentials import PASSWORD

LOGIN = "/api/v1/auth/login"
USERS = "/api/v1/users"
ME = f"{USERS}/me"
MY_PASSWORD = f"{ME}/password"


@pytest.fixture
def app(make_app):
    """An app with rate limits."""
    return make_app(RATELIMIT_ENABLED=True)


def ip_address(number: int | None) -> dict[str, str]:
    """Return the environment of a request from an IP address, by default that of the fixtures' logins."""
    return {"REMOTE_ADDR": f"203.0.113.{number}" if number else "127.0.0.1"}


@pytest.fixture
def attempt_login(client):
    """Return a function that attempts a login and returns the status code."""

    def attempt_login(email: str, password: str = WRONG_PASSWORD, number: int = 1) -> int:
        body = {"email": email, "password": password}
        return client.post(LOGIN, json=body, environ_base=ip_address(number)).status_code

    return attempt_login


@pytest.fixture
def register(client):
    """Return a function that attempts a registration and returns the status code."""

    def register(email: str, number: int = 1) -> int:
        body = {"email": email, "password": PASSWORD}
        return client.post(USERS, json=body, environ_base=ip_address(number)).status_code

    return register


@pytest.fixture
def change_password(client):
    """Return a function that attempts a change of password and returns the status code."""

    def change_password(headers, current: str = WRONG_PASSWORD, number: int | None = 1, **body) -> int:
        body = {"current_password": current, "new_password": PASSWORD, **body}
        return client.post(
            MY_PASSWORD, json=body, headers=headers, environ_base=ip_address(number)
        ).status_code

    return change_password


# Logins per network


def test_eleventh_login_from_ip_address_is_rejected(attempt_login):
    statuses = [attempt_login(f"person{number}@example.com") for number in range(11)]

    assert statuses == [401] * 10 + [429]


def test_successful_logins_count(attempt_login, user):
    statuses = [attempt_login(user.email, PASSWORD) for _ in range(11)]

    assert statuses == [200] * 10 + [429]


def test_logins_from_other_ip_addresses_do_not_count(attempt_login, user):
    for number in range(10):
        attempt_login(f"person{number}@example.com")

    assert attempt_login(user.email, PASSWORD, number=2) == 200


def test_header_does_not_change_the_ip_address(client, attempt_login):
    for number in range(10):
        attempt_login(f"person{number}@example.com")

    response = client.post(
        LOGIN,
        json={"email": "user@example.com", "password": PASSWORD},
        headers={"X-Forwarded-For": "203.0.113.9"},
        environ_base=ip_address(1),
    )

    assert response.status_code == 429


def test_logins_are_counted_by_ipv6_network(client):
    statuses = [
        client.post(
            LOGIN,
            json={"email": f"person{number}@example.com", "password": WRONG_PASSWORD},
            environ_base={"REMOTE_ADDR": f"2001:db8::{number}"},
        ).status_code
        for number in range(11)
    ]

    assert statuses == [401] * 10 + [429]


# Failed logins per account and network


def test_correct_password_is_rejected_after_five_failures(attempt_login, user):
    statuses = [attempt_login(user.email) for _ in range(5)]

    assert statuses == [401] * 5
    assert attempt_login(user.email, PASSWORD) == 429


def test_failures_do_not_lock_the_account_in_other_networks(attempt_login, user):
    statuses = [attempt_login(user.email) for _ in range(6)]

    assert statuses == [401] * 5 + [429]
    assert attempt_login(user.email, PASSWORD, number=2) == 200


@pytest.mark.parametrize("spelling", ["USER@EXAMPLE.COM", " user@example.com"])
def test_failures_count_for_any_spelling_of_the_email(attempt_login, user, spelling):
    for _ in range(5):
        attempt_login(spelling)

    assert attempt_login(user.email, PASSWORD) == 429


def test_failures_do_not_lock_other_accounts(attempt_login, user, admin_user):
    for _ in range(5):
        attempt_login(user.email)

    assert attempt_login(admin_user.email, PASSWORD) == 200


def test_successful_logins_do_not_lock_the_account(attempt_login, user):
    statuses = [attempt_login(user.email, PASSWORD, number) for number in range(1, 8)]

    assert statuses == [200] * 7


def test_unknown_account_is_locked_in_the_same_way(attempt_login):
    statuses = [attempt_login("unknown@example.com") for _ in range(6)]

    assert statuses == [401] * 5 + [429]


def test_attempts_on_locked_account_do_not_extend_the_lock(client, attempt_login, user):
    for _ in range(5):
        attempt_login(user.email)
    body = {"email": user.email, "password": WRONG_PASSWORD}

    waits = [
        int(client.post(LOGIN, json=body, environ_base=ip_address(1)).headers["Retry-After"])
        for _ in range(2)
    ]

    assert waits[1] <= waits[0]


def test_invalid_input_does_not_lock_the_account(client, attempt_login, user):
    for _ in range(6):
        client.post(LOGIN, json={"email": user.email}, environ_base=ip_address(1))

    assert attempt_login(user.email, PASSWORD) == 200


@pytest.mark.parametrize("body", [[], "text", None, 7, {"email": ["x"]}, {"email": {"x": 1}}])
def test_body_of_any_type_is_invalid(client, body):
    assert client.post(LOGIN, json=body).status_code == 400


@pytest.mark.parametrize("body", [b"\xff\xfe", b'{"email": "\\ud800"}', b"[" * 100_000, b"{", b""])
def test_unreadable_body_is_invalid(client, body):
    response = client.post(LOGIN, data=body, content_type="application/json")

    assert response.status_code == 400


@pytest.mark.parametrize("email", [["x"], "\ud800", "\x00", "x" * 100_000])
def test_no_email_makes_the_limiter_fail(client, attempt_login, email):
    body = json.dumps({"email": email, "password": WRONG_PASSWORD})
    client.post(LOGIN, data=body, content_type="application/json", environ_base=ip_address(1))

    assert not vars(limiter)["_storage_dead"]
    assert [attempt_login(f"person{n}@example.com") for n in range(10)] == [401] * 9 + [429]


# Failed logins per account, from all networks


@pytest.fixture
def lock_account(app, attempt_login):
    """Return a function that fails to log in from networks 101, 102, ... as often as is allowed."""
    app.config["RATELIMIT_ACCOUNT_FAILURES"] = "3 per hour"

    def lock_account(email: str) -> list[int]:
        return [attempt_login(email, number=number) for number in range(101, 105)]

    return lock_account


@pytest.mark.parametrize("email", ["user@example.com", "unknown@example.com"])
def test_failures_from_all_networks_lock_the_account(attempt_login, lock_account, user, email):
    assert lock_account(email) == [401, 401, 401, 429]
    assert attempt_login(email, PASSWORD, number=2) == 429


def test_known_network_is_not_locked(attempt_login, lock_account, user):
    attempt_login(user.email, PASSWORD)

    lock_account(user.email)

    assert attempt_login(user.email, PASSWORD) == 200
    assert attempt_login(user.email, PASSWORD, number=2) == 429


def test_failures_from_known_networks_do_not_lock_others(attempt_login, lock_account, user):
    attempt_login(user.email, PASSWORD)
    assert [attempt_login(user.email) for _ in range(4)] == [401] * 4

    assert lock_account(user.email) == [401, 401, 401, 429]


def test_failures_from_known_networks_are_limited(attempt_login, user):
    attempt_login(user.email, PASSWORD)

    assert [attempt_login(user.email) for _ in range(6)] == [401] * 5 + [429]


def test_network_is_known_to_one_account(attempt_login, lock_account, user, admin_user):
    attempt_login(admin_user.email, PASSWORD)

    lock_account(user.email)

    assert attempt_login(user.email, PASSWORD) == 429


def test_credentials_of_another_account_do_not_make_the_network_known(client, auth_headers, lock_account):
    lock_account("admin@example.com")

    body = {"email": "admin@example.com", "password": WRONG_PASSWORD}
    assert client.post(LOGIN, json=body, headers=auth_headers).status_code == 429


@pytest.mark.parametrize(("days", "status"), [(29, 200), (31, 429)])
def test_network_is_known_for_thirty_days(attempt_login, lock_account, db_session, user, days, status):
    attempt_login(user.email, PASSWORD)
    db_session.execute(update(LoginSession).values(created_at=utcnow() - timedelta(days=days)))
    db_session.commit()

    lock_account(user.email)

    assert attempt_login(user.email, PASSWORD) == status


def test_network_remains_known_after_logout(client, attempt_login, lock_account, user, auth_headers):
    client.post("/api/v1/auth/logout", headers=auth_headers)
    lock_account(user.email)

    response = client.post(LOGIN, json={"email": user.email, "password": PASSWORD})

    assert response.status_code == 200


@pytest.mark.parametrize(("fallbacks", "status"), [(True, 200), (False, 429)])
def test_network_is_known_after_rotation_of_the_secret_key(
    app, attempt_login, lock_account, user, fallbacks, status
):
    attempt_login(user.email, PASSWORD)
    if fallbacks:
        app.config["SECRET_KEY_FALLBACKS"] = (app.config["SECRET_KEY"],)
    app.config["SECRET_KEY"] = "rotated" * 8

    lock_account(user.email)

    assert attempt_login(user.email, PASSWORD) == status


def test_network_is_stored_as_keyed_hash(attempt_login, db_session, user):
    attempt_login(user.email, PASSWORD)

    (network_hash,) = db_session.scalars(select(LoginSession.network_hash))
    assert len(network_hash) == 32
    assert "203.0.113" not in network_hash


def test_unavailable_database_does_not_lift_the_limits(attempt_login, lock_account, monkeypatch, user):
    attempt_login(user.email, PASSWORD)
    lock_account(user.email)

    def fail(*args):
        raise OperationalError("SELECT", {}, Exception("server closed the connection"))

    monkeypatch.setattr(login_sessions, "is_known_network", fail)

    assert attempt_login(user.email, PASSWORD) == 429
    assert not vars(limiter)["_storage_dead"]


@pytest.mark.parametrize("setting", ["RATELIMIT_PASSWORD_FAILURES", "RATELIMIT_ACCOUNT_FAILURES"])
def test_failures_are_limited_without_storage(new_app, monkeypatch, user, setting):
    monkeypatch.setattr(limiter, "_storage_dead", False)
    monkeypatch.setattr(limiter, "_storage_options", {})
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"redis://127.0.0.1:{unused.getsockname()[1]}"
    limits = {"RATELIMIT_ENABLED": True, "RATELIMIT_STORAGE_URI": url, setting: "3 per hour"}
    client = new_app(**limits).test_client()
    body = {"email": user.email, "password": WRONG_PASSWORD}

    statuses = [client.post(LOGIN, json=body).status_code for _ in range(5)]

    assert statuses == [401] * 3 + [429] * 2


# Registrations


def test_eleventh_registration_from_ip_address_is_rejected(register):
    statuses = [register(f"person{number}@example.com") for number in range(11)]

    assert statuses == [201] * 10 + [429]


def test_failed_registrations_count(register):
    for _ in range(10):
        register("no email")

    assert register("person@example.com") == 429


def test_registrations_from_other_ip_addresses_do_not_count(register):
    for number in range(10):
        register(f"person{number}@example.com")

    assert register("person@example.com", number=2) == 201


# Changes of the email, which show whether it is taken, as registrations do


@pytest.fixture
def change_email(client, user):
    """Return a function that attempts a change of email and returns the status code."""

    def change_email(headers, email: str, number: int | None = 1, user_id: int = user.id) -> int:
        body = {"email": email, "current_password": PASSWORD}
        url = f"{USERS}/{user_id}"
        return client.patch(url, json=body, headers=headers, environ_base=ip_address(number)).status_code

    return change_email


def test_eleventh_change_of_email_is_rejected(change_email, auth_headers, make_user):
    statuses = [change_email(auth_headers, make_user().email) for _ in range(11)]

    assert statuses == [409] * 10 + [429]
    assert change_email(auth_headers, "moved@example.com", number=2) == 200


def test_changes_of_email_count_with_registrations(register, change_email, auth_headers):
    for number in range(10):
        register(f"person{number}@example.com")

    assert change_email(auth_headers, "moved@example.com") == 429


@pytest.mark.parametrize("email", ["user@example.com", "USER@example.com"])
def test_updates_that_keep_the_email_are_not_limited(change_email, auth_headers, email):
    assert {change_email(auth_headers, email) for _ in range(11)} == {200}


def test_admins_change_emails_of_others_without_limit(change_email, admin_headers):
    statuses = {change_email(admin_headers, f"moved{number}@example.com") for number in range(11)}

    assert statuses == {200}


# Wrong current passwords per user


def test_correct_current_password_is_rejected_after_five_failures(change_password, auth_headers):
    statuses = [change_password(auth_headers) for _ in range(5)]

    assert statuses == [400] * 5
    assert change_password(auth_headers, PASSWORD) == 429


def test_wrong_current_passwords_count_across_sessions(change_password, login, user, auth_headers):
    for _ in range(5):
        change_password(auth_headers)

    assert change_password(login(user), PASSWORD) == 429


def test_wrong_current_passwords_do_not_lock_other_networks(change_password, auth_headers):
    for _ in range(6):
        change_password(auth_headers, number=2)

    assert change_password(auth_headers, PASSWORD) == 204


def test_wrong_current_passwords_from_unknown_networks_count_together(app, change_password, auth_headers):
    app.config["RATELIMIT_ACCOUNT_FAILURES"] = "3 per hour"

    statuses = [change_password(auth_headers, number=number) for number in range(1, 5)]

    assert statuses == [400] * 3 + [429]
    assert change_password(auth_headers, PASSWORD, number=None) == 204


def test_invalid_new_passwords_do_not_count(change_password, auth_headers):
    statuses = [change_password(auth_headers, PASSWORD, new_password="short") for _ in range(6)]

    assert statuses == [400] * 6


def test_wrong_current_passwords_count_across_operations(client, change_password, user, auth_headers):
    body = {"email": "moved@example.com", "current_password": WRONG_PASSWORD}
    for _ in range(5):
        client.patch(f"{USERS}/{user.id}", json=body, headers=auth_headers, environ_base=ip_address(1))

    assert change_password(auth_headers, PASSWORD) == 429


def test_wrong_current_passwords_of_other_users_do_not_count(change_password, auth_headers, admin_headers):
    for _ in range(5):
        change_password(auth_headers)

    assert change_password(admin_headers, PASSWORD) == 204


def test_correct_current_passwords_do_not_count(change_password, auth_headers):
    statuses = [change_password(auth_headers, PASSWORD) for _ in range(7)]

    assert statuses == [204] * 7


def test_updates_without_password_are_not_limited(client, change_password, user, auth_headers):
    for _ in range(5):
        change_password(auth_headers)

    response = client.patch(f"{USERS}/{user.id}", json={"first_name": "Uma"}, headers=auth_headers)

    assert response.status_code == 200


def test_updates_rejected_for_missing_password_do_not_count(client, change_password, user, auth_headers):
    for _ in range(6):
        client.patch(f"{USERS}/{user.id}", json={"email": "moved@example.com"}, headers=auth_headers)

    assert change_password(auth_headers, PASSWORD) == 204


# Default limit


@pytest.fixture
def ask(app, client):
    """Return a function that sends a request, limited to three a minute, and returns the status code."""
    app.config["RATELIMIT_DEFAULT"] = "3 per minute"

    def ask(headers=None, number: int = 1) -> int:
        return client.get(ME, headers=headers, environ_base=ip_address(number)).status_code

    return ask


def test_user_is_limited_across_ip_addresses(auth_headers, ask):
    statuses = [ask(auth_headers, number) for number in range(4)]

    assert statuses == [200] * 3 + [429]


def test_users_at_one_ip_address_are_limited_separately(auth_headers, admin_headers, ask):
    for _ in range(4):
        ask(auth_headers)

    assert ask(admin_headers) == 200


def test_anonymous_requests_are_limited_by_ip_address(ask):
    statuses = [ask() for _ in range(4)]

    assert statuses == [401] * 3 + [429]
    assert ask(number=2) == 401


# Response


def test_exceeded_limit_is_a_problem_document(client, attempt_login, user):
    for _ in range(5):
        attempt_login(user.email)

    response = client.post(
        LOGIN, json={"email": user.email, "password": PASSWORD}, environ_base=ip_address(1)
    )

    assert response.status_code == 429
    assert response.mimetype == "application/problem+json"
    assert response.json["title"] == "Too Many Requests"


@pytest.mark.parametrize(
    ("setting", "path", "seconds"),
    [
        ("RATELIMIT_LOGIN", LOGIN, 60),
        ("RATELIMIT_PASSWORD_FAILURES", LOGIN, 60),
        ("RATELIMIT_ACCOUNT_FAILURES", LOGIN, 3600),
        ("RATELIMIT_REGISTRATION", USERS, 3600),
    ],
)
def test_exceeded_limit_has_retry_after(app, client, setting, path, seconds):
    app.config[setting] = f"1 per {seconds} seconds"
    body = {"email": "person@example.com", "password": PASSWORD}
    client.post(path, json=body)

    response = client.post(path, json=body)

    assert response.status_code == 429
    assert seconds - 30 <= int(response.headers["Retry-After"]) <= seconds + 1  # rounded up


def test_exceeded_limit_contains_no_email_and_password(client, attempt_login, user):
    for _ in range(5):
        attempt_login(user.email)

    response = client.post(
        LOGIN, json={"email": user.email, "password": PASSWORD}, environ_base=ip_address(1)
    )

    assert user.email not in response.text
    assert PASSWORD not in response.text


def test_limits_can_be_disabled(make_app):
    client = make_app(RATELIMIT_ENABLED=False).test_client()
    body = {"email": "unknown@example.com", "password": WRONG_PASSWORD}

    statuses = {client.post(LOGIN, json=body).status_code for _ in range(12)}

    assert statuses == {401}
