"""Resources that `flask new resource` writes into baked projects, and what to ask about them."""

import json
from pathlib import Path

from tests.baking import BakedProject

# All types, modifiers and kinds of references.
RESOURCES = [
    "customer name:str:unique note:text:optional",
    (
        "invoice number:str:optional:unique amount:decimal due:date:optional sent:datetime:optional"
        " paid:bool count:int customer:ref:customer cause:ref:{target}:optional"
    ),
    (
        "address --plural addresses invoice:ref:invoice:optional:unique code:int:optional:unique"
        " day:date:optional:unique at:datetime:optional price:decimal:optional seen:bool:optional"
    ),
]
TABLES = ("customers", "invoices", "addresses")
OWN_TESTS = [f"tests/{kind}/test_{table}.py" for kind in ("api", "services") for table in TABLES]

# Run in a project: answer each command line with its exit code and what it printed.
ANSWER = """
import json, sys
from app import create_app

runner = create_app("development").test_cli_runner()
results = [runner.invoke(args=["new", "resource", *words]) for words in json.loads(sys.argv[1])]
print(json.dumps([(result.exit_code, result.output) for result in results]))
"""

# A test for the project: the constraint, not a look before, decides who is first.
RACE = """
from collections import Counter

from app.exceptions import ConflictError
from app.services import customers
from tests.plugins.accounts import at_once, open_account
from app.models.user import User
from app.extensions import db


def test_one_of_many_gets_a_name(concurrent_app):
    owner_id = open_account(concurrent_app, "user@example.com")

    def create(_number: int) -> bool:
        with concurrent_app.app_context():
            try:
                customers.create_customer(db.session.get_one(User, owner_id), name="Wanted")
            except ConflictError:
                return False
            return True

    assert Counter(at_once(8, create)) == {True: 1, False: 7}
"""

# Tests for the project: whoever cannot see a post cannot refer to it.
DRAFTS = """
import pytest


@pytest.mark.parametrize(("own", "status"), [(True, 201), (False, 400)])
def test_a_note_refers_to_ones_own_drafts_only(
    client, make_post, make_user, user, new_note, auth_headers, own, status
):
    draft = make_post(author=user if own else make_user(), published=False)
    note = new_note | {"post_id": draft.id}

    created = client.post("/api/v1/notes", json=note, headers=auth_headers)
    assert created.status_code == status


def test_a_note_that_refers_to_somebody_elses_draft_names_the_field(
    client, make_post, make_user, make_note, auth_headers
):
    draft = make_post(author=make_user(), published=False)
    path = f"/api/v1/notes/{make_note().id}"

    changed = client.patch(path, json={"post_id": draft.id}, headers=auth_headers)
    assert changed.status_code == 400
    assert changed.get_json(force=True)["errors"] == {"post_id": ["There is no such post."]}
"""


def command_lines(project: BakedProject) -> list[list[str]]:
    """Return the words of the commands that fit to a project."""
    target = "post" if project.answers["auth"] == "none" else "user"
    return [line.format(target=target).split() for line in RESOURCES]


def start_development(project: BakedProject, python: Path) -> None:
    """Commit what was baked, with settings for development beside it."""
    project.run(python, "scripts/make_env.py")
    commit(project)


def add_resources(project: BakedProject, python: Path) -> None:
    """Write the resources the way a developer does."""
    start_development(project, python)
    for words in command_lines(project):
        project.run(python.with_name("flask"), "new", "resource", *words)


def add_race(project: BakedProject) -> str:
    """Give a project the test of the race and return its path."""
    (project.path / "tests" / "test_race.py").write_text(RACE, "utf-8")
    return "tests/test_race.py"


def commit(project: BakedProject) -> None:
    """Put everything under version control."""
    project.run("git", "add", "--all")
    author = ["-c", "user.name=Test", "-c", "user.email=test@example.org"]
    project.run("git", *author, "commit", "--quiet", "--message", "Work")


def answers(project: BakedProject, python: Path, lines: list[list[str]]) -> list[tuple[int, str]]:
    """Run several command lines in one process, which is quick."""
    printed = project.run(python, "-c", ANSWER, json.dumps(lines))
    return [(code, output) for code, output in json.loads(printed.splitlines()[-1])]


def changed_files(project: BakedProject) -> list[str]:
    """Return what differs from the last commit."""
    return project.run("git", "status", "--porcelain", "--untracked-files=all").splitlines()
