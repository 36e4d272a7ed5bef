"""Migrations: up, down, up again."""

from threading import Thread

import pytest
from flask import Flask
from flask_migrate import check, downgrade, upgrade
from sqlalchemy import create_engine, inspect
from sqlalchemy.pool import NullPool

from app.db.locks import STATEMENTS
from app.extensions import db


def tables() -> set[str]:
    """Return the names of the tables."""
    return set(inspect(db.engine).get_table_names()) - {"alembic_version"}


@pytest.fixture
def running_migration(empty_app: Flask):
    """A connection that holds the lock of a migration, until it is closed."""
    with empty_app.app_context():
        engine = create_engine(db.engine.url, poolclass=NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql(STATEMENTS[engine.dialect.name])
        yield connection


@pytest.fixture
def start_upgrade(empty_app: Flask):
    """Start an upgrade in a thread."""

    def run() -> None:
        with empty_app.app_context():
            upgrade()

    def start() -> Thread:
        thread = Thread(target=run)
        thread.start()
        return thread

    return start


def test_there_is_one_line_of_revisions(migrations):
    assert len(migrations.get_bases()) == 1
    assert len(migrations.get_heads()) == 1


def test_revisions_are_named_for_what_they_do(migrations):
    names = [revision.revision for revision in migrations.walk_revisions()]

    assert all(number.isdigit() and words for number, _, words in (name.partition("_") for name in names))


def test_the_migrated_database_is_what_the_models_describe(migrations):
    upgrade()

    check()

    assert tables() == set(db.metadata.tables)


def test_a_downgrade_to_the_base_leaves_nothing(migrations):
    upgrade()

    downgrade(revision="base")

    assert tables() == set()


def test_a_database_goes_up_again_after_it_went_down(migrations):
    upgrade()
    downgrade(revision="base")

    upgrade()
    check()

    assert tables() == set(db.metadata.tables)


def test_a_second_migration_waits_until_the_first_one_is_gone(empty_app, running_migration, start_upgrade):
    second = start_upgrade()
    second.join(0.5)
    waits = second.is_alive()

    running_migration.close()
    second.join()

    assert waits
    with empty_app.app_context():
        assert tables() == set(db.metadata.tables)
