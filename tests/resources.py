"""Generate resources in baked projects, and collect the answers to command lines."""

import sys
from contextlib import chdir
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner

from flask_service_cli.__main__ import main
from flask_service_cli.generate import project as generator_project
from flask_service_extensions.rendering import ROOT
from tests.baking import BakedProject

# All types, modifiers and kinds of references, and the twin of the example.
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
    "article title:str content:text published:bool {owner}",
]
TABLES = ("customers", "invoices", "addresses", "articles")
OWN_TESTS = [f"tests/{kind}/test_{table}.py" for kind in ("api", "services") for table in TABLES]
OWN_TESTS.append("tests/schemas/test_values.py")
PAGE_TESTS = [f"tests/pages/test_{name}.py" for name in (*TABLES, "form_inputs")]

# A test for the project: the constraint, not a check before it, decides which request is first.
RACE = """
from collections import Counter

from app.exceptions import ConflictError
from app.services import customers
from tests.plugins.accounts import open_account
from tests.threads import at_once
from app.models.user import User
from app.extensions import db


def test_one_of_many_gets_a_name(concurrent_app):
    user_id = open_account(concurrent_app, "user@example.com")

    def create(_number: int) -> bool:
        with concurrent_app.app_context():
            try:
                customers.create_customer(db.session.get_one(User, user_id), name="Wanted")
            except ConflictError:
                return False
            return True

    assert Counter(at_once(8, create)) == {True: 1, False: 7}
"""

# Tests for the project: a user cannot refer to a post that they may not see.
DRAFTS = """
import pytest


@pytest.mark.parametrize(("own", "status"), [(True, 201), (False, 400)])
def test_note_refers_to_own_drafts_only(
    client, make_post, make_user, user, new_note, auth_headers, own, status
):
    draft = make_post(author=user if own else make_user(), published=False)
    note = new_note | {"post_id": draft.id}

    created = client.post("/api/v1/notes", json=note, headers=auth_headers)
    assert created.status_code == status


def test_error_of_a_reference_names_the_field(
    client, make_post, make_user, make_note, auth_headers
):
    draft = make_post(author=make_user(), published=False)
    path = f"/api/v1/notes/{make_note().id}"

    changed = client.patch(path, json={"post_id": draft.id}, headers=auth_headers)
    assert changed.status_code == 400
    assert changed.get_json(force=True)["errors"] == {"post_id": ["Post not found."]}
"""


def command_lines(project: BakedProject) -> list[list[str]]:
    """Return the arguments of the commands that fit to a project."""
    is_open = project.answers["auth"] == "none"
    names = {"target": "post" if is_open else "user", "owner": "" if is_open else "--owner author"}
    pages = ["--pages"] if project.answers["pages"] else []
    return [[*line.format(**names).split(), *pages] for line in RESOURCES]


def add_resources(project: BakedProject, python: Path) -> None:
    """Commit what was baked and generate all resources."""
    commit(project)
    for words in command_lines(project):
        generate(project, python, *words)


def generate(project: BakedProject, python: Path, *words: str, what: str = "resource") -> str:
    """Generate a resource with the command line of this repository, or something else."""
    command = [sys.executable, "-m", "flask_service_cli", "generate", what, *words]
    return project.run(*command, PYTHONPATH=str(ROOT), SERVICE_PYTHON=str(python))


def add_race(project: BakedProject) -> str:
    """Write the test of the race into a project and return its path."""
    (project.path / "tests" / "test_race.py").write_text(RACE, "utf-8")
    return "tests/test_race.py"


def commit(project: BakedProject) -> None:
    """Put everything under version control."""
    project.run("git", "add", "--all")
    author = ["-c", "user.name=Test", "-c", "user.email=test@example.org"]
    project.run("git", *author, "commit", "--quiet", "--allow-empty", "--message", "Work")


def answers(
    project: BakedProject, python: Path, lines: list[list[str]], what: str = "resource"
) -> list[tuple[int, str]]:
    """Run command lines that write nothing, and return exit codes and outputs.

    They run in this process, and load the app of the project once.
    """
    with chdir(project.path), pytest.MonkeyPatch.context() as patch:
        patch.setenv(generator_project.PYTHON_VARIABLE, str(python))
        patch.setattr(generator_project, "run_probe", cache(generator_project.run_probe))
        results = [CliRunner().invoke(main, ["generate", what, *words]) for words in lines]
    return [(result.exit_code, result.output) for result in results]


def changed_files(project: BakedProject) -> list[str]:
    """Return what differs from the last commit."""
    return project.run("git", "status", "--porcelain", "--untracked-files=all").splitlines()


def clone(project: BakedProject, folder: Path) -> BakedProject:
    """Clone a project into a new folder."""
    project.run("git", "clone", "--quiet", ".", folder)
    return BakedProject(folder, project.answers)


def contents_of_changes(project: BakedProject) -> dict[str, str]:
    """Return what differs from the last commit, with the contents of the files."""
    return {line: project.read(line.split()[-1]) for line in changed_files(project)}


def files_after_patch(project: BakedProject, patch: str, folder: Path) -> dict[str, str]:
    """Apply a patch to a clone in a folder and return what it changed."""
    copy, file = clone(project, folder / "patched"), folder / "new.patch"
    file.write_text(patch, "utf-8")
    copy.run("git", "apply", file)
    return contents_of_changes(copy)
