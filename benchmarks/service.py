"""How fast a generated service is, beside a bare Flask app that asks the database the same."""

import pickle
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.generation import generate
from benchmarks.results import Result
from benchmarks.servers import Load, Server, get, post, serving
from tests.baking import BakedProject, copy_template
from tests.environments import UV
from tests.servers import POSTGRESQL, server
from tests.services import production

FOLDER = Path(__file__).parent
PAGES = {
    "`GET /users/me`": "/api/v1/users/me",
    "a list of 20 posts": "/api/v1/posts?per_page=20",
    "a list of 50 posts": "/api/v1/posts?per_page=50",
}
LOGIN = "/api/v1/auth/login"
# Requests are counted as always; the limit is never reached.
UNLIMITED = {
    f"FLASK_RATELIMIT_{name}": "1000000000 per minute"
    for name in ("DEFAULT", "LOGIN", "PASSWORD_FAILURES")
}
SECONDS_TO_START = 0.5
MEGABYTES = 60
SHARE = 0.6

Start = Callable[[], AbstractContextManager[Server]]
Pair = tuple[Server, Server]


def measure(folder: Path, *, rounds: int, seconds: int) -> list[Result]:
    """Run a service and a bare app on one database, and load them in turns."""
    with server(POSTGRESQL) as url:
        settings = production(url) | UNLIMITED
        project, recorded = prepare(folder, settings)
        service = partial(serving, project, "wsgi:app", **settings)
        bare = partial(serving, project, "bare:create_app()", **settings, **recorded["variables"])
        start = starting(service, bare, rounds)
        with service() as ours, bare() as theirs:
            turns = partial(in_turns, (ours, theirs), rounds)
            pages = [
                serving_pages(name, turns(partial(get, path, recorded["headers"], seconds)))
                for name, path in PAGES.items()
            ]
            memory = remembering("after these pages", ours, theirs)
            sign_in = partial(post, LOGIN, recorded["login"], folder / "login.lua", seconds)
            logins = signing_in(turns(sign_in))
            return [start, *pages, memory, logins, remembering("after the logins", ours, theirs)]


def prepare(folder: Path, settings: dict[str, str]) -> tuple[Path, dict[str, Any]]:
    """Generate and install a service, fill its database and record what it asks the database."""
    generate(copy_template(folder / "template"), folder)
    project, recorded = BakedProject(folder / "flask-service", {}), folder / "recorded"
    python = project.path / ".venv" / "bin" / "python"
    project.run(UV, "venv", "--quiet", ".venv")
    install = ["--quiet", "--compile-bytecode", "--requirement", "pyproject.toml"]
    project.run(UV, "pip", "install", "--python", python, *install)
    project.run(python, "-m", "compileall", "-q", "app", "wsgi.py")
    project.run(python, "-m", "flask", "db", "upgrade", **settings)
    record = [FOLDER / "record.py", recorded, *PAGES.values()]
    project.run(python, *record, PYTHONPATH=str(project.path), **settings)
    variables = {"RECORDED": str(recorded), "PYTHONPATH": str(FOLDER)}
    return project.path, pickle.loads(recorded.read_bytes()) | {"variables": variables}  # noqa: S301 - ours


def starting(service: Start, bare: Start, rounds: int) -> Result:
    """Start both in turns."""
    pairs = []
    for _ in range(rounds):
        with service() as ours:
            pass
        with bare() as theirs:
            pass
        pairs.append((ours.seconds_to_start, theirs.seconds_to_start))
    ours_s, bare_s = medians(pairs)
    return Result(
        what="start to first 200",
        measured=f"{ours_s:.2f} s",
        beside=f"{bare_s:.2f} s",
        aim=f"{SECONDS_TO_START} s",
        met=ours_s <= SECONDS_TO_START,
    )


def in_turns(servers: Pair, rounds: int, load: Callable[[str], Load]) -> list[tuple[Load, Load]]:
    """Load both once to warm them up, then in turns."""
    ours, bare = servers
    runs = [(load(ours.url), load(bare.url)) for _ in range(rounds + 1)]
    return runs[1:]


def remembering(when: str, ours: Server, bare: Server) -> Result:
    """Weigh the workers; four threads that hash passwords hold 19 MiB each, and keep it."""
    megabytes = ours.memory_of_a_worker()
    return Result(
        what=f"memory of a worker {when} (PSS)",
        measured=f"{megabytes:.0f} MB",
        beside=f"{bare.memory_of_a_worker():.0f} MB",
        aim=f"{MEGABYTES} MB",
        met=megabytes <= MEGABYTES,
    )


def serving_pages(name: str, loads: list[tuple[Load, Load]]) -> Result:
    """Compare the medians of both."""
    rate, bare_rate = medians([(ours.rate, bare.rate) for ours, bare in loads])
    p99, bare_p99 = medians([(ours.p99, bare.p99) for ours, bare in loads])
    return Result(
        what=name,
        measured=f"{rate:.0f}/s, p99 {p99 * 1000:.0f} ms",
        beside=f"{bare_rate:.0f}/s, p99 {bare_p99 * 1000:.0f} ms",
        ratio=rate / bare_rate,
        aim=f"at least {SHARE}",
        met=rate / bare_rate >= SHARE,
    )


def signing_in(loads: list[tuple[Load, Load]]) -> Result:
    """Compare logins with the hash that they cannot do without."""
    rate, bare_rate = medians([(ours.rate, bare.rate) for ours, bare in loads])
    return Result(
        what="logins",
        measured=f"{rate:.0f}/s",
        beside=f"verifying the hash: {bare_rate:.0f}/s",
        ratio=rate / bare_rate,
    )


def medians(pairs: list[tuple[float, float]]) -> tuple[float, float]:
    """Return the median of ours and of the bare app's."""
    return median(ours for ours, _ in pairs), median(bare for _, bare in pairs)
