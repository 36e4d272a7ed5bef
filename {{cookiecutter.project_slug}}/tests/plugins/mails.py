"""The mails that the service sends."""

import re
from email.message import EmailMessage

import pytest
from flask import Flask

from app import mail
from app.services import outbox

TOKEN = re.compile(r"\?token=(\S+)")


class Mailbox:
    """Delivers mails when a test asks for them, and keeps them."""

    def __init__(self, app: Flask) -> None:
        """Collect the mails of an app."""
        self.app = app
        self.messages: list[EmailMessage] = []

    def deliver(self) -> list[EmailMessage]:
        """Send what is due and return all messages so far."""
        with self.app.app_context():
            outbox.deliver(seconds=60)
        return self.messages

    def recipients(self) -> list[str]:
        """Return the emails that got mails."""
        return [message["To"].addresses[0].addr_spec for message in self.deliver()]

    def token(self) -> str:
        """Return the token in the last mail."""
        body = self.deliver()[-1].get_body(("plain",))
        found = TOKEN.search(body.get_content()) if body else None
        assert found
        return found[1]


@pytest.fixture
def mailbox(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Mailbox:
    """The mails that the app sends."""
    mailbox = Mailbox(app)
    monkeypatch.setattr(mail, "send", mailbox.messages.append)
    return mailbox
