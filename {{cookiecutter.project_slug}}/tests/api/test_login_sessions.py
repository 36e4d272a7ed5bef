"""Tests of the sessions that users list and revoke."""

import uuid
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from app.models.base import utcnow
from app.models.login_session import LoginSession
from app.services import login_sessions

ME = "/api/v1/users/me"
SESSIONS = f"{ME}/sessions"


def sessions(client, headers: dict[str, str]) -> list[dict]:
    """Return the sessions that a user sees."""
    response = client.get(SESSIONS, headers=headers)
    assert response.status_code == 200
    return response.json["items"]


def current_id(client, headers: dict[str, str]) -> str:
    """Return the id of the session of these headers."""
    (session,) = [session for session in sessions(client, headers) if session["current"]]
    return session["id"]


@pytest.fixture
def elsewhere(login, user) -> dict[str, str]:
    """The headers of another session of `user`."""
    return login(user)


# List


def test_session_has_kind_and_times(client, auth_headers):
    (session,) = sessions(client, auth_headers)

    assert set(session) == {"id", "kind", "created_at", "last_used_at", "current"}
    assert session["kind"] in {"jwt", "session"}
    assert session["current"] is True
    for name in ("created_at", "last_used_at"):
        assert utcnow() - datetime.fromisoformat(session[name]) < timedelta(minutes=1)


def test_last_used_session_is_first(client, db_session, auth_headers, elsewhere):
    first, second = current_id(client, auth_headers), current_id(client, elsewhere)
    used = update(LoginSession).where(LoginSession.id == uuid.UUID(first))
    db_session.execute(used.values(last_used_at=utcnow() + timedelta(seconds=5)))
    db_session.commit()

    assert [(item["id"], item["current"]) for item in sessions(client, elsewhere)] == [
        (first, False),
        (second, True),
    ]


@pytest.mark.parametrize("column", ["expires_at", "revoked_at"])
def test_expired_and_revoked_sessions_are_not_listed(client, db_session, auth_headers, elsewhere, column):
    ended = update(LoginSession).where(LoginSession.id == uuid.UUID(current_id(client, elsewhere)))
    db_session.execute(ended.values({column: utcnow() - timedelta(seconds=1)}))
    db_session.commit()

    assert [item["current"] for item in sessions(client, auth_headers)] == [True]


def test_sessions_of_other_users_are_not_listed(client, auth_headers, admin_headers):
    assert len(sessions(client, auth_headers)) == len(sessions(client, admin_headers)) == 1


def test_long_list_is_cut(client, monkeypatch, auth_headers, elsewhere):
    monkeypatch.setattr(login_sessions, "MAX_LISTED", 1)

    assert len(sessions(client, auth_headers)) == 1


# Revoke one


def test_other_session_is_revoked(client, auth_headers, elsewhere):
    path = f"{SESSIONS}/{current_id(client, elsewhere)}"

    assert client.delete(path, headers=auth_headers).status_code == 204

    assert client.get(ME, headers=elsewhere).status_code == 401
    assert client.get(ME, headers=auth_headers).status_code == 200


def test_current_session_is_revoked(client, auth_headers, elsewhere):
    path = f"{SESSIONS}/{current_id(client, auth_headers)}"

    assert client.delete(path, headers=auth_headers).status_code == 204

    assert client.get(ME, headers=auth_headers).status_code == 401
    assert client.get(ME, headers=elsewhere).status_code == 200


def test_revoked_session_is_not_found(client, auth_headers, elsewhere):
    path = f"{SESSIONS}/{current_id(client, elsewhere)}"
    client.delete(path, headers=auth_headers)

    assert client.delete(path, headers=auth_headers).status_code == 404


def test_session_of_another_user_is_not_found(client, auth_headers, admin_headers):
    path = f"{SESSIONS}/{current_id(client, auth_headers)}"

    assert client.delete(path, headers=admin_headers).status_code == 404

    assert client.get(ME, headers=auth_headers).status_code == 200


@pytest.mark.parametrize("session_id", [str(uuid.UUID(int=1)), "1", "me", "%00"])
def test_unknown_session_is_not_found(client, auth_headers, session_id):
    assert client.delete(f"{SESSIONS}/{session_id}", headers=auth_headers).status_code == 404


# Revoke all


def test_all_sessions_of_the_user_are_revoked(client, auth_headers, elsewhere, admin_headers):
    assert client.delete(SESSIONS, headers=auth_headers).status_code == 204

    assert client.get(ME, headers=auth_headers).status_code == 401
    assert client.get(ME, headers=elsewhere).status_code == 401
    assert client.get(ME, headers=admin_headers).status_code == 200


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_anonymous_request_is_rejected(client, method):
    assert client.open(SESSIONS, method=method).status_code == 401


# OpenAPI


def test_operations_have_ids(client):
    paths = client.get("/api/openapi.json").json["paths"]
    (item,) = [path for path in paths if path.startswith(f"{SESSIONS}/")]

    assert paths[SESSIONS]["get"]["operationId"] == "listSessions"
    assert paths[SESSIONS]["delete"]["operationId"] == "deleteSessions"
    assert paths[item]["delete"]["operationId"] == "deleteSession"
    assert paths[item]["parameters"][0]["schema"] == {"type": "string", "format": "uuid"}
