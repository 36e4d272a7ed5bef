"""Instances under load lose nothing when workers are replaced, and finish what they have begun."""

from functools import partial
from pathlib import Path

import pytest

from tests import nginx, proxies
from tests.faults import processes
from tests.faults.sites import Site
from tests.servers import Server

pytestmark = pytest.mark.faults


def test_reloading_loses_no_request(service: Site) -> None:
    tally = processes.reloading(service)
    assert tally.keys() == {200}


def test_workers_that_retire_lose_no_request(service: Site) -> None:
    tally = processes.recycling(service)
    assert tally.keys() == {200}


def test_metrics_count_every_request_of_workers_that_retire(service: Site) -> None:
    counted, tally = processes.counting(service)
    assert counted == sorted(counted)
    assert counted[-1] == tally[200] == tally.sent


def test_connections_that_are_kept_alive_are_spread_over_the_workers(service: Site) -> None:
    for shares in processes.spreading(service):
        assert min(shares) >= sum(shares) // 4, shares


def test_every_request_that_was_read_is_answered_before_it_stops(
    service: Site, server: Server
) -> None:
    tally = processes.stopping_while_working(service, server)
    assert tally == {201: processes.SLOW}


def test_stopping_one_of_two_behind_the_shipped_nginx_loses_no_request(
    service: Site, tmp_path: Path
) -> None:
    balance = partial(nginx.in_front_of, service.project, tmp_path)
    assert processes.stopping_one_of_two(service, balance).keys() == {200}


def test_stopping_one_of_two_behind_nginx_on_a_host_loses_no_request(service: Site) -> None:
    balance = partial(proxies.documented_nginx, service.project)
    assert processes.stopping_one_of_two(service, balance).keys() == {200}
