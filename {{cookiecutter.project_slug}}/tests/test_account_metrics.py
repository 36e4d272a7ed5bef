"""Metrics of accounts: events of the security log, and mails that wait."""

from datetime import timedelta

import pytest
from prometheus_client import REGISTRY
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy.exc import OperationalError

from app.extensions import db
from app.models.base import utcnow
from app.models.outgoing_mail import MailKind, OutgoingMail
from tests.test_metrics import BEARER, TOKEN

LOGIN = "/api/v1/auth/login"


@pytest.fixture
def app(make_app):
    """An app with metrics."""
    return make_app(METRICS_TOKEN=TOKEN)


@pytest.fixture
def scrape(client):
    """Read the metrics and return them by name."""

    def scrape() -> dict[str, float]:
        families = text_string_to_metric_families(client.get("/metrics", headers=BEARER).text)
        return {sample.name: sample.value for family in families for sample in family.samples}

    return scrape


@pytest.fixture
def waiting_mail(db_session) -> OutgoingMail:
    """A mail that waits for an hour."""
    created = utcnow() - timedelta(hours=1)
    mail = OutgoingMail(kind=MailKind.VERIFY_EMAIL, email="ada@example.com", created_at=created)
    db_session.add(mail)
    db_session.commit()
    return mail


def events(name: str) -> float:
    """Return how often an event was counted."""
    return REGISTRY.get_sample_value("security_events_total", {"event": name}) or 0


def test_failed_logins_are_counted(client, user):
    before = events("login_failed"), events("login")

    client.post(LOGIN, json={"email": user.email, "password": "wrong"})

    assert (events("login_failed"), events("login")) == (before[0] + 1, before[1])


def test_mails_that_wait_are_counted(scrape, waiting_mail):
    metrics = scrape()

    assert metrics["outgoing_mails_waiting"] == 1
    assert 3600 <= metrics["outgoing_mails_oldest_seconds"] < 3660


def test_mails_that_were_sent_are_not_counted(scrape, waiting_mail, db_session):
    waiting_mail.due_at = None
    db_session.commit()

    metrics = scrape()

    assert (metrics["outgoing_mails_waiting"], metrics["outgoing_mails_oldest_seconds"]) == (0, 0)


def test_other_metrics_are_shown_while_the_database_is_away(scrape, monkeypatch, db_session):
    def fail(*_arguments, **_options):
        raise OperationalError("", {}, Exception())

    monkeypatch.setattr(db.session, "execute", fail)

    metrics = scrape()

    assert "outgoing_mails_waiting" not in metrics
    assert "http_requests_in_progress" in metrics
