"""Mails in the admin: the outbox, reset mails, verified emails."""

import re

import pytest

from app.models.base import utcnow
from app.models.outgoing_mail import MailKind, OutgoingMail
from tests.admin.clients import Browser

MAILS = "/admin/mails/"
USERS = "/admin/users/"
RESET_MAIL = "send a reset mail to"


@pytest.fixture
def failed_mail(db_session, user) -> OutgoingMail:
    """A mail that the server refused."""
    failed = OutgoingMail(
        kind=MailKind.VERIFY_EMAIL, email=user.email, user_id=user.id, tries=3, error="450 <b>Busy</b>"
    )
    db_session.add(failed)
    db_session.commit()
    return failed


def test_outbox_shows_tries_and_errors(admin_browser, failed_mail):
    page = admin_browser.get(MAILS).text

    for text in (failed_mail.email, "verify_email", "waiting", ">3<", "450 &lt;b&gt;Busy"):
        assert text in page


@pytest.mark.parametrize(
    ("query", "is_listed"),
    [
        ("search=BUSY", True),
        ("search=zz", False),
        ("flt_sent_is=no", True),
        ("flt_sent_is=yes", False),
    ],
)
def test_outbox_is_searched_and_filtered(admin_browser, failed_mail, query, is_listed):
    assert (failed_mail.email in admin_browser.get(f"{MAILS}?{query}").text) is is_listed


def test_outbox_is_read_only(admin_browser, failed_mail, db_session):
    page = admin_browser.get(MAILS).text
    assert "Create</a>" not in page
    assert "Selected records" not in page

    admin_browser.submit(f"{MAILS}delete/", id=str(failed_mail.id))
    admin_browser.submit(f"{MAILS}action/", action="delete", rowid=str(failed_mail.id))
    admin_browser.submit(f"{MAILS}edit/?id={failed_mail.id}", email="other@example.com")
    admin_browser.submit(f"{MAILS}new/", email="other@example.com")

    assert [mail.email for mail in db_session.query(OutgoingMail)] == [failed_mail.email]


def test_outbox_is_for_admins_only(browser, user_browser):
    assert browser.get(MAILS).status_code == 302
    assert user_browser.get(MAILS).status_code == 403


def test_reset_mail_is_sent(admin_browser, user, mailbox):
    page = admin_browser.run_action("users", RESET_MAIL, user.id)

    assert "1 will get a reset mail." in page
    assert mailbox.recipients() == [user.email]
    assert mailbox.token()


def test_inactive_user_gets_no_reset_mail(admin_browser, make_user, mailbox):
    page = admin_browser.run_action("users", RESET_MAIL, make_user(is_active=False).id)

    assert "Cannot send a reset mail to a record in this state." in page
    assert mailbox.deliver() == []


def test_verified_emails_are_shown_and_filtered(admin_browser, make_user):
    make_user(email="verified@example.com", email_verified_at=utcnow())
    make_user(email="open@example.com")

    page = admin_browser.get(f"{USERS}?flt_verified_is=yes").text

    assert re.findall(r'<td class="col-email">(.*?)</td>', page) == ["verified@example.com"]
    assert re.search(rf'<td class="col-email_verified_at">{utcnow():%Y}', page)


def test_without_mail_the_admin_says_so(make_app, admin_user):
    app = make_app(MAIL_SERVER="none")
    browser = Browser(app, app.response_class)
    browser.login_as(admin_user)

    assert "Mail is off" in browser.get("/admin/").text
    assert browser.get(MAILS).status_code == 404
    assert RESET_MAIL not in browser.get(USERS).text


def test_with_mail_the_admin_does_not_say_that_it_is_off(admin_browser):
    assert "Mail is off" not in admin_browser.get("/admin/").text
