"""Accounts: who there is, and what may be changed by whom."""

from collections.abc import Mapping
from typing import Any

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import ColumnExpressionArgument, or_, select, update
from sqlalchemy.exc import IntegrityError

from app.exceptions import ConflictError, ForbiddenError, NotFoundError
from app.extensions import db
from app.models.user import Role, User, normalize_email
from app.security.passwords import passwords
from app.services import auth, login_sessions

ADMIN_FIELDS = {"role", "is_active"}


def create_user(
    email: str,
    password: str,
    *,
    first_name: str = "",
    last_name: str = "",
    role: Role = Role.USER,
) -> User:
    """Create an account.

    Raises:
        ConflictError: The address is taken, perhaps since a moment ago.
    """
    user = User(
        email=email,
        password_hash=passwords().hash(password),
        first_name=first_name,
        last_name=last_name,
        role=role,
    )
    db.session.add(user)
    _commit_address()
    return user


def list_users(
    *, page: int, per_page: int, search: str | None = None, active_only: bool = False
) -> Pagination:
    """Return a page of accounts, oldest first; `search` looks into addresses and names."""
    query = User.select_not_deleted().order_by(User.id)
    if search:
        columns = (User.email, User.first_name, User.last_name)
        query = query.where(or_(*(c.icontains(search, autoescape=True) for c in columns)))
    if active_only:
        query = query.where(User.is_active)
    return db.paginate(query, page=page, per_page=per_page, error_out=False)


def get_user(user_id: int) -> User:
    """Return an account.

    Raises:
        NotFoundError: There is none, or it was deleted.
    """
    user = db.session.scalar(User.select_not_deleted().where(User.id == user_id))
    if user is None:
        raise NotFoundError("There is no such user.")
    return user


def get_user_for(actor: User, user_id: int) -> User:
    """Return an account to somebody who may see it: its owner or an admin.

    Raises:
        ForbiddenError: It is somebody else's, or would be.
        NotFoundError: An admin asks for one that does not exist.
    """
    if not actor.is_admin and actor.id != user_id:
        raise ForbiddenError("Only for the user and for admins.")
    return get_user(user_id)


def update_user(actor: User, user_id: int, changes: Mapping[str, Any]) -> User:
    """Change an account on behalf of its owner or an admin.

    `changes` may hold `email`, `first_name`, `last_name`, `role`, `is_active`, and the owner's
    `current_password`, which a change of their own address needs.

    Raises:
        ForbiddenError: The actor may not change the account, or not these fields.
        NotFoundError: There is no such account.
        InvalidInputError: The current password is missing or wrong.
        ConflictError: The address is taken, or the service would be left without an admin.
    """
    user = get_user_for(actor, user_id)
    if not actor.is_admin and ADMIN_FIELDS & changes.keys():
        raise ForbiddenError("Only an admin may change the role or the activity.")
    if actor.id == user.id and normalize_email(changes.get("email", user.email)) != user.email_key:
        auth.require_password(user, changes.get("current_password"))
    return change_user(user, changes)


def change_user(user: User, changes: Mapping[str, Any]) -> User:
    """Change what is given of an account, whoever asks.

    Raises:
        NotFoundError: It was deleted in the meantime.
        ConflictError: The address is taken, or the service would be left without an admin.
    """
    # First, because it locks: with a change waiting to be written, two admins could lock each other out.
    set_role_and_status(
        user,
        role=changes.get("role", user.role),
        is_active=changes.get("is_active", user.is_active),
    )
    if "email" in changes:
        _lock(user, User.id == user.id)
        if user.is_deleted:
            raise NotFoundError("There is no such user.")
        user.email = changes["email"]
    user.first_name = changes.get("first_name", user.first_name)
    user.last_name = changes.get("last_name", user.last_name)
    _commit_address()
    return user


def set_role_and_status(user: User, *, role: Role, is_active: bool) -> None:
    """Change role and activity in the caller's transaction; a change ends all sessions.

    Raises:
        ConflictError: The service would be left without an admin.
    """
    if (role, is_active) == (user.role, user.is_active):
        return
    if role != Role.ADMIN or not is_active:
        _keep_an_admin_besides(user)
    user.role, user.is_active = role, is_active
    login_sessions.revoke_all(user)


def delete_user(user_id: int) -> None:
    """Hide an account, free its address and end its sessions.

    Raises:
        NotFoundError: There is no such account.
        ConflictError: The service would be left without an admin.
    """
    user = get_user(user_id)
    _keep_an_admin_besides(user)
    user.soft_delete()
    login_sessions.revoke_all(user)
    db.session.commit()


def restore_user(user: User) -> None:
    """Bring a deleted account back.

    Raises:
        ConflictError: Its address was taken in the meantime.
    """
    user.restore()
    _commit_address()


def promote(user: User) -> None:
    """Make a user an active admin."""
    set_role_and_status(user, role=Role.ADMIN, is_active=True)
    db.session.commit()


def _commit_address() -> None:
    """Let the database decide who got the address: looking first would only lose the race later."""
    try:
        db.session.commit()
    except IntegrityError as error:
        db.session.rollback()
        raise ConflictError("This address is taken.", errors={"email": ["This address is taken."]}) from error


def _lock(user: User, *criteria: ColumnExpressionArgument[bool]) -> None:
    """Lock accounts until the commit, and see what those who came first did to the user.

    An UPDATE that changes nothing locks rows on every database, and on SQLite all of it.
    """
    lock = update(User).where(*criteria).values(role=User.role, updated_at=User.updated_at)
    db.session.execute(lock.execution_options(synchronize_session=False))
    db.session.refresh(user)


def _keep_an_admin_besides(user: User) -> None:
    """Make sure that another active admin is left, also when two admins go at once."""
    admins = (User.role == Role.ADMIN, User.is_active, User.deleted_at.is_(None))
    _lock(user, *admins)
    remaining = select(User.id).where(*admins, User.id != user.id).limit(1)
    if user.is_admin and user.is_active and db.session.scalar(remaining) is None:
        raise ConflictError("The last active admin has to stay.")
