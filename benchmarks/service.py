"""Runs a generated service, a bare Flask app and the same service without `admin`, in turns."""

import pickle
import re
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import growth, peers
from benchmarks.comparisons import (
    MEGABYTES,
    MEGABYTES_AFTER_LOGINS,
    logging_in,
    remembering,
    serving_beside_admin,
    serving_pages,
    starting,
    weighing_admin,
)
from benchmarks.generation import generate
from benchmarks.growth import in_turns
from benchmarks.results import Result
from benchmarks.servers import Server, get, post, serving
from tests.baking import BakedProject, copy_template
from tests.environments import UV
from tests.servers import POSTGRESQL, server
from tests.services import production

FOLDER = Path(__file__).parent
PAGES = {
    "`GET /users/me`": "/api/v1/users/me",
    "a list of 20 posts": "/api/v1/posts?per_page=20",
    "a list of 50 posts": "/api/v1/posts?per_page=50",
    "a list of 50 users": "/api/v1/users?per_page=50",
}
LOGIN = "/api/v1/auth/login"
# Requests are counted as always; the limit is never reached.
UNLIMITED = {
    f"FLASK_RATELIMIT_{name}": "1000000000 per minute"
    for name in ("DEFAULT", "LOGIN", "PASSWORD_FAILURES")
}
Start = Callable[[], AbstractContextManager[Server]]


def measure(
    folder: Path, *, rounds: int, seconds: int, peer_folder: Path | None
) -> tuple[list[Result], list[Result]]:
    """Run the three of them on one database, and load them in turns; return both tables."""
    with server(POSTGRESQL) as url:
        settings = production(url) | UNLIMITED
        project, recorded = prepare(folder, settings)
        headers = recorded["headers"]
        tuned = settings | image_environment(project)
        service = partial(serving, project, "wsgi:app", **tuned)
        bare = partial(serving, project, "bare:create_app()", **settings, **recorded["variables"])
        plain = partial(serving, prepare_without_admin(folder), "wsgi:app", **tuned)
        starts = start_in_turns((service, bare, plain), rounds)
        with service() as ours, bare() as theirs, plain() as without:
            turns = partial(in_turns, (ours, theirs, without), rounds)
            loads = {
                name: turns(partial(get, path, headers, seconds)) for name, path in PAGES.items()
            }
            after_pages = [each.memory_of_a_worker() for each in (ours, theirs, without)]
            login = partial(post, LOGIN, recorded["login"], folder / "login.lua", seconds)
            logins = in_turns((ours, theirs), rounds, login)
            after_logins = [each.memory_of_a_worker() for each in (ours, theirs)]
            beside_peers = (
                [*peers.measure(peer_folder, ours, PAGES, headers, rounds=rounds, seconds=seconds)]
                if peer_folder
                else []
            )
            grown = [
                *growth.measure((ours, theirs), headers, url, rounds=min(rounds, growth.ROUNDS))
            ]
    results = [
        starting(starts),
        *(serving_pages(name, each) for name, each in loads.items()),
        *beside_peers,
        remembering("after these pages", *after_pages[:2], aim=MEGABYTES),
        logging_in(logins),
        remembering("after the logins", *after_logins, aim=MEGABYTES_AFTER_LOGINS),
        *(serving_beside_admin(name, each) for name, each in loads.items()),
        *weighing_admin(starts, after_pages),
    ]
    return results, grown


def image_environment(project: Path) -> dict[str, str]:
    """Return what the service's image sets for glibc."""
    dockerfile = (project / "Dockerfile").read_text("utf-8")
    return dict(re.findall(r"^ENV (GLIBC_TUNABLES)=(\S+)$", dockerfile, re.MULTILINE))


def prepare(folder: Path, settings: dict[str, str]) -> tuple[Path, dict[str, Any]]:
    """Generate and install a service, fill its database and record what it asks the database."""
    generate(copy_template(folder / "template"), folder)
    project, recorded = BakedProject(folder / "flask-service", {}), folder / "recorded"
    python = install(project)
    project.run(python, "-m", "flask", "db", "upgrade", **settings)
    record = [FOLDER / "record.py", recorded, *{*PAGES.values(), *growth.PATHS}]
    project.run(python, *record, PYTHONPATH=str(project.path), **settings)
    variables = {"RECORDED": str(recorded), "PYTHONPATH": str(FOLDER)}
    return project.path, pickle.loads(recorded.read_bytes()) | {"variables": variables}  # noqa: S301 - ours


def prepare_without_admin(folder: Path) -> Path:
    """Generate and install the same service without `admin`; its tables are the same."""
    generate(folder / "template", folder / "without_admin", "admin=false")
    project = BakedProject(folder / "without_admin" / "flask-service", {})
    install(project)
    return project.path


def install(project: BakedProject) -> Path:
    """Give a project an environment of its own, with everything compiled."""
    python = project.path / ".venv" / "bin" / "python"
    project.run(UV, "venv", "--quiet", ".venv")
    options = ["--quiet", "--compile-bytecode", "--requirement", "pyproject.toml"]
    project.run(UV, "pip", "install", "--python", python, *options)
    project.run(python, "-m", "compileall", "-q", "app", "wsgi.py")
    return python


def start_in_turns(starts: Sequence[Start], rounds: int) -> list[list[float]]:
    """Start each, and stop it again."""
    return [[start_once(each) for each in starts] for _ in range(rounds)]


def start_once(start: Start) -> float:
    """Return the seconds until there is a response."""
    with start() as started:
        return started.seconds_to_start
