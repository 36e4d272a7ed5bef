"""gunicorn with the settings that services ship, and `wrk` in front of it."""

import json
import os
import re
import subprocess
import time
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from math import nan
from pathlib import Path
from statistics import mean

from tests.baking import clean_environment
from tests.services import PATIENCE, free_port, status_of

CONNECTIONS = 16
TICKS = os.sysconf("SC_CLK_TCK")  # of a second, in which /proc counts
SECONDS = {"us": 1e-6, "ms": 1e-3, "s": 1.0}


@dataclass(frozen=True)
class Server:
    """A running gunicorn."""

    url: str
    pid: int
    seconds_to_start: float

    def workers(self) -> list[int]:
        """Return the process ids of the workers."""
        return children_of(self.pid)

    def memory_of_a_worker(self) -> float:
        """Return the mean PSS of the workers in MB: what they share is split between them."""
        rollups = (Path(f"/proc/{pid}/smaps_rollup").read_text("utf-8") for pid in self.workers())
        return mean(int(find(r"^Pss:\s+(\d+) kB", rollup)[1]) for rollup in rollups) * 1024 / 1e6


def children_of(pid: int) -> list[int]:
    """Return the ids of a process's children."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def cpu_seconds(pids: Iterable[int]) -> dict[int, float]:
    """Return the CPU time of each process so far."""
    seconds = {}
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
        seconds[pid] = (int(fields[11]) + int(fields[12])) / TICKS
    return seconds


@contextmanager
def serving(folder: Path, app: str, **variables: str) -> Generator[Server]:
    """Serve an app with the settings and the environment in a folder; logs go to /dev/null."""
    address = f"127.0.0.1:{free_port()}"
    started = time.perf_counter()
    process = subprocess.Popen(
        [folder / ".venv" / "bin" / "gunicorn", app],
        cwd=folder,
        env=clean_environment(BIND=address, WEB_CONCURRENCY="2", **variables),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while status_of(f"http://{address}/health") != 200:
            if time.perf_counter() - started > PATIENCE:
                raise RuntimeError(f"{app} does not start")
            time.sleep(0.002)
        yield Server(f"http://{address}", process.pid, time.perf_counter() - started)
    finally:
        process.terminate()
        process.wait(PATIENCE)


@dataclass(frozen=True)
class Load:
    """The results of a load test."""

    rate: float  # requests a second
    p99: float  # seconds
    cpu: float  # seconds of the workers for each request; not a number if one was replaced


def get(
    path: str,
    headers: Mapping[str, str],
    seconds: int,
    server: Server,
    *,
    connections: int = CONNECTIONS,
) -> Load:
    """Load a page with GET requests."""
    options = [f"--header={name}: {value}" for name, value in headers.items()]
    return _wrk(server, path, seconds, connections, *options)


def post(path: str, body: object, script: Path, seconds: int, server: Server) -> Load:
    """Load a page with POST requests."""
    lua = f"wrk.method = 'POST' wrk.body = [[{json.dumps(body)}]]"
    script.write_text(f"{lua} wrk.headers['Content-Type'] = 'application/json'", "utf-8")
    return _wrk(server, path, seconds, CONNECTIONS, f"--script={script}")


def _wrk(server: Server, path: str, seconds: int, connections: int, *options: str) -> Load:
    command = ["wrk", "--threads=1", f"--connections={connections}", f"--duration={seconds}s"]
    command += ["--latency", "--timeout=10s", *options, server.url + path]
    before = cpu_seconds(server.workers())
    printed = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    after = cpu_seconds(server.workers())
    if "Non-2xx" in printed:
        raise RuntimeError(f"{server.url}{path} was refused:\n{printed}")
    p99 = find(r"99%\s+([\d.]+)(us|ms|s)", printed)
    used = sum(after.values()) - sum(before.values()) if after.keys() == before.keys() else nan
    return Load(
        rate=float(find(r"Requests/sec:\s+([\d.]+)", printed)[1]),
        p99=float(p99[1]) * SECONDS[p99[2]],
        cpu=used / max(1, int(find(r"(\d+) requests in", printed)[1])),
    )


def find(pattern: str, text: str) -> re.Match[str]:
    """Return where a pattern is in a text, which must contain it."""
    if found := re.search(pattern, text, re.MULTILINE):
        return found
    raise RuntimeError(f"{pattern} is not in:\n{text}")
