"""Logins: starting, finding, rotating and ending them.

Refresh tokens rotate, and reuse of a spent one ends its family (RFC 9700, 4.14.2).
"""

import uuid
from datetime import timedelta
from functools import cache
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    CursorResult,
    Executable,
    Select,
    bindparam,
    delete,
    select,
    update,
)
from sqlalchemy.orm import contains_eager

from app.exceptions import UnauthorizedError
from app.extensions import db
from app.models.base import utcnow
from app.models.login_session import LoginSession
from app.models.user import User


def create(user: User, kind: str, lifetime: timedelta) -> LoginSession:
    """Sign a user in whose password was just verified.

    The UPDATE changes nothing: it holds the account until the commit, so that a change of the password
    comes before, and nobody is logged in, or after, and ends this session.

    Raises:
        UnauthorizedError: The password was changed in the meantime.
    """
    hold = update(User).where(user.password_unchanged()).values(updated_at=User.updated_at)
    if not _row_count(hold):
        raise UnauthorizedError("The password was changed in the meantime.")
    session = LoginSession(
        user_id=user.id,
        kind=kind,
        current_refresh_id=str(uuid.uuid4()),
        expires_at=utcnow() + lifetime,
    )
    db.session.add(session)
    db.session.commit()
    return session


def get_active(session_id: uuid.UUID, *kinds: str) -> LoginSession:
    """Return a session with its user, in one query.

    Raises:
        UnauthorizedError: It is unknown, expired or revoked, or the user was deactivated or deleted.
    """
    session = db.session.scalar(_select_active(*kinds), {"session_id": session_id})
    if session is None:
        raise UnauthorizedError("The session has ended; log in again.")
    return session


def rotate(
    session_id: uuid.UUID, kind: str, refresh_id: str, *, lifetime: timedelta, grace: timedelta
) -> LoginSession:
    """Spend a refresh token and return its session, which names the token that is now good.

    One conditional UPDATE decides who of several callers spends it. Those who come second within the
    grace period (parallel tabs, lost answers) are told the same successor.

    Raises:
        UnauthorizedError: The session has ended, or the token was spent long ago: then somebody has a
            copy, and the session ends here.
    """
    spend = (
        update(LoginSession)
        .where(LoginSession.id == session_id, LoginSession.current_refresh_id == refresh_id)
        .where(LoginSession.is_active())
        .values(
            previous_refresh_id=refresh_id,
            current_refresh_id=str(uuid.uuid4()),
            rotated_at=utcnow(),
            expires_at=utcnow() + lifetime,
        )
        .execution_options(synchronize_session=False)
    )
    spent = _row_count(spend) == 1
    db.session.commit()
    session = get_active(session_id, kind)
    if not spent and not _is_recent_predecessor(session, refresh_id, grace):
        revoke(session_id)
        raise UnauthorizedError("This refresh token was spent before; the session was ended.")
    return session


def revoke(session_id: uuid.UUID) -> None:
    """End one session."""
    _revoke_where(LoginSession.id == session_id)
    db.session.commit()


def revoke_all(user: User, *, keep: uuid.UUID | None = None) -> None:
    """End all sessions of a user, except one, in the caller's transaction."""
    _revoke_where(LoginSession.user_id == user.id, LoginSession.id != keep)


def prune() -> int:
    """Delete the rows of expired sessions and return how many there were."""
    deleted = _row_count(delete(LoginSession).where(LoginSession.expires_at <= utcnow()))
    db.session.commit()
    return deleted


@cache
def _select_active(*kinds: str) -> Select[LoginSession]:
    """Select a session by `session_id`; every request does, so the statement is built only once."""
    return (
        select(LoginSession)
        .join(LoginSession.user)
        .where(LoginSession.id == bindparam("session_id"), LoginSession.kind.in_(kinds))
        .where(LoginSession.is_active(), User.is_active, User.deleted_at.is_(None))
        .options(contains_eager(LoginSession.user))
    )


def _row_count(statement: Executable) -> int:
    return cast("CursorResult[Any]", db.session.execute(statement)).rowcount


def _revoke_where(*criteria: ColumnElement[bool]) -> None:
    query = update(LoginSession).where(LoginSession.revoked_at.is_(None), *criteria)
    db.session.execute(query.values(revoked_at=utcnow()))


def _is_recent_predecessor(session: LoginSession, refresh_id: str, grace: timedelta) -> bool:
    return (
        session.previous_refresh_id == refresh_id
        and session.rotated_at is not None
        and utcnow() - session.rotated_at <= grace
    )
