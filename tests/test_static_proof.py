"""Every valid variant is sound before it runs."""

from pathlib import Path

import pytest

from tests import dependencies, static
from tests.baking import Bake, BakedProject
from tests.variants import SINGLE_FILE_VARIANTS, VARIANTS


@pytest.fixture(scope="module", params=[*VARIANTS, *SINGLE_FILE_VARIANTS], ids=str)
def project(request: pytest.FixtureRequest, bake: Bake) -> BakedProject:
    return bake(**request.param)


@pytest.mark.parametrize("check", static.QUICK_CHECKS, ids=lambda check: check.__name__)
def test_a_variant_is_free_of(check: static.Check, project: BakedProject) -> None:
    assert not check(project)


def test_a_variant_type_checks(project: BakedProject, environment: Path) -> None:
    assert not static.types(project, environment)


def test_a_variant_declares_what_it_imports(
    project: BakedProject, provided: dict[str, set[str]]
) -> None:
    assert not dependencies.findings(project, provided)


def test_a_variant_keeps_to_the_layers(project: BakedProject, environment: Path) -> None:
    assert not static.layers(project, environment)
