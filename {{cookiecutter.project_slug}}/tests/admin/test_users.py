"""Users in the admin."""

import re
from functools import partial

import pytest

from app.models.user import Role, User
from app.passwords import passwords
from tests.admin.clients import Browser
from tests.plugins.credentials import PASSWORD

USERS = "/admin/users/"
LAST_ADMIN = "Cannot remove the last active admin."
NEW_PASSWORD = "lamp river cloud"
EMAIL_TAKEN = "This email is already taken."


@pytest.fixture
def find_user(find_by):
    """Find a user by email and refresh it from the database."""
    return partial(find_by, User.email)


def create(browser: Browser, **values):
    """Submit the form of a new user."""
    defaults = {"email": "new@example.com", "password": NEW_PASSWORD, "first_name": "", "last_name": ""}
    return browser.submit(f"{USERS}new/", **defaults | {"role": "user"} | values)


def edit(browser: Browser, user: User, **values):
    """Submit the form of a user with changed values."""
    names = {"first_name": user.first_name, "last_name": user.last_name}
    form = {"email": user.email, "role": user.role.value, "is_active": "y", **names}
    return browser.submit(f"{USERS}edit/?id={user.id}", **form | values)


def set_password(browser: Browser, user: User, password: str, confirmation: str, **values):
    """Submit the form of a new password."""
    form = {"new_password": password, "confirmation": confirmation}
    return browser.submit(f"{USERS}password/?id={user.id}", **form | values)


# Create


def test_user_is_created_with_password(app, admin_browser, find_user):
    assert create(admin_browser, first_name="Nina", role="admin").status_code == 302

    user = find_user("new@example.com")
    assert (user.first_name, user.role, user.is_active) == ("Nina", Role.ADMIN, True)
    with app.app_context():
        assert passwords.verify(NEW_PASSWORD, user.password_hash)


@pytest.mark.parametrize(
    "values",
    [
        {"email": "nonsense"},
        {"email": "a b@example.com"},
        {"email": ""},
        {"password": "short"},
        {"password": "x" * 129},
        {"password": "password"},
        {"password": "new@example.com"},
        {"password": ""},
        {"first_name": "x" * 101},
        {"last_name": "\x00"},
        {"role": "king"},
    ],
)
def test_invalid_user_is_refused_with_messages(admin_browser, find_user, values):
    response = create(admin_browser, **values)

    assert response.status_code == 200
    assert "invalid-feedback" in response.text
    assert find_user("new@example.com") is None


def test_new_user_with_taken_email_is_refused(admin_browser, user):
    response = create(admin_browser, email=user.email.upper())

    assert response.status_code == 200
    assert EMAIL_TAKEN in response.text


def test_unknown_form_fields_are_ignored(admin_browser, find_user):
    create(admin_browser, password_hash="mine", email_key="mine", id="77")

    user = find_user("new@example.com")
    assert user.password_hash != "mine"
    assert user.id != 77


# Edit


def test_user_is_edited(admin_browser, user, find_user):
    edit(admin_browser, user, email="other@example.com", first_name="Uma", role="admin")

    edited = find_user("other@example.com")
    assert (edited.id, edited.first_name, edited.role) == (user.id, "Uma", Role.ADMIN)


def test_change_of_role_revokes_sessions(client, admin_browser, user, auth_headers):
    edit(admin_browser, user, role="admin")

    assert client.get("/api/v1/users/me", headers=auth_headers).status_code == 401


def test_change_of_name_keeps_sessions(client, admin_browser, user, auth_headers):
    edit(admin_browser, user, first_name="Uma")

    assert client.get("/api/v1/users/me", headers=auth_headers).status_code == 200


def test_change_to_taken_email_is_refused(admin_browser, user, admin_user, find_user):
    assert EMAIL_TAKEN in edit(admin_browser, user, email=admin_user.email).text
    assert find_user(user.email).id == user.id


def test_last_admin_is_not_demoted(admin_browser, admin_user, find_user):
    assert LAST_ADMIN in edit(admin_browser, admin_user, role="user").text
    assert find_user(admin_user.email).role == Role.ADMIN


def test_unchecked_active_field_deactivates(admin_browser, user, find_user):
    form = {"email": user.email, "role": "user", "first_name": "", "last_name": ""}
    admin_browser.submit(f"{USERS}edit/?id={user.id}", **form)

    assert not find_user(user.email).is_active


def test_deleted_user_is_not_edited(admin_browser, user, find_user):
    admin_browser.run_action("users", "delete", user.id)

    assert "Restore it before you edit it" in edit(admin_browser, user, first_name="Uma").text
    assert find_user(user.email).first_name == user.first_name


# Actions on several users


def test_equal_ids_are_one(admin_browser, user):
    assert "1 deactivated." in admin_browser.run_action("users", "deactivate", *[user.id] * 5_000)


def test_more_ids_than_a_page_has_are_refused(admin_browser, user, find_user):
    page = admin_browser.run_action("users", "deactivate", user.id, *range(10_000, 10_100))

    assert "Select at most 100 records." in page
    assert find_user(user.email).is_active


# Passwords


def test_new_password_replaces_the_old_one_and_revokes_sessions(
    client, app, admin_browser, user, auth_headers
):
    assert set_password(admin_browser, user, NEW_PASSWORD, NEW_PASSWORD).location == USERS

    assert client.get("/api/v1/users/me", headers=auth_headers).status_code == 401
    response = Browser(app, app.response_class).login(user.email, NEW_PASSWORD)
    assert response.status_code == 403  # the password is right, but the user is not an admin


@pytest.mark.parametrize(
    ("password", "confirmation"),
    [(NEW_PASSWORD, "different"), ("short", "short"), ("", ""), ("password", "password")],
)
def test_invalid_new_password_is_refused_with_messages(
    admin_browser, user, find_user, password, confirmation
):
    password_hash = user.password_hash

    response = set_password(admin_browser, user, password, confirmation)

    assert "invalid-feedback" in response.text
    assert find_user(user.email).password_hash == password_hash


def test_own_password_is_changed_with_the_current_one(app, admin_browser, admin_user):
    response = set_password(admin_browser, admin_user, NEW_PASSWORD, NEW_PASSWORD, current_password=PASSWORD)

    assert response.location == USERS
    assert admin_browser.get(USERS).status_code == 200
    assert Browser(app, app.response_class).login(admin_user.email, NEW_PASSWORD).status_code == 302


@pytest.mark.parametrize("current", [{}, {"current_password": ""}, {"current_password": "wrong"}])
def test_own_password_is_not_changed_without_the_current_one(admin_browser, admin_user, find_user, current):
    password_hash = admin_user.password_hash

    response = set_password(admin_browser, admin_user, NEW_PASSWORD, NEW_PASSWORD, **current)

    assert "Missing or wrong." in response.text
    assert find_user(admin_user.email).password_hash == password_hash


def test_own_email_is_confirmed_by_mail(admin_browser, admin_user, find_user, mailbox):
    edit(admin_browser, admin_user, email="moved@example.com", current_password=PASSWORD)

    assert "takes effect when it is confirmed" in admin_browser.get("/admin/").text
    assert mailbox.recipients() == ["moved@example.com"]
    assert find_user("moved@example.com") is None


def test_without_mail_own_email_is_changed_at_once(app, admin_browser, admin_user, find_user):
    app.config["MAIL_SERVER"] = "none"

    edit(admin_browser, admin_user, email="moved@example.com", current_password=PASSWORD)

    assert find_user("moved@example.com")


@pytest.mark.parametrize("current", [{}, {"current_password": ""}, {"current_password": "wrong"}])
def test_own_email_is_not_changed_without_the_current_password(admin_browser, admin_user, find_user, current):
    response = edit(admin_browser, admin_user, email="moved@example.com", **current)

    assert "Missing or wrong." in response.text
    assert find_user("moved@example.com") is None


def test_own_name_is_changed_without_the_current_password(admin_browser, admin_user, find_user):
    edit(admin_browser, admin_user, first_name="Ann", current_password="")

    assert find_user(admin_user.email).first_name == "Ann"


@pytest.mark.parametrize(("own", "count"), [(True, 1), (False, 0)])
def test_only_forms_about_oneself_ask_for_the_current_password(admin_browser, admin_user, user, own, count):
    user_id = admin_user.id if own else user.id

    for page in ("edit", "password"):
        text = admin_browser.get(f"{USERS}{page}/?id={user_id}").text
        assert text.count('name="current_password"') == count


def test_password_of_unknown_user_is_404(admin_browser):
    ids = ["", "x", "0", "99999"]

    assert {admin_browser.get(f"{USERS}password/?id={user_id}").status_code for user_id in ids} == {404}


def test_password_of_deleted_user_is_404(admin_browser, user):
    admin_browser.run_action("users", "delete", user.id)

    assert admin_browser.get(f"{USERS}password/?id={user.id}").status_code == 404


# Actions


def test_deactivated_user_is_logged_out_until_activated(client, admin_browser, user, auth_headers, find_user):
    assert "1 deactivated." in admin_browser.run_action("users", "deactivate", user.id)
    assert client.get("/api/v1/users/me", headers=auth_headers).status_code == 401

    assert "1 activated." in admin_browser.run_action("users", "activate", user.id)
    assert find_user(user.email).is_active


def test_several_users_are_deactivated_at_once(admin_browser, make_user, find_user):
    users = [make_user() for _ in range(3)]

    page = admin_browser.run_action("users", "deactivate", *(user.id for user in users))

    assert "3 deactivated." in page
    assert not any(find_user(user.email).is_active for user in users)


def test_last_admin_is_left_out_when_all_are_deactivated(admin_browser, admin_user, user, find_user):
    page = admin_browser.run_action("users", "deactivate", admin_user.id, user.id)

    assert "1 deactivated." in page
    assert LAST_ADMIN in page
    assert find_user(admin_user.email).is_active


@pytest.mark.parametrize("action", ["activate", "restore"])
def test_action_on_user_in_the_wrong_state_is_refused(admin_browser, user, action):
    page = admin_browser.run_action("users", action, user.id)

    assert f"Cannot {action} a record in this state." in page


def test_deleted_user_is_not_deactivated(admin_browser, user, find_user):
    admin_browser.run_action("users", "delete", user.id)

    page = admin_browser.run_action("users", "deactivate", user.id)

    assert "Cannot deactivate a record in this state." in page
    assert find_user(user.email).is_active


def test_deleted_user_stays_in_the_list(admin_browser, user, find_user):
    assert admin_browser.submit(f"{USERS}delete/", id=user.id).status_code == 302

    assert find_user(user.email).is_deleted
    assert user.email in admin_browser.get(USERS).text


def test_last_admin_is_not_deleted(admin_browser, admin_user, find_user):
    admin_browser.submit(f"{USERS}delete/", id=admin_user.id)

    assert LAST_ADMIN in admin_browser.get("/admin/").text
    assert not find_user(admin_user.email).is_deleted


def test_deleted_user_is_not_deleted_again(admin_browser, user):
    admin_browser.run_action("users", "delete", user.id)

    page = admin_browser.run_action("users", "delete", user.id)

    assert "Cannot delete a record in this state." in page


def test_deleted_user_is_restored(admin_browser, user, find_user):
    admin_browser.run_action("users", "delete", user.id)

    assert "1 restored." in admin_browser.run_action("users", "restore", user.id)
    assert not find_user(user.email).is_deleted


def test_several_users_are_restored_at_once(admin_browser, make_user):
    ids = [make_user().id for _ in range(3)]
    admin_browser.run_action("users", "delete", *ids)

    assert "3 restored." in admin_browser.run_action("users", "restore", *ids)


def test_user_whose_email_was_taken_is_not_restored(admin_browser, user, make_user, db_session):
    admin_browser.run_action("users", "delete", user.id)
    make_user(email=user.email)

    assert EMAIL_TAKEN in admin_browser.run_action("users", "restore", user.id)
    db_session.refresh(user)
    assert user.is_deleted


def test_action_on_unknown_users_changes_nothing(admin_browser, user, find_user):
    ids = ["", "x", "-1", "2147483648", "1" * 5000]

    response = admin_browser.submit(f"{USERS}action/", action="delete", rowid=ids)

    assert response.status_code == 302
    assert not find_user(user.email).is_deleted


def test_unknown_action_changes_nothing(admin_browser, user, find_user):
    admin_browser.run_action("users", "explode", user.id)

    assert find_user(user.email).is_active


# List


def test_rows_offer_the_actions_of_their_state(admin_browser, user, make_user):
    make_user(email="inactive@example.com", is_active=False)
    admin_browser.run_action("users", "delete", user.id)

    deleted, inactive, active = (
        admin_browser.get(f"{USERS}?search={name}@").text for name in ("user", "inactive", "admin")
    )

    assert "fa-undo" in deleted
    assert "fa-pencil" not in deleted
    assert "fa-check" in inactive
    assert "fa-ban" in active


def test_deleted_user_has_a_badge(admin_browser, user):
    admin_browser.run_action("users", "delete", user.id)

    assert "badge-danger" in admin_browser.get(USERS).text


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("search=URSULA", ["user@example.com"]),
        ("search=user@", ["user@example.com"]),
        ("search=%25", []),
        ("search=_", []),
        ("flt_role_is=admin", ["admin@example.com"]),
        ("flt_role_is=user&flt_active_is=no", ["gone@example.com"]),
        ("flt_deleted_is=yes", ["gone@example.com"]),
        ("flt_deleted_is=no&flt_role_is=user", ["user@example.com"]),
        ("flt_role_is=&search=admin", ["admin@example.com"]),
    ],
)
def test_list_is_filtered(admin_browser, user, make_user, query, expected):
    make_user(email="gone@example.com", is_active=False, deleted=True)

    page = admin_browser.get(f"{USERS}?{query}").text

    assert re.findall(r'<td class="col-email">(.*?)</td>', page) == expected
