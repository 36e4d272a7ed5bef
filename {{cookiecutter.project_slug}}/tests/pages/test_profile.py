"""Pages of the current user."""

import pytest
from sqlalchemy import select

from app import mail
from app.models.login_session import LoginSession
from tests.page_checks import SCRIPT, has_unescaped_text
from tests.pages.clients import Browser
from tests.plugins.accounts import WRONG_PASSWORD
from tests.plugins.credentials import PASSWORD

NEW_PASSWORD = "lamp river cloud"


# Names


def test_names_are_changed(user_browser, user, db_session):
    response = user_browser.submit("/profile", first_name="Ulla", last_name="Usher")

    assert response.location == "/profile"
    assert "Your profile is saved." in user_browser.get("/profile").text
    db_session.refresh(user)
    assert user.full_name == "Ulla Usher"


@pytest.mark.parametrize("name", ["x" * 101, "\x00"])
def test_invalid_name_is_400_at_the_field(user_browser, name):
    response = user_browser.submit("/profile", first_name=name, last_name="")

    assert response.status_code == 400
    assert 'id="first_name-error"' in response.text


def test_html_in_names_is_escaped(user_browser):
    user_browser.submit("/profile", first_name=SCRIPT[:100], last_name="")

    pages = user_browser.get("/profile").text + user_browser.get("/").text

    assert "&lt;script&gt;" in pages
    assert not has_unescaped_text(pages)


def test_role_cannot_be_changed(user_browser, user, db_session):
    user_browser.submit("/profile", first_name="", last_name="", role="admin", is_active="")

    db_session.refresh(user)
    assert (user.is_admin, user.is_active) == (False, True)


# Email


def test_new_email_takes_effect_when_it_is_confirmed(user_browser, user, mailbox, db_session):
    response = user_browser.submit("/profile/email", email="moved@example.com", current_password=PASSWORD)
    assert response.location == "/profile"
    assert "moved@example.com" in user_browser.get("/profile").text
    db_session.refresh(user)
    assert user.email == "user@example.com"

    user_browser.submit("/verify-email", token=mailbox.token())

    db_session.refresh(user)
    assert user.email == "moved@example.com"


def test_without_mail_a_new_email_takes_effect_at_once(make_app, user, db_session):
    app = make_app(MAIL_SERVER=mail.OFF)
    browser = Browser(app, app.response_class)
    browser.login_as(user)

    browser.submit("/profile/email", email="moved@example.com", current_password=PASSWORD)

    assert "Your email is changed." in browser.get("/profile").text
    db_session.refresh(user)
    assert user.email == "moved@example.com"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"email": "", "current_password": PASSWORD}, "email"),
        ({"email": "nonsense", "current_password": PASSWORD}, "email"),
        ({"email": "taken@example.com", "current_password": PASSWORD}, "email"),
        ({"email": "moved@example.com", "current_password": ""}, "current_password"),
        ({"email": "moved@example.com", "current_password": WRONG_PASSWORD}, "current_password"),
    ],
)
def test_invalid_email_or_password_is_400_at_the_field(user_browser, make_user, values, field):
    make_user(email="taken@example.com")

    response = user_browser.submit("/profile/email", **values)

    assert response.status_code == 400
    assert f'id="{field}-error"' in response.text


# Password


def test_password_is_changed_and_other_sessions_are_revoked(app, user_browser, user):
    other = Browser(app, app.response_class)
    other.login_as(user)

    response = user_browser.submit("/profile/password", current_password=PASSWORD, new_password=NEW_PASSWORD)

    assert response.location == "/profile"
    assert user_browser.is_logged_in()
    assert not other.is_logged_in()
    assert other.login(user.email, NEW_PASSWORD).location == "/"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"current_password": "", "new_password": NEW_PASSWORD}, "current_password"),
        ({"current_password": WRONG_PASSWORD, "new_password": NEW_PASSWORD}, "current_password"),
        ({"current_password": PASSWORD, "new_password": "short"}, "new_password"),
        ({"current_password": PASSWORD, "new_password": "password123"}, "new_password"),
    ],
)
def test_invalid_password_is_400_at_the_field(user_browser, values, field):
    response = user_browser.submit("/profile/password", **values)

    assert response.status_code == 400
    assert f'id="{field}-error"' in response.text


@pytest.mark.parametrize(
    ("path", "values"),
    [("email", {"email": "moved@example.com"}), ("password", {"new_password": NEW_PASSWORD})],
)
def test_sixth_wrong_current_password_is_429(make_app, user, path, values):
    app = make_app(RATELIMIT_ENABLED=True)
    browser = Browser(app, app.response_class)
    browser.login_as(user)
    app.config["RATELIMIT_MAIL"] = "100 per hour"

    statuses = [
        browser.submit(f"/profile/{path}", current_password=WRONG_PASSWORD, **values).status_code
        for _ in range(6)
    ]

    assert statuses == [400] * 5 + [429]


# Sessions


def test_sessions_are_listed(user_browser):
    page = user_browser.get("/profile/sessions").text

    assert "this browser" in page
    assert "<strong>Website</strong>" in page


def test_other_session_is_revoked(app, user_browser, user, db_session):
    other = Browser(app, app.response_class)
    other.login_as(user)
    newest = select(LoginSession.id).order_by(LoginSession.created_at.desc())
    session_id = db_session.scalars(newest).first()

    assert user_browser.submit(f"/profile/sessions/{session_id}/revoke").location == "/profile/sessions"

    assert not other.is_logged_in()
    assert user_browser.is_logged_in()


def test_session_of_another_user_is_404(app, user_browser, make_user, db_session):
    other, owner = Browser(app, app.response_class), make_user()
    other.login_as(owner)
    session_id = db_session.scalar(select(LoginSession.id).where(LoginSession.user_id == owner.id))

    assert user_browser.submit(f"/profile/sessions/{session_id}/revoke").status_code == 404
    assert other.is_logged_in()


def test_all_sessions_are_revoked(app, user_browser, user):
    other = Browser(app, app.response_class)
    other.login_as(user)

    assert user_browser.submit("/profile/sessions/revoke").location == "/"

    assert not user_browser.is_logged_in()
    assert not other.is_logged_in()
