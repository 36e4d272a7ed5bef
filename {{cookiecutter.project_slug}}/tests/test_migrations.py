"""Migrations: up, down, up again, and nobody's rows are lost."""

import pytest
from alembic.script import ScriptDirectory
from flask import Flask, current_app
from flask_migrate import check, downgrade, upgrade
from sqlalchemy import MetaData, Table, inspect, select, text

from app.extensions import db
from app.models.base import utcnow
from app.models.post import Post

FIRST = "0001_posts"


@pytest.fixture
def migrations(empty_app: Flask):
    """The revisions, with an empty database at hand to run them on."""
    with empty_app.app_context():
        yield ScriptDirectory.from_config(current_app.extensions["migrate"].migrate.get_config())


def tables() -> set[str]:
    """Name the tables there are."""
    return set(inspect(db.engine).get_table_names()) - {"alembic_version"}


def insert_post() -> None:
    """Write a row into the table as the first revision made it."""
    posts = Table("posts", MetaData(), autoload_with=db.engine)
    moment = utcnow().replace(tzinfo=None)
    row = {"title": "Old", "content": "…", "published": True, "created_at": moment, "updated_at": moment}
    with db.engine.begin() as connection:
        connection.execute(posts.insert(), row)


def titles() -> list[str]:
    """Read the titles of all rows, in whatever shape the table is."""
    with db.engine.connect() as connection:
        return list(connection.scalars(text("SELECT title FROM posts")))


def test_there_is_one_line_of_revisions(migrations):
    assert migrations.get_bases() == [FIRST]
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


def test_rows_of_the_first_revision_survive_every_step_up_and_down(migrations):
    upgrade(revision=FIRST)
    insert_post()
    steps = [revision.revision for revision in migrations.walk_revisions()]

    for revision in reversed(steps):
        upgrade(revision=revision)
        assert titles() == ["Old"]
    for revision in steps:
        downgrade(revision=revision)
        assert titles() == ["Old"]


def test_models_read_the_rows_of_the_first_revision(migrations):
    upgrade(revision=FIRST)
    insert_post()

    upgrade()

    assert db.session.scalars(select(Post.title)).all() == ["Old"]
