"""Metrics of accounts: events of the security log, and mails that wait."""

import logging
from collections.abc import Iterator

from prometheus_client import Counter
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from app.error_handlers import roll_back
from app.extensions import db
from app.metrics.exporter import AT_SCRAPE
from app.models.base import utcnow
from app.models.outgoing_mail import OutgoingMail

EVENTS = Counter("security_events_total", "Events of the security log.", ("event",))


class EventCounter(logging.Handler):
    """Counts the events of the security log."""

    def emit(self, record: logging.LogRecord) -> None:
        """Count an event."""
        EVENTS.labels(getattr(record, "event", "other")).inc()


class OutboxCollector(Collector):
    """Looks at the mails that wait when metrics are asked for."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Return their number and the age of the oldest one; nothing while the database is away."""
        query = select(func.count(), func.min(OutgoingMail.created_at)).where(
            OutgoingMail.due_at.is_not(None)
        )
        try:
            number, oldest = db.session.execute(query).one()
        except SQLAlchemyError:
            roll_back()
            return
        age = (utcnow() - oldest).total_seconds() if oldest else 0
        yield GaugeMetricFamily("outgoing_mails_waiting", "Mails that are not sent.", number)
        yield GaugeMetricFamily("outgoing_mails_oldest_seconds", "The age of the oldest of them.", age)


EVENT_COUNTER = EventCounter()
AT_SCRAPE.register(OutboxCollector())
