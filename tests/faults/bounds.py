"""What one client can make a service do, and a database that is read-only or locked for others."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import requests

from tests.faults.accounts import LOGIN, PATIENCE, register
from tests.faults.databases import PSQL, assert_is_patient_problem, locked_table, status_of_slow
from tests.faults.sites import POSTS, Site
from tests.load import Tally
from tests.servers import Server

READERS = 8  # as many as two workers have threads
LOCK_TIMEOUT = 5  # seconds that a statement of the service waits for a lock
READ_ONLY = "ALTER DATABASE service SET default_transaction_read_only"
UNKNOWN_FIELDS = 140_000  # of 13 bytes: a body of almost 2 MB


class Response(NamedTuple):
    """A response, how long it took in seconds, and how large it was in bytes."""

    status: int
    seconds: float
    size: int


def read_only(site: Site, server: Server) -> Tally:
    """Make a PostgreSQL database read-only for new connections, and writable again."""
    tally = Tally()
    psql = PSQL.format(url=server.url)
    server.run(f'{psql} --command="{READ_ONLY} = on"')
    try:
        with site.instance() as instance:
            response = register(instance.url)
            assert_is_patient_problem(response)
            tally.update([response.status_code, status_of_slow(instance.url + POSTS)])
    finally:
        server.run(f'{psql} --command="BEGIN READ WRITE; {READ_ONLY} = off; COMMIT"')
    with site.instance() as instance:
        tally.update([register(instance.url).status_code])
    return tally


def locked(site: Site, server: Server) -> tuple[Tally, float]:
    """Lock a table while clients read it; return how long the health check took at most."""
    slowest = 0.0
    with site.instance() as instance, ThreadPoolExecutor(READERS) as clients:
        with locked_table(server, "posts"):
            waiting = [clients.submit(status_of_slow, instance.url + POSTS) for _ in range(READERS)]
            while not all(client.done() for client in waiting):
                started = time.monotonic()
                assert status_of_slow(f"{instance.url}/health") == 200
                slowest = max(slowest, time.monotonic() - started)
                time.sleep(0.1)
        tally = Tally(client.result() for client in waiting)
        tally.update([status_of_slow(instance.url + POSTS)])
    return tally, slowest


def unknown_fields(site: Site) -> Response:
    """Send as many unknown fields as a body may have."""
    body = {f"f{number:06}": 1 for number in range(UNKNOWN_FIELDS)}
    with site.instance() as instance:
        started = time.monotonic()
        response = requests.post(instance.url + LOGIN, json=body, timeout=PATIENCE)
        return Response(response.status_code, time.monotonic() - started, len(response.content))
