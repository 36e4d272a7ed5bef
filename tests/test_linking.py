"""A service is linked to its template from the start, or later by a command."""

import json
import shutil
from pathlib import Path
from typing import Any

import cruft
import pytest

from flask_service_extensions.link import without_password
from tests import newer_template
from tests.linked import LinkedProject, commit, create, generate, git


def link_of(project: LinkedProject) -> dict[str, Any]:
    """Return the record of a service."""
    return json.loads(project.read(".cruft.json"))


@pytest.fixture
def template(repository: Path, tmp_path: Path) -> Path:
    """Return a copy of the template that a test may change."""
    return Path(shutil.copytree(repository, tmp_path / "template"))


def test_a_service_of_plain_cookiecutter_updates_without_further_steps(
    template: Path, tmp_path: Path
) -> None:
    project = create(template, tmp_path / "service", auth="session")
    newest = newer_template.change(template)
    done = project.tool("update")
    assert done.returncode == 0, done.stdout
    assert link_of(project)["commit"] == newest
    assert "Motto: EAT CAKE." in project.read("README.md")


def test_the_record_names_commit_and_answers(template: Path, tmp_path: Path) -> None:
    link = link_of(generate(template, tmp_path / "service", auth="none", admin=False))
    assert (link["template"], link["checkout"]) == (str(template), None)
    assert link["commit"] == git(template, "rev-parse", "HEAD").strip()
    answers = link["context"]["cookiecutter"]
    assert (answers["auth"], answers["admin"]) == ("none", False)
    assert not [name for name in answers if name.startswith("_")]


def test_a_clone_is_linked_to_its_remote_repository(template: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "--quiet", str(template), "clone")
    project = generate(tmp_path / "clone", tmp_path / "service")
    assert link_of(project)["template"] == str(template)


def test_a_commit_that_only_the_clone_has_is_linked_to_the_clone(
    template: Path, tmp_path: Path
) -> None:
    git(tmp_path, "clone", "--quiet", str(template), "clone")
    commit(tmp_path / "clone")
    project = generate(tmp_path / "clone", tmp_path / "service")
    assert link_of(project)["template"] == str(tmp_path / "clone")


@pytest.mark.parametrize("state", ["dirty", "not in git"])
def test_a_template_that_is_no_commit_is_not_linked(
    state: str, template: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    if state == "dirty":
        (template / "README.md").write_text("# Mine\n", "utf-8")
    else:
        shutil.rmtree(template / ".git")
    project = generate(template, tmp_path / "service")
    assert not (project.path / ".cruft.json").exists()
    assert "not linked to a commit of its template: see docs/updating.md" in capfd.readouterr().out


@pytest.mark.parametrize(
    ("url", "written"),
    [
        ("https://ada:secret@example.com/t.git", "https://example.com/t.git"),
        ("https://example.com:8443/t.git", "https://example.com:8443/t.git"),
        ("git@example.com:team/t.git", "git@example.com:team/t.git"),
        ("ssh://git@example.com/t.git", "ssh://git@example.com/t.git"),
    ],
)
def test_a_password_in_the_url_is_not_recorded(url: str, written: str) -> None:
    assert without_password(url) == written


def test_a_linked_service_is_not_linked_again(template: Path, tmp_path: Path) -> None:
    project = create(template, tmp_path / "service")
    done = project.tool("link", str(template), "HEAD", "--no-input")
    assert (done.returncode, "is linked already" in done.stdout) == (1, True)


def test_linking_prints_what_contradicts_the_answers(template: Path, tmp_path: Path) -> None:
    project = create(template, tmp_path / "service")
    (project.path / ".cruft.json").unlink()
    words = ("project_slug=bakery", "auth=session", "--no-input")
    done = project.tool("link", str(template), "HEAD", *words)
    assert done.returncode == 1
    assert "Different from the template: " in done.stdout
    assert ".cruft.json says auth=session, but app/security/session.py is missing" in done.stdout


def test_cruft_works_with_the_record(
    template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = create(template, tmp_path / "service")
    monkeypatch.chdir(project.path)
    assert cruft.check(project.path)
    newer_template.change(template)
    assert not cruft.check(project.path)


def test_a_service_of_cruft_updates(template: Path, tmp_path: Path) -> None:
    (tmp_path / "service").mkdir()
    path = cruft.create(str(template), output_dir=tmp_path / "service", default_config=True)
    commit(Path(path))
    newest = newer_template.change(template)
    project = LinkedProject(Path(path), {})
    done = project.tool("update")
    assert done.returncode == 0, done.stdout
    assert link_of(project)["commit"] == newest
