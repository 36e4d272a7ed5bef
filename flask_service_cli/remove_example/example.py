"""Where the example is: whole files, and places in files that it shares."""

from typing import NamedTuple

MODEL = "app/models/post.py"
DELIVERED_REVISIONS = ("migrations/versions/0001_posts.py", "migrations/versions/0002_accounts.py")

FILES = (
    MODEL,
    "app/admin/posts.py",
    "app/api/posts.py",
    "app/pages/posts.py",
    "app/pages/templates/pages/posts/delete.html",
    "app/pages/templates/pages/posts/form.html",
    "app/pages/templates/pages/posts/index.html",
    "app/pages/templates/pages/posts/macros.html",
    "app/pages/templates/pages/posts/mine.html",
    "app/pages/templates/pages/posts/recent.html",
    "app/pages/templates/pages/posts/show.html",
    "app/schemas/post.py",
    "app/services/post_submissions.py",
    "app/services/posts.py",
    "tests/admin/test_posts.py",
    "tests/api/test_posts.py",
    "tests/pages/test_posts.py",
    "tests/plugins/posts.py",
    "tests/services/test_post_submissions.py",
    "tests/services/test_posts.py",
    "tests/test_post_migrations.py",
    "tests/test_post_races.py",
)
# Without accounts, there are no other examples to write than posts.
OPEN_FILES = ("app/commands/seed.py", "tests/commands/test_seed.py")


class Edit(NamedTuple):
    """A place that exists exactly once, or not at all in prose, and what replaces it."""

    path: str
    place: str
    pattern: str
    replacement: str = ""


EDITS = (
    Edit(
        "app/admin/__init__.py",
        "the import of PostView",
        r"^from app\.admin\.posts import PostView\n",
    ),
    Edit("app/admin/__init__.py", "the line PostView", r"^    PostView,\n"),
    Edit("app/api/__init__.py", "the import of posts", r"^    posts,\n"),
    Edit("app/api/__init__.py", "the blueprint of posts", r"^    posts\.blp,\n"),
    Edit("app/pages/__init__.py", "the import of posts", r"^    posts,\n"),
    Edit("app/pages/__init__.py", "the blueprint of posts", r"^    posts\.blp,\n"),
    Edit(
        "app/pages/context.py", "the link to posts", r'^    \("Posts", "pages\.posts\.index"\),\n'
    ),
    Edit(
        "app/pages/templates/pages/home.html",
        "the newest posts",
        r'^  {% include "pages/posts/recent\.html" %}\n',
    ),
    Edit("docs/pages.md", "the rows of posts", r"(?:^\| `/posts.*\n)+"),
    Edit("docs/pages.md", "the paragraph about posts", r"^Nothing is written twice.*\n.*\n\n"),
    Edit("tests/conftest.py", 'the line "tests.plugins.posts"', r'^    "tests\.plugins\.posts",\n'),
    Edit(
        "Makefile",
        "the target remove-example",
        r"^\.PHONY: remove-example\nremove-example:.*\n\t.*\n\n",
    ),
    Edit("README.md", "the rows with /api/v1/posts", r"(?:^\|.*/api/v1/posts.*\n)+"),
    Edit("README.md", "the section about the example", r"^## The example\n(?:(?!## ).*\n)+"),
    Edit("README.md", "the mention of posts", r", and read and write posts at `/`", " at `/`"),
    Edit("docs/updating.md", "the sentence about posts", r" Posts that are there already .*\."),
)
ACCOUNT_EDITS = (
    Edit(
        "app/commands/seed.py",
        "the import of posts",
        r"import auth, posts, users",
        "import auth, users",
    ),
    Edit("app/commands/seed.py", "the titles POSTS", r"^POSTS = .*\n"),
    Edit("app/commands/seed.py", "user = ...", r"user = users\.create_user", "users.create_user"),
    Edit("app/commands/seed.py", "the loop over POSTS", r"^    for title in POSTS:\n.*\n"),
)
OPEN_EDITS = (
    Edit(
        "app/commands/__init__.py",
        "the import of seed",
        r"^from app\.commands import \(\n    seed,\n\)\n\n|^    seed,\n",
    ),
    Edit(
        "app/commands/__init__.py",
        "the command seed",
        r"(?<=^BLUEPRINTS = \[)\n    seed\.blp,\n(?=\])|^    seed\.blp,\n",
    ),
    Edit(
        "README.md",
        "the paragraph about flask seed",
        r" In another terminal,\n\n```console\n\.venv/bin/flask seed\n```\n\nadds example data\.",
    ),
    Edit("README.md", "the row of flask seed", r"^\| `flask seed` .*\n"),
)
