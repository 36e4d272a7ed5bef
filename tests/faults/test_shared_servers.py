"""What two instances share, and what happens to those who wait for a database."""

from collections.abc import Generator

import pytest

from tests.faults import caches, databases, limits
from tests.faults.sites import Site
from tests.servers import REDIS, Server, running_server

pytestmark = pytest.mark.faults

LOST_TO_A_CACHE, NOISE, SLOW = 0.2, 0.1, 0.09  # seconds


@pytest.fixture
def redis() -> Generator[Server]:
    with running_server(REDIS) as running:
        yield running


def test_a_request_without_a_connection_is_asked_to_come_back(
    service: Site, server: Server
) -> None:
    assert databases.exhaustion(service, server) == {200: 4, 503: 3}


def test_reads_survive_connections_that_the_server_closes(service: Site, server: Server) -> None:
    assert databases.killed_connections(service, server).keys() == {200}


def test_a_log_in_revoked_at_one_instance_is_dead_at_the_other(service: Site) -> None:
    assert limits.revoking(service) == {200: 2, 204: 1, 401: 2}


def test_guesses_at_two_instances_count_together(service: Site, redis: Server) -> None:
    assert limits.guessing(service, redis) == {401: 4, 429: 2}


def test_limits_are_kept_without_redis_and_shared_again_with_it(
    service: Site, redis: Server
) -> None:
    before, without, after = limits.losing_redis(service, redis)
    shared = {200: limits.LIMIT, 429: limits.LIMIT + 2 * limits.SURPLUS}
    assert before == shared
    assert without == {200: 2 * limits.LIMIT, 429: 2 * limits.SURPLUS}
    assert after == shared


def test_reads_survive_that_the_cache_is_lost_under_load(service: Site, redis: Server) -> None:
    tally, lookups = caches.losing_redis(service, redis)
    assert tally.keys() == {200}
    assert lookups["hit"] > lookups["miss"]
    assert lookups["unavailable"] > 0


def test_cache_that_hangs_costs_a_moment_now_and_then(service: Site, redis: Server) -> None:
    seconds = caches.hanging(service, redis)
    assert max(seconds) < LOST_TO_A_CACHE + NOISE
    assert len([second for second in seconds if second > SLOW]) <= caches.AWAY


def test_change_at_one_instance_is_seen_at_the_other_at_once(service: Site, redis: Server) -> None:
    for titles, title in caches.changing(service, redis):
        assert titles == [title, title]
