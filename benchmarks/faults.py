"""Count the responses in the scenarios of the integration tests `faults`."""

import statistics
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.generation import generate
from tests import deploying, nginx
from tests.baking import BakedProject, copy_template
from tests.environments import SERVICE_PYTHON
from tests.faults import accounts, bounds, caches, databases, limits, mails, processes, upstreams
from tests.faults.sites import Site, site
from tests.load import Tally
from tests.proxies import pgbouncer
from tests.resources import generate as generate_code
from tests.servers import MYSQL, POSTGRESQL, REDIS, Server, running_server

HEAD = ["| what happens | sent | answered | lost | answers |", "| --- | ---: | ---: | ---: | --- |"]
CROWD = 20


def measure(folder: Path) -> Iterator[str]:
    """Yield the rows of the table: every fault is done to the default project."""
    generate(copy_template(folder / "template"), folder)
    project = BakedProject(folder / "flask-service", {})
    yield from HEAD
    with ExitStack() as stack:
        postgresql, mysql, redis = (
            stack.enter_context(running_server(kind)) for kind in (POSTGRESQL, MYSQL, REDIS)
        )
        make = partial(site, project, SERVICE_PYTHON)
        yield from of_processes(make(postgresql.url), postgresql)
        yield from of_databases("PostgreSQL", make(postgresql.url), postgresql)
        yield from of_databases("MariaDB", make(mysql.url), mysql)
        yield from of_shared_servers(make(postgresql.url), postgresql, redis)
        yield from of_bounds(make(postgresql.url), postgresql)
        yield from of_mails(make(postgresql.url), folder)
    database = folder / "disk" / "service.sqlite3"
    database.parent.mkdir()
    full = databases.full_disk(make(f"sqlite:///{database}"), database)
    yield row("SQLite: no file may grow, then it may again", full)
    with TemporaryDirectory(dir=folder) as other:
        yield from of_upstreams(Path(other))


def of_upstreams(folder: Path) -> Iterator[str]:
    """Kill a service that this one calls."""
    project = BakedProject(folder / "flask-service", {})
    generate(copy_template(folder / "template"), folder, "auth=none", "admin=no")
    url = "https://example.com"
    generate_code(project, SERVICE_PYTHON, upstreams.NAME, "--url", url, what="client")
    tally = upstreams.losing_upstream(
        site(project, SERVICE_PYTHON, f"sqlite:///{folder / 'service.sqlite3'}")
    )
    yield row("a service that this one calls is gone, under load", tally)


def of_processes(service: Site, postgresql: Server) -> Iterator[str]:
    """Replace workers, and stop instances."""
    yield row("SIGHUP twice, under load", processes.reloading(service))
    yield row("workers retire after 60 to 120 requests, under load", processes.recycling(service))
    stopped = processes.stopping_while_working(service, postgresql)
    yield row("SIGTERM while the database keeps requests waiting", stopped)
    with TemporaryDirectory() as folder:
        balance = partial(nginx.in_front_of, service.project, Path(folder))
        behind_nginx = processes.stopping_one_of_two(service, balance)
    yield row("SIGTERM to one of two instances behind nginx, under load", behind_nginx)
    bare = processes.stopping_under_load(service)
    yield row("SIGTERM to the only instance, without nginx, under load", bare)


def of_databases(name: str, service: Site, server: Server) -> Iterator[str]:
    """Restart a database, cut it off, and register the same email concurrently."""
    yield row(f"{name} stops and starts, under load", databases.outage(service, server))
    cut_off = databases.silence(service, server)
    yield row(f"{name} is cut off without a word, and comes back", cut_off)
    with service.instance() as instance:
        race = accounts.registering(instance.url, CROWD)
    yield row(f"{name}: {CROWD} register the same email at once", race)


def of_shared_servers(service: Site, postgresql: Server, redis: Server) -> Iterator[str]:
    """Kill connections, exhaust pools, and lose Redis."""
    killed = databases.killed_connections(service, postgresql)
    yield row("PostgreSQL closes all connections three times, under load", killed)
    exhausted = databases.exhaustion(service, postgresql)
    yield row("the only connection of a pool is taken", exhausted)
    with running_server(pgbouncer(postgresql.url)) as pooler:
        pooled = databases.pooling(
            service.having(**deploying.behind_pgbouncer(service.project)), pooler
        )
    yield row("PgBouncer lends 3 connections by transaction, under load", pooled)
    phases = ("Redis counts for two instances", "Redis is gone", "Redis is back")
    tallies = limits.losing_redis(service, redis)
    for phase, tally in zip(phases, tallies, strict=True):
        yield row(f"{phase}: {tally.sent} requests where {limits.LIMIT} are allowed", tally)
    tally, lookups = caches.losing_redis(service, redis)
    counted = ", ".join(f"{number:.0f} x {result}" for result, number in lookups.items())
    yield row(f"Redis is gone for {caches.AWAY} s under cached load: {counted}", tally)
    seconds = caches.hanging(service, redis)
    what = f"Redis hangs for {caches.AWAY} s: the slowest response takes {max(seconds):.3f} s"
    yield row(
        f"{what}, the median {1000 * statistics.median(seconds):.1f} ms", Tally({200: len(seconds)})
    )


def of_bounds(service: Site, postgresql: Server) -> Iterator[str]:
    """Make the database read-only, lock a table, and send a large invalid body."""
    yield row("PostgreSQL is read-only, and writable again", bounds.read_only(service, postgresql))
    tally, slowest = bounds.locked(service, postgresql)
    yield row(f"a table is locked; the slowest health check takes {slowest:.2f} s", tally)
    response = bounds.unknown_fields(service)
    size = f"{response.size:,} bytes in {response.seconds:.2f} s"
    yield row(f"{bounds.UNKNOWN_FIELDS:,} unknown fields: {size}", Tally([response.status]))


def of_mails(service: Site, folder: Path) -> Iterator[str]:
    """Kill workers while they deliver mails, and let two commands deliver at once."""
    with TemporaryDirectory(dir=folder) as inbox, mails.mail_server(service, Path(inbox)) as server:
        registered, received = mails.killing_workers(service, server)
        missing = len(registered - received.keys())
        doubled = received.total() - len(received)
        what = f"{mails.KILLS} workers are killed while {mails.REGISTRATIONS} users register"
        tally = Tally({201: len(registered), 0: mails.REGISTRATIONS - len(registered)})
        yield row(f"{what}: {missing} mails are missing, {doubled} are doubled", tally)
    with TemporaryDirectory(dir=folder) as inbox, mails.mail_server(service, Path(inbox)) as server:
        received = mails.delivering_twice(service, server)
        doubled = received.total() - len(received)
        yield row(f"two commands deliver {mails.QUEUED} mails: {doubled} are doubled", Tally())
        median, difference, noise = mails.timing(service, server)
        what = f"{mails.ASKED} known and {mails.ASKED} unknown emails ask for passwords"
        times = f"{median:.2f} ms, difference {difference:+.3f} ms, noise {noise:.3f} ms"
        yield row(f"{what}: {times}", Tally({202: 2 * mails.ASKED}))


def row(what: str, tally: Tally) -> str:
    """Return a row of the table."""
    answers = ", ".join(f"{tally[status]} x {status}" for status in sorted(tally) if status > 0)
    return f"| {what} | {tally.sent} | {tally.answered} | {tally.lost} | {answers} |"
