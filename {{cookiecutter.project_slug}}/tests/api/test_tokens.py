"""Tokens: what is accepted, how they rotate, and when they end."""

from datetime import timedelta

import jwt
import pytest
from sqlalchemy import select, update

from app import create_app
from app.config import ConfigurationError
from app.extensions import db
from app.models.base import utcnow
from app.models.login_session import LoginSession
from tests.echo import ECHO, add_echo
from tests.plugins.accounts import at_once, open_account
from tests.plugins.credentials import PASSWORD

LOGIN = "/api/v1/auth/login"
REFRESH = "/api/v1/auth/refresh"
LOGOUT = "/api/v1/auth/logout"
ME = "/api/v1/users/me"
OTHER_KEY = "k" * 64


def bearer(token: str) -> dict[str, str]:
    """Return the headers that carry a token."""
    return {"Authorization": f"Bearer {token}"}


def log_in(client, email: str) -> dict[str, str]:
    """Log in and return the first pair of a family."""
    return client.post(LOGIN, json={"email": email, "password": PASSWORD}).json


def refresh(client, pair: dict[str, str]):
    """Spend the refresh token of a pair."""
    return client.post(REFRESH, headers=bearer(pair["refresh_token"]))


def status_of(client, pair: dict[str, str]) -> int:
    """Return how a request with the access token of a pair is answered."""
    return client.get(ME, headers=bearer(pair["access_token"])).status_code


@pytest.fixture
def pair(client, user) -> dict[str, str]:
    """The first pair of tokens of a family of `user`."""
    return log_in(client, user.email)


@pytest.fixture
def after_grace(db_session):
    """Let the grace period of every rotation so far be over."""

    def move_rotations() -> None:
        db_session.execute(update(LoginSession).values(rotated_at=utcnow() - timedelta(minutes=1)))
        db_session.commit()

    return move_rotations


@pytest.fixture
def forge(app, pair):
    """Sign the claims of an access or refresh token anew, with changes; None removes a claim."""

    def forge(kind: str, key: str | None = None, algorithm: str = "HS256", **changes) -> str:
        claims = jwt.decode(pair[f"{kind}_token"], options={"verify_signature": False}) | changes
        claims = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(claims, app.config["JWT_SECRET_KEY"] if key is None else key, algorithm)

    return forge


# What a login hands out


def test_logging_in_answers_a_pair_of_tokens(app, pair):
    assert set(pair) == {"access_token", "refresh_token", "token_type", "expires_in"}
    assert pair["token_type"] == "Bearer"
    assert pair["expires_in"] == app.config["JWT_ACCESS_TOKEN_EXPIRES"] == 3600


@pytest.mark.parametrize(("kind", "days"), [("access", 1 / 24), ("refresh", 30)])
def test_tokens_expire_when_the_configuration_says(pair, kind, days):
    claims = jwt.decode(pair[f"{kind}_token"], options={"verify_signature": False})

    assert claims["exp"] - claims["iat"] == pytest.approx(days * 86400, abs=5)


def test_lifetimes_can_be_timedeltas(app, client, user):
    app.config["JWT_ACCESS_TOKEN_EXPIRES"] = timedelta(minutes=5)

    assert log_in(client, user.email)["expires_in"] == 300


def test_a_token_names_its_user_by_a_string_and_says_nothing_about_them(user, pair):
    claims = jwt.decode(pair["access_token"], options={"verify_signature": False})

    assert claims["sub"] == str(user.id)
    assert set(claims) == {"sub", "sid", "type", "fresh", "jti", "iat", "nbf", "exp"}


@pytest.mark.parametrize("kind", ["access", "refresh"])
def test_tokens_are_signed_with_the_pinned_algorithm(pair, kind):
    assert jwt.get_unverified_header(pair[f"{kind}_token"])["alg"] == "HS256"


def test_each_log_in_starts_a_family_of_its_own(client, user, pair):
    other = log_in(client, user.email)

    client.post(LOGOUT, headers=bearer(other["access_token"]))

    assert refresh(client, pair).status_code == 200


# Rotation


def test_a_refresh_token_gets_the_next_pair(client, pair):
    response = refresh(client, pair)

    assert response.status_code == 200
    assert set(response.json) == set(pair)
    assert status_of(client, response.json) == 200


def test_every_pair_has_a_refresh_token_of_its_own(client, pair):
    pairs = [pair]
    for _ in range(3):
        pairs.append(refresh(client, pairs[-1]).json)

    assert len({pair["refresh_token"] for pair in pairs}) == 4


def test_access_tokens_stay_good_when_their_family_rotates(client, pair):
    refresh(client, pair)

    assert status_of(client, pair) == 200


def test_rotation_prolongs_the_session(client, db_session, pair):
    soon = utcnow() + timedelta(minutes=5)
    db_session.execute(update(LoginSession).values(expires_at=soon))
    db_session.commit()

    refresh(client, pair)

    db_session.expire_all()
    assert db_session.scalar(select(LoginSession.expires_at)) > soon + timedelta(days=29)


def test_the_token_just_spent_gets_a_good_pair_within_the_grace_period(client, pair):
    refresh(client, pair)

    again = refresh(client, pair)

    assert again.status_code == 200
    assert refresh(client, again.json).status_code == 200


def test_a_retry_gets_a_pair_of_the_same_family(client, pair):
    successor = refresh(client, pair).json

    again = refresh(client, pair).json

    ids = {
        jwt.decode(token["refresh_token"], options={"verify_signature": False})["sid"]
        for token in (pair, successor, again)
    }
    assert len(ids) == 1


def test_the_token_just_spent_is_refused_after_the_grace_period(client, pair, after_grace):
    refresh(client, pair)
    after_grace()

    assert refresh(client, pair).status_code == 401


def test_the_grace_period_is_configurable(app, client, pair):
    app.config["JWT_REFRESH_GRACE"] = -1
    refresh(client, pair)

    assert refresh(client, pair).status_code == 401


def test_an_older_token_is_refused_even_within_the_grace_period(client, pair):
    refresh(client, refresh(client, pair).json)

    assert refresh(client, pair).status_code == 401


def test_reuse_ends_the_family(client, pair, after_grace):
    successor = refresh(client, pair).json
    after_grace()

    refresh(client, pair)

    assert refresh(client, successor).status_code == 401
    assert status_of(client, successor) == 401


def test_the_end_of_a_family_is_stored_before_the_answer(client, db_session, pair, after_grace):
    refresh(client, pair)
    after_grace()

    refresh(client, pair)

    assert db_session.scalar(select(LoginSession.revoked_at)) is not None


def test_reuse_leaves_other_families_alone(client, user, pair, after_grace):
    other = log_in(client, user.email)
    refresh(client, pair)
    after_grace()

    refresh(client, pair)

    assert refresh(client, other).status_code == 200


def test_parallel_refreshes_all_get_the_same_successor(concurrent_app):
    open_account(concurrent_app, "user@example.com")
    pair = log_in(concurrent_app.test_client(), "user@example.com")

    answers = at_once(20, lambda _number: refresh(concurrent_app.test_client(), pair))

    assert [response.status_code for response in answers] == [200] * 20
    ids = {
        jwt.decode(response.json["refresh_token"], options={"verify_signature": False})["jti"]
        for response in answers
    }
    assert len(ids) == 1


def test_after_parallel_refreshes_the_family_lives_on(concurrent_app):
    client = concurrent_app.test_client()
    open_account(concurrent_app, "user@example.com")
    pair = log_in(client, "user@example.com")

    answers = at_once(20, lambda _number: refresh(concurrent_app.test_client(), pair))

    assert refresh(client, answers[0].json).status_code == 200


def test_parallel_reuse_without_grace_leaves_nobody_logged_in(concurrent_app):
    concurrent_app.config["JWT_REFRESH_GRACE"] = -1
    client = concurrent_app.test_client()
    open_account(concurrent_app, "user@example.com")
    pair = log_in(client, "user@example.com")

    answers = at_once(20, lambda _number: refresh(concurrent_app.test_client(), pair))

    assert {response.status_code for response in answers} <= {200, 401}
    assert [response.status_code for response in answers].count(200) <= 1
    assert status_of(client, pair) == 401


# Tokens that are no good


def tampered(token: str) -> str:
    """Change the payload of a token and keep its signature."""
    header, payload, signature = token.split(".")
    return ".".join([header, payload[:-2] + ("AA" if payload[-2:] != "AA" else "BB"), signature])


@pytest.mark.parametrize(("path", "kind"), [(ME, "access"), (REFRESH, "refresh")])
@pytest.mark.parametrize(
    "spoil",
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
def test_tokens_that_are_no_good_are_401(client, forge, path, kind, spoil):
    method = "GET" if path == ME else "POST"

    response = client.open(path, method=method, headers=bearer(spoil(forge, kind)))

    assert response.status_code == 401
    assert response.mimetype == "application/problem+json"
    assert response.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer ", "Bearer a b", "Bearer x.y.z", "bearer", "Token x", ""]
)
@pytest.mark.parametrize(("method", "path"), [("GET", ME), ("POST", REFRESH)])
def test_headers_that_hold_no_token_are_401(client, method, path, header):
    response = client.open(path, method=method, headers={"Authorization": header})

    assert response.status_code == 401


def test_a_refresh_without_a_token_is_401(client):
    assert client.post(REFRESH).status_code == 401


def test_a_refresh_token_opens_no_view(client, pair):
    assert client.get(ME, headers=bearer(pair["refresh_token"])).status_code == 401


def test_an_access_token_cannot_be_refreshed(client, pair):
    assert client.post(REFRESH, headers=bearer(pair["access_token"])).status_code == 401


def test_an_access_token_cannot_be_refreshed_and_ends_no_family(client, pair):
    client.post(REFRESH, headers=bearer(pair["access_token"]))

    assert refresh(client, pair).status_code == 200


def test_a_token_of_one_user_in_the_session_of_another_is_401(client, forge, admin_user):
    token = forge("access", sub=str(admin_user.id))

    assert client.get(ME, headers=bearer(token)).status_code == 401


def test_a_refresh_token_without_an_id_is_401(client, forge):
    token = forge("refresh", jti=None)

    assert client.post(REFRESH, headers=bearer(token)).status_code == 401


def test_a_refresh_token_with_an_invented_id_ends_the_family(client, pair, forge):
    client.post(REFRESH, headers=bearer(forge("refresh", jti="invented")))

    assert refresh(client, pair).status_code == 401


def test_a_token_in_the_address_is_not_looked_at(client, pair):
    response = client.get(ME, query_string={"jwt": pair["access_token"]})

    assert response.status_code == 401


def test_a_bad_token_does_not_hide_what_is_public(make_app):
    assert make_app(add_echo).test_client().get(ECHO, headers=bearer("x.y.z")).status_code == 200


def test_the_problem_does_not_repeat_the_token(client, forge):
    token = forge("access", exp=1)

    response = client.get(ME, headers=bearer(token))

    assert token not in response.text


# Tokens that ended


def test_an_access_token_ends_with_its_session(client, db_session, pair):
    db_session.execute(update(LoginSession).values(expires_at=utcnow() - timedelta(seconds=1)))
    db_session.commit()

    assert status_of(client, pair) == 401
    assert refresh(client, pair).status_code == 401


def test_signing_out_kills_both_tokens(client, pair):
    client.post(LOGOUT, headers=bearer(pair["access_token"]))

    assert status_of(client, pair) == 401
    assert refresh(client, pair).status_code == 401


def test_signing_out_kills_every_pair_of_the_family(client, pair):
    successor = refresh(client, pair).json

    client.post(LOGOUT, headers=bearer(pair["access_token"]))

    assert status_of(client, successor) == 401
    assert refresh(client, successor).status_code == 401


@pytest.mark.parametrize(
    "change", [{"is_active": False}, {"deleted_at": utcnow()}], ids=["deactivated", "deleted"]
)
def test_the_tokens_of_a_user_who_may_no_longer_come_in_are_401(client, db_session, user, pair, change):
    for name, value in change.items():
        setattr(user, name, value)
    db_session.commit()

    assert status_of(client, pair) == 401
    assert refresh(client, pair).status_code == 401


@pytest.mark.parametrize("change", [{"role": "admin"}, {"is_active": False}])
def test_a_change_of_standing_ends_refresh_tokens(client, user, pair, admin_headers, change):
    client.patch(f"/api/v1/users/{user.id}", json=change, headers=admin_headers)

    assert refresh(client, pair).status_code == 401


def test_a_change_of_password_ends_the_refresh_tokens_of_other_sessions(client, user, pair):
    other = log_in(client, user.email)
    body = {"current_password": PASSWORD, "new_password": "a completely different one"}

    client.post(f"{ME}/password", json=body, headers=bearer(pair["access_token"]))

    assert refresh(client, pair).status_code == 200
    assert refresh(client, other).status_code == 401


# Tokens and restarts


@pytest.fixture
def restart(concurrent_app):
    """Start the service again on the same database, with the same key."""
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
    """A pair of tokens in a database that outlives an app."""
    open_account(concurrent_app, "user@example.com")
    return log_in(concurrent_app.test_client(), "user@example.com")


def test_tokens_survive_a_restart(lasting_pair, restart):
    client = restart()

    assert status_of(client, lasting_pair) == 200
    assert refresh(client, lasting_pair).status_code == 200


def test_signing_out_survives_a_restart(concurrent_app, lasting_pair, restart):
    concurrent_app.test_client().post(LOGOUT, headers=bearer(lasting_pair["access_token"]))

    client = restart()

    assert status_of(client, lasting_pair) == 401
    assert refresh(client, lasting_pair).status_code == 401


def test_the_end_of_a_family_survives_a_restart(concurrent_app, lasting_pair, restart):
    concurrent_app.config["JWT_REFRESH_GRACE"] = -1
    refresh(concurrent_app.test_client(), lasting_pair)
    refresh(concurrent_app.test_client(), lasting_pair)

    client = restart()

    assert status_of(client, lasting_pair) == 401


def test_another_key_makes_all_tokens_worthless(concurrent_app, lasting_pair):
    concurrent_app.config["JWT_SECRET_KEY"] = OTHER_KEY

    assert status_of(concurrent_app.test_client(), lasting_pair) == 401


@pytest.mark.usefixtures("production")
def test_tokens_have_a_key_of_their_own(monkeypatch):
    monkeypatch.setenv("JWT_SECRET_KEY", OTHER_KEY)
    monkeypatch.setenv("SECRET_KEY", OTHER_KEY)

    with pytest.raises(ConfigurationError, match="SECRET_KEY and JWT_SECRET_KEY must differ"):
        create_app("production")
