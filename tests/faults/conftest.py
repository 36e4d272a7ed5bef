"""The default service on a PostgreSQL server, which the tests of a file stop and overload."""

from collections.abc import Generator
from pathlib import Path

import pytest

from tests.baking import Bake
from tests.faults.sites import Site, site
from tests.servers import POSTGRESQL, Server, running_server


@pytest.fixture(scope="module")
def server() -> Generator[Server]:
    """Run a server of their own for the tests of a file."""
    with running_server(POSTGRESQL) as running:
        yield running


@pytest.fixture(scope="module")
def service(bake: Bake, environment: Path, server: Server) -> Site:
    """Return the default service on that server."""
    return site(bake(), environment, server.url)
