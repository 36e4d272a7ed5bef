"""The security log: which events it has, and what must not be in it."""

import json
import logging
from datetime import timedelta

import pytest

from app.exceptions import UnauthorizedError
from app.services import auth, login_sessions, users
from tests.plugins.accounts import WRONG_PASSWORD
from tests.plugins.credentials import PASSWORD

LOGIN = "/api/v1/auth/login"
USERS = "/api/v1/users"
HOUR = timedelta(hours=1)
NEW_PASSWORD = "a completely different one"


@pytest.fixture
def events(caplog):
    """Return the events of the security log."""

    def events(*names: str) -> list[dict]:
        records = [vars(record) for record in caplog.records if record.name == "app.security"]
        return [record for record in records if not names or record["event"] in names]

    return events


@pytest.fixture
def attempt_login(client):
    """Return a function that attempts a login."""

    def attempt_login(email: str, password: str = WRONG_PASSWORD):
        return client.post(LOGIN, json={"email": email, "password": password})

    return attempt_login


def test_login_is_logged(attempt_login, events, user):
    attempt_login(user.email, PASSWORD)

    (event,) = events()
    assert (event["event"], event["target_id"], event["ip_address"]) == ("login", user.id, "127.0.0.1")
    assert event["levelname"] == "INFO"
    assert event["session_id"]


def test_failed_logins_are_logged_with_the_hash_of_the_account(attempt_login, events, user):
    for email in (user.email, user.email.upper(), "unknown@example.com"):
        attempt_login(email)

    known, spelled, unknown = events("login_failed")
    assert (known["target_id"], unknown["target_id"]) == (user.id, None)
    assert known["account"] == spelled["account"] != unknown["account"]
    assert len(unknown["account"]) == 32


def test_login_of_inactive_user_is_logged(attempt_login, events, make_user):
    inactive = make_user(is_active=False)

    attempt_login(inactive.email, PASSWORD)

    (event,) = events()
    assert (event["event"], event["target_id"]) == ("login_refused", inactive.id)


def test_logout_is_logged(client, events, user, login):
    client.post("/api/v1/auth/logout", headers=login(user))

    started, ended = events("login", "session_revoked")
    assert (ended["event"], ended["actor_id"]) == ("session_revoked", user.id)
    assert ended["session_id"] == started["session_id"]


def test_logout_everywhere_is_logged(client, events, user, auth_headers):
    client.delete(f"{USERS}/me/sessions", headers=auth_headers)

    (event,) = events("sessions_revoked")
    assert (event["actor_id"], event["target_id"]) == (user.id, user.id)


def test_registration_is_logged(client, events):
    response = client.post(USERS, json={"email": "new@example.com", "password": PASSWORD})

    (event,) = events("user_created")
    assert (event["target_id"], event["actor_id"], event["role"]) == (response.json["id"], None, "user")


def test_change_of_password_is_logged(client, events, user, auth_headers):
    for current in (WRONG_PASSWORD, PASSWORD):
        body = {"current_password": current, "new_password": NEW_PASSWORD}
        client.post(f"{USERS}/me/password", json=body, headers=auth_headers)

    logged = events()
    assert [event["event"] for event in logged] == ["current_password_wrong", "password_changed"]
    assert {(event["actor_id"], event["target_id"]) for event in logged} == {(user.id, user.id)}


@pytest.mark.parametrize(
    ("changes", "event"),
    [
        ({"role": "admin"}, {"event": "role_changed", "role": "admin"}),
        ({"is_active": False}, {"event": "is_active_changed", "is_active": False}),
        ({"email": "moved@example.com"}, {"event": "email_changed"}),
    ],
)
def test_change_by_an_admin_is_logged(client, events, user, admin_user, admin_headers, changes, event):
    client.patch(f"{USERS}/{user.id}", json=changes, headers=admin_headers)

    (logged,) = events(event["event"])
    assert event.items() <= logged.items()
    assert (logged["actor_id"], logged["target_id"]) == (admin_user.id, user.id)


def test_changes_of_other_fields_and_refused_ones_are_not_logged(client, events, user, admin_headers):
    client.patch(f"{USERS}/{user.id}", json={"first_name": "Una", "role": "user"}, headers=admin_headers)
    conflict = {"email": "admin@example.com", "role": "admin"}
    client.patch(f"{USERS}/{user.id}", json=conflict, headers=admin_headers)

    assert events() == []


def test_deletion_is_logged(client, events, user, admin_user, admin_headers):
    client.delete(f"{USERS}/{user.id}", headers=admin_headers)

    (event,) = events("user_deleted")
    assert (event["actor_id"], event["target_id"]) == (admin_user.id, user.id)


def test_events_of_commands_have_no_actor_and_ip_address(app_context, events, user):
    auth.set_password(user, NEW_PASSWORD)
    users.promote_to_admin(user)

    logged = events("password_set", "role_changed")
    assert [event["event"] for event in logged] == ["password_set", "role_changed"]
    assert not [event for event in logged if "actor_id" in event or "ip_address" in event]


def test_reuse_of_a_refresh_token_is_a_warning(app_context, events, user):
    session = login_sessions.create(user, "test", HOUR)
    refresh_id = str(session.current_refresh_id)
    login_sessions.rotate(session.id, "test", refresh_id, idle=HOUR, grace=timedelta())

    with pytest.raises(UnauthorizedError):
        login_sessions.rotate(session.id, "test", refresh_id, idle=HOUR, grace=timedelta())

    (event,) = events("refresh_token_reused")
    assert (event["levelname"], event["target_id"]) == ("WARNING", user.id)
    assert event["session_id"] == str(session.id)


def test_revoked_session_is_logged(app_context, events, user):
    session = login_sessions.create(user, "test", HOUR)

    login_sessions.revoke_own(user, session.id)

    (event,) = events("session_revoked")
    assert (event["target_id"], event["session_id"]) == (user.id, str(session.id))


def test_event_is_a_json_object_with_the_request_id(user, new_app, capsys):
    client = new_app(LOG_JSON=True).test_client()

    body = {"email": user.email, "password": WRONG_PASSWORD}
    client.post(LOGIN, json=body, headers={"X-Request-ID": "mine"})

    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    (event,) = [line for line in lines if line["logger"] == "app.security"]
    assert (event["event"], event["request_id"], event["level"]) == ("login_failed", "mine", "INFO")


def test_security_log_is_complete_at_every_level(new_app, capsys):
    client = new_app(LOG_LEVEL="ERROR").test_client()

    client.post(LOGIN, json={"email": "unknown@example.com", "password": WRONG_PASSWORD})

    assert "event=login_failed" in capsys.readouterr().out


def test_logs_contain_no_personal_data_and_secrets(client, caplog, admin_headers):
    caplog.set_level(logging.DEBUG)
    account = {"email": "secret@example.com", "password": "secret lamp river"}
    user_id = client.post(USERS, json=account | {"first_name": "Secretary"}).json["id"]
    client.post(LOGIN, json=account)
    client.post(LOGIN, json=account | {"password": "secret guess"})
    client.post(USERS, json=account)
    client.patch(f"{USERS}/{user_id}", json={"email": "secret2@example.com"}, headers=admin_headers)

    assert "secret" not in caplog.text.lower()


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": "hunter2"},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer hunter2"},
        {"Authorization": "Bearer hunter2.hunter2.hunter2"},
        {"Authorization": "Bearer \xe4hunter2"},
        {"Authorization": "Basic hunter2"},
        {"Authorization": "Basic aHVudGVyMjpodW50ZXIy"},
        {"Cookie": "hunter2"},
        {"Cookie": "session=hunter2; remember_token=hunter2|hunter2"},
        {"Cookie": "session=\xe4hunter2"},
        {"X-CSRF-Token": "hunter2"},
        {"X-Request-ID": "hunter2 hunter2"},
        {"X-Forwarded-For": "hunter2"},
        {"If-Match": "hunter2"},
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_broken_headers_are_not_logged(client, caplog, method, headers):
    caplog.set_level(logging.DEBUG)

    getattr(client, method)(f"{USERS}/me?token=hunter2", headers=headers)
    getattr(client, method)("/api/v1/auth/refresh", headers=headers)

    assert "hunter2" not in caplog.text
    assert "aHVudGVyMjpodW50ZXIy" not in caplog.text
