"""Mails that are to be sent.

Revises: 0002_accounts
"""

import sqlalchemy as sa
from alembic import op

from app.db.types import UTCDateTime

revision = "0003_outgoing_mails"
down_revision = "0002_accounts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "outgoing_mails",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("due_at", UTCDateTime(), nullable=True),
        sa.Column("sent_at", UTCDateTime(), nullable=True),
        sa.Column("error", sa.String(500), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_outgoing_mails"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_outgoing_mails_user_id_users", ondelete="CASCADE"
        ),
    )
    for column in ("user_id", "created_at", "due_at"):
        op.create_index(f"ix_outgoing_mails_{column}", "outgoing_mails", [column])


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("outgoing_mails")
