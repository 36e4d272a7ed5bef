"""What a team wrote into its service: a resource, its revision, its test, and some edits."""

from pathlib import Path

MODEL = '''"""Invoices."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, TimestampMixin


class Invoice(TimestampMixin, Base):
    """An invoice."""

    __tablename__ = "invoices"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
'''
SCHEMA = '''"""Invoices."""

from marshmallow import Schema, fields

from app.schemas.fields import Text


class InvoiceSchema(Schema):
    """An invoice."""

    id = fields.Integer(dump_only=True)
    number = Text(max_length=20, allow_blank=False, required=True)
'''
SERVICE = '''"""Invoices."""

from collections.abc import Sequence

from sqlalchemy import select

from app.extensions import db
from app.models.invoice import Invoice


def list_invoices() -> Sequence[Invoice]:
    """Return all invoices, the oldest first."""
    return db.session.scalars(select(Invoice).order_by(Invoice.id)).all()


def create_invoice(*, number: str) -> Invoice:
    """Write an invoice."""
    invoice = Invoice(number=number)
    db.session.add(invoice)
    db.session.commit()
    return invoice
'''
VIEW = '''"""Invoices."""

from collections.abc import Sequence

from flask.views import MethodView

from app.api.rest import Blueprint
from app.models.invoice import Invoice
from app.schemas.invoice import InvoiceSchema
from app.services import invoices

blp = Blueprint("invoices", __name__, url_prefix="/api/v1/invoices", description="Debts.")


@blp.route("")
class Invoices(MethodView):
    """All invoices."""

    @blp.response(200, InvoiceSchema(many=True))
    def get(self) -> Sequence[Invoice]:
        """List invoices."""
        return invoices.list_invoices()

    @blp.arguments(InvoiceSchema)
    @blp.response(201, InvoiceSchema)
    def post(self, data: dict[str, str]) -> Invoice:
        """Write an invoice."""
        return invoices.create_invoice(**data)
'''
TEST = '''"""Invoices over HTTP."""

INVOICES = "/api/v1/invoices"


def test_an_invoice_that_was_written_is_listed(client, auth_headers):
    written = client.post(INVOICES, json={"number": "2026-1"}, headers=auth_headers)

    assert written.status_code == 201
    assert client.get(INVOICES, headers=auth_headers).json == [written.json]
'''
REVISION = '''"""Invoices.

Revises: {down}
"""

import sqlalchemy as sa
from alembic import op

from app.db.types import UTCDateTime

revision = "{revision}"
down_revision = "{down}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "invoices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_invoices"),
        sa.UniqueConstraint("number", name="uq_invoices_number"),
    )


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("invoices")
'''
FILES = {
    "app/models/invoice.py": MODEL,
    "app/schemas/invoice.py": SCHEMA,
    "app/services/invoices.py": SERVICE,
    "app/api/invoices.py": VIEW,
    "tests/api/test_invoices.py": TEST,
}
# What tests the resource, its revision and the edits.
TESTS = ("tests/api/test_invoices.py", "tests/test_migrations.py")
# file: (the line it has that stays, what the team wrote above it)
EDITS = {
    "README.md": ("## Where things are\n", "## Our own\n\nAsk the accountants.\n\n"),
    ".env.example": ("# DEBUG, INFO,", "# Where invoices are printed.\n#PRINTER=\n\n"),
}


def add_files(project: Path) -> str:
    """Write the resource on top of the newest revision, and return the name of its own."""
    down = max(path.stem for path in (project / "migrations" / "versions").glob("[0-9]*.py"))
    revision = f"{int(down[:4]) + 1:04}_invoices"
    files = FILES | {
        f"migrations/versions/{revision}.py": REVISION.format(revision=revision, down=down)
    }
    for name, text in files.items():
        (project / name).write_text(text, "utf-8")
    register_blueprint(project)
    return revision


def register_blueprint(project: Path) -> None:
    """Name the resource in the API."""
    file = project / "app" / "api" / "__init__.py"
    text = file.read_text("utf-8").replace("    posts,\n", "    invoices,\n    posts,\n")
    file.write_text(
        text.replace("    posts.blp,\n", "    posts.blp,\n    invoices.blp,\n"), "utf-8"
    )


def edit_files(project: Path) -> None:
    """Write into files that the template wrote and goes on changing."""
    for name, (line, text) in EDITS.items():
        before, found, after = (project / name).read_text("utf-8").partition(line)
        assert found, f"{name}: {line}"
        (project / name).write_text(before + text + found + after, "utf-8")
