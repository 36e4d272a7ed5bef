"""`make check` finds answers in `.cruft.json` that are not what the files are."""

import json
from pathlib import Path

import pytest

from tests.baking import Bake, BakedProject
from tests.linked import LinkedProject
from tests.variants import DEFAULTS, WIDE_OPTIONS, Variant, choices, is_valid

CHOICES = [(option, choice) for option in WIDE_OPTIONS for choice in choices(option)[1:]]


@pytest.fixture(scope="module")
def default(bake: Bake) -> BakedProject:
    """Return the default service."""
    return bake()


def answers(option: str, choice: object) -> Variant:
    """Return answers with one that is not the default, and with what it needs."""
    changed = Variant(DEFAULTS | {option: choice})
    return changed if is_valid(changed) else Variant({**changed, "admin": False})


def found(folder: Path, answers: Variant) -> str:
    """Return what the check says of files beside answers."""
    link = folder / ".cruft.json"
    link.write_text(json.dumps({"context": {"cookiecutter": answers}}))
    printed = LinkedProject(folder, {}).tool("check").stdout
    link.unlink()
    return printed


@pytest.mark.parametrize(("option", "choice"), CHOICES)
def test_answers_that_contradict_the_files_are_found(
    option: str, choice: object, default: BakedProject, bake: Bake
) -> None:
    other, project = answers(option, choice), bake(**answers(option, choice))
    assert found(project.path, other) == ""
    assert f".cruft.json says {option}=" in found(project.path, Variant(DEFAULTS))
    assert f".cruft.json says {option}=" in found(default.path, other)


def test_a_service_that_is_not_linked_has_nothing_to_contradict(default: BakedProject) -> None:
    assert LinkedProject(default.path, {}).tool("check").returncode == 0
