"""Remove the example from a baked project, and follow its table."""

import json
from pathlib import Path
from typing import Any

from flask_service_cli.remove_example import remove
from tests.baking import BakedProject
from tests.linked import commit
from tests.services import INSERT_POST, production

Table = dict[str, Any]

# Run in a project: print all that a database knows about a table.
PRINT_TABLE = """
import json
from sqlalchemy import inspect
from app import create_app
from app.extensions import db

with create_app().app_context():
    found = inspect(db.engine)
    print(json.dumps({
        "columns": {c["name"]: [str(c["type"]), c["nullable"]] for c in found.get_columns("posts")},
        "indexes": sorted(found.get_indexes("posts"), key=str),
        "keys": [found.get_pk_constraint("posts"), *found.get_foreign_keys("posts")],
    }))
"""


def remove_example(project: BakedProject) -> None:
    """Commit everything and remove the example."""
    commit(project.path)
    remove(project.path)


def dropping_revision(project: BakedProject) -> str:
    """Name the revision that drops the table, and nothing else that is new."""
    listing = project.run("git", "status", "--porcelain", "--untracked-files=all")
    (new,) = [line.split()[-1] for line in listing.splitlines() if line.startswith("??")]
    return Path(new).stem


def print_table(project: BakedProject, python: Path, settings: dict[str, str]) -> Table:
    """Return what a database knows about the table; nothing if it has none."""
    done = project.attempt(python, "-c", PRINT_TABLE, **settings)
    return {} if "NoSuchTableError" in done.stdout else json.loads(done.stdout.splitlines()[-1])


def drop_and_restore(project: BakedProject, python: Path, url: str) -> tuple[Table, Table]:
    """Drop the table with a row in it, bring it back, go down and up; return it as it was twice."""
    settings, flask = production(url), python.with_name("flask")
    last = (
        "0001_posts" if dropping_revision(project) == "0002_drop_posts" else "0003_outgoing_mails"
    )
    project.run(flask, "db", "upgrade", last, **settings)
    project.run(python, "-c", INSERT_POST, **settings)
    before = print_table(project, python, settings)
    for step in ("upgrade", "check", "downgrade"):
        project.run(flask, "db", step, **settings)
    after = print_table(project, python, settings)
    for step in (["downgrade", "base"], ["upgrade"], ["check"]):
        project.run(flask, "db", *step, **settings)
    assert print_table(project, python, settings) == {}
    return before, after
