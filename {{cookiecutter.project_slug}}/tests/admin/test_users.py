"""Accounts in the admin."""

import re
from functools import partial

import pytest

from app.models.user import Role, User
from app.security.passwords import passwords
from tests.admin.clients import Browser

USERS = "/admin/users/"
LAST_ADMIN = "Cannot remove the last active admin."
TAKEN = "This email is already taken."


@pytest.fixture
def find(reread):
    """Read an account anew, by address."""
    return partial(reread, User.email)


def create(admin: Browser, **values):
    """Fill in and send the form of a new account."""
    defaults = {"email": "new@example.com", "password": "long enough", "first_name": "", "last_name": ""}
    return admin.submit(f"{USERS}new/", **defaults | {"role": "user"} | values)


def edit(admin: Browser, user: User, **values):
    """Fill in and send the form of an account."""
    names = {"first_name": user.first_name, "last_name": user.last_name}
    form = {"email": user.email, "role": user.role.value, "is_active": "y", **names}
    return admin.submit(f"{USERS}edit/?id={user.id}", **form | values)


# Creating


def test_an_account_is_created_with_a_password(app, admin, find):
    assert create(admin, first_name="Nina", role="admin").status_code == 302

    user = find("new@example.com")
    assert (user.first_name, user.role, user.is_active) == ("Nina", Role.ADMIN, True)
    with app.app_context():
        assert passwords().verify("long enough", user.password_hash)


@pytest.mark.parametrize(
    "values",
    [
        {"email": "nonsense"},
        {"email": "a b@example.com"},
        {"email": ""},
        {"password": "short"},
        {"password": "x" * 129},
        {"password": ""},
        {"first_name": "x" * 101},
        {"last_name": "\x00"},
        {"role": "king"},
    ],
)
def test_an_account_is_held_to_the_rules_of_the_api(admin, find, values):
    response = create(admin, **values)

    assert response.status_code == 200
    assert "invalid-feedback" in response.text
    assert find("new@example.com") is None


def test_a_taken_address_is_a_message(admin, user):
    response = create(admin, email=user.email.upper())

    assert response.status_code == 200
    assert TAKEN in response.text


def test_fields_that_nobody_offers_are_ignored(admin, find):
    create(admin, password_hash="mine", email_key="mine", id="77")

    assert find("new@example.com").password_hash != "mine"
    assert find("new@example.com").id != 77


# Changing


def test_an_account_is_changed(admin, user, find):
    edit(admin, user, email="other@example.com", first_name="Uma", role="admin")

    changed = find("other@example.com")
    assert (changed.id, changed.first_name, changed.role) == (user.id, "Uma", Role.ADMIN)


def test_a_change_of_role_ends_the_sessions(client, admin, user, auth_headers):
    edit(admin, user, role="admin")

    assert client.get("/api/v1/users/me", headers=auth_headers).status_code == 401


def test_a_change_of_name_ends_no_sessions(client, admin, user, auth_headers):
    edit(admin, user, first_name="Uma")

    assert client.get("/api/v1/users/me", headers=auth_headers).status_code == 200


def test_an_address_somebody_has_is_a_message(admin, user, admin_user, find):
    assert TAKEN in edit(admin, user, email=admin_user.email).text
    assert find(user.email).id == user.id


def test_the_last_admin_is_not_demoted(admin, admin_user, find):
    assert LAST_ADMIN in edit(admin, admin_user, role="user").text
    assert find(admin_user.email).role == Role.ADMIN


def test_unticking_the_box_deactivates(admin, user, find):
    admin.submit(f"{USERS}edit/?id={user.id}", email=user.email, role="user", first_name="", last_name="")

    assert not find(user.email).is_active


def test_a_name_is_changed_in_the_list(admin, user, find):
    assert admin.edit_inline("users", user.id, first_name="Uma").status_code == 200
    assert find(user.email).first_name == "Uma"


def test_only_names_are_changed_in_the_list(admin, user, find):
    admin.edit_inline("users", user.id, role="admin", is_active="", password_hash="mine", email="x@y.example")

    assert find(user.email).role == Role.USER
    assert find(user.email).password_hash != "mine"


@pytest.mark.parametrize("name", ["x" * 101, "\x00"])
def test_a_name_that_cannot_be_is_400_in_the_list(admin, user, name):
    assert admin.edit_inline("users", user.id, first_name=name).status_code == 400


def test_a_change_of_nobody_is_400_in_the_list(admin):
    ids = ["", "0", "-1", "x", "1" * 5000, "2147483648", "99999"]

    assert {admin.edit_inline("users", user_id, first_name="Uma").status_code for user_id in ids} == {400}


def test_a_change_in_the_list_tells_of_whom(admin):
    assert admin.submit(f"{USERS}ajax/update/", first_name="Uma").status_code == 400


def test_who_was_deleted_is_not_changed(admin, user, find):
    admin.act("users", "delete", user.id)

    assert "restore it before" in edit(admin, user, first_name="Uma").text
    assert admin.edit_inline("users", user.id, first_name="Uma").status_code == 400
    assert find(user.email).first_name == user.first_name


def test_a_refusal_in_the_list_leaves_other_messages_alone(admin, user, make_user):
    admin.act("users", "delete", user.id)
    other = make_user(email='"<b>"@example.com')
    data = {"csrf_token": admin.token(), "new_password": "long enough", "again": "long enough"}
    admin.post(f"{USERS}password/?id={other.id}", data=data)

    response = admin.post(f"{USERS}ajax/update/", data=data | {"list_form_pk": user.id, "first_name": "Uma"})

    assert response.mimetype == "text/plain"
    assert "restore it before" in response.text
    assert other.email not in response.text
    assert "has a new password" in admin.get("/admin/").text


# Passwords


def test_a_new_password_replaces_the_old_one_and_ends_all_sessions(client, admin, user, auth_headers, app):
    response = admin.submit(f"{USERS}password/?id={user.id}", new_password="long enough", again="long enough")

    assert response.location == USERS
    assert client.get("/api/v1/users/me", headers=auth_headers).status_code == 401
    member = Browser(app, app.response_class)
    assert member.login(user.email, "long enough").status_code == 403  # right, and no admin


@pytest.mark.parametrize(("password", "again"), [("long enough", "different"), ("short", "short"), ("", "")])
def test_a_password_nobody_could_know_is_refused(admin, user, find, password, again):
    before = user.password_hash

    response = admin.submit(f"{USERS}password/?id={user.id}", new_password=password, again=again)

    assert "invalid-feedback" in response.text
    assert find(user.email).password_hash == before


def test_nobody_has_no_password(admin):
    ids = ["", "x", "0", "99999"]

    assert {admin.get(f"{USERS}password/?id={user_id}").status_code for user_id in ids} == {404}


def test_who_was_deleted_gets_no_password(admin, user):
    admin.act("users", "delete", user.id)

    assert admin.get(f"{USERS}password/?id={user.id}").status_code == 404


# Deactivating, deleting, restoring


def test_who_is_deactivated_is_out_and_may_come_back(client, admin, user, auth_headers, find):
    assert "1 deactivated." in admin.act("users", "deactivate", user.id)
    assert client.get("/api/v1/users/me", headers=auth_headers).status_code == 401

    assert "1 activated." in admin.act("users", "activate", user.id)
    assert find(user.email).is_active


def test_several_are_deactivated_at_once(admin, make_user, find):
    people = [make_user() for _ in range(3)]

    assert "3 deactivated." in admin.act("users", "deactivate", *(person.id for person in people))
    assert not any(find(person.email).is_active for person in people)


def test_the_last_admin_stays_when_all_are_deactivated(admin, admin_user, user, find):
    page = admin.act("users", "deactivate", admin_user.id, user.id)

    assert "1 deactivated." in page
    assert LAST_ADMIN in page
    assert find(admin_user.email).is_active


@pytest.mark.parametrize("action", ["activate", "restore"])
def test_an_action_that_changes_nothing_is_told(admin, user, action):
    assert f"not in a state to {action} it" in admin.act("users", action, user.id)


def test_who_was_deleted_is_not_deactivated(admin, user, find):
    admin.act("users", "delete", user.id)

    assert "not in a state to deactivate it" in admin.act("users", "deactivate", user.id)
    assert find(user.email).is_active


def test_deleting_hides_and_keeps(admin, user, find):
    assert admin.submit(f"{USERS}delete/", id=user.id).status_code == 302

    assert find(user.email).is_deleted
    assert user.email in admin.get(USERS).text


def test_the_last_admin_is_not_deleted(admin, admin_user, find):
    admin.submit(f"{USERS}delete/", id=admin_user.id)

    assert LAST_ADMIN in admin.get("/admin/").text
    assert not find(admin_user.email).is_deleted


def test_who_was_deleted_is_not_deleted_again(admin, user):
    admin.act("users", "delete", user.id)

    assert "not in a state to delete it" in admin.act("users", "delete", user.id)


def test_who_was_deleted_is_restored(admin, user, find):
    admin.act("users", "delete", user.id)

    assert "1 restored." in admin.act("users", "restore", user.id)
    assert not find(user.email).is_deleted


def test_several_are_restored_at_once(admin, make_user):
    ids = [make_user().id for _ in range(3)]
    admin.act("users", "delete", *ids)

    assert "3 restored." in admin.act("users", "restore", *ids)


def test_nobody_is_restored_whose_address_was_taken(admin, user, make_user, db_session):
    admin.act("users", "delete", user.id)
    make_user(email=user.email)

    assert TAKEN in admin.act("users", "restore", user.id)
    db_session.refresh(user)
    assert user.is_deleted


def test_actions_on_nobody_do_nothing(admin):
    ids = ["", "x", "-1", "2147483648", "1" * 5000]

    assert admin.submit(f"{USERS}action/", action="delete", rowid=ids).status_code == 302


def test_an_unknown_action_does_nothing(admin, user, find):
    admin.act("users", "explode", user.id)

    assert find(user.email).is_active


# The list


def test_a_row_offers_what_makes_sense(admin, user, make_user):
    make_user(email="idle@example.com", is_active=False)
    admin.act("users", "delete", user.id)

    deleted, idle, active = (admin.get(f"{USERS}?search={name}@").text for name in ("user", "idle", "admin"))

    assert "fa-undo" in deleted
    assert "fa-pencil" not in deleted
    assert "fa-check" in idle
    assert "fa-ban" in active


def test_deleted_ones_are_shown_as_such(admin, user):
    admin.act("users", "delete", user.id)

    assert "badge-danger" in admin.get(USERS).text


@pytest.mark.parametrize(
    ("query", "found"),
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
def test_the_list_is_narrowed_to(admin, user, make_user, query, found):
    make_user(email="gone@example.com", is_active=False, deleted=True)

    page = admin.get(f"{USERS}?{query}").text

    assert re.findall(r'<td class="col-email">(.*?)</td>', page) == found
