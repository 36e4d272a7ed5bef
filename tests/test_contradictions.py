"""An update finds answers that are not what the files are."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from flask_service_cli.checks import contradictions, sentinels_of
from flask_service_extensions.rendering import ROOT
from tests.baking import Bake, BakedProject
from tests.linked import LinkedProject
from tests.variants import DEFAULTS, WIDE_OPTIONS, Variant, choices, is_valid

CHOICES = [(option, choice) for option in WIDE_OPTIONS for choice in choices(option)[1:]]
SENTINELS = sentinels_of(ROOT)
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
    """Return what an update prints about files that contradict answers."""
    return "".join(f"{line}\n" for line in contradictions(folder, answers, SENTINELS))


@pytest.mark.parametrize(("option", "choice"), CHOICES)
def test_answers_that_contradict_the_files_are_found(
    option: str, choice: object, default: BakedProject, bake: Bake
) -> None:
    other, project = answers(option, choice), bake(**answers(option, choice))
    assert found(project.path, other) == ""
    words, pair = f".cruft.json says {option}=", (option, choice)
    assert (words in found(project.path, Variant(DEFAULTS))) == (pair not in LESS)
    assert (words in found(default.path, other)) == (pair not in MORE)


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
        lambda service: (service.path / "scripts/make_docker_env.py").unlink(),
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
    printed = found(service.path, Variant(DEFAULTS))
    assert printed.endswith("list app/admin/__init__.py in skip of [tool.cruft].\n")
    replace(service, "pyproject.toml", 'skip = [".git"]', 'skip = [".git", "app/admin/"]')
    assert found(service.path, Variant(DEFAULTS)) == ""


def test_a_driver_that_is_gone_is_printed(service: LinkedProject) -> None:
    replace(service, "pyproject.toml", '  "psycopg', '  "sqlmodel')
    printed = found(service.path, Variant(DEFAULTS))
    assert "psycopg in pyproject.toml is missing" in printed
    assert printed.endswith("or add it again.\n")
