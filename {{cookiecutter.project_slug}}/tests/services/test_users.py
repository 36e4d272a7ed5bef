"""The rules of accounts."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.exceptions import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from app.extensions import db
from app.models.base import MAX_ID, utcnow
from app.models.login_session import LoginSession
from app.models.user import Role, User
from app.services import login_sessions, users
from tests.plugins.accounts import WRONG_PASSWORD
from tests.plugins.credentials import PASSWORD


def live_sessions(account: User) -> int:
    """Count how many logins of an account are good."""
    query = select(LoginSession).where(LoginSession.user_id == account.id, LoginSession.is_active())
    return len(db.session.scalars(query).all())


def found(**query) -> list[str]:
    """Return the addresses on the first page of a list."""
    return [user.email for user in users.list_users(page=1, per_page=20, **query).items]


def test_a_new_account_keeps_the_address_as_it_was_written(app_context):
    account = users.create_user("Grace@Example.com", PASSWORD, first_name="Grace", last_name="Hopper")

    assert (account.email, account.full_name) == ("Grace@Example.com", "Grace Hopper")


def test_a_new_account_is_an_active_user(app_context):
    account = users.create_user("grace@example.com", PASSWORD)

    assert (account.role, account.is_active, account.is_deleted) == (Role.USER, True, False)


def test_a_new_account_holds_a_salted_hash(app_context):
    one = users.create_user("one@example.com", PASSWORD)
    other = users.create_user("other@example.com", PASSWORD)

    assert one.password_hash.startswith("$argon2id$")
    assert one.password_hash != other.password_hash


@pytest.mark.parametrize("spelling", ["user@example.com", "USER@EXAMPLE.COM"])
def test_a_taken_address_is_a_conflict(user, app_context, spelling):
    with pytest.raises(ConflictError) as caught:
        users.create_user(spelling, PASSWORD)

    assert set(caught.value.errors or ()) == {"email"}


def test_work_goes_on_after_a_conflict(user, app_context):
    with pytest.raises(ConflictError):
        users.create_user(user.email, PASSWORD)

    assert users.create_user("another@example.com", PASSWORD).id


def test_lists_are_ordered_by_age(make_user, app_context):
    people = [make_user(email=f"{name}@example.com").email for name in "cab"]

    assert found() == people


def test_lists_hide_deleted_accounts(make_user, app_context):
    living = make_user().email
    make_user(deleted=True)

    assert found() == [living]


@pytest.mark.parametrize(
    "values",
    [{"email": "needle@example.com"}, {"first_name": "Needleman"}, {"last_name": "McNEEDLE"}],
    ids=lambda values: next(iter(values)),
)
def test_search_finds_parts_of_addresses_and_names(make_user, app_context, values):
    make_user(email="hay@example.com")
    needle = make_user(**values).email

    assert found(search="needle") == [needle]


def test_lists_of_active_accounts_hide_the_others(make_user, app_context):
    active = make_user().email
    make_user(is_active=False)

    assert found(active_only=True) == [active]


@pytest.mark.parametrize("values", [{}, {"is_active": False}])
def test_a_living_account_is_found(make_user, app_context, values):
    account = make_user(**values)

    assert users.get_user(account.id).email == account.email


def test_an_account_that_never_was_is_not_found(app_context):
    with pytest.raises(NotFoundError):
        users.get_user(MAX_ID)


def test_a_deleted_account_is_not_found(make_user, app_context):
    gone = make_user(deleted=True)

    with pytest.raises(NotFoundError):
        users.get_user(gone.id)


def test_users_see_themselves(user, app_context):
    assert users.get_visible_user(user, user.id) is user


def test_admins_see_everybody(user, admin_user, app_context):
    assert users.get_visible_user(admin_user, user.id) is user


@pytest.mark.parametrize("user_id", [1, MAX_ID])
def test_users_see_nobody_else_whether_they_exist_or_not(user, app_context, user_id):
    with pytest.raises(ForbiddenError):
        users.get_visible_user(user, user.id + user_id)


def test_admins_are_told_that_there_is_nobody(admin_user, app_context):
    with pytest.raises(NotFoundError):
        users.get_visible_user(admin_user, MAX_ID)


def test_an_update_changes_what_is_given(user, app_context):
    users.update_user(user, user.id, {"first_name": "Uma"})

    assert user.full_name == "Uma User"


def test_an_update_moves_the_time_of_the_last_change(make_user, app_context):
    yesterday = utcnow() - timedelta(days=1)
    account = make_user(created_at=yesterday, updated_at=yesterday)

    users.update_user(account, account.id, {"first_name": "Uma"})

    assert account.updated_at > account.created_at == yesterday


def test_an_update_can_empty_a_name(user, app_context):
    users.update_user(user, user.id, {"first_name": "", "last_name": ""})

    assert user.full_name == ""


@pytest.mark.parametrize("change", [{"role": Role.USER}, {"role": Role.ADMIN}, {"is_active": True}])
def test_users_cannot_even_name_their_role_or_activity(user, app_context, change):
    with pytest.raises(ForbiddenError):
        users.update_user(user, user.id, change)


@pytest.mark.parametrize("proof", [{}, {"current_password": None}, {"current_password": WRONG_PASSWORD}])
def test_ones_own_address_needs_the_current_password(user, app_context, proof):
    with pytest.raises(InvalidInputError):
        users.update_user(user, user.id, {"email": "moved@example.com", **proof})


def test_ones_own_address_changes_with_the_current_password(user, app_context):
    change = {"email": "moved@example.com", "current_password": PASSWORD}

    users.update_user(user, user.id, change)

    assert user.email == "moved@example.com"


def test_a_changed_address_frees_the_old_one(user, admin_user, app_context):
    users.update_user(admin_user, user.id, {"email": "moved@example.com"})

    assert users.create_user("user@example.com", PASSWORD).id != user.id


def test_a_change_to_a_taken_address_is_a_conflict(user, admin_user, app_context):
    with pytest.raises(ConflictError):
        users.update_user(admin_user, user.id, {"email": "ADMIN@example.com", "first_name": "Uma"})

    assert user.full_name == "Ursula User"


@pytest.mark.parametrize("change", [{"role": Role.ADMIN}, {"is_active": False}])
def test_a_change_of_standing_ends_all_sessions(user, admin_user, app_context, change):
    login_sessions.create(user, "test", timedelta(hours=1))

    users.update_user(admin_user, user.id, change)

    assert live_sessions(user) == 0


def test_a_change_of_somebody_else_leaves_sessions_alone(user, admin_user, app_context):
    login_sessions.create(admin_user, "test", timedelta(hours=1))

    users.update_user(admin_user, user.id, {"role": Role.ADMIN})

    assert live_sessions(admin_user) == 1


@pytest.mark.parametrize(
    "change", [{"first_name": "Uma"}, {"role": Role.USER, "is_active": True}], ids=["name", "the same"]
)
def test_other_changes_leave_sessions_alone(user, admin_user, app_context, change):
    login_sessions.create(user, "test", timedelta(hours=1))

    users.update_user(admin_user, user.id, change)

    assert live_sessions(user) == 1


@pytest.mark.parametrize("change", [{"role": Role.USER}, {"is_active": False}])
@pytest.mark.parametrize("other", [None, {"is_active": False}, {"deleted": True}, {"role": Role.USER}])
def test_the_last_active_admin_stays(admin_user, make_user, app_context, other, change):
    if other:
        make_user(**{"role": Role.ADMIN} | other)

    with pytest.raises(ConflictError):
        users.update_user(admin_user, admin_user.id, change)


def test_a_refused_change_of_the_last_admin_changes_nothing_else(admin_user, app_context):
    with pytest.raises(ConflictError):
        users.update_user(admin_user, admin_user.id, {"first_name": "Eve", "role": Role.USER})

    db.session.rollback()
    assert admin_user.full_name == "Ada Admin"


@pytest.mark.parametrize("change", [{"role": Role.USER}, {"is_active": False}])
def test_with_another_active_admin_one_may_go(admin_user, make_user, app_context, change):
    make_user(role=Role.ADMIN)

    users.update_user(admin_user, admin_user.id, change)

    assert not (admin_user.is_admin and admin_user.is_active)


def test_the_last_active_admin_cannot_be_deleted(admin_user, app_context):
    with pytest.raises(ConflictError):
        users.delete_user(admin_user.id)


def test_an_inactive_admin_can_be_deleted(admin_user, make_user, app_context):
    inactive = make_user(role=Role.ADMIN, is_active=False)

    users.delete_user(inactive.id)

    assert inactive.is_deleted


def test_deletion_hides_the_account(user, app_context):
    users.delete_user(user.id)

    with pytest.raises(NotFoundError):
        users.get_user(user.id)


def test_deletion_ends_all_sessions(user, app_context):
    login_sessions.create(user, "test", timedelta(hours=1))

    users.delete_user(user.id)

    assert live_sessions(user) == 0


def test_deletion_frees_the_address(user, app_context):
    users.delete_user(user.id)

    assert users.create_user(user.email, PASSWORD).id != user.id


def test_what_is_gone_cannot_be_deleted(make_user, app_context):
    gone = make_user(deleted=True)

    with pytest.raises(NotFoundError):
        users.delete_user(gone.id)


def test_a_deleted_account_can_be_restored(user, app_context):
    users.delete_user(user.id)

    users.restore_user(user)

    assert users.get_user(user.id).email == user.email


def test_restoring_wakes_no_session(user, app_context):
    login_sessions.create(user, "test", timedelta(hours=1))
    users.delete_user(user.id)

    users.restore_user(user)

    assert live_sessions(user) == 0


@pytest.mark.parametrize("spelling", ["user@example.com", "USER@example.com"])
def test_restoring_an_account_whose_address_was_taken_is_a_conflict(user, app_context, spelling):
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


def test_promotion_ends_all_sessions(user, app_context):
    login_sessions.create(user, "test", timedelta(hours=1))

    users.promote_to_admin(user)

    assert live_sessions(user) == 0
