"""Faults of the database: unavailable, restarted, locked, full."""

import json
import os
import resource
import subprocess
import time
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import requests

from tests.faults.accounts import register
from tests.faults.sites import POSTS, PROBLEM, Site, has_answered
from tests.load import Tally, ask, load
from tests.servers import Server
from tests.services import Instance, status_of, wait_for

ENOUGH = 100  # requests
TCP_USER_TIMEOUT = 25  # seconds in which a service notices that a server is lost
PSQL = "psql --quiet --no-align --tuples-only {url}"
COUNT_CONNECTIONS = (
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE backend_type = 'client backend' AND application_name <> 'psql'"
)
KILL_CONNECTIONS = COUNT_CONNECTIONS.replace("count(*)", "count(pg_terminate_backend(pid))")
COUNT_WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"

# Two clients that share a connection of the pooler, one after the other.
REPEAT = """
from sqlalchemy import text
from app import create_app
from app.extensions import db

with create_app().app_context(), db.engine.connect() as one, db.engine.connect() as other:
    for connection in (one, other):
        for _ in range(10):
            connection.execute(text("SELECT 1"))
        connection.commit()
"""

SHOW_TIMEOUTS = """
from sqlalchemy import text
from app import create_app
from app.extensions import db

with create_app().app_context(), db.engine.connect() as one, db.engine.connect() as other:
    for connection in (one, other):
        for name in ("statement_timeout", "lock_timeout"):
            print(connection.scalar(text(f"SHOW {name}")))
"""


@contextmanager
def locked_table(server: Server, table: str) -> Generator[None]:
    """Lock a table of a PostgreSQL server exclusively."""
    with subprocess.Popen(
        server.command(PSQL.format(url=server.url)),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as psql:
        assert psql.stdin
        assert psql.stdout
        print(f"BEGIN; LOCK TABLE {table}; SELECT 'locked';", file=psql.stdin, flush=True)
        assert psql.stdout.readline() == "locked\n"
        try:
            yield
        finally:
            psql.stdin.close()


def waiting_for_locks(server: Server) -> int:
    """Count the sessions that wait for a lock."""
    return _count(server, COUNT_WAITING)


def connections(server: Server) -> int:
    """Count the connections of clients other than psql."""
    return _count(server, COUNT_CONNECTIONS)


def _count(server: Server, query: str) -> int:
    return int(server.run(PSQL.format(url=server.url) + f' --command="{query}"'))


def outage(site: Site, server: Server) -> Tally:
    """Stop the database for a moment and start it again; the service goes on running."""
    with site.instance() as instance, load(f"{instance.url}{POSTS}") as tally:
        time.sleep(1)
        workers = instance.workers()
        server.stop()
        assert status_of(f"{instance.url}/health") == 200
        for path in ("/health/ready", POSTS):
            assert_is_patient_problem(requests.get(instance.url + path, timeout=30))
        server.start()
        wait_for(lambda: status_of(f"{instance.url}/health/ready") == 200, "recovering")
        assert status_of(instance.url + POSTS) == 200
        assert instance.workers() == workers
    return tally


def killed_connections(site: Site, server: Server) -> Tally:
    """Close all connections to a PostgreSQL server, three times, while they are used."""
    with site.instance() as instance, load(f"{instance.url}{POSTS}") as tally:
        for _ in range(3):
            time.sleep(1)
            assert _count(server, KILL_CONNECTIONS)
        time.sleep(1)
    return tally


@contextmanager
def cut_off(server: Server) -> Generator[None]:
    """Drop every packet to a server, like a lost machine or a firewall."""
    iptables = ["iptables"] if os.geteuid() == 0 else ["sudo", "iptables"]
    to_server = ["INPUT", "--protocol", "tcp", "--dport", str(urlsplit(server.url).port)]
    subprocess.run([*iptables, "--insert", *to_server, "--jump", "DROP"], check=True)
    try:
        yield
    finally:
        subprocess.run([*iptables, "--delete", *to_server, "--jump", "DROP"], check=True)


def silence(site: Site, server: Server) -> Tally:
    """Cut the database off while the service holds connections to it, and give it back."""
    with site.instance() as instance:
        tally = Tally([status_of(instance.url + POSTS) for _ in range(3)])
        with cut_off(server):
            for path in ("/health/ready", POSTS):
                response = requests.get(instance.url + path, timeout=TCP_USER_TIMEOUT)
                assert_is_patient_problem(response)
                tally[response.status_code] += 1
            assert status_of(f"{instance.url}/health") == 200
        wait_for(lambda: status_of(f"{instance.url}/health/ready") == 200, "recovering")
        tally[status_of(instance.url + POSTS)] += 1
    return tally


def assert_is_patient_problem(response: requests.Response) -> None:
    """Check that a response asks to come back later, and tells nothing of the inside."""
    assert response.status_code == 503, response.text
    assert response.headers["Content-Type"] == PROBLEM
    assert int(response.headers["Retry-After"]) > 0
    assert response.json().keys() == {"type", "title", "status", "detail", "request_id"}
    assert "sql" not in response.text.lower()


def exhaustion(site: Site, server: Server) -> Tally:
    """Let one request keep the only connection of the pool; then let it go."""
    options = json.dumps({"pool_size": 1, "pool_timeout": 1})
    small = {"WEB_CONCURRENCY": "1", "FLASK_SQLALCHEMY_ENGINE_OPTIONS": options}
    with site.instance(**small) as instance, ThreadPoolExecutor() as clients:
        posts = instance.url + POSTS
        with locked_table(server, "posts"):
            first = clients.submit(status_of_slow, posts)
            wait_for(lambda: waiting_for_locks(server) == 1, "taking the connection")
            others = list(clients.map(lambda _: requests.get(posts, timeout=30), range(3)))
        for response in others:
            assert_is_patient_problem(response)
        later = [status_of_slow(posts) for _ in range(3)]
    return Tally([first.result(), *(response.status_code for response in others), *later])


def status_of_slow(url: str) -> int:
    """Ask and wait."""
    with requests.Session() as session:
        return ask(session, "GET", url)


def full_disk(site: Site, database: Path) -> Tally:
    """Let no file of an SQLite service grow, write until that hurts, and give way again."""
    tally = Tally()
    with site.instance() as instance:
        tally[register(instance.url).status_code] += 1
        limit_files(instance, max(file.stat().st_size for file in database.parent.iterdir()))
        while (response := register(instance.url)).status_code == 201:
            tally[201] += 1
        assert_is_patient_problem(response)
        tally[503] += 1
        tally[status_of_slow(instance.url + POSTS)] += 1
        limit_files(instance, resource.RLIM_INFINITY)
        tally[register(instance.url).status_code] += 1
    return tally


def limit_files(instance: Instance, size: int) -> None:
    """Let workers write no further into a file than so many bytes."""
    for pid in instance.workers():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def pooling(site: Site, pooler: Server) -> Tally:
    """Ask a service between which and its database there is PgBouncer."""
    pooled = site.having(DATABASE_URL=pooler.url)
    with pooled.instance() as instance, load(instance.url + POSTS) as tally:
        wait_for(partial(has_answered, instance, ENOUGH), "answering")
    return tally


def repeat_statements(site: Site, pooler: Server) -> str:
    """Repeat a statement in transactions that share a connection; return what that printed."""
    pooled = site.having(DATABASE_URL=pooler.url)
    return site.project.attempt(site.python, "-c", REPEAT, **pooled.settings).stdout


def timeouts(site: Site, pooler: Server) -> set[str]:
    """Return the timeouts that connections of a service have behind PgBouncer."""
    pooled = site.having(DATABASE_URL=pooler.url, FLASK_LOG_LEVEL="ERROR")
    return set(site.project.run(site.python, "-c", SHOW_TIMEOUTS, **pooled.settings).split())
