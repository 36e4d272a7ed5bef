"""Nothing changes without the token of the session, whoever sends the cookie."""

import pytest

from app.models.user import User
from tests.plugins.credentials import PASSWORD

COLUMNS = [column.key for column in User.__table__.columns]


@pytest.fixture(
    params=[
        ("/admin/users/new/", {"email": "new@example.com", "password": "long enough", "role": "user"}),
        ("/admin/users/edit/?id={id}", {"email": "new@example.com", "role": "user"}),
        ("/admin/users/password/?id={id}", {"new_password": "long enough", "again": "long enough"}),
        ("/admin/users/action/", {"action": "deactivate", "rowid": "{id}"}),
        ("/admin/users/ajax/update/", {"list_form_pk": "{id}", "first_name": "Changed"}),
        ("/admin/users/delete/", {"id": "{id}"}),
    ],
    ids=["create", "edit", "password", "action", "inline", "delete"],
)
def attack(request, user) -> tuple[str, dict[str, str]]:
    """A request that another website makes in the name of an admin."""
    path, data = request.param
    return path.format(id=user.id), {name: value.format(id=user.id) for name, value in data.items()}


@pytest.fixture
def unchanged(db_session, user):
    """Check afterwards that nothing happened."""
    before = {name: getattr(user, name) for name in COLUMNS}
    yield
    db_session.refresh(user)
    assert {name: getattr(user, name) for name in before} == before


def test_it_works_with_the_token(admin, attack):
    path, data = attack

    assert admin.submit(path, **data).status_code in {200, 302}


def test_a_missing_token_is_refused(admin, attack, unchanged):
    path, data = attack

    assert admin.post(path, data=data).status_code == 400


def test_a_forged_token_is_refused(admin, attack, unchanged):
    path, data = attack

    assert admin.post(path, data=data | {"csrf_token": f"{admin.token()}x"}).status_code == 400


def test_the_token_of_another_session_is_refused(admin, browser, attack, unchanged):
    path, data = attack

    assert admin.post(path, data=data | {"csrf_token": browser.token()}).status_code == 400


def test_a_token_from_before_the_log_in_is_refused(browser, admin_user, attack, unchanged):
    path, data = attack
    stale = browser.token()
    browser.login(admin_user.email)

    assert browser.post(path, data=data | {"csrf_token": stale}).status_code == 400


def test_logging_in_needs_a_token(browser, admin_user):
    data = {"email": admin_user.email, "password": PASSWORD}

    assert browser.post("/admin/login", data=data).status_code == 400


def test_signing_out_needs_a_token(admin):
    assert admin.post("/admin/logout").status_code == 400
    assert admin.get("/admin/").status_code == 200
