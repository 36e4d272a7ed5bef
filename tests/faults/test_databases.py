"""A database that is unavailable, full or too small is reported, and the service recovers."""

from collections.abc import Generator
from pathlib import Path

import pytest

from tests.baking import Bake, BakedProject
from tests.faults import accounts, databases, migrations
from tests.faults.sites import Site, site
from tests.servers import MYSQL, POSTGRESQL, Server, running_server

pytestmark = pytest.mark.faults

KINDS = {"postgresql": POSTGRESQL, "mysql": MYSQL}
CROWD = 20


@pytest.fixture(scope="module")
def project(bake: Bake) -> BakedProject:
    return bake()


@pytest.fixture(scope="module", params=KINDS)
def server(request: pytest.FixtureRequest) -> Generator[Server]:
    with running_server(KINDS[request.param]) as running:
        yield running


@pytest.fixture(scope="module")
def service(project: BakedProject, environment: Path, server: Server) -> Site:
    return site(project, environment, server.url)


@pytest.fixture
def small_service(project: BakedProject, environment: Path, tmp_path: Path) -> Site:
    return site(project, environment, f"sqlite:///{tmp_path / 'service.sqlite3'}")


def test_one_of_many_registrations_of_an_email_succeeds(service: Site) -> None:
    with service.instance() as instance:
        tally = accounts.registering(instance.url, CROWD)
    assert tally == {201: 1, 409: CROWD - 1}


def test_a_database_that_stops_and_starts_is_waited_for(service: Site, server: Server) -> None:
    tally = databases.outage(service, server)
    assert tally.keys() == {200, 503}


def test_a_database_that_says_nothing_any_more_is_not_waited_for(
    service: Site, server: Server
) -> None:
    assert databases.silence(service, server) == {200: 4, 503: 2}


def test_migrations_started_at_once_all_end_well(service: Site) -> None:
    assert migrations.migrating(service, times=3) == {0: 3}


def test_a_killed_migration_blocks_no_other(service: Site) -> None:
    assert migrations.dying(service) == 0


def test_migrations_of_sqlite_started_at_once_all_end_well(small_service: Site) -> None:
    assert migrations.migrating(small_service, times=3) == {0: 3}


def test_a_killed_migration_of_sqlite_blocks_no_other(small_service: Site) -> None:
    assert migrations.dying(small_service) == 0


def test_a_full_disk_is_reported_and_the_service_recovers(
    small_service: Site, tmp_path: Path
) -> None:
    tally = databases.full_disk(small_service, tmp_path / "service.sqlite3")
    assert tally.keys() == {200, 201, 503}
    assert tally[503] == 1
