"""Tests of `flask tokens prune`."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.models.base import utcnow
from app.models.login_session import LoginSession


@pytest.fixture
def make_session(db_session, user):
    """Return a function that stores a session of `user` that expires in some hours."""

    def make(hours: int, **values) -> LoginSession:
        end = utcnow() + timedelta(hours=hours)
        session = LoginSession(user_id=user.id, kind="test", expires_at=end, ends_at=end, **values)
        db_session.add(session)
        db_session.commit()
        return session

    return make


def test_prune_deletes_expired_sessions(runner, db_session, make_session):
    make_session(-1)
    make_session(-2, revoked_at=utcnow())
    active = make_session(1)

    runner.invoke(args=["tokens", "prune"])

    assert db_session.scalars(select(LoginSession.id)).all() == [active.id]


def test_prune_keeps_revoked_sessions_until_they_expire(runner, db_session, make_session):
    revoked = make_session(1, revoked_at=utcnow())

    runner.invoke(args=["tokens", "prune"])

    assert db_session.scalars(select(LoginSession.id)).all() == [revoked.id]


def test_prune_keeps_expired_sessions_of_known_networks(runner, db_session, make_session):
    day = timedelta(days=1)
    known = make_session(-1, network_hash="0" * 32, created_at=utcnow() - 29 * day)
    make_session(-1, network_hash="0" * 32, created_at=utcnow() - 31 * day)

    runner.invoke(args=["tokens", "prune"])

    assert db_session.scalars(select(LoginSession.id)).all() == [known.id]


@pytest.mark.parametrize("count", [0, 1, 3])
def test_prune_prints_the_number_of_deleted_sessions(runner, make_session, count):
    for _ in range(count):
        make_session(-1)

    result = runner.invoke(args=["tokens", "prune"])

    assert result.exit_code == 0
    assert f"Deleted {count} " in result.output


def test_prune_keeps_active_sessions(runner, client, auth_headers):
    runner.invoke(args=["tokens", "prune"])

    assert client.get("/api/v1/users/me", headers=auth_headers).status_code == 200
