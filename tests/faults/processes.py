"""Faults of processes: workers that are replaced or killed, instances that stop."""

import http.client
import signal
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from threading import Event
from typing import Protocol
from urllib.parse import urlsplit

import requests

from tests.faults.accounts import register
from tests.faults.databases import connections, locked_table, waiting_for_locks
from tests.faults.sites import POSTS, Site, has_answered
from tests.load import TIMEOUT, Tally, load
from tests.servers import Server
from tests.services import METRICS_TOKEN, Instance, wait_for

WORKERS, THREADS = 2, 4
SLOW = WORKERS * THREADS
GENERATIONS = 3
KEPT_ALIVE, ROUNDS = 16, 8  # connections, and how often they are opened
RETIRE_EARLY = "--max-requests=60 --max-requests-jitter=60"
RETIRED = 12  # workers that end while metrics are read
SETTLING = 0.5  # seconds
STOPPING = "Handling signal: term"  # what gunicorn logs


class Balancer(Protocol):
    """What stands in front of instances."""

    @property
    def url(self) -> str:
        """Return where it is reached."""


Balance = Callable[[str, str], AbstractContextManager[Balancer]]


def reloading(site: Site) -> Tally:
    """Send SIGHUP, twice, until there is no worker left of those before."""
    with site.instance() as instance, load(instance.url + POSTS) as tally:
        for _ in range(2):
            before = instance.workers()
            instance.process.send_signal(signal.SIGHUP)
            wait_for(lambda before=before: _are_new(instance, before), "replacing the workers")
    return tally


def _are_new(instance: Instance, before: set[int]) -> bool:
    now = instance.workers()
    return len(now) == WORKERS and not now & before


def recycling(site: Site) -> Tally:
    """Let workers retire after few requests, until several generations have."""
    with site.instance(GUNICORN_CMD_ARGS=RETIRE_EARLY) as instance:
        seen = instance.workers()

        def retired() -> bool:
            seen.update(instance.workers())
            return len(seen) > WORKERS * GENERATIONS

        with load(instance.url + POSTS) as tally:
            wait_for(retired, "recycling the workers")
    return tally


def counting(site: Site) -> tuple[list[float], Tally]:
    """Let workers retire while metrics are read; return the counted requests each time."""
    seen: set[int] = set()
    counted: list[float] = []
    settings = {"GUNICORN_CMD_ARGS": RETIRE_EARLY, "METRICS_TOKEN": METRICS_TOKEN}
    with site.instance(**settings) as instance:

        def retired() -> bool:
            seen.update(instance.workers())
            counted.append(count_requests(instance.url))
            return len(seen) > RETIRED

        with load(instance.url + POSTS) as tally:
            wait_for(retired, "recycling the workers")
        counted.append(count_requests(instance.url))
    return counted, tally


def count_requests(url: str) -> float:
    """Return how many lists of posts all workers together have sent."""
    bearer = {"Authorization": f"Bearer {METRICS_TOKEN}"}
    text = requests.get(f"{url}/metrics", headers=bearer, timeout=TIMEOUT).text
    lines = [
        line
        for line in text.splitlines()
        if line.startswith("http_request_duration_seconds_count{")
    ]
    return sum(float(line.split()[-1]) for line in lines if 'endpoint="posts.Posts"' in line)


def spreading(site: Site) -> list[list[int]]:
    """Open connections and keep them busy, several times; return how many each worker got."""
    with site.instance() as instance:
        idle = {worker: _sockets(worker) for worker in instance.workers()}
        return [_shares(instance, idle) for _ in range(ROUNDS)]


def _shares(instance: Instance, idle: dict[int, int]) -> list[int]:
    address = urlsplit(instance.url)
    done = Event()

    def keep_asking() -> None:
        connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=30)
        while not done.is_set():
            connection.request("GET", "/health")
            connection.getresponse().read()
        connection.close()

    with ThreadPoolExecutor(KEPT_ALIVE) as clients:
        for _ in range(KEPT_ALIVE):
            clients.submit(keep_asking)
        time.sleep(SETTLING)
        shares = [_sockets(worker) - before for worker, before in idle.items()]
        done.set()
    wait_for(lambda: all(_sockets(pid) <= before for pid, before in idle.items()), "closing them")
    return shares


def _sockets(process: int) -> int:
    """Count the open sockets of a process."""
    files = Path(f"/proc/{process}/fd")
    return sum("socket" in str(file.readlink()) for file in files.iterdir() if file.is_symlink())


def stopping_while_working(site: Site, server: Server) -> Tally:
    """Send SIGTERM while the threads work on requests that the database keeps waiting."""
    with site.instance() as instance, ThreadPoolExecutor(SLOW) as clients:
        with locked_table(server, "users"):
            responses = [clients.submit(register, instance.url) for _ in range(SLOW)]
            # One worker may take them all; it has four threads, the rest stands in its queue.
            wait_for(lambda: waiting_for_locks(server) >= THREADS, "reading the requests")
            time.sleep(SETTLING)
            assert connections(server) <= SLOW, "a worker has more connections than threads"
            instance.process.terminate()
            wait_for(lambda: STOPPING in instance.log.read_text("utf-8"), "the instance to stop")
        return Tally(response.result().status_code for response in responses)


def stopping_under_load(site: Site) -> Tally:
    """Send SIGTERM to the only instance while clients keep asking."""
    with site.instance() as instance, load(instance.url + POSTS) as tally:
        wait_for(partial(has_answered, instance, 1), "reaching it")
        instance.stop()
    return tally


def stopping_one_of_two(site: Site, balance: Balance) -> Tally:
    """Stop one of two instances behind a balancer while clients keep asking."""
    with (
        site.pair() as (one, other),
        balance(one.url, other.url) as proxy,
        load(proxy.url + POSTS) as tally,
    ):
        for instance in (one, other):
            wait_for(partial(has_answered, instance, 1), "reaching both")
        one.stop()
        time.sleep(SETTLING)
    return tally
