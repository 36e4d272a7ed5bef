"""Users: registration, administration and changes of their own data."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.exc import IntegrityError

from app import mail, security_log
from app.db.pagination import Order, Page, paginate
from app.db.row_locks import lock
from app.exceptions import ConflictError, ForbiddenError, NotFoundError
from app.extensions import db
from app.models.base import utcnow
from app.models.outgoing_mail import MailKind
from app.models.user import Role, User, normalize_email
from app.passwords import passwords
from app.services import auth, login_sessions, outbox
from app.services.preconditions import IsUnchanged, require_unchanged

ADMIN_FIELDS = {"role", "is_active"}
IS_ADMIN = and_(User.role == Role.ADMIN, User.is_active, User.deleted_at.is_(None))


def create_user(
    email: str,
    password: str,
    *,
    first_name: str = "",
    last_name: str = "",
    role: Role = Role.USER,
    is_verified: bool = False,
) -> User:
    """Create a user, and send a link to verify the email unless it is verified.

    Raises:
        InvalidInputError: The password is easy to guess.
        ConflictError: The email is taken.
    """
    auth.require_unguessable("password", password, email, f"{first_name} {last_name}")
    user = User(
        email=email,
        password_hash=passwords.hash(password),
        first_name=first_name,
        last_name=last_name,
        role=role,
        email_verified_at=utcnow() if is_verified else None,
    )
    db.session.add(user)
    if not is_verified:
        outbox.add(MailKind.VERIFY_EMAIL, email)
    commit_email()
    security_log.record("user_created", target_id=user.id, role=role.value)
    return user


def register_user(email: str, password: str, first_name: str, last_name: str) -> User | None:
    """Create a user who registers.

    If emails must be verified, return None, and tell the owner of a taken email by mail: so registrations
    do not reveal which emails have accounts.

    Raises:
        ConflictError: The email is taken, and need not be verified.
    """
    try:
        user = create_user(email, password, first_name=first_name, last_name=last_name)
    except ConflictError:
        if not mail.is_verification_required():
            raise
        outbox.add(MailKind.EMAIL_TAKEN, email)
        db.session.commit()
        return None
    return None if mail.is_verification_required() else user


def list_users(
    *,
    page: int,
    per_page: int,
    after: str | None = None,
    search: str | None = None,
    active_only: bool = False,
) -> Page[User]:
    """Return a page of users, oldest first; `search` matches parts of emails and names.

    Raises:
        InvalidInputError: The cursor `after` is not valid.
    """
    query = User.select_not_deleted()
    if search:
        columns = (User.email, User.first_name, User.last_name)
        query = query.where(or_(*(c.icontains(search, autoescape=True) for c in columns)))
    if active_only:
        query = query.where(User.is_active)
    return paginate(db.session, query, Order([User.id]), page=page, per_page=per_page, after=after)


def get_user(user_id: int) -> User:
    """Return a user.

    Raises:
        NotFoundError: The user does not exist.
    """
    user = db.session.scalar(User.select_not_deleted().where(User.id == user_id))
    if user is None:
        raise NotFoundError("User not found.")
    return user


def get_visible_user(actor: User, user_id: int) -> User:
    """Return a user whom the actor may see: themselves, or anyone for admins.

    Raises:
        ForbiddenError: The actor is another user, whether or not the id exists.
        NotFoundError: The actor is an admin, and the user does not exist.
    """
    if not actor.is_admin and actor.id != user_id:
        raise ForbiddenError("Only the user or an admin may do this.")
    return get_user(user_id)


def update_user(
    actor: User, user_id: int, changes: Mapping[str, Any], is_unchanged: IsUnchanged = None
) -> User:
    """Update the given fields of a user.

    `changes` may have `email`, `first_name`, `last_name`, `role`, `is_active`, and `current_password`,
    which is required when the actor changes their own email. That takes effect when the new email is
    confirmed by mail.

    Raises:
        ForbiddenError: The actor may not change the user, or not these fields.
        NotFoundError: The user does not exist.
        InvalidInputError: The current password is missing or wrong.
        ConflictError: The email is taken, or the user is the last active admin.
        PreconditionFailedError: The user was changed in the meantime.
    """
    user = get_visible_user(actor, user_id)
    if not actor.is_admin and ADMIN_FIELDS & changes.keys():
        raise ForbiddenError("Only an admin may change `role` and `is_active`.")
    if actor.id == user.id and normalize_email(changes.get("email", user.email)) != user.email_key:
        auth.require_password(user, changes.get("current_password"))
        if mail.is_enabled():
            changes = _request_new_email(user, changes)
    return change_user(user, changes, is_unchanged)


def change_user(user: User, changes: Mapping[str, Any], is_unchanged: IsUnchanged = None) -> User:
    """Update the given fields of a user without checking permissions.

    Raises:
        NotFoundError: The user was deleted by a concurrent request.
        ConflictError: The email is taken, or the user is the last active admin.
        PreconditionFailedError: The user was changed in the meantime.
    """
    if ADMIN_FIELDS & changes.keys():
        _require_unchanged_with_admins(user, is_unchanged)
    else:
        require_unchanged(user, is_unchanged)
    before = _security_fields(user)
    # First, because it takes row locks: after an earlier UPDATE, two concurrent requests could deadlock.
    set_role_and_status(
        user,
        role=changes.get("role", user.role),
        is_active=changes.get("is_active", user.is_active),
    )
    if "email" in changes:
        lock(db.session, user)
        if user.is_deleted:
            raise NotFoundError("User not found.")
        _set_email(user, changes["email"])
    user.first_name = changes.get("first_name", user.first_name)
    user.last_name = changes.get("last_name", user.last_name)
    commit_email()
    _record_changes(user, before)
    return user


def set_role_and_status(user: User, *, role: Role, is_active: bool) -> None:
    """Set role and status and revoke all sessions if they changed; the caller commits.

    Raises:
        ConflictError: The user is the last active admin.
    """
    if (role, is_active) == (user.role, user.is_active):
        return
    if role != Role.ADMIN or not is_active:
        _require_another_admin(user)
    user.role, user.is_active = role, is_active
    login_sessions.revoke_all(user)


def delete_user(user_id: int, is_unchanged: IsUnchanged = None) -> None:
    """Soft-delete a user, release the email and revoke all sessions.

    Raises:
        NotFoundError: The user does not exist.
        ConflictError: The user is the last active admin.
        PreconditionFailedError: The user was changed in the meantime.
    """
    user = get_user(user_id)
    _require_unchanged_with_admins(user, is_unchanged)
    _require_another_admin(user)
    user.soft_delete()
    login_sessions.revoke_all(user)
    db.session.commit()
    security_log.record("user_deleted", target_id=user_id)


def delete_own_account(user: User, password: str, is_unchanged: IsUnchanged = None) -> None:
    """Soft-delete the user who asks for it.

    Raises:
        InvalidInputError: The current password is wrong.
        ConflictError: The user is the last active admin.
        PreconditionFailedError: The user was changed in the meantime.
    """
    auth.require_password(user, password)
    delete_user(user.id, is_unchanged)


def restore_user(user: User) -> None:
    """Restore a soft-deleted user.

    Raises:
        ConflictError: Another user has taken the email.
    """
    user.restore()
    commit_email()
    security_log.record("user_restored", target_id=user.id)


def promote_to_admin(user: User) -> None:
    """Make a user an active admin with a verified email and revoke all sessions."""
    before = _security_fields(user)
    set_role_and_status(user, role=Role.ADMIN, is_active=True)
    user.email_verified_at = user.email_verified_at or utcnow()
    db.session.commit()
    _record_changes(user, before)


def commit_email() -> None:
    """Commit and report a taken email; the unique constraint also decides concurrent requests."""
    try:
        db.session.commit()
    except IntegrityError as error:
        db.session.rollback()
        raise _email_taken() from error


def _request_new_email(user: User, changes: Mapping[str, Any]) -> Mapping[str, Any]:
    """Send a link to confirm a new email, and return the other changes.

    Raises:
        ConflictError: The email is taken.
    """
    email = changes["email"]
    if auth.get_user_by_email(email):
        raise _email_taken()
    outbox.add(MailKind.CHANGE_EMAIL, email, user)
    return {name: value for name, value in changes.items() if name != "email"}


def _set_email(user: User, email: str) -> None:
    """Replace the email of a user; another one, not only another spelling, is to be verified."""
    if normalize_email(email) != user.email_key:
        outbox.add(MailKind.EMAIL_CHANGED, user.email, user)
        outbox.add(MailKind.VERIFY_EMAIL, email, user)
        user.email_verified_at = None
    user.email = email


def _email_taken() -> ConflictError:
    message = "This email is already taken."
    return ConflictError(message, errors={"email": [message]})


def _security_fields(user: User) -> dict[str, Any]:
    return {"email": user.email, "role": user.role, "is_active": user.is_active}


def _record_changes(user: User, before: Mapping[str, Any]) -> None:
    """Log which security fields were changed; the email itself is personal data."""
    for name, value in _security_fields(user).items():
        if value != before[name]:
            new = {} if name == "email" else {name: value}
            security_log.record(f"{name}_changed", target_id=user.id, **new)


def _require_unchanged_with_admins(user: User, is_unchanged: IsUnchanged) -> None:
    """Lock the admins with the user: locking them later, two concurrent requests could deadlock.

    Raises:
        PreconditionFailedError: The user was changed in the meantime.
    """
    require_unchanged(user, is_unchanged, or_(User.id == user.id, IS_ADMIN))


def _require_another_admin(user: User) -> None:
    """Require an active admin other than the user; row locks serialize concurrent requests."""
    lock(db.session, user, IS_ADMIN)
    remaining = select(User.id).where(IS_ADMIN, User.id != user.id).limit(1)
    if user.is_admin and user.is_active and db.session.scalar(remaining) is None:
        raise ConflictError("Cannot remove the last active admin.")
