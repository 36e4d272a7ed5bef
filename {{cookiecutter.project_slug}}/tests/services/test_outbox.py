"""The outbox: claims, tries, back-off and pruning."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from app import mail
from app.extensions import db
from app.mail import MailError, MailRejectedError, MailServerError
from app.models.base import utcnow
from app.models.outgoing_mail import MailKind, OutgoingMail
from app.services import account_mails, outbox, users
from tests.plugins.accounts import open_account
from tests.threads import at_once


@pytest.fixture
def failing(monkeypatch):
    """Let the server answer with an error; return how often it was asked."""
    calls = []

    def fail_with(error: Exception) -> list[int]:
        def fail(_message) -> None:
            calls.append(1)
            raise error

        monkeypatch.setattr(mail, "send", fail)
        return calls

    return fail_with


def add(*emails: str) -> None:
    """Ask for new passwords."""
    for email in emails:
        account_mails.request_password_reset(email)


def rows() -> list[OutgoingMail]:
    """Return all mails, the oldest first."""
    db.session.expire_all()
    return list(db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.created_at)))


def delay(row: OutgoingMail) -> timedelta:
    """Return the time until a mail is due."""
    assert row.due_at
    return row.due_at - utcnow()


def make_due() -> None:
    """Let the time of the next try come."""
    db.session.execute(update(OutgoingMail).values(due_at=utcnow() - timedelta(seconds=1)))
    db.session.commit()


def test_mail_is_sent_once(user, app_context, mailbox):
    add(user.email)

    assert outbox.deliver(seconds=60) == 1
    assert outbox.deliver(seconds=60) == 0
    assert mailbox.recipients() == [user.email]
    assert rows()[0].state == "sent"


def test_mail_is_not_added_if_the_change_is_rolled_back(user, app_context, mailbox):
    outbox.add(MailKind.RESET_PASSWORD, user.email)
    db.session.rollback()

    assert mailbox.deliver() == []


def test_nothing_is_added_without_mail(user, app_context):
    app_context.config["MAIL_SERVER"] = "none"

    add(user.email)

    assert rows() == []


def test_nothing_is_sent_after_mail_was_switched_off(user, app_context, mailbox):
    add(user.email)
    app_context.config["MAIL_SERVER"] = "none"

    assert mailbox.deliver() == []


def test_stored_mail_has_no_token(user, app_context, mailbox):
    add(user.email)
    token = mailbox.token()

    values = [str(getattr(rows()[0], column.name)) for column in OutgoingMail.__table__.columns]
    assert token not in "".join(values)


def test_no_transaction_is_open_while_a_mail_is_sent(concurrent_app, monkeypatch):
    states = []
    monkeypatch.setattr(mail, "send", lambda _: states.append(db.session.registry().in_transaction()))
    open_account(concurrent_app, "user@example.com")
    with concurrent_app.app_context():
        add("user@example.com")
        outbox.deliver(seconds=60)

    assert states == [False, False]  # the verification of the account, and the reset


@pytest.mark.parametrize("error", [MailError("450 Busy"), MailServerError("gone")])
def test_failed_mail_is_tried_again_later(user, app_context, failing, error):
    calls = failing(error)
    add(user.email)

    assert outbox.deliver(seconds=60) == 0
    assert outbox.deliver(seconds=60) == 0
    assert len(calls) == 1
    (row,) = rows()
    assert row.error == str(error)
    assert timedelta(seconds=50) < delay(row) <= timedelta(minutes=1)

    make_due()
    outbox.deliver(seconds=60)
    assert len(calls) == 2
    assert timedelta(seconds=110) < delay(rows()[0]) <= timedelta(minutes=2)


def test_mail_is_given_up_after_ten_tries(user, app_context, failing):
    calls = failing(MailError("450 Busy"))
    add(user.email)

    for _ in range(12):
        outbox.deliver(seconds=60)
        if rows()[0].due_at:
            make_due()

    assert len(calls) == outbox.MAX_TRIES
    assert rows()[0].state == "given up"


def test_rejected_mail_is_given_up_at_once(user, app_context, failing):
    calls = failing(MailRejectedError("550 No such user"))
    add(user.email)

    outbox.deliver(seconds=60)

    assert len(calls) == 1
    assert (rows()[0].state, rows()[0].error) == ("given up", "550 No such user")


def test_rejected_mail_does_not_stop_the_next_ones(make_user, app_context, failing):
    calls = failing(MailRejectedError("550 No such user"))
    add(*(make_user().email for _ in range(3)))

    outbox.deliver(seconds=60)

    assert len(calls) == 3


def test_unavailable_server_is_asked_once(make_user, app_context, failing):
    calls = failing(MailServerError("gone"))
    add(*(make_user().email for _ in range(3)))

    outbox.deliver(seconds=60)

    assert len(calls) == 1
    assert [row.tries for row in rows()].count(1) == 1


def test_delivery_ends_in_time(make_user, app_context, mailbox):
    add(make_user().email)

    assert outbox.deliver(seconds=0) == 0


def test_mail_of_a_crashed_sender_is_due_again(user, app_context, failing, mailbox, monkeypatch):
    failing(SystemExit())  # no error that a sender handles
    add(user.email)
    with pytest.raises(SystemExit):
        outbox.deliver(seconds=60)
    monkeypatch.setattr(mail, "send", mailbox.messages.append)

    assert mailbox.deliver() == []
    assert timedelta(minutes=9) < delay(rows()[0]) <= outbox.CLAIM

    make_due()
    assert mailbox.recipients() == [user.email]


def test_second_copy_has_the_same_message_id(user, app_context, mailbox):
    add(user.email)
    mailbox.deliver()
    make_due()
    mailbox.deliver()

    first, second = mailbox.messages
    assert first["Message-ID"] == second["Message-ID"]


def test_many_deliverers_send_each_mail_once(concurrent_app, monkeypatch):
    sent = []
    monkeypatch.setattr(mail, "send", lambda message: sent.append(message["Message-ID"]))
    for number in range(10):
        open_account(concurrent_app, f"user{number}@example.com")

    def deliver(_number: int) -> int:
        with concurrent_app.app_context():
            return outbox.deliver(seconds=60)

    assert sum(at_once(4, deliver)) == 10
    assert len(set(sent)) == len(sent) == 10


@pytest.mark.parametrize("change", [{"is_active": False}, {"deleted": True}])
def test_inactive_and_deleted_users_get_no_mail(make_user, app_context, mailbox, change):
    add(make_user(**change).email)

    assert mailbox.deliver() == []
    assert rows()[0].state == "given up"


def test_unknown_email_gets_no_mail(app_context, mailbox):
    add("unknown@example.com")

    assert mailbox.deliver() == []


def test_mail_goes_to_the_email_of_the_account_not_to_the_spelling_of_the_request(user, app_context, mailbox):
    add("USER@EXAMPLE.COM")

    assert mailbox.recipients() == [user.email]


def test_names_of_users_are_shown_only_where_the_email_is_verified(make_user, app_context, mailbox):
    add(make_user(first_name="Spam").email, make_user(first_name="Vera", email_verified_at=utcnow()).email)

    bodies = "".join(str(message) for message in mailbox.deliver())
    assert "Spam" not in bodies
    assert "Hello Vera," in bodies


def test_old_mails_are_deleted(user, app_context):
    add(user.email, user.email)
    db.session.execute(
        update(OutgoingMail)
        .where(OutgoingMail.id == rows()[0].id)
        .values(created_at=utcnow() - outbox.RETENTION - timedelta(seconds=1))
    )

    assert outbox.prune() == 1
    assert len(rows()) == 1


def test_deleted_row_of_a_user_takes_its_mails_along(user, app_context, db_session):
    account_mails.request_verification(users.get_user(user.id))

    db_session.delete(db_session.merge(user))
    db_session.commit()

    assert db.session.scalar(select(func.count(OutgoingMail.id))) == 0
