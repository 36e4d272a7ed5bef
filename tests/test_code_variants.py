"""Variants of the code pass their own tests, migrate and serve on SQLite."""

from pathlib import Path

import pytest

from tests.baking import Bake, BakedProject
from tests.services import KEPT_POST, production, serving, status_of, walk_migrations
from tests.variants import CODE_OPTIONS, EXTREMES, SUITE_VARIANTS, Variant, restricted

# The tests of the extremes run in tests/test_clean_environments.py.
TESTED_THERE = restricted(EXTREMES, CODE_OPTIONS)
OTHERS = [variant for variant in SUITE_VARIANTS if variant not in TESTED_THERE]


@pytest.mark.parametrize("variant", OTHERS, ids=str)
def test_its_own_tests_pass(variant: Variant, bake_code: Bake, environment: Path) -> None:
    project = bake_code(**variant)
    assert " passed" in project.run(environment, "-m", "pytest")


@pytest.fixture(scope="module", params=SUITE_VARIANTS, ids=str)
def project(request: pytest.FixtureRequest, bake: Bake) -> BakedProject:
    return bake(**request.param)


@pytest.fixture
def settings(tmp_path: Path) -> dict[str, str]:
    """Return production settings with a database of their own."""
    return production(f"sqlite:///{tmp_path / 'production.sqlite3'}")


def test_a_row_survives_the_migrations(
    project: BakedProject, environment: Path, settings: dict[str, str]
) -> None:
    assert KEPT_POST in walk_migrations(project, environment, **settings).splitlines()


def test_it_serves_in_production_and_stops_on_sigterm(
    project: BakedProject, environment: Path, settings: dict[str, str]
) -> None:
    with serving(project, environment, **settings) as url:
        assert status_of(f"{url}/health/ready") == 200
    assert status_of(f"{url}/health") == 0


def test_it_refuses_to_start_without_settings(project: BakedProject, environment: Path) -> None:
    done = project.attempt(environment.with_name("gunicorn"), "--check-config", "wsgi:app")
    assert done.returncode != 0
    assert "SECRET_KEY is missing" in done.stdout
