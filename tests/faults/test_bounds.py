"""One request cannot cost much, and a database that is read-only or locked is reported."""

import pytest

from tests.faults import bounds
from tests.faults.sites import Site
from tests.servers import Server

pytestmark = pytest.mark.faults


def test_read_only_database_refuses_writes_only_and_recovers(service: Site, server: Server) -> None:
    tally = bounds.read_only(service, server)
    assert (tally[200], tally[503], tally.answered) == (1, 1, 3)


def test_locked_table_keeps_readers_and_health_checks_waiting_for_the_lock_timeout_only(
    service: Site, server: Server
) -> None:
    tally, slowest_health_check = bounds.locked(service, server)
    assert tally == {503: bounds.READERS, 200: 1}
    # All readers may be at one worker: half of them wait for the others, and the check for all.
    assert slowest_health_check < 3 * bounds.LOCK_TIMEOUT


def test_body_of_unknown_fields_is_answered_briefly(service: Site) -> None:
    response = bounds.unknown_fields(service)
    assert (response.status, response.size < 5_000) == (400, True)
