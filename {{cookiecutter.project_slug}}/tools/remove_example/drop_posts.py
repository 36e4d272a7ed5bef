"""Drop posts, which were an example.

Revises: HEAD
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

from app.models.base import UTCDateTime

revision = "THIS_REVISION"
down_revision = "HEAD"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Drop the table with all that was written."""
    op.drop_table("posts")


def downgrade() -> None:
    """Create the table again, empty."""
    op.create_table(
        "posts",
        sa.Column("id", sa.Integer(), nullable=False),
        # @if cookiecutter.auth != "none"
        sa.Column("author_id", sa.Integer(), nullable=True),
        # @endif
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column(
            "content",
            sa.Text().with_variant(mysql.MEDIUMTEXT(), "mysql", "mariadb"),
            nullable=False,
        ),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.Column("deleted_at", UTCDateTime(), nullable=True),
        # @if cookiecutter.auth != "none"
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name="fk_posts_author_id_users"),
        # @endif
        sa.PrimaryKeyConstraint("id", name="pk_posts"),
    )
    # @if cookiecutter.auth != "none"
    op.create_index("ix_posts_author_id", "posts", ["author_id"])
    # @endif
    op.create_index("ix_posts_published_created_at", "posts", ["published", "created_at"])
    op.create_index("ix_posts_deleted_at", "posts", ["deleted_at"])
