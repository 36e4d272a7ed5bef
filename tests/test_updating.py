"""Services get what changed in the template, and keep what is theirs."""

import json
import shutil
from pathlib import Path

import pytest

from tests import newer_template, own_work
from tests.linked import LinkedProject, commit, create, git
from tests.services import INSERT_POST, KEPT_POST, PRINT_POSTS, production

DELETED = "tests/security/test_cors.py"


@pytest.fixture(scope="module")
def pristine(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> LinkedProject:
    """Return a service in which a team worked while its template went on; tests copy it."""
    project = create(repository, tmp_path_factory.mktemp("service"))
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
    tmp_path_factory: pytest.TempPathFactory,
) -> LinkedProject:
    """Return a service with a row in its database after its update."""
    path = tmp_path_factory.mktemp("updated") / "service"
    shutil.copytree(pristine.path, path, symlinks=True)
    project = LinkedProject(path, {})
    project.run(environment.with_name("flask"), "db", "upgrade", **database(project))
    project.run(environment, "-c", INSERT_POST, **database(project))
    done = project.tool("update")
    assert done.returncode == 0, done.stdout
    assert f"{DELETED} changed in the template and stays deleted here." in done.stdout
    return project


def database(project: LinkedProject) -> dict[str, str]:
    """Return the settings of a service whose database lies beside it."""
    return production(f"sqlite:///{project.path.parent / 'database.sqlite3'}")


def test_an_update_brings_what_changed(updated: LinkedProject) -> None:
    assert "Motto: EAT CAKE." in updated.read("README.md")
    assert updated.read(newer_template.DELIVERED) == newer_template.REVISION
    assert json.loads(updated.read(".cruft.json"))["context"]["cookiecutter"]["motto"] == "Eat cake"


def test_an_update_keeps_what_is_the_teams(updated: LinkedProject) -> None:
    for name in [*own_work.FILES, "migrations/versions/0004_invoices.py"]:
        assert updated.committed(name).decode() == updated.read(name)
    for name, (_, text) in own_work.EDITS.items():
        assert text in updated.read(name)
    assert not (updated.path / DELETED).exists()


def test_an_update_joins_the_revisions(updated: LinkedProject) -> None:
    text = updated.read("migrations/versions/0005_join_invoices_post_titles.py")
    assert 'down_revision = ("0004_invoices", "0004_post_titles")' in text


def test_rows_survive_an_update(updated: LinkedProject, environment: Path) -> None:
    for step in ("upgrade", "check"):
        updated.run(environment.with_name("flask"), "db", step, **database(updated))
    printed = updated.run(environment, "-c", PRINT_POSTS, **database(updated))
    assert KEPT_POST in printed.splitlines()


def test_the_tests_of_what_the_team_and_the_template_changed_pass(
    updated: LinkedProject, environment: Path
) -> None:
    tests = [*own_work.TESTS, "tests/api/test_posts.py", "tests/test_post_migrations.py"]
    assert " passed" in updated.run(environment, "-m", "pytest", *tests)


def test_an_updated_service_has_nothing_left_to_do(updated: LinkedProject, tmp_path: Path) -> None:
    shutil.copytree(updated.path, tmp_path / "service", symlinks=True)
    project = LinkedProject(tmp_path / "service", {})
    project.commit()
    assert project.tool("update").stdout == "Nothing to do: this service is up to date.\n"


def edit(project: LinkedProject, name: str, old: str, new: str) -> None:
    """Change a place of a file and commit it."""
    text = project.read(name)
    assert old in text
    (project.path / name).write_text(text.replace(old, new), "utf-8")
    project.commit()


def test_a_conflict_is_an_ordinary_one_of_git(service: LinkedProject) -> None:
    edit(service, "README.md", "## First steps\n", "## Begin\n")
    done = service.tool("update")
    assert done.returncode == 1
    assert "README.md has a conflict: edit it between <<<<<<< and >>>>>>>" in done.stdout
    assert done.stdout.endswith("git reset --hard takes everything back instead.\n")
    assert "UU README.md" in git(service.path, "status", "--porcelain").splitlines()
    assert "\n## Begin\n=======\nMotto: EAT CAKE.\n" in service.read("README.md")
    assert not [*service.path.rglob("*.rej"), *service.path.rglob("*.orig")]


def test_an_update_with_a_conflict_brings_everything_else(service: LinkedProject) -> None:
    edit(service, "README.md", "## First steps\n", "## Begin\n")
    service.tool("update")
    assert service.read(newer_template.DELIVERED) == newer_template.REVISION
    assert "motto" in service.read(".cruft.json")


def test_an_update_with_a_conflict_is_taken_back_by_git_reset(service: LinkedProject) -> None:
    edit(service, "README.md", "## First steps\n", "## Begin\n")
    before = service.tracked()
    service.tool("update")
    git(service.path, "reset", "--quiet", "--hard")
    assert service.tracked() == before
    assert git(service.path, "status", "--porcelain") == ""


def test_a_resolved_conflict_is_committed_like_any_other(service: LinkedProject) -> None:
    edit(service, "README.md", "## First steps\n", "## Begin\n")
    service.tool("update")
    git(service.path, "checkout", "--theirs", "README.md")
    service.commit()
    assert service.tool("update").stdout == "Nothing to do: this service is up to date.\n"


def test_a_file_that_both_sides_added_is_a_conflict(service: LinkedProject) -> None:
    (service.path / newer_template.DELIVERED).write_text("'''Ours.'''\n")
    service.commit()
    done = service.tool("update")
    assert done.returncode == 1
    assert f"{newer_template.DELIVERED} has a conflict" in done.stdout


def test_a_file_that_git_ignores_is_not_overwritten(service: LinkedProject) -> None:
    (service.path / ".git" / "info" / "exclude").write_text("0004_post_titles.py\n")
    (service.path / newer_template.DELIVERED).write_text("'''Ours.'''\n")
    before = service.tracked()
    done = service.tool("update")
    assert done.returncode == 1
    assert done.stdout.startswith(f"{newer_template.DELIVERED} is in the way: it is not committed")
    assert service.read(newer_template.DELIVERED) == "'''Ours.'''\n"
    assert service.tracked() == before


def test_a_change_that_git_does_not_look_at_is_not_overwritten(service: LinkedProject) -> None:
    git(service.path, "update-index", "--assume-unchanged", "README.md")
    (service.path / "README.md").write_text("# Mine\n", "utf-8")
    assert "README.md is in the way" in service.tool("update").stdout
    assert service.read("README.md") == "# Mine\n"


# Releases


@pytest.fixture
def released(repository: Path, service: LinkedProject, tmp_path: Path) -> LinkedProject:
    """Return a service whose template has releases before, at and after the newest change."""
    shutil.copytree(repository, tmp_path / "template")
    service.link(template=str(tmp_path / "template"))
    git(tmp_path / "template", "tag", "v0.9.0", json.loads(service.read(".cruft.json"))["commit"])
    return service


def release(project: LinkedProject, name: str) -> str:
    """Add a commit to the template, tag it, and return it."""
    template = Path(json.loads(project.read(".cruft.json"))["template"])
    made = commit(template, name)
    git(template, "tag", name)
    return made


def commit_of(project: LinkedProject) -> str:
    """Return the commit that a service is linked to."""
    return json.loads(project.read(".cruft.json"))["commit"]


def test_an_update_goes_to_the_newest_release(released: LinkedProject) -> None:
    release(released, "v0.9.1")
    newest = release(released, "v0.10.0")
    release(released, "v0.10.0-rc.1")
    assert released.tool("update").returncode == 0
    assert commit_of(released) == newest


def test_an_update_goes_to_the_newest_commit_on_request(released: LinkedProject) -> None:
    release(released, "v0.9.1")
    newest = release(released, "not-a-release")
    assert released.tool("update", "--head").returncode == 0
    assert commit_of(released) == newest


def test_an_update_never_goes_back(released: LinkedProject) -> None:
    newest = release(released, "not-a-release")
    released.tool("update", "--head")
    released.commit()
    assert released.tool("update").stdout == "Nothing to do: this service is up to date.\n"
    assert commit_of(released) == newest


def test_a_service_of_a_branch_follows_it_on_request(released: LinkedProject) -> None:
    template = Path(json.loads(released.read(".cruft.json"))["template"])
    git(template, "checkout", "--quiet", "-b", "develop")
    newest = commit(template, "On the branch")
    git(template, "checkout", "--quiet", "main")
    released.link(checkout="develop")
    released.tool("update", "--head")
    assert commit_of(released) == newest
