"""Remove the example from a baked project, and follow its table."""

import json
from pathlib import Path
from typing import Any

from flask_service_cli.remove_example import remove
from tests.baking import BakedProject
from tests.linked import commit
from tests.services import FLASK_DB, INSERT_POST, production, steps

Table = dict[str, Any]

# A function for scripts in a project: it prints all that a database knows about a table.
PRINT_TABLE = """
import json
from sqlalchemy import inspect
from app import create_app
from app.extensions import db

def print_table():
    with create_app().app_context():
        found, table = inspect(db.engine), {}
        if found.has_table("posts"):
            table["columns"] = {
                column["name"]: [str(column["type"]), column["nullable"]]
                for column in found.get_columns("posts")
            }
            table["indexes"] = sorted(found.get_indexes("posts"), key=str)
            table["keys"] = [found.get_pk_constraint("posts"), *found.get_foreign_keys("posts")]
        print("TABLE", json.dumps(table))

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


def drop_and_restore(project: BakedProject, python: Path, url: str) -> tuple[Table, Table]:
    """Drop the table with a row in it, bring it back, go down and up; return it as it was twice."""
    last = (
        "0001_posts" if dropping_revision(project) == "0002_drop_posts" else "0003_outgoing_mails"
    )
    print_now = "print_table()\n"
    drop_and_return = steps([["upgrade"], ["check"], ["downgrade"]])
    all_the_way = steps([["downgrade", "base"], ["upgrade"], ["check"]])
    parts = [FLASK_DB, PRINT_TABLE, steps([["upgrade", last]]), INSERT_POST, print_now]
    parts += [drop_and_return, print_now, all_the_way, print_now]
    printed = project.run(python, "-c", "".join(parts), **production(url))
    before, after, gone = (
        json.loads(line.removeprefix("TABLE "))
        for line in printed.splitlines()
        if line.startswith("TABLE ")
    )
    assert gone == {}
    return before, after
