"""Tests of the rules of users."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.db.types import MAX_ID
from app.exceptions import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from app.extensions import db
from app.models.base import utcnow
from app.models.login_session import LoginSession
from app.models.user import Role, User
from app.services import login_sessions, users
from tests.plugins.accounts import WRONG_PASSWORD
from tests.plugins.credentials import PASSWORD


def count_active_sessions(account: User) -> int:
    """Return the number of active sessions of a user."""
    query = select(LoginSession).where(LoginSession.user_id == account.id, LoginSession.is_active())
    return len(db.session.scalars(query).all())


def found_emails(**query) -> list[str]:
    """Return the emails on the first page of a list."""
    return [user.email for user in users.list_users(page=1, per_page=20, **query).items]


def test_email_is_stored_unchanged(app_context):
    account = users.create_user("Grace@Example.com", PASSWORD, first_name="Grace", last_name="Hopper")

    assert (account.email, account.full_name) == ("Grace@Example.com", "Grace Hopper")


def test_new_user_is_active_and_no_admin(app_context):
    account = users.create_user("grace@example.com", PASSWORD)

    assert (account.role, account.is_active, account.is_deleted) == (Role.USER, True, False)


def test_password_is_stored_as_a_salted_hash(app_context):
    one = users.create_user("one@example.com", PASSWORD)
    other = users.create_user("other@example.com", PASSWORD)

    assert one.password_hash.startswith("$argon2id$")
    assert one.password_hash != other.password_hash


@pytest.mark.parametrize("spelling", ["user@example.com", "USER@EXAMPLE.COM"])
def test_taken_email_is_a_conflict(user, app_context, spelling):
    with pytest.raises(ConflictError) as caught:
        users.create_user(spelling, PASSWORD)

    assert set(caught.value.errors or ()) == {"email"}


def test_session_is_usable_after_a_conflict(user, app_context):
    with pytest.raises(ConflictError):
        users.create_user(user.email, PASSWORD)

    assert users.create_user("another@example.com", PASSWORD).id


def test_list_returns_oldest_first(make_user, app_context):
    emails = [make_user(email=f"{name}@example.com").email for name in "cab"]

    assert found_emails() == emails


def test_list_omits_deleted_users(make_user, app_context):
    existing = make_user().email
    make_user(deleted=True)

    assert found_emails() == [existing]


@pytest.mark.parametrize(
    "values",
    [{"email": "needle@example.com"}, {"first_name": "Needleman"}, {"last_name": "McNEEDLE"}],
    ids=lambda values: next(iter(values)),
)
def test_search_matches_parts_of_emails_and_names(make_user, app_context, values):
    make_user(email="hay@example.com")
    needle = make_user(**values).email

    assert found_emails(search="needle") == [needle]


def test_active_only_omits_inactive_users(make_user, app_context):
    active = make_user().email
    make_user(is_active=False)

    assert found_emails(active_only=True) == [active]


@pytest.mark.parametrize("values", [{}, {"is_active": False}])
def test_user_is_returned_whether_active_or_not(make_user, app_context, values):
    account = make_user(**values)

    assert users.get_user(account.id).email == account.email


def test_unknown_user_is_not_found(app_context):
    with pytest.raises(NotFoundError):
        users.get_user(MAX_ID)


def test_deleted_user_is_not_found(make_user, app_context):
    deleted = make_user(deleted=True)

    with pytest.raises(NotFoundError):
        users.get_user(deleted.id)


def test_user_may_see_themselves(user, app_context):
    assert users.get_visible_user(user, user.id) is user


def test_admin_may_see_other_users(user, admin_user, app_context):
    assert users.get_visible_user(admin_user, user.id) is user


@pytest.mark.parametrize("user_id", [1, MAX_ID])
def test_user_may_not_see_other_users_whether_they_exist_or_not(user, app_context, user_id):
    with pytest.raises(ForbiddenError):
        users.get_visible_user(user, user.id + user_id)


def test_unknown_user_is_not_found_by_admin(admin_user, app_context):
    with pytest.raises(NotFoundError):
        users.get_visible_user(admin_user, MAX_ID)


def test_update_changes_given_fields(user, app_context):
    users.update_user(user, user.id, {"first_name": "Uma"})

    assert user.full_name == "Uma User"


def test_update_sets_updated_at(make_user, app_context):
    yesterday = utcnow() - timedelta(days=1)
    account = make_user(created_at=yesterday, updated_at=yesterday)

    users.update_user(account, account.id, {"first_name": "Uma"})

    assert account.updated_at > account.created_at == yesterday


def test_update_clears_a_name(user, app_context):
    users.update_user(user, user.id, {"first_name": "", "last_name": ""})

    assert user.full_name == ""


@pytest.mark.parametrize("change", [{"role": Role.USER}, {"role": Role.ADMIN}, {"is_active": True}])
def test_user_may_not_change_own_role_and_status(user, app_context, change):
    with pytest.raises(ForbiddenError):
        users.update_user(user, user.id, change)


@pytest.mark.parametrize(
    "confirmation", [{}, {"current_password": None}, {"current_password": WRONG_PASSWORD}]
)
def test_change_of_own_email_requires_current_password(user, app_context, confirmation):
    with pytest.raises(InvalidInputError):
        users.update_user(user, user.id, {"email": "moved@example.com", **confirmation})


def test_own_email_is_changed_with_current_password_where_there_is_no_mail(user, app_context):
    app_context.config["MAIL_SERVER"] = "none"
    change = {"email": "moved@example.com", "current_password": PASSWORD}

    users.update_user(user, user.id, change)

    assert user.email == "moved@example.com"


def test_change_of_email_releases_the_old_one(user, admin_user, app_context):
    users.update_user(admin_user, user.id, {"email": "moved@example.com"})

    assert users.create_user("user@example.com", PASSWORD).id != user.id


def test_change_to_taken_email_is_a_conflict(user, admin_user, app_context):
    with pytest.raises(ConflictError):
        users.update_user(admin_user, user.id, {"email": "ADMIN@example.com", "first_name": "Uma"})

    assert user.full_name == "Ursula User"


@pytest.mark.parametrize("change", [{"role": Role.ADMIN}, {"is_active": False}])
def test_change_of_role_or_status_revokes_all_sessions(user, admin_user, app_context, change):
    login_sessions.create(user, "test", timedelta(hours=1))

    users.update_user(admin_user, user.id, change)

    assert count_active_sessions(user) == 0


def test_change_of_other_user_keeps_own_sessions(user, admin_user, app_context):
    login_sessions.create(admin_user, "test", timedelta(hours=1))

    users.update_user(admin_user, user.id, {"role": Role.ADMIN})

    assert count_active_sessions(admin_user) == 1


@pytest.mark.parametrize(
    "change", [{"first_name": "Uma"}, {"role": Role.USER, "is_active": True}], ids=["name", "the same"]
)
def test_other_changes_revoke_no_session(user, admin_user, app_context, change):
    login_sessions.create(user, "test", timedelta(hours=1))

    users.update_user(admin_user, user.id, change)

    assert count_active_sessions(user) == 1


@pytest.mark.parametrize("change", [{"role": Role.USER}, {"is_active": False}])
@pytest.mark.parametrize("other", [None, {"is_active": False}, {"deleted": True}, {"role": Role.USER}])
def test_last_active_admin_cannot_be_demoted_or_deactivated(
    admin_user, make_user, app_context, other, change
):
    if other:
        make_user(**{"role": Role.ADMIN} | other)

    with pytest.raises(ConflictError):
        users.update_user(admin_user, admin_user.id, change)


def test_rejected_change_of_last_admin_changes_no_other_field(admin_user, app_context):
    with pytest.raises(ConflictError):
        users.update_user(admin_user, admin_user.id, {"first_name": "Eve", "role": Role.USER})

    db.session.rollback()
    assert admin_user.full_name == "Ada Admin"


@pytest.mark.parametrize("change", [{"role": Role.USER}, {"is_active": False}])
def test_one_of_two_admins_can_be_demoted_or_deactivated(admin_user, make_user, app_context, change):
    make_user(role=Role.ADMIN)

    users.update_user(admin_user, admin_user.id, change)

    assert not (admin_user.is_admin and admin_user.is_active)


def test_last_active_admin_cannot_be_deleted(admin_user, app_context):
    with pytest.raises(ConflictError):
        users.delete_user(admin_user.id)


def test_inactive_admin_can_be_deleted(admin_user, make_user, app_context):
    inactive = make_user(role=Role.ADMIN, is_active=False)

    users.delete_user(inactive.id)

    assert inactive.is_deleted


def test_delete_hides_the_user(user, app_context):
    users.delete_user(user.id)

    with pytest.raises(NotFoundError):
        users.get_user(user.id)


def test_delete_revokes_all_sessions(user, app_context):
    login_sessions.create(user, "test", timedelta(hours=1))

    users.delete_user(user.id)

    assert count_active_sessions(user) == 0


def test_delete_releases_the_email(user, app_context):
    users.delete_user(user.id)

    assert users.create_user(user.email, PASSWORD).id != user.id


def test_delete_of_deleted_user_is_not_found(make_user, app_context):
    deleted = make_user(deleted=True)

    with pytest.raises(NotFoundError):
        users.delete_user(deleted.id)


def test_deleted_user_can_be_restored(user, app_context):
    users.delete_user(user.id)

    users.restore_user(user)

    assert users.get_user(user.id).email == user.email


def test_restoring_activates_no_session(user, app_context):
    login_sessions.create(user, "test", timedelta(hours=1))
    users.delete_user(user.id)

    users.restore_user(user)

    assert count_active_sessions(user) == 0


@pytest.mark.parametrize("spelling", ["user@example.com", "USER@example.com"])
def test_restoring_user_with_taken_email_is_a_conflict(user, app_context, spelling):
    users.delete_user(user.id)
    users.create_user(spelling, PASSWORD)

    with pytest.raises(ConflictError):
        users.restore_user(user)

    assert user.is_deleted


@pytest.mark.parametrize("values", [{}, {"is_active": False}, {"role": Role.ADMIN, "is_active": False}])
def test_promotion_makes_an_active_admin(make_user, app_context, values):
    account = make_user(**values)

    users.promote_to_admin(account)

    assert account.is_admin
    assert account.is_active


def test_promotion_revokes_all_sessions(user, app_context):
    login_sessions.create(user, "test", timedelta(hours=1))

    users.promote_to_admin(user)

    assert count_active_sessions(user) == 0
