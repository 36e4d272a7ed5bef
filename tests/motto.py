"""A made-up option, `motto`: its files, and what it changes in files that every project has."""

from tests.made_up_options import MadeUpOption, feature_row, marked, part

PART = '''"""The part of the made-up option: what all pages of the admin can show."""

from flask import Flask

from app.settings import Setting

SETTINGS = (Setting("MOTTO_OF_THE_DAY", "Bake it.", "The motto of the admin.", parse=str.strip),)


def init_app(app: Flask) -> None:
    """Make the motto of the day available to templates."""
    app.jinja_env.globals["motto_of_the_day"] = app.config["MOTTO_OF_THE_DAY"]
'''

MODEL = '''"""The model of mottos."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, SoftDeleteMixin, TimestampMixin

TEXT_LENGTH = 200


class Motto(TimestampMixin, SoftDeleteMixin, Base):
    """A motto."""

    __tablename__ = "mottos"

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(String(TEXT_LENGTH))
'''

SCHEMA = '''"""The schema of mottos."""

from marshmallow import Schema

from app.models.motto import TEXT_LENGTH
from app.schemas.fields import Text


class MottoSchema(Schema):
    """The fields of a motto."""

    text = Text(max_length=TEXT_LENGTH, required=True)
'''

SERVICE = '''"""Mottos."""

from collections.abc import Mapping
from typing import Any

from app.extensions import db
from app.models.motto import Motto


def create_motto(*, text: str) -> Motto:
    """Create a motto."""
    motto = Motto(text=text)
    db.session.add(motto)
    db.session.commit()
    return motto


def update_motto(motto: Motto, changes: Mapping[str, Any]) -> Motto:
    """Update a motto."""
    for name, value in changes.items():
        setattr(motto, name, value)
    db.session.commit()
    return motto


def delete_motto(motto: Motto) -> None:
    """Soft-delete a motto."""
    motto.soft_delete()
    db.session.commit()


def restore_motto(motto: Motto) -> None:
    """Restore a deleted motto."""
    motto.restore()
    db.session.commit()
'''

ADMIN = '''"""Mottos in the admin."""

from collections.abc import Mapping
from typing import Any

from flask_admin.form import BaseForm
from wtforms import StringField
from wtforms.validators import InputRequired

from app.admin.fields import IsSetFilter
from app.admin.views import ServiceModelView
from app.models.motto import Motto
from app.schemas.motto import MottoSchema
from app.services import mottos
from app.web.forms import SchemaValidator


class MottoForm(BaseForm):
    """A motto."""

    text = StringField("Text", [InputRequired(), SchemaValidator(MottoSchema)])


class MottoView(ServiceModelView):
    """All mottos."""

    column_list = ("text", "created_at")
    column_sortable_list = ["text", "created_at"]
    column_searchable_list = ["text"]
    column_export_list = ["id", "text", "created_at", "updated_at", "deleted_at"]
    column_filters = [IsSetFilter(Motto.deleted_at, "Deleted")]
    form = MottoForm
    dashboard_counts = {"total": Motto.deleted_at.is_(None)}
    dashboard_columns = ("text", "created_at")

    def __init__(self) -> None:
        """Serve the table at `/admin/mottos`."""
        super().__init__(Motto, "mottos")

    def create(self, values: Mapping[str, Any]) -> Motto:
        """Create a motto."""
        return mottos.create_motto(**values)

    def update(self, record: Motto, values: Mapping[str, Any]) -> Motto:
        """Update a motto."""
        return mottos.update_motto(record, values)

    def delete(self, record: Motto) -> None:
        """Soft-delete a motto."""
        mottos.delete_motto(record)

    def restore(self, record: Motto) -> None:
        """Restore a deleted motto."""
        mottos.restore_motto(record)
'''

MIGRATION = '''"""Mottos.

Revises: 0003_outgoing_mails
"""

import sqlalchemy as sa
from alembic import op

from app.db.types import UTCDateTime

revision = "0004_mottos"
down_revision = "0003_outgoing_mails"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "mottos",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(200), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.Column("deleted_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_mottos"),
    )
    op.create_index("ix_mottos_deleted_at", "mottos", ["deleted_at"])


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("mottos")
'''

TEST = '''"""Mottos: the setting, and the page of the admin."""

import pytest
from sqlalchemy import select

from app import create_app
from app.models.motto import Motto


@pytest.fixture
def motto(db_session) -> Motto:
    """A motto in the database."""
    motto = Motto(text="Bake more.")
    db_session.add(motto)
    db_session.commit()
    return motto


def test_motto_of_the_day_is_set_by_its_environment_variable(monkeypatch):
    monkeypatch.setenv("MOTTO_OF_THE_DAY", " Knead first. ")

    app = create_app("testing")

    assert app.jinja_env.globals["motto_of_the_day"] == "Knead first."


def test_motto_of_the_day_has_a_default(app):
    assert app.jinja_env.globals["motto_of_the_day"] == "Bake it."


def test_admin_creates_a_motto(admin_browser, db_session):
    admin_browser.submit("/admin/mottos/new/", text="Bake it slowly.")

    assert db_session.scalars(select(Motto.text)).all() == ["Bake it slowly."]


def test_list_shows_mottos(admin_browser, motto):
    assert motto.text in admin_browser.get("/admin/mottos/").text


def test_deleted_motto_is_restored(admin_browser, motto):
    assert "1 deleted." in admin_browser.run_action("mottos", "delete", motto.id)
    assert "1 restored." in admin_browser.run_action("mottos", "restore", motto.id)
'''

FILES = {
    "app/mottos.py": PART,
    "app/models/motto.py": MODEL,
    "app/schemas/motto.py": SCHEMA,
    "app/services/mottos.py": SERVICE,
    "app/admin/mottos.py": ADMIN,
    "migrations/versions/0004_mottos.py": MIGRATION,
    "tests/admin/test_mottos.py": TEST,
}
ROW = feature_row("motto", FILES, "mottos", "MOTTO_OF_THE_DAY")

SHARED = part("motto", "mottos", "MOTTO_OF_THE_DAY") | {
    "app/admin/__init__.py": [
        (
            "from app.admin import auth, responses\n",
            "from app.admin import (\n    auth,\n"
            + marked("motto", "    mottos,")
            + "    responses,\n)\n",
        ),
        ("    PostView,\n", marked("motto", "    mottos.MottoView,") + "    PostView,\n"),
    ],
}
MOTTO = MadeUpOption("motto", FILES, ROW, SHARED, 'Requirement("motto", True, "admin", (True,)), ')
