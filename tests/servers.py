"""Temporary database servers on loopback, from the machine's packages."""

import os
import shlex
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.services import PATIENCE, free_port, wait_for

DEBIAN_FOLDERS = ["/usr/sbin", *map(str, Path("/usr/lib/postgresql").glob("*/bin"))]


@dataclass(frozen=True)
class Kind:
    """The commands of one kind of server; `{folder}` and `{port}` are filled in.

    A configuration is written to `{folder}/configuration`.
    """

    package: str
    user: str
    make: str
    start: str
    is_up: str
    create_database: str
    url: str
    stop: signal.Signals = signal.SIGTERM
    configuration: str = ""


POSTGRESQL = Kind(
    package="postgresql",
    user="postgres",
    make="initdb -D {folder} --username=service --auth=trust --encoding=UTF8 --locale=C.UTF-8",
    start="postgres -D {folder} -k {folder} -h 127.0.0.1 -p {port} -c fsync=off -N 200",
    is_up="pg_isready --host=127.0.0.1 --port={port}",
    create_database="createdb --host=127.0.0.1 --port={port} --username=service service",
    url="postgresql://service@127.0.0.1:{port}/service",
    stop=signal.SIGINT,  # SIGTERM would wait until the last client has gone
)
TO_MYSQL = "mariadb-admin --no-defaults --protocol=tcp --host=127.0.0.1 --port={port} --user=root"
MYSQL = Kind(
    package="mariadb-server",
    user="mysql",
    make=(
        "mariadb-install-db --no-defaults --datadir={folder}"
        " --auth-root-authentication-method=normal"
    ),
    start=(
        "mariadbd --no-defaults --datadir={folder} --socket={folder}/socket --port={port}"
        " --bind-address=127.0.0.1 --character-set-server=utf8mb4"
    ),
    is_up=f"{TO_MYSQL} ping",
    create_database=f"{TO_MYSQL} create service",
    url="mysql://root@127.0.0.1:{port}/service",
)


REDIS = Kind(
    package="redis-server",
    user="redis",
    make="redis-server --version",
    start='redis-server --port {port} --bind 127.0.0.1 --dir {folder} --save ""',
    is_up="redis-cli -p {port} ping",
    create_database="redis-cli -p {port} flushall",
    url="redis://127.0.0.1:{port}",
)


class Server:
    """A server that can be stopped and started."""

    def __init__(self, kind: Kind, folder: str) -> None:
        """Initialise its data folder."""
        self._kind, self._folder = kind, folder
        self._values = {"folder": folder, "port": str(free_port())}
        self._user = _give_away(folder, kind)
        self.url = kind.url.format(**self._values)
        if kind.configuration:
            self._write(kind.configuration)
        self.run(kind.make, user=self._user, cwd=folder)

    def _write(self, configuration: str) -> None:
        for name, value in self._values.items():
            configuration = configuration.replace(f"{{{name}}}", value)
        Path(self._folder, "configuration").write_text(configuration, "utf-8")

    def run(self, words: str, **options: Any) -> str:
        """Run one of its commands and return what that printed."""
        return subprocess.run(
            self.command(words), capture_output=True, check=True, text=True, **options
        ).stdout

    def command(self, words: str) -> list[str]:
        """Fill in the folder and the port of the server."""
        return _command(self._kind, words.format(**self._values))

    def start(self) -> None:
        """Start it and wait until it answers."""
        start, is_up = self.command(self._kind.start), self.command(self._kind.is_up)
        self._process = subprocess.Popen(
            start,
            user=self._user,
            cwd=self._folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_for(lambda: _succeeds(is_up), f"starting {start[0]}")

    def stop(self) -> None:
        """Stop it and wait until it is gone."""
        self._process.send_signal(self._kind.stop)
        self._process.wait(PATIENCE)


@contextmanager
def running_server(kind: Kind) -> Generator[Server]:
    """Start a new server with an empty database, and stop it afterwards."""
    with tempfile.TemporaryDirectory(prefix="test-") as folder:
        server = Server(kind, folder)
        try:
            server.start()
            server.run(kind.create_database)
            yield server
        finally:
            server.stop()


@contextmanager
def server(kind: Kind) -> Generator[str]:
    """Start a new server with an empty database, yield its URL, and stop it."""
    with running_server(kind) as running:
        yield running.url


def _give_away(folder: str, kind: Kind) -> str | None:
    """Return how to run as the package's own user: the servers refuse to run as root."""
    if os.geteuid() != 0:
        return None
    shutil.chown(folder, kind.user, kind.user)
    return kind.user


def _command(kind: Kind, words: str) -> list[str]:
    name, *arguments = shlex.split(words)
    found = shutil.which(name, path=os.pathsep.join([os.environ["PATH"], *DEBIAN_FOLDERS]))
    assert found, f"this test needs {name}: install the package {kind.package}"
    return [found, *arguments]


def _succeeds(command: list[str]) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0
