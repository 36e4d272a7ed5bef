"""Tests of the endpoints of users."""

import pytest
from sqlalchemy import select

from app.db.types import MAX_ID
from app.models.user import Role, User
from tests.plugins.accounts import WRONG_PASSWORD
from tests.plugins.credentials import PASSWORD, credentials

USERS = "/api/v1/users"
ME = f"{USERS}/me"
MY_PASSWORD = f"{ME}/password"
LOGIN = "/api/v1/auth/login"
NEW_PASSWORD = "a completely different one"
NEW_USER = {"email": "new@example.com", "password": PASSWORD}


def found_emails(client, headers, query: dict) -> list[str]:
    """Return the emails that a query finds."""
    response = client.get(USERS, headers=headers, query_string=query)
    return [item["email"] for item in response.json["items"]]


# Registration


def test_registration_returns_the_user(client):
    response = client.post(USERS, json={**NEW_USER, "first_name": "Nia", "last_name": "Comer"})

    assert response.status_code == 201
    assert response.json["email"] == "new@example.com"
    assert response.json["full_name"] == "Nia Comer"


def test_registered_user_is_active_and_no_admin(client):
    response = client.post(USERS, json=NEW_USER)

    assert response.json["role"] == "user"
    assert response.json["is_active"] is True


def test_registration_returns_the_location(client):
    response = client.post(USERS, json=NEW_USER)

    assert response.headers["Location"] == f"{USERS}/{response.json['id']}"


def test_registered_user_can_log_in(client):
    location = client.post(USERS, json=NEW_USER).headers["Location"]

    headers = credentials(client, NEW_USER["email"])

    assert client.get(location, headers=headers).json["email"] == NEW_USER["email"]


def test_password_is_stored_as_a_hash(client, db_session):
    client.post(USERS, json=NEW_USER)

    user = db_session.scalar(select(User))

    assert user.password_hash.startswith("$argon2id$")


def test_registration_response_contains_no_password(client):
    response = client.post(USERS, json=NEW_USER)

    assert PASSWORD not in response.text
    assert not [name for name in response.json if "password" in name]


@pytest.mark.parametrize("length", [8, 128])
def test_passwords_of_8_to_128_characters_are_accepted(client, length):
    password = "kx7QpZ2v".ljust(length, "é")

    response = client.post(USERS, json={**NEW_USER, "password": password})

    assert response.status_code == 201
    assert credentials(client, NEW_USER["email"], password)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"email": None}, "email"),
        ({"email": ""}, "email"),
        ({"email": "no email"}, "email"),
        ({"email": "two@at@example.com"}, "email"),
        ({"email": " new.user@example.com"}, "email"),
        ({"email": "new\ncomer@example.com"}, "email"),
        ({"email": "new\x00comer@example.com"}, "email"),
        ({"email": f"{'x' * 250}@example.com"}, "email"),
        ({"email": ["new@example.com"]}, "email"),
        ({"password": None}, "password"),
        ({"password": "seven.."}, "password"),
        ({"password": "x" * 129}, "password"),
        ({"password": 12345678}, "password"),
        ({"password": "12345678"}, "password"),
        ({"password": "new@example.com"}, "password"),
        ({"password": "Gwendolyn1", "first_name": "Gwendolyn"}, "password"),
        ({"password": "nul \x00 inside"}, "password"),
        ({"first_name": "x" * 101}, "first_name"),
        ({"last_name": None}, "last_name"),
        ({"last_name": {"$ne": ""}}, "last_name"),
        ({"role": "admin"}, "role"),
        ({"is_active": True}, "is_active"),
        ({"id": 1}, "id"),
    ],
)
def test_registration_with_invalid_value_is_rejected(client, change, field):
    response = client.post(USERS, json=NEW_USER | change)

    assert response.status_code == 400
    assert set(response.json["errors"]) == {field}


def test_registration_without_required_fields_is_rejected(client):
    response = client.post(USERS, json={})

    assert response.status_code == 400
    assert set(response.json["errors"]) == {"email", "password"}


def test_guessable_password_is_rejected_with_one_message(client):
    response = client.post(USERS, json={**NEW_USER, "password": "password"})

    message = "This password is easy to guess. Use a longer one, or several uncommon words."
    assert response.json["errors"] == {"password": [message]}
    assert response.json["detail"] == message


def test_guessable_password_does_not_reveal_whether_the_email_is_taken(client, user):
    response = client.post(USERS, json={"email": user.email, "password": "password"})

    assert set(response.json["errors"]) == {"password"}


def test_spellings_of_an_internationalized_domain_are_one_account(client):
    client.post(USERS, json={**NEW_USER, "email": "user@b\u00fccher.example"})

    response = client.post(USERS, json={**NEW_USER, "email": "user@xn--bcher-kva.example"})

    assert response.status_code == 409
    assert credentials(client, "user@xn--bcher-kva.example")


@pytest.mark.parametrize("spelling", ["user@example.com", "USER@example.com", "User@Example.COM"])
def test_taken_email_in_any_spelling_is_a_conflict(client, user, spelling):
    response = client.post(USERS, json={**NEW_USER, "email": spelling})

    assert response.status_code == 409
    assert set(response.json["errors"]) == {"email"}


def test_email_of_inactive_user_is_taken(client, make_user):
    inactive = make_user(is_active=False)

    assert client.post(USERS, json={**NEW_USER, "email": inactive.email}).status_code == 409


def test_email_of_deleted_user_is_available(client, user, admin_headers):
    client.delete(f"{USERS}/{user.id}", headers=admin_headers)

    response = client.post(USERS, json={**NEW_USER, "email": user.email})

    assert response.status_code == 201
    assert response.json["id"] != user.id


def test_closed_registration_is_forbidden(app, client):
    app.config["REGISTRATION_OPEN"] = False

    assert client.post(USERS, json=NEW_USER).status_code == 403


# Lists


def test_admin_lists_users_oldest_first(client, admin_user, admin_headers, make_user):
    emails = [admin_user.email, make_user().email, make_user().email]

    response = client.get(USERS, headers=admin_headers)

    assert response.status_code == 200
    assert [item["email"] for item in response.json["items"]] == emails


def test_list_is_paginated(client, admin_headers, make_user):
    for _ in range(4):
        make_user()

    response = client.get(USERS, headers=admin_headers, query_string={"page": 2, "per_page": 2})

    page = response.json
    assert len(page.pop("items")) == 2
    assert page == {"page": 2, "per_page": 2, "total": 5, "pages": 3}


def test_pages_do_not_overlap(client, admin_headers, make_user):
    for _ in range(4):
        make_user()

    pages = [found_emails(client, admin_headers, {"page": page, "per_page": 2}) for page in (1, 2, 3)]

    assert [len(page) for page in pages] == [2, 2, 1]
    assert len({email for page in pages for email in page}) == 5


@pytest.mark.parametrize(
    ("query", "per_page"), [({}, 20), ({"per_page": 1}, 1), ({"per_page": 100, "page": 100}, 100)]
)
def test_page_within_bounds_is_returned(client, admin_headers, query, per_page):
    response = client.get(USERS, headers=admin_headers, query_string=query)

    assert response.status_code == 200
    assert response.json["per_page"] == per_page


def test_page_after_the_last_is_empty(client, admin_headers):
    assert found_emails(client, admin_headers, {"page": 2}) == []


@pytest.mark.parametrize("field", ["page", "per_page"])
@pytest.mark.parametrize("value", ["0", "-1", "100001", "1.5", "1e1", "", "x", "١", "9" * 400])
def test_page_out_of_bounds_is_rejected(client, admin_headers, field, value):
    response = client.get(USERS, headers=admin_headers, query_string={field: value})

    assert response.status_code == 400
    assert set(response.json["errors"]) == {field}


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"active_only": "maybe"}, "active_only"),
        ({"search": "x" * 101}, "search"),
        ({"role": "user"}, "role"),
    ],
)
def test_invalid_query_is_rejected(client, admin_headers, query, field):
    response = client.get(USERS, headers=admin_headers, query_string=query)

    assert response.status_code == 400
    assert set(response.json["errors"]) == {field}


@pytest.mark.parametrize("search", ["grace@", "GRACE@", "Hopper", "hopp", "Brewster"])
def test_search_matches_emails_and_names(client, admin_headers, make_user, search):
    make_user()
    grace = make_user(email="grace@example.com", first_name="Brewster", last_name="Hopper")

    assert found_emails(client, admin_headers, {"search": search}) == [grace.email]


@pytest.mark.parametrize("wildcard", ["%", "_", "/", "\\", "100%", "a_c", "a\\c"])
def test_search_escapes_wildcards(client, admin_headers, make_user, wildcard):
    make_user(first_name="100 abc")
    literal = make_user(first_name=f"~{wildcard}~")

    assert found_emails(client, admin_headers, {"search": wildcard}) == [literal.email]


def test_empty_search_finds_all_users(client, admin_headers, make_user):
    make_user()

    assert len(found_emails(client, admin_headers, {"search": ""})) == 2


def test_total_counts_matching_users(client, admin_headers, make_user):
    make_user(first_name="Grace")
    make_user(first_name="Grace")

    response = client.get(USERS, headers=admin_headers, query_string={"search": "grace", "per_page": 1})

    assert response.json["total"] == 2


def test_active_only_omits_inactive_users(client, admin_user, admin_headers, make_user):
    make_user(is_active=False)

    assert found_emails(client, admin_headers, {"active_only": "true"}) == [admin_user.email]


def test_list_contains_inactive_users_by_default(client, admin_headers, make_user):
    inactive = make_user(is_active=False)

    assert inactive.email in found_emails(client, admin_headers, {"active_only": "false"})


def test_list_omits_deleted_users(client, admin_user, admin_headers, make_user):
    make_user(deleted=True)

    assert found_emails(client, admin_headers, {}) == [admin_user.email]


# A single user


def test_current_user_is_returned(client, user, auth_headers):
    response = client.get(ME, headers=auth_headers)

    assert response.status_code == 200
    assert response.json["email"] == user.email
    assert response.json["full_name"] == "Ursula User"


def test_user_has_exactly_the_documented_fields(client, auth_headers):
    response = client.get(ME, headers=auth_headers)

    names = {"id", "email", "first_name", "last_name", "full_name", "role", "is_active"}
    assert set(response.json) == names | {"created_at", "updated_at", "email_verified_at"}


def test_timestamps_have_a_time_zone(client, auth_headers):
    assert client.get(ME, headers=auth_headers).json["created_at"].endswith("+00:00")


def test_user_gets_themselves_by_id(client, user, auth_headers):
    assert client.get(f"{USERS}/{user.id}", headers=auth_headers).json["id"] == user.id


def test_admin_gets_other_user(client, user, admin_headers):
    assert client.get(f"{USERS}/{user.id}", headers=admin_headers).json["id"] == user.id


REQUESTS_ABOUT_ONE = [("GET", None), ("PATCH", {"first_name": "Eve"}), ("DELETE", None)]
about_one_user = pytest.mark.parametrize(("method", "body"), REQUESTS_ABOUT_ONE)


@about_one_user
def test_other_user_is_forbidden(client, auth_headers, make_user, method, body):
    other = make_user()

    response = client.open(f"{USERS}/{other.id}", method=method, json=body, headers=auth_headers)

    assert response.status_code == 403


@about_one_user
def test_unknown_user_is_forbidden_to_users(client, user, auth_headers, method, body):
    response = client.open(f"{USERS}/{user.id + 1}", method=method, json=body, headers=auth_headers)

    assert response.status_code == 403


@about_one_user
@pytest.mark.parametrize("unknown", [MAX_ID, MAX_ID + 1, 0, 10**30, "x", "-1"])
def test_unknown_user_is_not_found_by_admin(client, admin_headers, method, body, unknown):
    response = client.open(f"{USERS}/{unknown}", method=method, json=body, headers=admin_headers)

    assert response.status_code == 404


@about_one_user
def test_deleted_user_is_not_found_by_admin(client, admin_headers, make_user, method, body):
    deleted = make_user(deleted=True)

    response = client.open(f"{USERS}/{deleted.id}", method=method, json=body, headers=admin_headers)

    assert response.status_code == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", USERS),
        ("GET", ME),
        ("POST", MY_PASSWORD),
        ("GET", f"{USERS}/1"),
        ("PATCH", f"{USERS}/1"),
        ("DELETE", f"{USERS}/1"),
    ],
)
def test_anonymous_request_is_rejected(client, user, method, path):
    response = client.open(path, method=method)

    assert response.status_code == 401
    assert response.mimetype == "application/problem+json"


@pytest.mark.parametrize(("method", "path"), [("GET", USERS), ("DELETE", f"{USERS}/1")])
def test_admin_operation_is_forbidden_to_users(client, auth_headers, method, path):
    assert client.open(path, method=method, headers=auth_headers).status_code == 403


# Updates


def test_user_updates_own_name(client, user, auth_headers):
    response = client.patch(f"{USERS}/{user.id}", json={"first_name": "Uma"}, headers=auth_headers)

    assert response.status_code == 200
    assert response.json["full_name"] == "Uma User"


def test_update_is_stored(client, user, auth_headers):
    client.patch(f"{USERS}/{user.id}", json={"last_name": "Unit"}, headers=auth_headers)

    assert client.get(ME, headers=auth_headers).json["full_name"] == "Ursula Unit"


def test_empty_update_changes_nothing(client, user, auth_headers):
    before = client.get(ME, headers=auth_headers).json

    response = client.patch(f"{USERS}/{user.id}", json={}, headers=auth_headers)

    assert response.json == before


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"email": "no email"}, "email"),
        ({"email": None}, "email"),
        ({"first_name": "x" * 101}, "first_name"),
        ({"last_name": 1}, "last_name"),
        ({"role": "owner"}, "role"),
        ({"role": None}, "role"),
        ({"is_active": "yes"}, "is_active"),
        ({"is_active": 1}, "is_active"),
        ({"password": NEW_PASSWORD}, "password"),
        ({"password_hash": "x"}, "password_hash"),
        ({"deleted_at": None}, "deleted_at"),
        ({"id": 1}, "id"),
    ],
)
def test_update_with_invalid_value_is_rejected(client, user, admin_headers, change, field):
    response = client.patch(f"{USERS}/{user.id}", json=change, headers=admin_headers)

    assert response.status_code == 400
    assert set(response.json["errors"]) == {field}


@pytest.mark.parametrize("confirmation", [{}, {"current_password": WRONG_PASSWORD}, {"current_password": ""}])
def test_change_of_own_email_requires_current_password(client, user, auth_headers, confirmation):
    change = {"email": "moved@example.com", **confirmation}

    response = client.patch(f"{USERS}/{user.id}", json=change, headers=auth_headers)

    assert response.status_code == 400
    assert set(response.json["errors"]) == {"current_password"}


def test_rejected_change_of_email_changes_no_other_field(client, user, auth_headers):
    change = {"email": "moved@example.com", "first_name": "Uma"}

    client.patch(f"{USERS}/{user.id}", json=change, headers=auth_headers)

    account = client.get(ME, headers=auth_headers).json
    assert (account["email"], account["first_name"]) == ("user@example.com", "Ursula")


def test_own_email_does_not_change_before_it_is_confirmed(client, user, auth_headers):
    change = {"email": "moved@example.com", "current_password": PASSWORD, "first_name": "Uma"}

    response = client.patch(f"{USERS}/{user.id}", json=change, headers=auth_headers)

    assert response.status_code == 200
    assert (response.json["email"], response.json["first_name"]) == ("user@example.com", "Uma")


def test_admin_needs_current_password_for_own_email(client, admin_user, admin_headers):
    change = {"email": "moved@example.com"}

    response = client.patch(f"{USERS}/{admin_user.id}", json=change, headers=admin_headers)

    assert response.status_code == 400


def test_other_spelling_of_own_email_needs_no_password(client, user, auth_headers):
    response = client.patch(f"{USERS}/{user.id}", json={"email": "User@Example.com"}, headers=auth_headers)

    assert response.status_code == 200
    assert response.json["email"] == "User@Example.com"


def test_admin_changes_email_of_other_user(client, user, admin_headers):
    response = client.patch(f"{USERS}/{user.id}", json={"email": "moved@example.com"}, headers=admin_headers)

    assert response.json["email"] == "moved@example.com"


def test_change_to_taken_email_is_a_conflict(client, user, admin_user, admin_headers):
    change = {"email": admin_user.email.upper(), "first_name": "Uma"}

    response = client.patch(f"{USERS}/{user.id}", json=change, headers=admin_headers)

    assert response.status_code == 409
    assert client.get(f"{USERS}/{user.id}", headers=admin_headers).json["first_name"] == "Ursula"


@pytest.mark.parametrize("change", [{"role": "admin"}, {"role": "user"}, {"is_active": False}])
def test_user_may_not_change_own_role_and_status(client, user, auth_headers, change):
    response = client.patch(f"{USERS}/{user.id}", json=change, headers=auth_headers)

    assert response.status_code == 403


def test_admin_promotes_user(client, login, user, admin_headers):
    response = client.patch(f"{USERS}/{user.id}", json={"role": "admin"}, headers=admin_headers)

    assert response.json["role"] == "admin"
    assert client.get(USERS, headers=login(user)).status_code == 200


def test_reactivated_user_can_log_in(client, login, make_user, admin_headers):
    inactive = make_user(is_active=False)

    client.patch(f"{USERS}/{inactive.id}", json={"is_active": True}, headers=admin_headers)

    assert login(inactive)


@pytest.mark.parametrize("change", [{"role": "admin"}, {"is_active": False}])
def test_change_of_role_or_status_revokes_all_sessions(client, user, auth_headers, admin_headers, change):
    client.patch(f"{USERS}/{user.id}", json=change, headers=admin_headers)

    assert client.get(ME, headers=auth_headers).status_code == 401


def test_reactivation_restores_no_session(client, user, auth_headers, admin_headers):
    client.patch(f"{USERS}/{user.id}", json={"is_active": False}, headers=admin_headers)

    client.patch(f"{USERS}/{user.id}", json={"is_active": True}, headers=admin_headers)

    assert client.get(ME, headers=auth_headers).status_code == 401


def test_unchanged_role_and_status_revoke_no_session(client, user, auth_headers, admin_headers):
    client.patch(f"{USERS}/{user.id}", json={"role": "user", "is_active": True}, headers=admin_headers)

    assert client.get(ME, headers=auth_headers).status_code == 200


@pytest.mark.parametrize("change", [{"role": "user"}, {"is_active": False}])
def test_last_admin_cannot_be_demoted_or_deactivated(client, admin_user, admin_headers, change):
    response = client.patch(f"{USERS}/{admin_user.id}", json=change, headers=admin_headers)

    assert response.status_code == 409
    assert client.get(USERS, headers=admin_headers).status_code == 200


@pytest.mark.parametrize("change", [{"role": "user"}, {"is_active": False}])
def test_one_of_two_admins_can_be_demoted_or_deactivated(
    client, admin_user, admin_headers, make_user, change
):
    make_user(role=Role.ADMIN)

    response = client.patch(f"{USERS}/{admin_user.id}", json=change, headers=admin_headers)

    assert response.status_code == 200


# Deletion


def test_delete_returns_no_content(client, user, admin_headers):
    response = client.delete(f"{USERS}/{user.id}", headers=admin_headers)

    assert response.status_code == 204
    assert response.data == b""


def test_deleted_user_is_not_found(client, user, admin_headers):
    client.delete(f"{USERS}/{user.id}", headers=admin_headers)

    assert client.get(f"{USERS}/{user.id}", headers=admin_headers).status_code == 404


def test_delete_keeps_the_row(client, db_session, user, admin_headers):
    client.delete(f"{USERS}/{user.id}", headers=admin_headers)

    db_session.refresh(user)
    assert user.is_deleted


def test_second_delete_is_not_found(client, user, admin_headers):
    client.delete(f"{USERS}/{user.id}", headers=admin_headers)

    assert client.delete(f"{USERS}/{user.id}", headers=admin_headers).status_code == 404


def test_delete_revokes_all_sessions(client, user, auth_headers, admin_headers):
    client.delete(f"{USERS}/{user.id}", headers=admin_headers)

    assert client.get(ME, headers=auth_headers).status_code == 401


def test_last_admin_cannot_be_deleted(client, admin_user, admin_headers):
    response = client.delete(f"{USERS}/{admin_user.id}", headers=admin_headers)

    assert response.status_code == 409
    assert client.get(ME, headers=admin_headers).status_code == 200


@pytest.mark.parametrize("values", [{"is_active": False}, {"deleted": True}])
def test_inactive_and_deleted_admins_do_not_count(client, admin_user, admin_headers, make_user, values):
    make_user(role=Role.ADMIN, **values)

    assert client.delete(f"{USERS}/{admin_user.id}", headers=admin_headers).status_code == 409


def test_one_of_two_admins_can_be_deleted(client, admin_headers, make_user):
    other = make_user(role=Role.ADMIN)

    assert client.delete(f"{USERS}/{other.id}", headers=admin_headers).status_code == 204


# Passwords


@pytest.fixture
def change_password(client):
    """Change the password of the user of the headers."""

    def change(headers, current: str = PASSWORD, new: str = NEW_PASSWORD):
        body = {"current_password": current, "new_password": new}
        return client.post(MY_PASSWORD, json=body, headers=headers)

    return change


def test_password_change_returns_no_content(change_password, auth_headers):
    response = change_password(auth_headers)

    assert response.status_code == 204
    assert response.data == b""


def test_only_new_password_is_accepted_after_change(client, change_password, user, auth_headers):
    change_password(auth_headers)

    assert credentials(client, user.email, NEW_PASSWORD)
    old = client.post(LOGIN, json={"email": user.email, "password": PASSWORD})
    assert old.status_code == 401


def test_password_change_keeps_the_current_session(client, change_password, auth_headers):
    change_password(auth_headers)

    assert client.get(ME, headers=auth_headers).status_code == 200


def test_password_change_revokes_all_other_sessions(client, change_password, login, user, auth_headers):
    elsewhere = login(user)

    change_password(auth_headers)

    assert client.get(ME, headers=elsewhere).status_code == 401


def test_password_change_keeps_sessions_of_other_users(client, change_password, auth_headers, admin_headers):
    change_password(auth_headers)

    assert client.get(ME, headers=admin_headers).status_code == 200


def test_wrong_current_password_is_rejected(change_password, auth_headers):
    response = change_password(auth_headers, current=WRONG_PASSWORD)

    assert response.status_code == 400
    assert set(response.json["errors"]) == {"current_password"}


def test_wrong_current_password_revokes_no_session(client, change_password, login, user, auth_headers):
    elsewhere = login(user)

    change_password(auth_headers, current=WRONG_PASSWORD)

    assert client.get(ME, headers=elsewhere).status_code == 200


@pytest.mark.parametrize("new", ["", "seven..", "password", "x" * 129, "nul \x00 inside", None, 12345678])
def test_invalid_new_password_is_rejected(change_password, auth_headers, new):
    response = change_password(auth_headers, new=new)

    assert response.status_code == 400
    assert set(response.json["errors"]) == {"new_password"}


def test_password_change_without_required_fields_is_rejected(client, auth_headers):
    response = client.post(MY_PASSWORD, json={}, headers=auth_headers)

    assert response.status_code == 400
    assert set(response.json["errors"]) == {"current_password", "new_password"}


# Entity tags


@pytest.mark.parametrize("path", [USERS, ME, f"{ME}/export", f"{ME}/sessions", USERS + "/{}"])
def test_unchanged_user_is_not_sent_again(client, admin_user, admin_headers, path):
    path = path.format(admin_user.id)
    tag = client.get(path, headers=admin_headers).headers["ETag"]

    assert client.get(path, headers=admin_headers | {"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PATCH", "{}", {"last_name": "Two"}),
        ("PATCH", "{}", {"role": "user"}),
        ("DELETE", "{}", None),
        ("DELETE", "me", {"current_password": PASSWORD}),
    ],
)
def test_user_that_was_changed_meanwhile_stays(
    client, make_user, admin_user, admin_headers, method, path, body
):
    make_user(role=Role.ADMIN)
    path = f"{USERS}/{path.format(admin_user.id)}"
    outdated = admin_headers | {"If-Match": client.get(ME, headers=admin_headers).headers["ETag"]}
    changed = client.patch(f"{USERS}/{admin_user.id}", json={"last_name": "One"}, headers=admin_headers)
    current = admin_headers | {"If-Match": changed.headers["ETag"]}

    assert client.open(path, method=method, json=body, headers=outdated).status_code == 412
    assert client.get(ME, headers=admin_headers).json == changed.json
    assert client.open(path, method=method, json=body, headers=current).status_code in {200, 204}


def test_forbidden_update_is_forbidden_whatever_the_tag_is(client, make_user, auth_headers):
    path, headers = f"{USERS}/{make_user().id}", auth_headers | {"If-Match": '"other"'}

    assert client.patch(path, json={"first_name": "Eve"}, headers=headers).status_code == 403
