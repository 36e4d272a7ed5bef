"""Logins: when they are good, how they rotate, how they end."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.exceptions import UnauthorizedError
from app.extensions import db
from app.models.base import utcnow
from app.models.login_session import LoginSession
from app.models.user import User
from app.services import login_sessions

KIND = "test"
HOUR = timedelta(hours=1)
GRACE = timedelta(seconds=10)


@pytest.fixture
def person(user, app_context) -> User:
    """`user`, in an app context."""
    return user


@pytest.fixture
def session(person) -> LoginSession:
    """A login of `person`."""
    return login_sessions.create(person, KIND, HOUR)


def change(session: LoginSession, **values) -> None:
    """Store other values in the row of a session."""
    for name, value in values.items():
        setattr(session, name, value)
    db.session.commit()


def rotate(session: LoginSession, refresh_id: str | None, *, grace: timedelta = GRACE) -> LoginSession:
    """Spend a refresh id of a session."""
    return login_sessions.rotate(session.id, KIND, str(refresh_id), lifetime=HOUR, grace=grace)


def test_a_log_in_is_of_a_user_and_a_kind(person, session):
    assert (session.user, session.kind) == (person, KIND)


def test_a_log_in_lasts_its_lifetime(session):
    assert session.expires_at - session.created_at == pytest.approx(HOUR, abs=timedelta(seconds=5))


def test_log_ins_have_ids_of_their_own(person, session):
    other = login_sessions.create(person, KIND, HOUR)

    assert other.id != session.id
    assert other.current_refresh_id != session.current_refresh_id


def test_a_live_session_is_found_with_its_user(person, session):
    found = login_sessions.get_active(session.id, KIND)

    assert (found, found.user) == (session, person)


def test_an_unknown_session_is_not_found(session):
    with pytest.raises(UnauthorizedError):
        login_sessions.get_active(uuid.uuid4(), KIND)


def test_a_session_is_not_good_for_another_kind(session):
    with pytest.raises(UnauthorizedError):
        login_sessions.get_active(session.id, "other")


@pytest.mark.parametrize(
    "values", [{"revoked_at": utcnow()}, {"expires_at": utcnow()}], ids=lambda values: next(iter(values))
)
def test_a_session_that_ended_is_not_found(session, values):
    change(session, **values)

    with pytest.raises(UnauthorizedError):
        login_sessions.get_active(session.id, KIND)


@pytest.mark.parametrize(
    "values", [{"is_active": False}, {"deleted_at": utcnow()}], ids=lambda values: next(iter(values))
)
def test_a_session_of_somebody_who_may_not_come_in_is_not_found(person, session, values):
    for name, value in values.items():
        setattr(person, name, value)
    db.session.commit()

    with pytest.raises(UnauthorizedError):
        login_sessions.get_active(session.id, KIND)


def test_rotation_names_a_successor_and_remembers_the_predecessor(session):
    spent = session.current_refresh_id

    rotated = rotate(session, spent)

    assert rotated.current_refresh_id != spent
    assert rotated.previous_refresh_id == spent


def test_rotation_prolongs_the_session(session):
    change(session, expires_at=utcnow() + timedelta(seconds=30))

    rotated = rotate(session, session.current_refresh_id)

    assert rotated.expires_at > utcnow() + timedelta(minutes=50)


def test_within_the_grace_period_the_predecessor_gets_the_same_successor(session):
    spent = session.current_refresh_id
    successor = rotate(session, spent).current_refresh_id

    assert rotate(session, spent).current_refresh_id == successor


def test_a_retry_does_not_prolong_the_grace_period(session):
    spent = session.current_refresh_id
    rotated_at = rotate(session, spent).rotated_at

    assert rotate(session, spent).rotated_at == rotated_at


def test_after_the_grace_period_the_predecessor_ends_the_session(session):
    spent = session.current_refresh_id
    rotate(session, spent)
    change(session, rotated_at=utcnow() - GRACE - timedelta(seconds=1))

    with pytest.raises(UnauthorizedError):
        rotate(session, spent)

    assert session.revoked_at is not None


def test_just_within_the_grace_period_the_predecessor_is_good(session):
    spent = session.current_refresh_id
    rotate(session, spent)
    change(session, rotated_at=utcnow() - GRACE + timedelta(seconds=5))

    assert rotate(session, spent).revoked_at is None


@pytest.mark.parametrize("rotations", [2, 3])
def test_anything_older_ends_the_session_at_once(session, rotations):
    spent = session.current_refresh_id
    for _ in range(rotations):
        rotate(session, session.current_refresh_id)

    with pytest.raises(UnauthorizedError):
        rotate(session, spent)

    assert session.revoked_at is not None


def test_the_end_is_committed_before_the_error(session):
    with pytest.raises(UnauthorizedError):
        rotate(session, "invented")

    db.session.rollback()
    assert db.session.scalar(select(LoginSession.revoked_at)) is not None


def test_the_refresh_id_of_another_session_spends_nothing(person, session):
    other = login_sessions.create(person, KIND, HOUR)
    unspent = other.current_refresh_id

    with pytest.raises(UnauthorizedError):
        rotate(session, unspent)

    assert (other.current_refresh_id, other.revoked_at) == (unspent, None)


@pytest.mark.parametrize(
    "values", [{"revoked_at": utcnow()}, {"expires_at": utcnow()}], ids=lambda values: next(iter(values))
)
def test_a_session_that_ended_does_not_rotate(session, values):
    unspent = session.current_refresh_id
    change(session, **values)

    with pytest.raises(UnauthorizedError):
        rotate(session, unspent)

    assert session.current_refresh_id == unspent


def test_an_unknown_session_does_not_rotate(session):
    with pytest.raises(UnauthorizedError):
        login_sessions.rotate(uuid.uuid4(), KIND, "invented", lifetime=HOUR, grace=GRACE)

    assert session.revoked_at is None


def test_a_session_can_be_ended(person, session):
    other = login_sessions.create(person, KIND, HOUR)

    login_sessions.revoke(session.id)

    assert session.revoked_at is not None
    assert other.revoked_at is None


def test_a_session_ends_only_once(session):
    yesterday = utcnow() - timedelta(days=1)
    change(session, revoked_at=yesterday)

    login_sessions.revoke(session.id)

    assert session.revoked_at == yesterday


def test_all_sessions_of_a_user_can_be_ended(person, session):
    other = login_sessions.create(person, "other", HOUR)

    login_sessions.revoke_all(person)

    db.session.commit()
    assert None not in {session.revoked_at, other.revoked_at}


def test_all_sessions_but_one_can_be_ended(person, session):
    other = login_sessions.create(person, KIND, HOUR)

    login_sessions.revoke_all(person, keep=session.id)

    db.session.commit()
    assert (session.revoked_at is None, other.revoked_at is None) == (True, False)


def test_ending_the_sessions_of_one_user_leaves_others_alone(make_user, person, session):
    other = db.session.get_one(User, make_user().id)

    login_sessions.revoke_all(other)

    db.session.commit()
    assert session.revoked_at is None


def test_ending_all_sessions_waits_for_the_callers_commit(person, session):
    login_sessions.revoke_all(person)

    db.session.rollback()
    assert session.revoked_at is None


def test_pruning_deletes_expired_sessions_and_counts_them(person, session):
    for _ in range(2):
        change(login_sessions.create(person, KIND, HOUR), expires_at=utcnow() - HOUR)

    assert login_sessions.prune() == 2
    assert db.session.scalars(select(LoginSession.id)).all() == [session.id]


def test_pruning_keeps_sessions_that_were_ended_and_not_expired(session):
    change(session, revoked_at=utcnow())

    assert login_sessions.prune() == 0


def test_pruning_leaves_users_alone(person, session):
    change(session, expires_at=utcnow() - HOUR)

    login_sessions.prune()

    assert db.session.scalar(select(func.count(User.id))) == 1
