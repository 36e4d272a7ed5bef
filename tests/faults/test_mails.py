"""Mails are delivered at least once, whatever is killed meanwhile."""

from collections.abc import Generator
from pathlib import Path

import pytest

from tests.faults import mails
from tests.faults.mails import MailServer
from tests.faults.sites import Site

pytestmark = pytest.mark.faults


@pytest.fixture
def mail_server(service: Site, tmp_path: Path) -> Generator[MailServer]:
    """Run an SMTP server that keeps all mails."""
    with mails.mail_server(service, tmp_path) as running:
        yield running


def test_mails_of_killed_workers_are_delivered(service: Site, mail_server: MailServer) -> None:
    registered, received = mails.killing_workers(service, mail_server)
    assert len(registered) > mails.REGISTRATIONS // 2
    assert registered <= received.keys()
    # A kill can double only the mail that was being sent.
    assert sum(received.values()) - len(received) <= mails.KILLS


def test_mail_of_a_killed_deliverer_is_delivered_after_its_claim(
    service: Site, mail_server: MailServer
) -> None:
    at_once, later = mails.killing_a_deliverer(service, mail_server)
    assert (at_once.total(), later.total()) == (0, 1)


def test_two_deliverers_at_once_deliver_once(service: Site, mail_server: MailServer) -> None:
    received = mails.delivering_twice(service, mail_server)
    assert len(received) == received.total() == mails.QUEUED
