"""Services get what changed in the template, and keep what is theirs."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from flask_service_extensions.rendering import ROOT
from tests import newer_template, own_work
from tests.baking import clean_environment
from tests.linked import LinkedProject, git, linked
from tests.services import INSERT_POST, KEPT_POST, PRINT_POSTS, production

CRUFT = ROOT / ".venv" / "bin" / "cruft"
DELETED = "tests/test_cors.py"


@pytest.fixture(scope="module")
def pristine(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> LinkedProject:
    """Return a service in which a team worked while its template went on; tests copy it."""
    folder = tmp_path_factory.mktemp("service")
    create = [CRUFT, "create", repository, "--default-config", "--no-input"]
    subprocess.run(create, cwd=folder, env=clean_environment(), check=True)
    project = linked(folder / "flask-service", {})
    own_work.add_files(project.path)
    own_work.edit_files(project.path)
    (project.path / DELETED).unlink()
    project.commit()
    newer_template.change(repository)
    return project


@pytest.fixture
def service(pristine: LinkedProject, tmp_path: Path) -> LinkedProject:
    """Return a copy of that service."""
    shutil.copytree(pristine.path, tmp_path / "service", symlinks=True)
    return LinkedProject(tmp_path / "service", {})


@pytest.fixture(scope="module")
def updated(
    pristine: LinkedProject,
    environment: Path,
    plain_path: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> LinkedProject:
    """Return a service with a row in its database after its update."""
    path = tmp_path_factory.mktemp("updated") / "service"
    shutil.copytree(pristine.path, path, symlinks=True)
    project = LinkedProject(path, {})
    project.run(environment.with_name("flask"), "db", "upgrade", **database(project))
    project.run(environment, "-c", INSERT_POST, **database(project))
    assert project.tool("cruft", "check").returncode == 1
    project.run("make", "template-update", PATH=plain_path)
    return project


def database(project: LinkedProject) -> dict[str, str]:
    """Return the settings of a service whose database lies beside it."""
    return production(f"sqlite:///{project.path.parent / 'database.sqlite3'}")


def test_an_update_brings_what_changed(updated: LinkedProject) -> None:
    assert "Motto: EAT CAKE." in updated.read("README.md")
    assert updated.read(newer_template.DELIVERED) == newer_template.REVISION
    assert json.loads(updated.read(".cruft.json"))["context"]["cookiecutter"]["motto"] == "Eat cake"


def test_an_update_keeps_what_is_the_teams(updated: LinkedProject) -> None:
    for name in [*own_work.FILES, "migrations/versions/0003_invoices.py"]:
        assert updated.committed(name).decode() == updated.read(name)
    for name, (_, text) in own_work.EDITS.items():
        assert text in updated.read(name)
    assert not (updated.path / DELETED).exists()


def test_an_update_joins_the_revisions(updated: LinkedProject) -> None:
    text = updated.read("migrations/versions/0004_join_invoices_post_titles.py")
    assert 'down_revision = ("0003_invoices", "0003_post_titles")' in text


def test_rows_survive_an_update(updated: LinkedProject, environment: Path) -> None:
    for step in ("upgrade", "check"):
        updated.run(environment.with_name("flask"), "db", step, **database(updated))
    printed = updated.run(environment, "-c", PRINT_POSTS, **database(updated))
    assert KEPT_POST in printed.splitlines()


def test_the_suite_of_an_updated_service_is_green(
    updated: LinkedProject, environment: Path
) -> None:
    assert " passed" in updated.run(environment, "-m", "pytest", "-n", "auto")


def test_an_updated_service_has_nothing_left_to_do(updated: LinkedProject, tmp_path: Path) -> None:
    shutil.copytree(updated.path, tmp_path / "service", symlinks=True)
    project = LinkedProject(tmp_path / "service", {})
    assert project.tool("cruft", "check").returncode == 0
    assert project.tool("check").stdout == ""
    project.commit()
    assert project.tool("update").stdout == "Nothing to do: this service is up to date.\n"


def test_a_conflict_is_told_until_it_is_solved(service: LinkedProject) -> None:
    readme = service.path / "README.md"
    text = service.read("README.md")
    readme.write_text(text.replace("## First steps\n", "## Begin\n"), "utf-8")
    service.commit()
    done = service.tool("update")
    assert done.returncode == 1
    assert "README.md has a conflict: choose between" in done.stdout
    assert "README.md has a conflict" in service.tool("check").stdout
    readme.write_text(text, "utf-8")
    assert service.tool("check").returncode == 0


def test_a_rejected_part_is_told_until_it_is_applied(service: LinkedProject) -> None:
    readme = service.path / "README.md"
    readme.write_text(readme.read_text("utf-8").replace("## First steps\n", "## Begin\n"), "utf-8")
    shutil.rmtree(service.path / ".git")  # git cannot merge what it has never seen
    git(service.path, "init", "--quiet")
    service.commit()
    done = service.tool("update")
    assert done.returncode == 1
    assert "README.md.rej holds what could not be applied" in done.stdout
    assert service.tool("check").returncode == 1
    (service.path / "README.md.rej").unlink()
    assert service.tool("check").returncode == 0


def test_a_file_in_the_way_is_told(service: LinkedProject) -> None:
    (service.path / newer_template.DELIVERED).write_text("'''Ours.'''\n")
    service.commit()
    done = service.tool("update")
    assert done.returncode == 1
    assert newer_template.DELIVERED in done.stdout


def test_an_orig_file_is_found(service: LinkedProject) -> None:
    (service.path / "app" / "errors.py.orig").touch()
    assert "app/exceptions.py.orig holds" in service.tool("check").stdout
