"""gunicorn's configuration; see https://docs.gunicorn.org/en/stable/settings.html."""

import gc
import os
import shutil
import signal
import socket
import tempfile
import time
from functools import partial
from pathlib import Path

from gunicorn.arbiter import Arbiter
from gunicorn.workers.gthread import ThreadWorker

# Workers write their metrics into files; a folder is new for each start, and set before the app is imported.
if os.environ.get("METRICS_TOKEN") and "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="metrics-")

gc.disable()  # This imports the whole app; see wsgi.py.

from app.db.engine import SERVER_THREADS  # noqa: E402 - after `gc.disable`

gc.enable()

# All workers accept from one listener. Without a delay, kept-alive connections often end up at one of them.
ACCEPT_DELAY = 0.0002  # seconds for each connection that the worker has already
MAX_ACCEPT_DELAY = 0.002  # seconds
SILENT_CLIENT_TIMEOUT = 5  # seconds until a connection without a request is handed to a worker
STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT)

take_signals = partial(signal.pthread_sigmask, signal.SIG_UNBLOCK, STOP_SIGNALS)
os.register_at_fork(after_in_parent=take_signals)


class BalancedThreadWorker(ThreadWorker):
    """A thread worker that leaves new connections to less busy workers."""

    def accept(self, listener: socket.socket) -> None:
        """Accept a connection, later the more of them this worker has."""
        time.sleep(min(self.nr_conns * ACCEPT_DELAY, MAX_ACCEPT_DELAY))
        super().accept(listener)


def available_cores() -> int:
    """Count the cores this process may really use: a container's share, not the host's."""
    try:
        quota, period = Path("/sys/fs/cgroup/cpu.max").read_text().split()
        return max(1, int(quota) // int(period))
    except (OSError, ValueError):  # no cgroup v2, or no limit ("max")
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def when_ready(server: Arbiter) -> None:
    """Prepare memory and listeners for the workers, which are forked next."""
    # Collecting garbage writes to all objects that it looks at; what workers write to, they cannot share.
    gc.collect()
    gc.freeze()
    # The kernel keeps connections on which nothing was sent yet, so that they occupy no thread.
    for listener in server.LISTENERS:
        if hasattr(socket, "TCP_DEFER_ACCEPT") and listener.sock.family != socket.AF_UNIX:
            listener.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, SILENT_CLIENT_TIMEOUT)


def pre_fork(_server: Arbiter, _worker: ThreadWorker) -> None:
    """Make signals wait until the worker handles them: one that missed them is killed after 30 seconds."""
    signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)


def post_worker_init(_worker: ThreadWorker) -> None:
    """Take the signals that came since the fork, and those to come."""
    take_signals()


def child_exit(_server: Arbiter, worker: ThreadWorker) -> None:
    """Keep what a worker counted."""
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        from app.metrics import workers as metrics  # noqa: PLC0415 - only where there are metrics

        metrics.merge(worker.pid)


def on_exit(_server: Arbiter) -> None:
    """Delete the metrics."""
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        shutil.rmtree(os.environ["PROMETHEUS_MULTIPROC_DIR"], ignore_errors=True)


# Slow clients occupy threads: put a proxy that buffers in front (docs/deploying.md).
bind = os.environ.get("BIND") or f"127.0.0.1:{os.environ.get('PORT') or 8000}"
worker_class = BalancedThreadWorker
workers = int(os.environ.get("WEB_CONCURRENCY") or available_cores())
if workers < 1:
    raise SystemExit("WEB_CONCURRENCY must be at least 1.")
os.environ["WEB_CONCURRENCY"] = str(workers)  # the app warns about limits that are counted in each worker
threads = SERVER_THREADS
# Loading the app once reports configuration problems once, and workers share its memory.
preload_app = True
# Workers are replaced now and then, not all at the same moment: leaks stay small.
max_requests = 10_000
max_requests_jitter = 1_000
timeout = 60  # seconds without a sign of life
graceful_timeout = 30  # seconds for running requests on SIGTERM
keepalive = 5  # seconds
# Only app/proxy_headers.py evaluates forwarded headers.
forwarded_allow_ips = ""
# Workers are not managed through a socket in the home folder, which may not be writable.
control_socket_disable = True
# The app logs every request itself, with its id.
accesslog = None
errorlog = "-"
