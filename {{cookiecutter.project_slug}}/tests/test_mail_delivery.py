"""Delivery when the response has left."""

from threading import Event

import pytest

from app import mail
from app.mail_delivery import EXTENSION
from app.services import outbox
from tests.plugins.accounts import open_account

FORGOT = "/api/v1/auth/forgot-password"
EMAIL = "user@example.com"


@pytest.fixture
def delivery(concurrent_app, monkeypatch):
    """The delivery of an app, and an event that lets its first mail leave."""
    may_send, sent = Event(), []

    def send(message) -> None:
        assert may_send.wait(10)
        sent.append(message)

    monkeypatch.setattr(mail, "send", send)
    with concurrent_app.app_context():
        open_account(concurrent_app, EMAIL)
    yield concurrent_app.extensions[EXTENSION], may_send, sent
    may_send.set()
    wait(concurrent_app.extensions[EXTENSION])


def wait(delivery) -> None:
    """Wait until no thread delivers."""
    assert delivery.lock.acquire(timeout=10)
    delivery.lock.release()


def test_mail_is_sent_after_the_response_was_closed(concurrent_app, delivery):
    delivery, may_send, sent = delivery
    may_send.set()

    response = concurrent_app.test_client().post(FORGOT, json={"email": EMAIL})
    assert sent == []

    response.close()
    wait(delivery)
    assert len(sent) == 2  # the verification of the account, and the reset


def test_closing_a_response_does_not_wait_for_the_server(concurrent_app, delivery):
    delivery, may_send, sent = delivery

    for _ in range(5):
        concurrent_app.test_client().post(FORGOT, json={"email": EMAIL}).close()

    assert sent == []
    assert delivery.lock.locked()
    may_send.set()
    wait(delivery)
    assert len(sent) == 6


def test_responses_without_mail_start_no_delivery(concurrent_app, delivery, monkeypatch):
    monkeypatch.setattr(outbox, "deliver", lambda **_: pytest.fail("nothing is to be delivered"))

    concurrent_app.test_client().get("/api/v1/users/me").close()

    assert not delivery[0].lock.locked()


def test_error_of_a_delivery_is_logged_and_does_not_stop_the_next_one(
    concurrent_app, delivery, monkeypatch, caplog
):
    delivery, may_send, sent = delivery
    may_send.set()
    with monkeypatch.context() as patch:
        patch.setattr(outbox, "deliver", lambda **_: 1 / 0)
        concurrent_app.test_client().post(FORGOT, json={"email": EMAIL}).close()
        wait(delivery)
    assert "Mails were not delivered" in caplog.text

    concurrent_app.test_client().post(FORGOT, json={"email": EMAIL}).close()
    wait(delivery)
    assert len(sent) == 3
