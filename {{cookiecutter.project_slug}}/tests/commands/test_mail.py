"""The command `flask mail deliver`."""

import os
import signal
from threading import Timer

import pytest
from sqlalchemy.exc import OperationalError

from app.services import account_mails, outbox


def test_due_mails_are_sent(runner, user, app_context, mailbox):
    account_mails.request_password_reset(user.email)

    result = runner.invoke(args=["mail", "deliver"])

    assert result.output == "Sent 1 mails, deleted 0 old ones.\n"
    assert len(mailbox.messages) == 1


@pytest.fixture
def keep_handler():
    """Restore how the process handles SIGTERM."""
    handler = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, handler)


def test_loop_survives_the_database_and_ends_at_sigterm(runner, keep_handler, monkeypatch):
    calls = []

    def fail(**_options) -> int:
        calls.append(1)
        Timer(0.1, os.kill, [os.getpid(), signal.SIGTERM]).start()
        raise OperationalError("SELECT", None, Exception("away"))

    monkeypatch.setattr(outbox, "deliver", fail)

    result = runner.invoke(args=["mail", "deliver", "--every", "60"])

    assert result.exit_code == 0
    assert len(calls) == 1
