"""Posts survive the upgrade to accounts and the downgrade."""

from alembic.script import ScriptDirectory
from flask_migrate import downgrade, upgrade
from sqlalchemy import MetaData, Table, select, text

from app.extensions import db
from app.models.base import utcnow
from app.models.post import Post

FIRST = "0001_posts"


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


def test_posts_are_the_first_revision(migrations: ScriptDirectory):
    assert migrations.get_bases() == [FIRST]


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
