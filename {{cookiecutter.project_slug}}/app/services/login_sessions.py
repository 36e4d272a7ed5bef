"""Login sessions: create, look up, list, extend, rotate, revoke and prune.

Refresh tokens are rotated, and reuse of an old one revokes the session (RFC 9700, section 4.14.2).
"""

import logging
import uuid
from collections.abc import Sequence
from datetime import timedelta
from functools import cache
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    CursorResult,
    Executable,
    Select,
    and_,
    bindparam,
    case,
    delete,
    literal,
    select,
    update,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import contains_eager

from app import security_log
from app.exceptions import NotFoundError, UnauthorizedError
from app.extensions import db
from app.models.base import utcnow
from app.models.login_session import LoginSession
from app.models.user import User

MAX_LISTED = 100
USE_INTERVAL = timedelta(minutes=1)  # requests in between are not recorded: most write nothing

logger = logging.getLogger(__name__)


def create(
    user: User,
    kind: str,
    lifetime: timedelta,
    *,
    idle: timedelta = timedelta.max,
    network_hash: str | None = None,
) -> LoginSession:
    """Create a session for a user whose password was just verified.

    It ends after its lifetime, and earlier if it is not used for as long as `idle`.

    An UPDATE without changes locks the user until the commit. A concurrent change of the password is
    either committed before, and the login fails, or after, and it revokes this session.

    Raises:
        UnauthorizedError: The password was changed since it was verified.
    """
    lock = update(User).where(user.password_unchanged()).values(updated_at=User.updated_at)
    if not _row_count(lock):
        raise UnauthorizedError("The password has just been changed.")
    now = utcnow()
    session = LoginSession(
        user_id=user.id,
        kind=kind,
        current_refresh_id=str(uuid.uuid4()),
        network_hash=network_hash,
        expires_at=now + min(idle, lifetime),
        ends_at=now + lifetime,
    )
    db.session.add(session)
    db.session.commit()
    security_log.record("login", target_id=user.id, session_id=str(session.id), kind=kind)
    return session


def get_active(session_id: uuid.UUID, *kinds: str) -> LoginSession:
    """Return an active session with its user in one query.

    Raises:
        UnauthorizedError: It is unknown, expired or revoked, or the user is inactive or deleted.
    """
    session = db.session.scalar(_select_active(*kinds), {"session_id": session_id})
    if session is None:
        raise UnauthorizedError("The session has expired or was revoked.")
    return session


def get_user(session_id: uuid.UUID, kind: str) -> User:
    """Return the user of an active session, for requests that need no more of it.

    Raises:
        UnauthorizedError: It is unknown, expired or revoked, or the user is inactive or deleted.
    """
    user = db.session.scalar(_select_user(), {"session_id": session_id, "kind": kind})
    if user is None:
        raise UnauthorizedError("The session has expired or was revoked.")
    return user


def list_active(user: User, *, current: uuid.UUID) -> Sequence[Any]:
    """Return the active sessions of a user, the last used first, and which of them is the current one."""
    columns = (LoginSession.id, LoginSession.kind, LoginSession.created_at, LoginSession.last_used_at)
    query = (
        select(*columns, (LoginSession.id == current).label("current"))
        .where(LoginSession.user_id == user.id, LoginSession.is_active())
        .order_by(LoginSession.last_used_at.desc(), LoginSession.id)
    )
    return db.session.execute(query.limit(MAX_LISTED)).all()


def record_use(session: LoginSession, idle: timedelta) -> None:
    """Extend a session that is used, and commit, at most once a minute.

    A database that cannot be written at the moment must not end a request that only reads.
    """
    due = utcnow() - USE_INTERVAL
    if session.last_used_at > due:
        return
    extend = (
        update(LoginSession)
        .where(LoginSession.id == session.id, LoginSession.last_used_at <= due)
        .where(LoginSession.is_active())
        .values(_use(idle))
        .execution_options(synchronize_session=False)
    )
    try:
        db.session.execute(extend)
        db.session.commit()
    except DBAPIError as error:
        db.session.rollback()
        logger.warning("Cannot record the use of a login session: %s", error.orig)


def is_known_network(owner: ColumnElement[bool], network_hashes: Sequence[str], lifetime: timedelta) -> bool:
    """Return whether a user logged in from a network within a lifetime.

    `owner` is the criterion of the user, `network_hashes` has the hashes under all keys.
    """
    known = (
        select(LoginSession.id)
        .join(User, LoginSession.user_id == User.id)
        .where(owner, LoginSession.network_hash.in_(network_hashes))
        .where(LoginSession.created_at > utcnow() - lifetime)
    )
    return db.session.scalar(known.limit(1)) is not None


def rotate(
    session_id: uuid.UUID, kind: str, refresh_id: str, *, idle: timedelta, grace: timedelta
) -> LoginSession:
    """Exchange a refresh token and return its session with the id of the next one.

    One conditional UPDATE decides which of several concurrent requests exchanges the token. The others
    (parallel tabs, lost responses) get the same successor if they arrive within the grace period.

    Raises:
        UnauthorizedError: The session is not active, or the token was exchanged before the grace period.
            The latter indicates a stolen token, so the session is revoked.
    """
    exchange = (
        update(LoginSession)
        .where(LoginSession.id == session_id, LoginSession.current_refresh_id == refresh_id)
        .where(LoginSession.is_active())
        .values(
            previous_refresh_id=refresh_id,
            current_refresh_id=str(uuid.uuid4()),
            rotated_at=utcnow(),
            **_use(idle),
        )
        .execution_options(synchronize_session=False)
    )
    exchanged = _row_count(exchange) == 1
    db.session.commit()
    session = get_active(session_id, kind)
    if not exchanged and not _is_recent_predecessor(session, refresh_id, grace):
        security_log.record(
            "refresh_token_reused",
            level=logging.WARNING,
            target_id=session.user_id,
            session_id=str(session_id),
        )
        revoke(session_id)
        raise UnauthorizedError("This refresh token was already used; the session was revoked.")
    return session


def revoke(session_id: uuid.UUID) -> None:
    """Revoke a session."""
    _revoke_where(LoginSession.id == session_id)
    db.session.commit()
    security_log.record("session_revoked", session_id=str(session_id))


def revoke_own(user: User, session_id: uuid.UUID) -> None:
    """Revoke an active session of a user.

    Raises:
        NotFoundError: The user has no such session.
    """
    own = (LoginSession.id == session_id, LoginSession.user_id == user.id, LoginSession.is_active())
    if not _revoke_where(*own):
        raise NotFoundError("Session not found.")
    db.session.commit()
    security_log.record("session_revoked", target_id=user.id, session_id=str(session_id))


def revoke_all(user: User, *, keep: uuid.UUID | None = None) -> None:
    """Revoke all sessions of a user except `keep`; the caller commits."""
    _revoke_where(LoginSession.user_id == user.id, LoginSession.id != keep)


def prune(known_network_lifetime: timedelta = timedelta()) -> int:
    """Delete expired sessions, except those that make a network known, and return their number."""
    unknown = LoginSession.network_hash.is_(None)
    outdated = LoginSession.created_at <= utcnow() - known_network_lifetime
    expired = delete(LoginSession).where(LoginSession.expires_at <= utcnow(), unknown | outdated)
    deleted = _row_count(expired)
    db.session.commit()
    return deleted


@cache
def _select_active(*kinds: str) -> Select[LoginSession]:
    """Build the query by `session_id` once, because every request runs it."""
    return (
        select(LoginSession)
        .join(LoginSession.user)
        .where(LoginSession.id == bindparam("session_id"), LoginSession.kind.in_(kinds))
        .where(_is_valid())
        .options(contains_eager(LoginSession.user))
    )


@cache
def _select_user() -> Select[User]:
    """Build the query by `session_id` and `kind` once, because every request runs it."""
    return (
        select(User)
        .join(LoginSession, LoginSession.user_id == User.id)
        .where(LoginSession.id == bindparam("session_id"), LoginSession.kind == bindparam("kind"))
        .where(_is_valid())
    )


def _is_valid() -> ColumnElement[bool]:
    """Return the criterion of active sessions of users who may log in."""
    return and_(LoginSession.is_active(), User.is_active, User.deleted_at.is_(None))


def _use(idle: timedelta) -> dict[str, Any]:
    """Return the values of a session that is used now."""
    now, ends_at = utcnow(), LoginSession.ends_at
    idle_end = literal(now + idle, ends_at.type)
    return {"last_used_at": now, "expires_at": case((ends_at < idle_end, ends_at), else_=idle_end)}


def _row_count(statement: Executable) -> int:
    return cast("CursorResult[Any]", db.session.execute(statement)).rowcount


def _revoke_where(*criteria: ColumnElement[bool]) -> int:
    query = update(LoginSession).where(LoginSession.revoked_at.is_(None), *criteria)
    return _row_count(query.values(revoked_at=utcnow()))


def _is_recent_predecessor(session: LoginSession, refresh_id: str, grace: timedelta) -> bool:
    return (
        session.previous_refresh_id == refresh_id
        and session.rotated_at is not None
        and utcnow() - session.rotated_at <= grace
    )
