"""Actions of admins in the security log."""

import pytest

from tests.admin.clients import LOGIN_URL
from tests.plugins.accounts import WRONG_PASSWORD
from tests.plugins.credentials import PASSWORD


@pytest.fixture
def events(caplog):
    """Return the events of a name in the security log."""

    def events(name: str) -> list[dict]:
        records = [vars(record) for record in caplog.records if record.name == "app.security"]
        return [record for record in records if record["event"] == name]

    return events


def test_logins_are_logged(browser, events, user, admin_user):
    browser.submit(LOGIN_URL, email=admin_user.email, password=WRONG_PASSWORD)
    browser.submit(LOGIN_URL, email=user.email, password=PASSWORD)
    browser.submit(LOGIN_URL, email=admin_user.email, password=PASSWORD)

    assert [event["target_id"] for event in events("login_failed")] == [admin_user.id]
    assert [event["target_id"] for event in events("login_refused")] == [user.id]
    assert [(event["target_id"], event["kind"]) for event in events("login")] == [(admin_user.id, "admin")]


def test_bulk_actions_are_logged_for_each_id(admin_browser, events, admin_user, make_user):
    ids = [make_user().id for _ in range(3)]

    admin_browser.run_action("users", "delete", *ids)

    logged = events("admin_action")
    assert [event["target_id"] for event in logged] == ids
    assert {(event["actor_id"], event["action"], event["table"]) for event in logged} == {
        (admin_user.id, "delete", "users")
    }


def test_created_and_edited_records_are_logged(admin_browser, events, user):
    form = {"first_name": "", "last_name": "", "role": "user"}
    new = {"email": "new@example.com", "password": "lamp river cloud"}
    admin_browser.submit("/admin/users/new/", **form, **new)
    admin_browser.submit(f"/admin/users/edit/?id={user.id}", **form, email=user.email, is_active="y")

    created, edited = events("admin_action")
    assert (created["action"], edited["action"]) == ("create", "edit")
    assert created["target_id"] == events("user_created")[0]["target_id"]
    assert edited["target_id"] == user.id


def test_export_is_logged(admin_browser, events, admin_user, user):
    admin_browser.get("/admin/users/export/csv/")

    (event,) = events("admin_export")
    assert (event["actor_id"], event["table"], event["rows"]) == (admin_user.id, "users", 2)


def test_refused_actions_are_not_logged(admin_browser, events, admin_user):
    admin_browser.run_action("users", "delete", admin_user.id)

    assert events("admin_action") == []


def test_set_password_is_logged(admin_browser, events, admin_user, user):
    form = {"new_password": "lamp river cloud", "confirmation": "lamp river cloud"}
    admin_browser.submit(f"/admin/users/password/?id={user.id}", **form)

    (event,) = events("password_set")
    assert (event["actor_id"], event["target_id"]) == (admin_user.id, user.id)
