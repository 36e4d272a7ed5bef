"""What the service asks of a database, and moments that every database keeps the same."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import create_engine, select, text
from sqlalchemy.dialects import mysql, postgresql
from sqlalchemy.dialects.sqlite import dialect as sqlite_dialect
from sqlalchemy.exc import IntegrityError, StatementError

from app.models.base import UTCDateTime
from tests.plugins.models import Sample

MOMENT = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)


@pytest.fixture
def sqlite(tmp_path):
    """A connection to an SQLite database in a file, whatever database the tests run on."""
    engine = create_engine(f"sqlite:///{tmp_path / 'own.sqlite3'}")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.fixture
def store(make_sample, db_session):
    """Store a moment and return what the database made of it."""

    def store(moment: datetime | None) -> datetime | None:
        sample_id = make_sample(deleted_at=moment).id
        db_session.expire_all()
        return db_session.scalar(select(Sample.deleted_at).where(Sample.id == sample_id))

    return store


@pytest.mark.parametrize(
    ("pragma", "value"), [("foreign_keys", 1), ("journal_mode", "wal"), ("busy_timeout", 5000)]
)
def test_sqlite_behaves_like_a_server(sqlite, pragma, value):
    assert sqlite.scalar(text(f"PRAGMA {pragma}")) == value


def test_sqlite_refuses_rows_that_point_nowhere(sqlite):
    sqlite.execute(text("CREATE TABLE parents (id INTEGER PRIMARY KEY)"))
    sqlite.execute(text("CREATE TABLE children (parent_id INTEGER REFERENCES parents)"))

    with pytest.raises(IntegrityError):
        sqlite.execute(text("INSERT INTO children VALUES (1)"))


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
    with pytest.raises(StatementError, match="a moment needs a time zone"):
        store(MOMENT.replace(tzinfo=None))


@pytest.mark.parametrize(
    ("dialect", "sql"),
    [
        (postgresql.dialect(), "TIMESTAMP WITH TIME ZONE"),
        (mysql.dialect(), "DATETIME(6)"),
        (sqlite_dialect(), "DATETIME"),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_a_moment_has_a_column_with_microseconds(dialect, sql):
    assert UTCDateTime().compile(dialect) == sql


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
