"""Accounts and their logins, and authors of posts.

Revises: 0001_posts
"""

import sqlalchemy as sa
from alembic import op

from app.db.types import CaseSensitiveString, UTCDateTime

revision = "0002_accounts"
down_revision = "0001_posts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables; posts that exist already have no author."""
    create_users()
    create_login_sessions()
    if posts_have("id"):
        add_authors()


def posts_have(column: str) -> bool:
    """Return whether there are posts: a service may have removed them before it got accounts."""
    found = sa.inspect(op.get_bind())
    return found.has_table("posts") and column in {known["name"] for known in found.get_columns("posts")}


def add_authors() -> None:
    """Let posts know who wrote them."""
    with op.batch_alter_table("posts") as posts:
        posts.add_column(sa.Column("author_id", sa.Integer(), nullable=True))
        posts.create_foreign_key("fk_posts_author_id_users", "users", ["author_id"], ["id"])
        posts.create_index("ix_posts_author_id", ["author_id"])


def create_users() -> None:
    """Create the accounts."""
    op.create_table(
        "users",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column(
            "email_key",
            CaseSensitiveString(762),
            nullable=True,
        ),
        sa.Column("email_verified_at", UTCDateTime(), nullable=True),
        sa.Column("password_hash", sa.String(255), nullable=False),
        sa.Column("first_name", sa.String(100), nullable=False),
        sa.Column("last_name", sa.String(100), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.Column("deleted_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
        sa.UniqueConstraint("email_key", name="uq_users_email_key"),
        sa.CheckConstraint("role IN ('user', 'admin')", name="role"),
    )
    op.create_index("ix_users_deleted_at", "users", ["deleted_at"])


def create_login_sessions() -> None:
    """Create the logins."""
    op.create_table(
        "login_sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("current_refresh_id", sa.String(36), nullable=True),
        sa.Column("previous_refresh_id", sa.String(36), nullable=True),
        sa.Column("rotated_at", UTCDateTime(), nullable=True),
        sa.Column("network_hash", sa.String(32), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("last_used_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.Column("ends_at", UTCDateTime(), nullable=False),
        sa.Column("revoked_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_login_sessions"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_login_sessions_user_id_users", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_login_sessions_user_id", "login_sessions", ["user_id"])
    op.create_index("ix_login_sessions_expires_at", "login_sessions", ["expires_at"])


def downgrade() -> None:
    """Drop accounts and logins; posts stay, without their authors."""
    if posts_have("author_id"):
        remove_authors()
    op.drop_table("login_sessions")
    op.drop_table("users")


def remove_authors() -> None:
    """Forget who wrote which post."""
    with op.batch_alter_table("posts") as posts:
        posts.drop_constraint("fk_posts_author_id_users", type_="foreignkey")
        posts.drop_index("ix_posts_author_id")
        posts.drop_column("author_id")
