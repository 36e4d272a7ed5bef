"""Tests of logging in and out, for every kind of authentication."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from app.models.base import utcnow
from app.models.login_session import LoginSession
from app.models.user import Role
from tests.plugins.accounts import WRONG_PASSWORD
from tests.plugins.credentials import PASSWORD, credentials

LOGIN = "/api/v1/auth/login"
LOGOUT = "/api/v1/auth/logout"
ME = "/api/v1/users/me"


def test_login_with_correct_password_succeeds(client, login, user):
    headers = login(user)

    assert client.get(ME, headers=headers).json["id"] == user.id


@pytest.mark.parametrize("spelling", ["USER@EXAMPLE.COM", "User@Example.com", " user@example.com "])
def test_login_accepts_any_spelling_of_the_email(client, user, spelling):
    headers = credentials(client, spelling)

    assert client.get(ME, headers=headers).json["id"] == user.id


def test_login_with_wrong_password_is_rejected(client, user):
    response = client.post(LOGIN, json={"email": user.email, "password": WRONG_PASSWORD})

    assert response.status_code == 401
    assert response.mimetype == "application/problem+json"


def test_passwords_are_case_sensitive(client, user):
    response = client.post(LOGIN, json={"email": user.email, "password": PASSWORD.upper()})

    assert response.status_code == 401


def test_unknown_email_gets_the_response_of_a_wrong_password(client, user):
    wrong = client.post(LOGIN, json={"email": user.email, "password": WRONG_PASSWORD})

    unknown = client.post(LOGIN, json={"email": "unknown@example.com", "password": PASSWORD})

    assert unknown.status_code == wrong.status_code
    assert {**unknown.json, "request_id": None} == {**wrong.json, "request_id": None}


def test_deleted_user_cannot_log_in(client, make_user):
    deleted = make_user(deleted=True)

    response = client.post(LOGIN, json={"email": deleted.email, "password": PASSWORD})

    assert response.status_code == 401


def test_inactive_user_with_correct_password_is_forbidden(client, make_user):
    inactive = make_user(is_active=False)

    response = client.post(LOGIN, json={"email": inactive.email, "password": PASSWORD})

    assert response.status_code == 403


def test_inactive_user_with_wrong_password_is_unauthorized(client, make_user):
    inactive = make_user(is_active=False)

    response = client.post(LOGIN, json={"email": inactive.email, "password": WRONG_PASSWORD})

    assert response.status_code == 401


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"password": PASSWORD}, "email"),
        ({"email": "user@example.com"}, "password"),
        ({"email": None, "password": PASSWORD}, "email"),
        ({"email": ["user@example.com"], "password": PASSWORD}, "email"),
        ({"email": "user@example.com", "password": 12345678}, "password"),
        ({"email": "user@example.com", "password": "x" * 129}, "password"),
        ({"email": "x" * 255, "password": PASSWORD}, "email"),
        ({"email": "user\x00@example.com", "password": PASSWORD}, "email"),
        ({"email": "user@example.com", "password": PASSWORD, "role": "admin"}, "role"),
    ],
)
def test_malformed_credentials_are_invalid(client, user, body, field):
    response = client.post(LOGIN, json=body)

    assert response.status_code == 400
    assert set(response.json["errors"]) == {field}


@pytest.mark.parametrize(
    ("email", "password"),
    [("user@example.com", ""), ("", PASSWORD), ("", ""), ("no address", PASSWORD), ("%", PASSWORD)],
)
def test_unusual_credentials_are_unauthorized(client, user, email, password):
    assert client.post(LOGIN, json={"email": email, "password": password}).status_code == 401


def test_login_response_contains_no_password_and_no_hash(client, user):
    response = client.post(LOGIN, json={"email": user.email, "password": PASSWORD})

    assert "argon2" not in response.text
    assert PASSWORD not in response.text


def test_logout_returns_no_content(client, auth_headers):
    response = client.post(LOGOUT, headers=auth_headers)

    assert response.status_code == 204
    assert response.data == b""


def test_credentials_are_rejected_after_logout(client, auth_headers):
    client.post(LOGOUT, headers=auth_headers)

    assert client.get(ME, headers=auth_headers).status_code == 401


def test_logout_keeps_other_sessions(client, login, user, auth_headers):
    elsewhere = login(user)

    client.post(LOGOUT, headers=auth_headers)

    assert client.get(ME, headers=elsewhere).status_code == 200


def test_second_logout_is_rejected(client, auth_headers):
    client.post(LOGOUT, headers=auth_headers)

    assert client.post(LOGOUT, headers=auth_headers).status_code == 401


def test_anonymous_logout_is_rejected(client):
    assert client.post(LOGOUT).status_code == 401


@pytest.mark.parametrize(
    "change",
    [{"revoked_at": utcnow()}, {"expires_at": utcnow() - timedelta(seconds=1)}, {"kind": "other"}],
    ids=lambda change: next(iter(change)),
)
def test_credentials_of_inactive_session_are_rejected(client, db_session, auth_headers, change):
    db_session.execute(update(LoginSession).values(change))
    db_session.commit()

    assert client.get(ME, headers=auth_headers).status_code == 401


def test_credentials_of_removed_session_are_rejected(client, db_session, auth_headers):
    db_session.delete(db_session.query(LoginSession).one())
    db_session.commit()

    assert client.get(ME, headers=auth_headers).status_code == 401


@pytest.mark.parametrize(
    "change", [{"is_active": False}, {"deleted_at": utcnow()}], ids=["deactivated", "deleted"]
)
def test_deactivated_or_deleted_user_is_rejected_at_once(client, db_session, user, auth_headers, change):
    for name, value in change.items():
        setattr(user, name, value)
    db_session.commit()

    assert client.get(ME, headers=auth_headers).status_code == 401


def test_demoted_admin_loses_access_at_once(client, db_session, admin_user, admin_headers):
    admin_user.role = Role.USER
    db_session.commit()

    assert client.get("/api/v1/users", headers=admin_headers).status_code == 403
    assert client.get(ME, headers=admin_headers).json["role"] == "user"
