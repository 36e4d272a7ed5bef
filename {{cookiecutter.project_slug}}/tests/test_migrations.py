"""Migrations: up, down, up again."""

from flask_migrate import check, downgrade, upgrade
from sqlalchemy import inspect

from app.extensions import db


def tables() -> set[str]:
    """Name the tables there are."""
    return set(inspect(db.engine).get_table_names()) - {"alembic_version"}


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
