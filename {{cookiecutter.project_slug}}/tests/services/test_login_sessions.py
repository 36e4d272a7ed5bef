"""Tests of login sessions: validity, rotation and revocation."""

import uuid
from datetime import timedelta
from unittest.mock import Mock

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from app.exceptions import UnauthorizedError
from app.extensions import db
from app.models.base import utcnow
from app.models.login_session import LoginSession
from app.models.user import User
from app.services import login_sessions

KIND = "test"
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
GRACE = timedelta(seconds=10)


@pytest.fixture
def account(user, app_context) -> User:
    """`user`, in an app context."""
    return user


@pytest.fixture
def session(account) -> LoginSession:
    """A session of `account`."""
    return login_sessions.create(account, KIND, HOUR)


def update_columns(session: LoginSession, **values) -> None:
    """Update columns of a session."""
    for name, value in values.items():
        setattr(session, name, value)
    db.session.commit()


def rotate(session: LoginSession, refresh_id: str | None, *, grace: timedelta = GRACE) -> LoginSession:
    """Exchange a refresh id of a session."""
    return login_sessions.rotate(session.id, KIND, str(refresh_id), idle=HOUR, grace=grace)


def test_session_has_user_and_kind(account, session):
    assert (session.user, session.kind) == (account, KIND)


def test_session_expires_after_its_lifetime(session):
    assert session.expires_at - session.created_at == pytest.approx(HOUR, abs=timedelta(seconds=5))


def test_session_expires_earlier_if_it_is_not_used(account):
    session = login_sessions.create(account, KIND, HOUR, idle=HOUR / 2)

    assert session.ends_at - session.created_at == pytest.approx(HOUR, abs=timedelta(seconds=5))
    assert session.ends_at - session.expires_at == HOUR / 2


def test_sessions_have_different_ids(account, session):
    other = login_sessions.create(account, KIND, HOUR)

    assert other.id != session.id
    assert other.current_refresh_id != session.current_refresh_id


def test_active_session_is_found_with_its_user(account, session):
    found = login_sessions.get_active(session.id, KIND)

    assert (found, found.user) == (session, account)


def test_user_of_an_active_session_is_found(account, session):
    assert login_sessions.get_user(session.id, KIND) is account


@pytest.fixture(params=[login_sessions.get_active, login_sessions.get_user], ids=["session", "user"])
def look_up(request):
    """Each function that looks up what belongs to a session."""
    return request.param


def test_unknown_session_is_unauthorized(look_up, session):
    with pytest.raises(UnauthorizedError):
        look_up(uuid.uuid4(), KIND)


def test_session_of_other_kind_is_unauthorized(look_up, session):
    with pytest.raises(UnauthorizedError):
        look_up(session.id, "other")


@pytest.mark.parametrize(
    "values", [{"revoked_at": utcnow()}, {"expires_at": utcnow()}], ids=lambda values: next(iter(values))
)
def test_revoked_or_expired_session_is_unauthorized(look_up, session, values):
    update_columns(session, **values)

    with pytest.raises(UnauthorizedError):
        look_up(session.id, KIND)


@pytest.mark.parametrize(
    "values", [{"is_active": False}, {"deleted_at": utcnow()}], ids=lambda values: next(iter(values))
)
def test_session_of_inactive_or_deleted_user_is_unauthorized(look_up, account, session, values):
    for name, value in values.items():
        setattr(account, name, value)
    db.session.commit()

    with pytest.raises(UnauthorizedError):
        look_up(session.id, KIND)


def test_rotation_stores_successor_and_predecessor(session):
    exchanged = session.current_refresh_id

    rotated = rotate(session, exchanged)

    assert rotated.current_refresh_id != exchanged
    assert rotated.previous_refresh_id == exchanged


def test_use_extends_the_session(session):
    update_columns(session, last_used_at=utcnow() - 2 * MINUTE, expires_at=utcnow() + MINUTE)

    login_sessions.record_use(session, HOUR / 2)

    assert session.expires_at - session.last_used_at == HOUR / 2
    assert utcnow() - session.last_used_at < MINUTE


def test_use_never_extends_a_session_beyond_its_lifetime(session):
    update_columns(session, last_used_at=utcnow() - 2 * MINUTE, ends_at=utcnow() + 2 * MINUTE)

    login_sessions.record_use(session, HOUR)

    assert session.expires_at == session.ends_at


@pytest.mark.parametrize("ago", [timedelta(seconds=50), -HOUR], ids=["recent", "another clock"])
def test_use_is_recorded_once_a_minute(session, statements, ago):
    update_columns(session, last_used_at=utcnow() - ago)
    session_with_user = login_sessions.get_active(session.id, KIND)
    statements.clear()

    login_sessions.record_use(session_with_user, HOUR)

    assert statements == []


@pytest.mark.parametrize("column", ["revoked_at", "expires_at"])
def test_use_does_not_revive_a_session(session, column):
    update_columns(session, last_used_at=utcnow() - 2 * MINUTE, **{column: utcnow()})
    before = session.expires_at

    login_sessions.record_use(session, HOUR)

    assert session.expires_at == before


def test_use_is_lost_if_the_database_cannot_be_written(session, monkeypatch, caplog):
    update_columns(session, last_used_at=utcnow() - 2 * MINUTE)
    monkeypatch.setattr(
        db.session, "execute", Mock(side_effect=OperationalError("", {}, Exception("read-only")))
    )

    login_sessions.record_use(session, HOUR)

    assert "Cannot record the use of a login session: read-only" in caplog.text
    assert utcnow() - session.last_used_at > MINUTE


def test_rotation_extends_the_session(session):
    update_columns(session, last_used_at=utcnow() - HOUR, expires_at=utcnow() + MINUTE / 2)

    rotated = rotate(session, session.current_refresh_id)

    assert rotated.expires_at > utcnow() + 50 * MINUTE
    assert utcnow() - rotated.last_used_at < MINUTE


def test_rotation_never_extends_a_session_beyond_its_lifetime(session):
    update_columns(session, ends_at=utcnow() + MINUTE)

    rotated = rotate(session, session.current_refresh_id)

    assert rotated.expires_at == rotated.ends_at


def test_predecessor_gets_same_successor_within_grace_period(session):
    exchanged = session.current_refresh_id
    successor = rotate(session, exchanged).current_refresh_id

    assert rotate(session, exchanged).current_refresh_id == successor


def test_retry_does_not_extend_the_grace_period(session):
    exchanged = session.current_refresh_id
    rotated_at = rotate(session, exchanged).rotated_at

    assert rotate(session, exchanged).rotated_at == rotated_at


def test_predecessor_revokes_session_after_grace_period(session):
    exchanged = session.current_refresh_id
    rotate(session, exchanged)
    update_columns(session, rotated_at=utcnow() - GRACE - timedelta(seconds=1))

    with pytest.raises(UnauthorizedError):
        rotate(session, exchanged)

    assert session.revoked_at is not None


def test_predecessor_is_accepted_just_within_grace_period(session):
    exchanged = session.current_refresh_id
    rotate(session, exchanged)
    update_columns(session, rotated_at=utcnow() - GRACE + timedelta(seconds=5))

    assert rotate(session, exchanged).revoked_at is None


@pytest.mark.parametrize("rotations", [2, 3])
def test_older_refresh_id_revokes_session_at_once(session, rotations):
    exchanged = session.current_refresh_id
    for _ in range(rotations):
        rotate(session, session.current_refresh_id)

    with pytest.raises(UnauthorizedError):
        rotate(session, exchanged)

    assert session.revoked_at is not None


def test_revocation_is_committed_before_the_error(session):
    with pytest.raises(UnauthorizedError):
        rotate(session, "invented")

    db.session.rollback()
    assert db.session.scalar(select(LoginSession.revoked_at)) is not None


def test_refresh_id_of_other_session_is_unauthorized(account, session):
    other = login_sessions.create(account, KIND, HOUR)
    unused = other.current_refresh_id

    with pytest.raises(UnauthorizedError):
        rotate(session, unused)

    assert (other.current_refresh_id, other.revoked_at) == (unused, None)


@pytest.mark.parametrize(
    "values", [{"revoked_at": utcnow()}, {"expires_at": utcnow()}], ids=lambda values: next(iter(values))
)
def test_revoked_or_expired_session_does_not_rotate(session, values):
    unused = session.current_refresh_id
    update_columns(session, **values)

    with pytest.raises(UnauthorizedError):
        rotate(session, unused)

    assert session.current_refresh_id == unused


def test_unknown_session_does_not_rotate(session):
    with pytest.raises(UnauthorizedError):
        login_sessions.rotate(uuid.uuid4(), KIND, "invented", idle=HOUR, grace=GRACE)

    assert session.revoked_at is None


def test_revoke_revokes_one_session(account, session):
    other = login_sessions.create(account, KIND, HOUR)

    login_sessions.revoke(session.id)

    assert session.revoked_at is not None
    assert other.revoked_at is None


def test_second_revocation_keeps_the_time_of_the_first(session):
    yesterday = utcnow() - timedelta(days=1)
    update_columns(session, revoked_at=yesterday)

    login_sessions.revoke(session.id)

    assert session.revoked_at == yesterday


def test_revoke_all_revokes_all_sessions_of_the_user(account, session):
    other = login_sessions.create(account, "other", HOUR)

    login_sessions.revoke_all(account)

    db.session.commit()
    assert None not in {session.revoked_at, other.revoked_at}


def test_revoke_all_keeps_the_given_session(account, session):
    other = login_sessions.create(account, KIND, HOUR)

    login_sessions.revoke_all(account, keep=session.id)

    db.session.commit()
    assert (session.revoked_at is None, other.revoked_at is None) == (True, False)


def test_revoke_all_keeps_sessions_of_other_users(make_user, account, session):
    other = db.session.get_one(User, make_user().id)

    login_sessions.revoke_all(other)

    db.session.commit()
    assert session.revoked_at is None


def test_revoke_all_does_not_commit(account, session):
    login_sessions.revoke_all(account)

    db.session.rollback()
    assert session.revoked_at is None


def test_prune_deletes_and_counts_expired_sessions(account, session):
    for _ in range(2):
        update_columns(login_sessions.create(account, KIND, HOUR), expires_at=utcnow() - HOUR)

    assert login_sessions.prune() == 2
    assert db.session.scalars(select(LoginSession.id)).all() == [session.id]


def test_prune_keeps_revoked_sessions_until_they_expire(session):
    update_columns(session, revoked_at=utcnow())

    assert login_sessions.prune() == 0


def test_prune_keeps_users(account, session):
    update_columns(session, expires_at=utcnow() - HOUR)

    login_sessions.prune()

    assert db.session.scalar(select(func.count(User.id))) == 1
