"""`make check` finds what an update left, and answers that are not what the files are."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.baking import Bake, BakedProject
from tests.linked import LinkedProject
from tests.variants import DEFAULTS, WIDE_OPTIONS, Variant, choices, is_valid

CHOICES = [(option, choice) for option in WIDE_OPTIONS for choice in choices(option)[1:]]
# Files of these may look like the default's without what a team threw away ...
LESS = {("docker", False), ("ci", "none")}
# ... and the default's like these, with something added.
MORE = {("database", "sqlite")}


@pytest.fixture(scope="module")
def default(bake: Bake) -> BakedProject:
    """Return the default service."""
    return bake()


@pytest.fixture
def service(default: BakedProject, tmp_path: Path) -> LinkedProject:
    """Return a copy of it in which a team works."""
    return LinkedProject(shutil.copytree(default.path, tmp_path / "service"), default.answers)


def answers(option: str, choice: object) -> Variant:
    """Return answers with one that is not the default, and with what it needs."""
    changed = Variant(DEFAULTS | {option: choice})
    return changed if is_valid(changed) else Variant({**changed, "admin": False})


def found(folder: Path, answers: Variant) -> str:
    """Return what the check says of files beside answers."""
    link = folder / ".cruft.json"
    context = {"cookiecutter": answers}
    link.write_text(json.dumps({"template": "", "commit": "", "context": context}))
    printed = LinkedProject(folder, {}).tool("check").stdout
    link.unlink()
    return printed


@pytest.mark.parametrize(("option", "choice"), CHOICES)
def test_answers_that_contradict_the_files_are_found(
    option: str, choice: object, default: BakedProject, bake: Bake
) -> None:
    other, project = answers(option, choice), bake(**answers(option, choice))
    assert found(project.path, other) == ""
    words, pair = f".cruft.json says {option}=", (option, choice)
    assert (words in found(project.path, Variant(DEFAULTS))) == (pair not in LESS)
    assert (words in found(default.path, other)) == (pair not in MORE)


def test_a_service_that_is_not_linked_has_nothing_to_contradict(default: BakedProject) -> None:
    assert LinkedProject(default.path, {}).tool("check").returncode == 0


def replace(service: LinkedProject, name: str, old: str, new: str) -> None:
    """Change every such place of a file."""
    text = service.read(name)
    assert old in text
    (service.path / name).write_text(text.replace(old, new), "utf-8")


@pytest.mark.parametrize(
    "work",
    [
        lambda service: shutil.rmtree(service.path / ".github"),
        lambda service: (service.path / ".github/workflows/ci.yml").write_text("on: push\n"),
        lambda service: (service.path / ".gitlab-ci.yml").write_text("stages: []\n"),
        lambda service: (service.path / "tools/make_docker_env.py").unlink(),
        lambda service: replace(service, "pyproject.toml", "psycopg[binary]", "psycopg[c]"),
        lambda service: replace(
            service, "pyproject.toml", '  "psycopg', '  "PyMySQL",\n  "psycopg'
        ),
    ],
    ids=["no_pipeline", "own_pipeline", "gitlab_too", "no_containers", "compiled", "two_drivers"],
)
def test_what_a_team_may_do_contradicts_nothing(
    work: Callable[[LinkedProject], object], service: LinkedProject
) -> None:
    work(service)
    assert found(service.path, Variant(DEFAULTS)) == ""


def test_what_updates_skip_contradicts_nothing(service: LinkedProject) -> None:
    shutil.rmtree(service.path / "app" / "admin")
    told = found(service.path, Variant(DEFAULTS))
    assert told.endswith("list app/admin/__init__.py in skip of [tool.cruft] in pyproject.toml.\n")
    replace(service, "pyproject.toml", 'skip = [".git"]', 'skip = [".git", "app/admin/"]')
    assert found(service.path, Variant(DEFAULTS)) == ""


def test_a_driver_that_is_gone_is_told(service: LinkedProject) -> None:
    replace(service, "pyproject.toml", '  "psycopg', '  "sqlmodel')
    told = found(service.path, Variant(DEFAULTS))
    assert "psycopg in pyproject.toml is missing" in told
    assert told.endswith("if the answer is right, add it again.\n")


def test_what_the_service_ignores_is_left_alone(service: LinkedProject) -> None:
    (service.path / "venv").mkdir()
    (service.path / "venv" / ".gitignore").write_text("*\n")
    (service.path / "venv" / "config.orig").touch()
    assert service.tool("check").stdout == ""


def test_what_a_person_ignores_is_found(service: LinkedProject) -> None:
    (service.path / ".git" / "info" / "exclude").write_text("*.rej\n")
    (service.path / "README.md.rej").touch()
    assert "README.md.rej holds" in service.tool("check").stdout


def test_where_there_is_no_repository_everything_is_looked_at(service: LinkedProject) -> None:
    shutil.rmtree(service.path / ".git")
    (service.path / "README.md.rej").touch()
    assert "README.md.rej holds" in service.tool("check").stdout


def test_what_cannot_be_read_is_left_alone(service: LinkedProject) -> None:
    (service.path / "memory").symlink_to("/proc/self/mem")  # not even root reads that
    assert service.tool("check").stdout == ""
