"""Every change requires the CSRF token of the session."""

import pytest

from app.models.user import User
from tests.plugins.credentials import PASSWORD

COLUMNS = [column.key for column in User.__table__.columns]
NEW_USER = {
    "email": "new@example.com",
    "password": "lamp river cloud",
    "first_name": "",
    "last_name": "",
    "role": "user",
}


@pytest.fixture(
    params=[
        ("/admin/users/new/", NEW_USER),
        ("/admin/users/edit/?id={id}", {"email": "new@example.com", "role": "user"}),
        (
            "/admin/users/password/?id={id}",
            {"new_password": "lamp river cloud", "confirmation": "lamp river cloud"},
        ),
        ("/admin/users/action/", {"action": "deactivate", "rowid": "{id}"}),
        ("/admin/users/delete/", {"id": "{id}"}),
    ],
    ids=["create", "edit", "password", "action", "delete"],
)
def form(request, user) -> tuple[str, dict[str, str]]:
    """Path and data of a form that another website could submit from an admin's browser."""
    path, data = request.param
    return path.format(id=user.id), {name: value.format(id=user.id) for name, value in data.items()}


@pytest.fixture
def unchanged(db_session, user):
    """Check after the test that the user was not changed."""
    before = {name: getattr(user, name) for name in COLUMNS}
    yield
    db_session.refresh(user)
    assert {name: getattr(user, name) for name in before} == before


def test_form_with_valid_token_is_accepted(admin_browser, form):
    path, data = form

    assert admin_browser.submit(path, **data).status_code == 302


def test_form_without_token_is_refused(admin_browser, form, unchanged):
    path, data = form

    assert admin_browser.post(path, data=data).status_code == 400


def test_form_with_forged_token_is_refused(admin_browser, form, unchanged):
    path, data = form
    forged = f"{admin_browser.csrf_token()}x"

    assert admin_browser.post(path, data=data | {"csrf_token": forged}).status_code == 400


def test_form_with_token_of_another_session_is_refused(admin_browser, browser, form, unchanged):
    path, data = form

    response = admin_browser.post(path, data=data | {"csrf_token": browser.csrf_token()})

    assert response.status_code == 400


def test_form_with_token_from_before_login_is_refused(browser, admin_user, form, unchanged):
    path, data = form
    old_token = browser.csrf_token()
    browser.login(admin_user.email)

    assert browser.post(path, data=data | {"csrf_token": old_token}).status_code == 400


def test_login_without_token_is_refused(browser, admin_user):
    data = {"email": admin_user.email, "password": PASSWORD}

    assert browser.post("/admin/login", data=data).status_code == 400


def test_logout_without_token_is_refused(admin_browser):
    assert admin_browser.post("/admin/logout").status_code == 400
    assert admin_browser.get("/admin/").status_code == 200
