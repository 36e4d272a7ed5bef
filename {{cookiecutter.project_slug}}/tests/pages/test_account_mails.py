"""Pages that the links in mails lead to."""

import pytest

from app import mail
from tests.page_checks import SCRIPT, has_unescaped_text
from tests.pages.clients import LOGIN_URL, Browser

NEW_PASSWORD = "lamp river cloud"


def test_forgotten_password_is_replaced(browser, user, mailbox):
    response = browser.submit("/forgot-password", email=user.email)
    assert "Check your mail" in response.text
    token = mailbox.token()

    page = browser.get("/reset-password", query_string={"token": token})
    assert token in page.text
    response = browser.submit("/reset-password", token=token, new_password=NEW_PASSWORD)

    assert response.location == LOGIN_URL
    assert browser.login(user.email, NEW_PASSWORD).location == "/"


def test_unknown_email_gets_the_same_response(browser, user, mailbox):
    pages = [
        browser.submit("/forgot-password", email=email).text.replace(email, "")
        for email in (user.email, "unknown@example.com")
    ]

    assert pages[0] == pages[1]
    assert mailbox.recipients() == [user.email]


@pytest.mark.parametrize("email", ["", "nonsense", "x" * 255])
def test_invalid_email_is_400_at_the_field(browser, email):
    response = browser.submit("/forgot-password", email=email)

    assert response.status_code == 400
    assert 'id="email-error"' in response.text


def test_sixth_mail_for_an_email_is_429(make_app, user):
    app = make_app(RATELIMIT_ENABLED=True)
    browser = Browser(app, app.response_class)

    statuses = [browser.submit("/forgot-password", email=user.email).status_code for _ in range(6)]

    assert statuses == [200] * 5 + [429]


def test_used_link_is_400(browser, user, mailbox):
    browser.submit("/forgot-password", email=user.email)
    token = mailbox.token()
    browser.submit("/reset-password", token=token, new_password=NEW_PASSWORD)

    response = browser.submit("/reset-password", token=token, new_password=NEW_PASSWORD)

    assert response.status_code == 400
    assert "The link is invalid, has expired or was already used." in response.text


@pytest.mark.parametrize("token", ["", "x", SCRIPT, "x" * 1001])
@pytest.mark.parametrize("path", ["/reset-password", "/verify-email"])
def test_invalid_link_is_400(browser, path, token):
    page = browser.get(path, query_string={"token": token})
    response = browser.submit(path, token=token, new_password=NEW_PASSWORD)

    assert page.status_code == 200
    assert response.status_code == 400
    assert 'role="alert"' in response.text
    assert not has_unescaped_text(page.text + response.text)


def test_weak_new_password_is_400_at_the_field(browser, user, mailbox):
    browser.submit("/forgot-password", email=user.email)

    response = browser.submit("/reset-password", token=mailbox.token(), new_password="password123")

    assert response.status_code == 400
    assert 'id="new_password-error"' in response.text


def test_email_is_verified_by_submitting_and_not_by_opening_the_link(user_browser, user, mailbox, db_session):
    user_browser.submit("/verify-email/resend")
    token = mailbox.token()

    assert user_browser.get("/verify-email", query_string={"token": token}).status_code == 200
    db_session.refresh(user)
    assert user.email_verified_at is None

    assert user_browser.submit("/verify-email", token=token).location == "/"
    db_session.refresh(user)
    assert user.email_verified_at


def test_profile_offers_the_link_until_the_email_is_verified(user_browser, user, mailbox):
    assert "/verify-email/resend" in user_browser.get("/profile").text
    user_browser.submit("/verify-email/resend")
    user_browser.submit("/verify-email", token=mailbox.token())

    assert "/verify-email/resend" not in user_browser.get("/profile").text


def test_without_mail_there_are_no_such_pages(make_app, user):
    app = make_app(MAIL_SERVER=mail.OFF)
    browser = Browser(app, app.response_class)

    assert browser.get("/forgot-password").status_code == 404
    assert "forgot-password" not in browser.get(LOGIN_URL).text
    browser.login_as(user)
    assert "resend" not in browser.get("/profile").text
