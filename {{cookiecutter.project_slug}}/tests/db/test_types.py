"""Column types and mixins hold the same values on every database."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import select
from sqlalchemy.dialects import mysql, postgresql
from sqlalchemy.dialects.sqlite import dialect as sqlite_dialect
from sqlalchemy.exc import StatementError

from app.db.types import CaseSensitiveString, LongText, UTCDateTime
from tests.plugins.models import Sample

MOMENT = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)


@pytest.fixture
def store(make_sample, db_session):
    """Store a moment and return what the database made of it."""

    def store(moment: datetime | None) -> datetime | None:
        sample_id = make_sample(deleted_at=moment).id
        db_session.expire_all()
        return db_session.scalar(select(Sample.deleted_at).where(Sample.id == sample_id))

    return store


def test_a_moment_keeps_its_microseconds_and_is_in_utc(store):
    stored = store(MOMENT)

    assert stored == MOMENT
    assert stored.tzinfo is UTC


@pytest.mark.parametrize("hours", [-11, 2, 14])
def test_a_moment_of_another_time_zone_is_converted(store, hours):
    stored = store(MOMENT.astimezone(timezone(timedelta(hours=hours))))

    assert stored == MOMENT
    assert stored.utcoffset() == timedelta(0)


def test_no_moment_stays_none(store):
    assert store(None) is None


def test_a_moment_without_a_time_zone_is_refused(store):
    with pytest.raises(StatementError, match="a time zone is required"):
        store(MOMENT.replace(tzinfo=None))


@pytest.mark.parametrize(
    ("dialect", "time", "text", "string"),
    [
        (postgresql.dialect(), "TIMESTAMP WITH TIME ZONE", "TEXT", "VARCHAR(9)"),
        (mysql.dialect(), "DATETIME(6)", "MEDIUMTEXT", "VARCHAR(9) COLLATE utf8mb4_bin"),
        (sqlite_dialect(), "DATETIME", "TEXT", "VARCHAR(9)"),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_types_are_columns_that_keep_every_value(dialect, time, text, string):
    compiled = [column.compile(dialect) for column in (UTCDateTime(), LongText(), CaseSensitiveString(9))]

    assert compiled == [time, text, string]


def test_rows_know_when_they_were_made(make_sample):
    before = datetime.now(UTC)

    sample = make_sample()

    assert before <= sample.created_at <= sample.updated_at <= datetime.now(UTC)


def test_rows_know_when_they_were_changed(make_sample, db_session):
    sample = make_sample()
    first = sample.updated_at

    sample.word = "New"
    db_session.commit()

    assert sample.updated_at > first


def test_deleted_rows_are_hidden_until_they_are_restored(make_sample, db_session):
    sample = make_sample()

    sample.soft_delete()
    assert sample.is_deleted
    assert db_session.scalars(Sample.select_not_deleted()).all() == []

    sample.restore()
    assert not sample.is_deleted
    assert db_session.scalars(Sample.select_not_deleted()).all() == [sample]
