"""Private database servers on loopback, from the machine's own packages, thrown away after use."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.services import PATIENCE, free_port, wait_for

DEBIAN_FOLDERS = ["/usr/sbin", *map(str, Path("/usr/lib/postgresql").glob("*/bin"))]


@dataclass(frozen=True)
class Kind:
    """The commands of one kind of server; `{folder}` and `{port}` are filled in."""

    package: str
    user: str
    make: str
    start: str
    is_up: str
    create_database: str
    url: str


POSTGRESQL = Kind(
    package="postgresql",
    user="postgres",
    make="initdb -D {folder} --username=service --auth=trust --encoding=UTF8 --locale=C.UTF-8",
    start="postgres -D {folder} -k {folder} -h 127.0.0.1 -p {port} -c fsync=off -N 200",
    is_up="pg_isready --host=127.0.0.1 --port={port}",
    create_database="createdb --host=127.0.0.1 --port={port} --username=service service",
    url="postgresql://service@127.0.0.1:{port}/service",
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


@contextmanager
def server(kind: Kind) -> Generator[str]:
    """Start a new server with an empty database, yield its URL, and stop it."""
    with tempfile.TemporaryDirectory(prefix="ring-") as folder:
        values = {"folder": folder, "port": str(free_port())}
        user = _give_away(folder, kind)
        make, start, is_up, create_database = (
            _command(kind, words.format(**values))
            for words in (kind.make, kind.start, kind.is_up, kind.create_database)
        )
        subprocess.run(make, user=user, cwd=folder, capture_output=True, check=True)
        process = subprocess.Popen(
            start, user=user, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            wait_for(lambda: _succeeds(is_up), f"starting {start[0]}")
            subprocess.run(create_database, check=True)
            yield kind.url.format(**values)
        finally:
            process.terminate()
            process.wait(PATIENCE)


def _give_away(folder: str, kind: Kind) -> str | None:
    """Servers refuse to run as root: they get the user that their package made."""
    if os.geteuid() != 0:
        return None
    shutil.chown(folder, kind.user, kind.user)
    return kind.user


def _command(kind: Kind, words: str) -> list[str]:
    name, *arguments = words.split()
    found = shutil.which(name, path=os.pathsep.join([os.environ["PATH"], *DEBIAN_FOLDERS]))
    assert found, f"this ring needs {name}: install the package {kind.package}"
    return [found, *arguments]


def _succeeds(command: list[str]) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0
