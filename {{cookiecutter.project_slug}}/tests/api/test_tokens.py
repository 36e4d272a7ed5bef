"""Tests of access and refresh tokens: validation, rotation and revocation."""

from datetime import timedelta

import jwt
import pytest
from sqlalchemy import select, update

from app import create_app
from app.extensions import db
from app.models.base import utcnow
from app.models.login_session import LoginSession
from app.security import jwt as jwt_security
from app.settings import ConfigurationError
from tests.echo import ECHO, add_echo
from tests.plugins.accounts import open_account
from tests.plugins.credentials import PASSWORD
from tests.threads import at_once

LOGIN = "/api/v1/auth/login"
REFRESH = "/api/v1/auth/refresh"
LOGOUT = "/api/v1/auth/logout"
ME = "/api/v1/users/me"
OTHER_KEY = "k" * 64


def bearer(token: str) -> dict[str, str]:
    """Return the headers that carry a token."""
    return {"Authorization": f"Bearer {token}"}


def log_in(client, email: str) -> dict[str, str]:
    """Log in and return the first pair of tokens."""
    return client.post(LOGIN, json={"email": email, "password": PASSWORD}).json


def refresh(client, pair: dict[str, str]):
    """Exchange the refresh token of a pair."""
    return client.post(REFRESH, headers=bearer(pair["refresh_token"]))


def status_of(client, pair: dict[str, str]) -> int:
    """Return the status code of a request with the access token of a pair."""
    return client.get(ME, headers=bearer(pair["access_token"])).status_code


@pytest.fixture
def pair(client, user) -> dict[str, str]:
    """The first pair of tokens of a session of `user`."""
    return log_in(client, user.email)


@pytest.fixture
def after_grace(db_session):
    """Return a function that ends the grace period of all rotations so far."""

    def move_rotations() -> None:
        db_session.execute(update(LoginSession).values(rotated_at=utcnow() - timedelta(minutes=1)))
        db_session.commit()

    return move_rotations


@pytest.fixture
def forge(app, pair):
    """Return a function that re-signs a token with changed claims; None removes a claim."""

    def forge(kind: str, key: str | None = None, algorithm: str = "HS256", **changes) -> str:
        claims = jwt.decode(pair[f"{kind}_token"], options={"verify_signature": False}) | changes
        claims = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(claims, app.config["JWT_SECRET_KEY"] if key is None else key, algorithm)

    return forge


# Login


def test_login_returns_a_pair_of_tokens_and_the_user(app, user, pair):
    assert set(pair) == {"access_token", "refresh_token", "token_type", "expires_in", "user"}
    assert pair["user"]["email"] == user.email
    assert pair["token_type"] == "Bearer"
    assert pair["expires_in"] == app.config["JWT_ACCESS_TOKEN_EXPIRES"] == 3600


@pytest.mark.parametrize(("kind", "days"), [("access", 1 / 24), ("refresh", 30)])
def test_tokens_expire_after_configured_lifetime(pair, kind, days):
    claims = jwt.decode(pair[f"{kind}_token"], options={"verify_signature": False})

    assert claims["exp"] - claims["iat"] == pytest.approx(days * 86400, abs=5)


def test_lifetime_can_be_a_timedelta(app, client, user):
    app.config["JWT_ACCESS_TOKEN_EXPIRES"] = timedelta(minutes=5)

    assert log_in(client, user.email)["expires_in"] == 300


def test_subject_is_a_string_and_no_other_user_data_is_included(user, pair):
    claims = jwt.decode(pair["access_token"], options={"verify_signature": False})

    assert claims["sub"] == str(user.id)
    assert set(claims) == {"sub", "sid", "type", "fresh", "jti", "iat", "nbf", "exp"}


@pytest.mark.parametrize("kind", ["access", "refresh"])
def test_tokens_are_signed_with_hs256(pair, kind):
    assert jwt.get_unverified_header(pair[f"{kind}_token"])["alg"] == "HS256"


def test_each_login_creates_its_own_session(client, user, pair):
    other = log_in(client, user.email)

    client.post(LOGOUT, headers=bearer(other["access_token"]))

    assert refresh(client, pair).status_code == 200


# Rotation


def test_refresh_returns_the_next_pair(client, pair):
    response = refresh(client, pair)

    assert response.status_code == 200
    assert set(response.json) == set(pair) - {"user"}
    assert status_of(client, response.json) == 200


def test_each_pair_has_a_different_refresh_token(client, pair):
    pairs = [pair]
    for _ in range(3):
        pairs.append(refresh(client, pairs[-1]).json)

    assert len({pair["refresh_token"] for pair in pairs}) == 4


def test_refresh_keeps_earlier_access_token_valid(client, pair):
    refresh(client, pair)

    assert status_of(client, pair) == 200


def test_refresh_extends_the_session(client, db_session, pair):
    soon = utcnow() + timedelta(minutes=5)
    db_session.execute(update(LoginSession).values(expires_at=soon))
    db_session.commit()

    refresh(client, pair)

    db_session.expire_all()
    assert db_session.scalar(select(LoginSession.expires_at)) > soon + timedelta(days=29)


def test_session_ends_after_30_days_without_refresh(client, pair, let_time_pass):
    let_time_pass(days=30, seconds=1)

    assert refresh(client, pair).status_code == 401


def test_session_ends_after_90_days_however_often_it_is_refreshed(client, pair, let_time_pass):
    for _ in range(3):
        let_time_pass(days=29.999)
        pair = refresh(client, pair).json

    claims = jwt.decode(pair["refresh_token"], options={"verify_signature": False})
    assert claims["exp"] - claims["iat"] < 600
    assert pair["expires_in"] < 600

    let_time_pass(minutes=10)
    assert status_of(client, pair) == 401
    assert refresh(client, pair).status_code == 401


def test_reuse_within_grace_period_returns_a_valid_pair(client, pair):
    refresh(client, pair)

    again = refresh(client, pair)

    assert again.status_code == 200
    assert refresh(client, again.json).status_code == 200


def test_retry_returns_a_pair_of_the_same_session(client, pair):
    successor = refresh(client, pair).json

    again = refresh(client, pair).json

    ids = {
        jwt.decode(token["refresh_token"], options={"verify_signature": False})["sid"]
        for token in (pair, successor, again)
    }
    assert len(ids) == 1


def test_reuse_after_grace_period_is_rejected(client, pair, after_grace):
    refresh(client, pair)
    after_grace()

    assert refresh(client, pair).status_code == 401


def test_grace_period_is_configurable(app, client, pair):
    app.config["JWT_REFRESH_GRACE"] = -1
    refresh(client, pair)

    assert refresh(client, pair).status_code == 401


def test_token_before_the_previous_one_is_rejected_within_grace_period(client, pair):
    refresh(client, refresh(client, pair).json)

    assert refresh(client, pair).status_code == 401


def test_reuse_revokes_the_session(client, pair, after_grace):
    successor = refresh(client, pair).json
    after_grace()

    refresh(client, pair)

    assert refresh(client, successor).status_code == 401
    assert status_of(client, successor) == 401


def test_revocation_is_committed_before_the_response(client, db_session, pair, after_grace):
    refresh(client, pair)
    after_grace()

    refresh(client, pair)

    assert db_session.scalar(select(LoginSession.revoked_at)) is not None


def test_reuse_keeps_other_sessions(client, user, pair, after_grace):
    other = log_in(client, user.email)
    refresh(client, pair)
    after_grace()

    refresh(client, pair)

    assert refresh(client, other).status_code == 200


def test_concurrent_refreshes_return_the_same_successor(concurrent_app):
    open_account(concurrent_app, "user@example.com")
    pair = log_in(concurrent_app.test_client(), "user@example.com")

    responses = at_once(20, lambda _number: refresh(concurrent_app.test_client(), pair))

    assert [response.status_code for response in responses] == [200] * 20
    ids = {
        jwt.decode(response.json["refresh_token"], options={"verify_signature": False})["jti"]
        for response in responses
    }
    assert len(ids) == 1


def test_session_stays_active_after_concurrent_refreshes(concurrent_app):
    client = concurrent_app.test_client()
    open_account(concurrent_app, "user@example.com")
    pair = log_in(client, "user@example.com")

    responses = at_once(20, lambda _number: refresh(concurrent_app.test_client(), pair))

    assert refresh(client, responses[0].json).status_code == 200


def test_concurrent_reuse_without_grace_period_revokes_the_session(concurrent_app):
    concurrent_app.config["JWT_REFRESH_GRACE"] = -1
    client = concurrent_app.test_client()
    open_account(concurrent_app, "user@example.com")
    pair = log_in(client, "user@example.com")

    responses = at_once(20, lambda _number: refresh(concurrent_app.test_client(), pair))

    assert {response.status_code for response in responses} <= {200, 401}
    assert [response.status_code for response in responses].count(200) <= 1
    assert status_of(client, pair) == 401


# Invalid tokens


def tampered(token: str) -> str:
    """Change the payload of a token and keep its signature."""
    header, payload, signature = token.split(".")
    return ".".join([header, payload[:-2] + ("AA" if payload[-2:] != "AA" else "BB"), signature])


@pytest.mark.parametrize(("path", "kind"), [(ME, "access"), (REFRESH, "refresh")])
@pytest.mark.parametrize(
    "manipulate",
    [
        pytest.param(lambda forge, kind: tampered(forge(kind)), id="tampered"),
        pytest.param(lambda forge, kind: forge(kind)[:-4], id="cut off"),
        pytest.param(lambda forge, kind: forge(kind, exp=1), id="expired"),
        pytest.param(lambda forge, kind: forge(kind, nbf=2**40), id="not yet valid"),
        pytest.param(lambda forge, kind: forge(kind, key=OTHER_KEY), id="another key"),
        pytest.param(lambda forge, kind: forge(kind, key="", algorithm="none"), id="no algorithm"),
        pytest.param(lambda forge, kind: forge(kind, algorithm="HS512"), id="another algorithm"),
        pytest.param(lambda forge, kind: forge(kind, type="other"), id="an unknown type"),
        pytest.param(lambda forge, kind: forge(kind, sub=None), id="no subject"),
        pytest.param(lambda forge, kind: forge(kind, sub=1), id="a number as subject"),
        pytest.param(lambda forge, kind: forge(kind, sid=None), id="no session"),
        pytest.param(lambda forge, kind: forge(kind, sid=7), id="a number as session"),
        pytest.param(lambda forge, kind: forge(kind, sid="x"), id="a word as session"),
        pytest.param(lambda forge, kind: forge(kind, sid=["x"]), id="a list as session"),
        pytest.param(lambda forge, kind: forge(kind, sid=OTHER_KEY[:32]), id="not hexadecimal"),
        pytest.param(lambda forge, kind: forge(kind, sid="a" * 32), id="an unknown session"),
    ],
)
def test_invalid_token_is_rejected(client, forge, path, kind, manipulate):
    method = "GET" if path == ME else "POST"

    response = client.open(path, method=method, headers=bearer(manipulate(forge, kind)))

    assert response.status_code == 401
    assert response.mimetype == "application/problem+json"
    assert response.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    ("claim", "ahead", "status"),
    [("iat", 5, 200), ("nbf", 5, 200), ("nbf", 30, 401), ("exp", -5, 200), ("exp", -30, 401)],
)
def test_clocks_of_hosts_may_differ_by_seconds(client, forge, claim, ahead, status):
    token = forge("access", **{claim: int(utcnow().timestamp()) + ahead})

    assert client.get(ME, headers=bearer(token)).status_code == status


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer ", "Bearer a b", "Bearer x.y.z", "bearer", "Token x", ""]
)
@pytest.mark.parametrize(("method", "path"), [("GET", ME), ("POST", REFRESH)])
def test_header_without_token_is_rejected(client, method, path, header):
    response = client.open(path, method=method, headers={"Authorization": header})

    assert response.status_code == 401


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_scheme_ignores_case(client, pair, scheme):
    response = client.get(ME, headers={"Authorization": f"{scheme} {pair['access_token']}"})

    assert response.status_code == 200


def test_current_user_is_one_statement(client, pair, statements):
    statements.clear()

    assert status_of(client, pair) == 200
    assert [statement.split()[0] for statement in statements if "SAVEPOINT" not in statement] == ["SELECT"]


def test_signature_is_verified_once(app, client, pair, monkeypatch):
    assert status_of(client, pair) == 200

    monkeypatch.delattr(jwt_security.jwt, "decode")

    assert status_of(client, pair) == 200


def test_verified_token_expires(app, client, pair, monkeypatch):
    assert status_of(client, pair) == 200
    expires_at = jwt.decode(pair["access_token"], options={"verify_signature": False})["exp"]

    monkeypatch.setattr(jwt_security.time, "time", lambda: expires_at + app.config["JWT_DECODE_LEEWAY"])

    assert status_of(client, pair) == 401


def test_new_key_invalidates_verified_tokens(app, client, pair, monkeypatch):
    assert status_of(client, pair) == 200

    monkeypatch.setitem(app.config, "JWT_SECRET_KEY", OTHER_KEY)

    assert status_of(client, pair) == 401


def test_signature_of_another_token_is_rejected_after_a_valid_one(client, user, pair):
    assert status_of(client, pair) == 200
    signed, _, _ = pair["access_token"].rpartition(".")
    other = log_in(client, user.email)["access_token"].rpartition(".")[2]

    assert client.get(ME, headers=bearer(f"{signed}.{other}")).status_code == 401


def test_refresh_without_token_is_rejected(client):
    assert client.post(REFRESH).status_code == 401


def test_refresh_token_is_no_access_token(client, pair):
    assert client.get(ME, headers=bearer(pair["refresh_token"])).status_code == 401


def test_access_token_is_no_refresh_token(client, pair):
    assert client.post(REFRESH, headers=bearer(pair["access_token"])).status_code == 401


def test_refresh_with_access_token_keeps_the_session(client, pair):
    client.post(REFRESH, headers=bearer(pair["access_token"]))

    assert refresh(client, pair).status_code == 200


def test_token_with_subject_of_another_user_is_rejected(client, forge, admin_user):
    token = forge("access", sub=str(admin_user.id))

    assert client.get(ME, headers=bearer(token)).status_code == 401


def test_refresh_token_without_id_is_rejected(client, forge):
    token = forge("refresh", jti=None)

    assert client.post(REFRESH, headers=bearer(token)).status_code == 401


def test_refresh_token_with_unknown_id_revokes_the_session(client, pair, forge):
    client.post(REFRESH, headers=bearer(forge("refresh", jti="invented")))

    assert refresh(client, pair).status_code == 401


def test_token_in_query_string_is_ignored(client, pair):
    response = client.get(ME, query_string={"jwt": pair["access_token"]})

    assert response.status_code == 401


def test_public_view_ignores_invalid_token(make_app):
    assert make_app(add_echo).test_client().get(ECHO, headers=bearer("x.y.z")).status_code == 200


def test_error_does_not_contain_the_token(client, forge):
    token = forge("access", exp=1)

    response = client.get(ME, headers=bearer(token))

    assert token not in response.text


# Revocation


def test_tokens_of_expired_session_are_rejected(client, db_session, pair):
    db_session.execute(update(LoginSession).values(expires_at=utcnow() - timedelta(seconds=1)))
    db_session.commit()

    assert status_of(client, pair) == 401
    assert refresh(client, pair).status_code == 401


def test_logout_revokes_both_tokens(client, pair):
    client.post(LOGOUT, headers=bearer(pair["access_token"]))

    assert status_of(client, pair) == 401
    assert refresh(client, pair).status_code == 401


def test_logout_revokes_every_pair_of_the_session(client, pair):
    successor = refresh(client, pair).json

    client.post(LOGOUT, headers=bearer(pair["access_token"]))

    assert status_of(client, successor) == 401
    assert refresh(client, successor).status_code == 401


@pytest.mark.parametrize(
    "change", [{"is_active": False}, {"deleted_at": utcnow()}], ids=["deactivated", "deleted"]
)
def test_tokens_of_inactive_or_deleted_user_are_rejected(client, db_session, user, pair, change):
    for name, value in change.items():
        setattr(user, name, value)
    db_session.commit()

    assert status_of(client, pair) == 401
    assert refresh(client, pair).status_code == 401


@pytest.mark.parametrize("change", [{"role": "admin"}, {"is_active": False}])
def test_change_of_role_or_status_revokes_refresh_tokens(client, user, pair, admin_headers, change):
    client.patch(f"/api/v1/users/{user.id}", json=change, headers=admin_headers)

    assert refresh(client, pair).status_code == 401


def test_password_change_revokes_refresh_tokens_of_other_sessions(client, user, pair):
    other = log_in(client, user.email)
    body = {"current_password": PASSWORD, "new_password": "a completely different one"}

    client.post(f"{ME}/password", json=body, headers=bearer(pair["access_token"]))

    assert refresh(client, pair).status_code == 200
    assert refresh(client, other).status_code == 401


# Restarts


@pytest.fixture
def restart(concurrent_app):
    """Return a function that restarts the service with the same database and key."""
    started = []

    def restart():
        app = create_app("testing")
        app.config["JWT_SECRET_KEY"] = concurrent_app.config["JWT_SECRET_KEY"]
        started.append(app)
        return app.test_client()

    yield restart
    for app in started:
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def lasting_pair(concurrent_app) -> dict[str, str]:
    """A pair of tokens in a database that survives a restart."""
    open_account(concurrent_app, "user@example.com")
    return log_in(concurrent_app.test_client(), "user@example.com")


def test_tokens_survive_a_restart(lasting_pair, restart):
    client = restart()

    assert status_of(client, lasting_pair) == 200
    assert refresh(client, lasting_pair).status_code == 200


def test_logout_survives_a_restart(concurrent_app, lasting_pair, restart):
    concurrent_app.test_client().post(LOGOUT, headers=bearer(lasting_pair["access_token"]))

    client = restart()

    assert status_of(client, lasting_pair) == 401
    assert refresh(client, lasting_pair).status_code == 401


def test_revocation_by_reuse_survives_a_restart(concurrent_app, lasting_pair, restart):
    concurrent_app.config["JWT_REFRESH_GRACE"] = -1
    refresh(concurrent_app.test_client(), lasting_pair)
    refresh(concurrent_app.test_client(), lasting_pair)

    client = restart()

    assert status_of(client, lasting_pair) == 401


def test_new_key_invalidates_all_tokens(concurrent_app, lasting_pair):
    concurrent_app.config["JWT_SECRET_KEY"] = OTHER_KEY

    assert status_of(concurrent_app.test_client(), lasting_pair) == 401


@pytest.mark.usefixtures("production")
def test_jwt_key_must_differ_from_secret_key(monkeypatch):
    monkeypatch.setenv("JWT_SECRET_KEY", OTHER_KEY)
    monkeypatch.setenv("SECRET_KEY", OTHER_KEY)

    with pytest.raises(ConfigurationError, match="SECRET_KEY and JWT_SECRET_KEY must differ"):
        create_app("production")
