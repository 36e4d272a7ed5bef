"""Services with every choice pass their own tests and migrate on real database servers."""

from collections.abc import Generator
from pathlib import Path

import pytest

from tests.baking import Bake, BakedProject
from tests.removal import drop_and_restore, remove_example
from tests.resources import OWN_TESTS, add_race, add_resources
from tests.servers import MYSQL, POSTGRESQL, Kind, server
from tests.services import (
    FLASK_DB,
    KEPT_POST,
    production,
    serving,
    status_of,
    steps,
    walk_migrations,
)
from tests.variants import EACH_CHOICE

KINDS = [
    pytest.param(POSTGRESQL, marks=pytest.mark.postgresql, id="postgresql"),
    pytest.param(MYSQL, marks=pytest.mark.mysql, id="mysql"),
]


@pytest.fixture(scope="module", params=KINDS)
def database_url(request: pytest.FixtureRequest) -> Generator[str]:
    with server(request.param) as url:
        yield url


# Pairs of choices run on SQLite only.
@pytest.fixture(params=EACH_CHOICE, ids=str)
def project(request: pytest.FixtureRequest, bake: Bake) -> BakedProject:
    return bake(**request.param)


def test_its_own_tests_pass(project: BakedProject, environment: Path, database_url: str) -> None:
    printed = project.run(environment, "-m", "pytest", "-n", "auto", TEST_DATABASE_URL=database_url)
    assert " passed" in printed


def test_a_row_survives_the_migrations_and_the_service_is_ready(
    project: BakedProject, environment: Path, database_url: str
) -> None:
    settings = production(database_url)
    assert KEPT_POST in walk_migrations(project, environment, **settings).splitlines()
    with serving(project, environment, **settings) as url:
        assert status_of(f"{url}/health/ready") == 200
    project.run(environment, "-c", FLASK_DB + steps([["downgrade", "base"]]), **settings)


def test_new_resources_pass_their_tests_and_migrate(
    bake: Bake, environment: Path, database_url: str
) -> None:
    project = bake()
    add_resources(project, environment)
    selection = [*OWN_TESTS, add_race(project), "tests/test_migrations.py"]
    printed = project.run(
        environment, "-m", "pytest", "-n", "auto", *selection, TEST_DATABASE_URL=database_url
    )
    assert " passed" in printed


@pytest.mark.parametrize("auth", ["jwt", "none"])
def test_the_table_of_the_example_goes_and_comes_back_as_it_was(
    auth: str, bake: Bake, environment: Path, database_url: str
) -> None:
    project = bake(auth=auth, admin=False)
    remove_example(project)
    table, again = drop_and_restore(project, environment, database_url)
    assert table["columns"]
    assert again == table
    project.run(
        environment.with_name("flask"), "db", "downgrade", "base", **production(database_url)
    )


@pytest.mark.parametrize("kind", KINDS)
def test_without_its_server_an_integration_test_fails(
    kind: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.servers.DEBIAN_FOLDERS", [])
    monkeypatch.setenv("PATH", "")
    with pytest.raises(AssertionError, match=f"install the package {kind.package}"), server(kind):
        pass
