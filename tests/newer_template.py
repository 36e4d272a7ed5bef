"""What changes in a template between two of its commits, one change of each kind."""

from pathlib import Path

from flask_service_extensions.rendering import PROJECT_FOLDER
from tests.linked import commit

REVISION = '''"""Titles of posts are searched.

Revises: 0003_outgoing_mails
"""

from alembic import op

revision = "0004_post_titles"
down_revision = "0003_outgoing_mails"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the index."""
    op.create_index("ix_posts_title", "posts", ["title"])


def downgrade() -> None:
    """Drop the index."""
    op.drop_index("ix_posts_title", "posts")
'''
DELIVERED = "migrations/versions/0004_post_titles.py"
# file: (what it says, what it will say)
CHANGES = {
    "cookiecutter.json": (
        '  "license": [',
        '  "motto": "Eat cake",\n  "license": [',
    ),
    # A filter that only the newer extension has.
    "flask_service_extensions/quoting.py": (
        '    "md": escaped_markdown,\n',
        '    "md": escaped_markdown,\n    "shout": str.upper,\n',
    ),
    f"{PROJECT_FOLDER}/README.md": (
        "## First steps\n",
        "Motto: {{ cookiecutter.motto | shout }}.\n\n## First steps\n",
    ),
    f"{PROJECT_FOLDER}/app/models/post.py": (
        '(Index(None, "created_at", "id"),)',
        '(Index(None, "created_at", "id"), Index(None, "title"))',
    ),
    f"{PROJECT_FOLDER}/tests/security/test_cors.py": ('"""', '"""Changed. '),
}


def change(template: Path) -> str:
    """Change a template and return the commit."""
    for name, (old, new) in CHANGES.items():
        text = (template / name).read_text("utf-8")
        assert old in text, f"{name}: {old}"
        (template / name).write_text(text.replace(old, new, 1), "utf-8")
    (template / PROJECT_FOLDER / DELIVERED).write_text(REVISION, "utf-8")
    return commit(template, "A newer template")
