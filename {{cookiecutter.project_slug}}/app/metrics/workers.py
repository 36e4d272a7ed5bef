"""The metrics of all workers of gunicorn, which write a file each.

See https://prometheus.github.io/client_python/multiprocess/.
"""

import fcntl
import os
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from pathlib import Path

from prometheus_client import CollectorRegistry, generate_latest, multiprocess
from prometheus_client.metrics_core import Metric
from prometheus_client.mmap_dict import MmapedDict

TOTALS = ("counter", "histogram")  # outlive the worker that counted


class WorkersCollector(multiprocess.MultiProcessCollector):
    """Reads the files of all workers."""

    def collect(self) -> Iterable[Metric]:
        """Return the sums; a worker that starts creates files before it writes their headers."""
        return self.merge([str(path) for path in folder().glob("*.db") if path.stat().st_size])


def folder() -> Path:
    """Return the folder with the files."""
    return Path(os.environ["PROMETHEUS_MULTIPROC_DIR"])


def collect() -> bytes:
    """Return the metrics of all workers, those that have ended included."""
    registry = CollectorRegistry()
    WorkersCollector(registry)
    with _lock(fcntl.LOCK_SH):
        return generate_latest(registry)


def merge(pid: int) -> None:
    """Add the totals of a worker that has ended to one file: each file costs time in each scrape."""
    with _lock(fcntl.LOCK_EX):
        multiprocess.mark_process_dead(pid)
        for kind in TOTALS:
            ended = folder() / f"{kind}_{pid}.db"
            if ended.exists():
                if ended.stat().st_size:
                    _add(ended, folder() / f"{kind}_ended.db")
                ended.unlink()


def _add(file: Path, total_file: Path) -> None:
    total = MmapedDict(str(total_file))
    for key, value, _, _ in MmapedDict.read_all_values_from_file(str(file)):
        total.write_value(key, total.read_value(key)[0] + value, 0)
    total.close()


@contextmanager
def _lock(kind: int) -> Generator[None]:
    """Keep a scrape from seeing totals twice, or not at all."""
    with (folder() / "lock").open("a") as file:
        fcntl.flock(file, kind)
        yield
