"""Other projects to compare with: a folder that the user prepares, with a file `peers.toml`.

[[peer]]
name = "full-stack-fastapi-template"
folder = "full-stack-fastapi-template/backend"  # beside peers.toml
command = [".venv/bin/uvicorn", "app.main:app", "--workers=2", "--port=8021"]
url = "http://127.0.0.1:8021"
ready = "/api/v1/utils/health-check/"
headers = { Authorization = "Bearer ..." }
environment = { POSTGRES_SERVER = "localhost" }
[peer.paths]  # by the names of `benchmarks.service.PAGES`
"`GET /users/me`" = "/api/v1/users/me"
"""

import subprocess
import time
import tomllib
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.comparisons import serving_beside_peer
from benchmarks.growth import in_turns
from benchmarks.results import Result
from benchmarks.servers import Load, Server, get
from tests.baking import clean_environment
from tests.services import PATIENCE, status_of


def measure(
    folder: Path,
    service: Server,
    pages: dict[str, str],
    headers: dict[str, str],
    *,
    rounds: int,
    seconds: int,
) -> Iterator[Result]:
    """Load the service and each peer in turns."""
    for peer in tomllib.loads((folder / "peers.toml").read_text("utf-8"))["peer"]:
        with serving(folder, peer) as other:
            for page, path in peer["paths"].items():
                targets = {
                    service: partial(get, pages[page], headers, seconds),
                    other: partial(get, path, peer.get("headers", {}), seconds),
                }
                loads = in_turns([service, other], rounds, partial(_load, targets))
                yield serving_beside_peer(page, peer["name"], loads)


def _load(targets: dict[Server, Any], server: Server) -> Load:
    return targets[server](server)


@contextmanager
def serving(folder: Path, peer: dict[str, Any]) -> Generator[Server]:
    """Run a peer."""
    started = time.perf_counter()
    process = subprocess.Popen(
        peer["command"],
        cwd=folder / peer["folder"],
        env=clean_environment(**peer.get("environment", {})),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while status_of(peer["url"] + peer["ready"]) != 200:
            if time.perf_counter() - started > PATIENCE or process.poll() is not None:
                raise RuntimeError(f"{peer['name']} does not start")
            time.sleep(0.01)
        yield Server(peer["url"], process.pid, time.perf_counter() - started)
    finally:
        process.terminate()
        process.wait(PATIENCE)
