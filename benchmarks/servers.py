"""gunicorn with the settings that services ship, and `wrk` in front of it."""

import json
import re
import subprocess
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

from tests.baking import clean_environment
from tests.services import PATIENCE, free_port, status_of

CONNECTIONS = 16
SECONDS = {"us": 1e-6, "ms": 1e-3, "s": 1.0}


@dataclass(frozen=True)
class Server:
    """A running gunicorn."""

    url: str
    pid: int
    seconds_to_start: float

    def memory_of_a_worker(self) -> float:
        """Return the mean PSS of the workers in MB: what they share is split between them."""
        workers = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text("utf-8").split()
        rollups = (Path(f"/proc/{pid}/smaps_rollup").read_text("utf-8") for pid in workers)
        return mean(int(_find(r"^Pss:\s+(\d+) kB", rollup)[1]) for rollup in rollups) * 1024 / 1e6


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


def get(path: str, headers: Mapping[str, str], seconds: int, url: str) -> Load:
    """Load a page with GET requests."""
    options = [f"--header={name}: {value}" for name, value in headers.items()]
    return _wrk(url + path, seconds, *options)


def post(path: str, body: object, script: Path, seconds: int, url: str) -> Load:
    """Load a page with POST requests."""
    lua = f"wrk.method = 'POST' wrk.body = [[{json.dumps(body)}]]"
    script.write_text(f"{lua} wrk.headers['Content-Type'] = 'application/json'", "utf-8")
    return _wrk(url + path, seconds, f"--script={script}")


def _wrk(url: str, seconds: int, *options: str) -> Load:
    command = ["wrk", "--threads=1", f"--connections={CONNECTIONS}", f"--duration={seconds}s"]
    command += ["--latency", "--timeout=10s", *options, url]
    printed = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    if "Non-2xx" in printed:
        raise RuntimeError(f"{url} was refused:\n{printed}")
    p99 = _find(r"99%\s+([\d.]+)(us|ms|s)", printed)
    return Load(
        float(_find(r"Requests/sec:\s+([\d.]+)", printed)[1]), float(p99[1]) * SECONDS[p99[2]]
    )


def _find(pattern: str, text: str) -> re.Match[str]:
    if found := re.search(pattern, text, re.MULTILINE):
        return found
    raise RuntimeError(f"{pattern} is not in:\n{text}")
