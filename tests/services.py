"""Migrate the database of a baked project, serve it, send requests, stop it."""

import secrets
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.baking import BakedProject, clean_environment

PATIENCE = 60  # seconds that a server may take to start or to stop
# Rate limits and slow hashes would delay thousands of requests.
HURRY = {
    "FLASK_RATELIMIT_ENABLED": "false",
    "FLASK_PASSWORD_HASH": '{"time_cost": 1, "memory_cost": 8, "parallelism": 1}',
}
METRICS_TOKEN = "Th3-t0ken-of-Prometheus-in-these-tests"  # noqa: S105 - of services as short-lived
PASSWORD = "correct horse battery"  # noqa: S105 - of accounts that live as long as a test
ADMIN = {"ADMIN_EMAIL": "admin@example.org", "ADMIN_PASSWORD": PASSWORD}

# The commands of `flask db` in one process, which imports the service once.
FLASK_DB = """
import sys
from app import create_app

def flask_db(*words):
    done = create_app().test_cli_runner().invoke(args=["db", *words])
    if done.exit_code:
        sys.exit(f"flask db {' '.join(words)}: {done.output} {done.exception!r}")

"""

INSERT_POST = """
from sqlalchemy import text
from app import create_app
from app.extensions import db

columns = {"title": "Kept", "content": "\\U0001f9c1", "published": True}
columns |= dict.fromkeys(["created_at", "updated_at"], "2026-01-02 03:04:05.678901")
names, values = ", ".join(columns), ", ".join(f":{name}" for name in columns)
with create_app().app_context(), db.engine.begin() as connection:
    connection.execute(text(f"INSERT INTO posts ({names}) VALUES ({values})"), columns)
"""

PRINT_POSTS = """
from sqlalchemy import select
from app import create_app
from app.extensions import db
from app.models.post import Post

with create_app().app_context():
    for post in db.session.scalars(select(Post)):
        print(post.title, ascii(post.content), post.published, post.created_at.isoformat())
"""
KEPT_POST = "Kept '\\U0001f9c1' True 2026-01-02T03:04:05.678901+00:00"


def production(database_url: str) -> dict[str, str]:
    """Return the variables without which production does not start."""
    return {
        "APP_ENV": "production",
        "DATABASE_URL": database_url,
        "JWT_SECRET_KEY": secrets.token_urlsafe(48),
        "MAIL_SERVER": "none",
        "SECRET_KEY": secrets.token_urlsafe(48),
    }


def mail_settings(port: int) -> dict[str, str]:
    """Return the variables of a service that uses a mail server on this machine."""
    return {
        "MAIL_SERVER": "127.0.0.1",
        "MAIL_PORT": str(port),
        "MAIL_SECURITY": "none",
        "MAIL_SENDER": "no-reply@example.org",
        "PUBLIC_URL": "https://app.example.org",
    }


def walk_migrations(project: BakedProject, python: Path, **variables: str) -> str:
    """Upgrade, downgrade and upgrade again with a row; return what is left of it."""
    up = [["upgrade"], ["check"], ["downgrade", "0001_posts"], ["upgrade"]]
    down = [["downgrade", "base"], ["upgrade"], ["check"]]
    parts = [FLASK_DB, steps([["upgrade", "0001_posts"]]), INSERT_POST, steps(up)]
    return project.run(python, "-c", "".join([*parts, PRINT_POSTS, steps(down)]), **variables)


def steps(commands: list[list[str]]) -> str:
    """Write calls of `flask db`."""
    return "".join(f"flask_db(*{words!r})\n" for words in commands)


def free_port() -> int:
    """Return a free loopback port."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_for(condition: Callable[[], bool], what: str, seconds: int = PATIENCE) -> None:
    """Wait until a condition holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"{what} took more than {seconds} seconds"
        time.sleep(0.05)


def status_of(url: str) -> int:
    """Return the status code of a response, 0 without one."""
    try:
        with urllib.request.urlopen(url, timeout=5) as response:
            return response.status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


@dataclass(frozen=True)
class Instance:
    """A running gunicorn."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path

    def workers(self) -> set[int]:
        """Return the process ids of the workers that are there now."""
        pid = self.process.pid
        return set(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text("utf-8").split()))

    def stop(self) -> int:
        """Send SIGTERM and return the exit code."""
        self.process.terminate()
        return self.process.wait(PATIENCE)


@contextmanager
def running(project: BakedProject, python: Path, **variables: str) -> Generator[Instance]:
    """Serve with gunicorn; check that SIGTERM ends it cleanly, unless it has ended."""
    address = f"127.0.0.1:{free_port()}"
    log = project.path.parent / f"{address.replace(':', '-')}.log"
    environment = clean_environment(BIND=address, **variables)
    command = [python.with_name("gunicorn"), "wsgi:app"]
    with log.open("w") as output:
        server = subprocess.Popen(
            command, cwd=project.path, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
    instance = Instance(f"http://{address}", server, log)
    try:
        wait_for(lambda: status_of(f"{instance.url}/health") == 200, f"starting ({log})")
        yield instance
    finally:
        assert instance.stop() == 0, log.read_text("utf-8")


@contextmanager
def serving(project: BakedProject, python: Path, **variables: str) -> Generator[str]:
    """Serve with gunicorn and yield the URL."""
    with running(project, python, **variables) as instance:
        yield instance.url
