"""Logging in and out over HTTP, whatever the kind of authentication."""

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


def test_the_right_password_signs_in(client, login, user):
    headers = login(user)

    assert client.get(ME, headers=headers).json["id"] == user.id


@pytest.mark.parametrize("spelling", ["USER@EXAMPLE.COM", "User@Example.com", " user@example.com "])
def test_an_address_signs_in_however_it_is_spelled(client, user, spelling):
    headers = credentials(client, spelling)

    assert client.get(ME, headers=headers).json["id"] == user.id


def test_a_wrong_password_is_401(client, user):
    response = client.post(LOGIN, json={"email": user.email, "password": WRONG_PASSWORD})

    assert response.status_code == 401
    assert response.mimetype == "application/problem+json"


def test_passwords_are_compared_to_the_letter(client, user):
    response = client.post(LOGIN, json={"email": user.email, "password": PASSWORD.upper()})

    assert response.status_code == 401


def test_an_unknown_address_gets_the_answer_of_a_wrong_password(client, user):
    wrong = client.post(LOGIN, json={"email": user.email, "password": WRONG_PASSWORD})

    unknown = client.post(LOGIN, json={"email": "nobody@example.com", "password": PASSWORD})

    assert unknown.status_code == wrong.status_code
    assert {**unknown.json, "request_id": None} == {**wrong.json, "request_id": None}


def test_a_deleted_account_cannot_be_logged_in_to(client, make_user):
    gone = make_user(deleted=True)

    response = client.post(LOGIN, json={"email": gone.email, "password": PASSWORD})

    assert response.status_code == 401


def test_an_inactive_account_is_403_after_the_right_password(client, make_user):
    inactive = make_user(is_active=False)

    response = client.post(LOGIN, json={"email": inactive.email, "password": PASSWORD})

    assert response.status_code == 403


def test_an_inactive_account_is_not_betrayed_by_a_wrong_password(client, make_user):
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
        ({"email": "user@example.com", "password": "\ud800" * 8}, "password"),
        ({"email": "user@example.com", "password": PASSWORD, "role": "admin"}, "role"),
    ],
)
def test_credentials_of_the_wrong_shape_are_400(client, user, body, field):
    response = client.post(LOGIN, json=body)

    assert response.status_code == 400
    assert set(response.json["errors"]) == {field}


@pytest.mark.parametrize(
    ("email", "password"),
    [("user@example.com", ""), ("", PASSWORD), ("", ""), ("no address", PASSWORD), ("%", PASSWORD)],
)
def test_odd_credentials_are_simply_wrong(client, user, email, password):
    assert client.post(LOGIN, json={"email": email, "password": password}).status_code == 401


def test_the_answer_to_a_log_in_holds_no_hash(client, user):
    response = client.post(LOGIN, json={"email": user.email, "password": PASSWORD})

    assert "argon2" not in response.text
    assert PASSWORD not in response.text


def test_signing_out_answers_with_nothing(client, auth_headers):
    response = client.post(LOGOUT, headers=auth_headers)

    assert response.status_code == 204
    assert response.data == b""


def test_after_signing_out_the_credentials_are_dead(client, auth_headers):
    client.post(LOGOUT, headers=auth_headers)

    assert client.get(ME, headers=auth_headers).status_code == 401


def test_signing_out_leaves_the_other_sessions_alone(client, login, user, auth_headers):
    elsewhere = login(user)

    client.post(LOGOUT, headers=auth_headers)

    assert client.get(ME, headers=elsewhere).status_code == 200


def test_nobody_signs_out_twice(client, auth_headers):
    client.post(LOGOUT, headers=auth_headers)

    assert client.post(LOGOUT, headers=auth_headers).status_code == 401


def test_a_stranger_cannot_log_out(client):
    assert client.post(LOGOUT).status_code == 401


@pytest.mark.parametrize(
    "change",
    [{"revoked_at": utcnow()}, {"expires_at": utcnow() - timedelta(seconds=1)}, {"kind": "other"}],
    ids=lambda change: next(iter(change)),
)
def test_credentials_are_only_as_good_as_their_session(client, db_session, auth_headers, change):
    db_session.execute(update(LoginSession).values(change))
    db_session.commit()

    assert client.get(ME, headers=auth_headers).status_code == 401


def test_credentials_of_a_session_that_was_removed_are_refused(client, db_session, auth_headers):
    db_session.delete(db_session.query(LoginSession).one())
    db_session.commit()

    assert client.get(ME, headers=auth_headers).status_code == 401


@pytest.mark.parametrize(
    "change", [{"is_active": False}, {"deleted_at": utcnow()}], ids=["deactivated", "deleted"]
)
def test_a_user_who_may_no_longer_come_in_is_refused_at_once(client, db_session, user, auth_headers, change):
    for name, value in change.items():
        setattr(user, name, value)
    db_session.commit()

    assert client.get(ME, headers=auth_headers).status_code == 401


def test_a_demoted_admin_is_refused_at_once(client, db_session, admin_user, admin_headers):
    admin_user.role = Role.USER
    db_session.commit()

    assert client.get("/api/v1/users", headers=admin_headers).status_code == 403
    assert client.get(ME, headers=admin_headers).json["role"] == "user"
