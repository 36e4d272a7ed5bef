"""How gunicorn serves the app; see https://docs.gunicorn.org/en/stable/settings.html."""

import os
from pathlib import Path

from app.database import SERVER_THREADS


def available_cores() -> int:
    """Count the cores this process may really use: a container's share, not the host's."""
    try:
        quota, period = Path("/sys/fs/cgroup/cpu.max").read_text().split()
        return max(1, int(quota) // int(period))
    except (OSError, ValueError):  # no cgroup v2, or no limit ("max")
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


bind = os.environ.get("BIND", "0.0.0.0:8000")
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", available_cores()))
if workers < 1:
    raise SystemExit("WEB_CONCURRENCY must be at least 1.")
os.environ["WEB_CONCURRENCY"] = str(workers)  # the app tells it when it matters
threads = SERVER_THREADS
# Loading the app once tells configuration problems once, and workers share its memory.
preload_app = True
# Workers are replaced now and then, not all at the same moment: leaks stay small.
max_requests = 10_000
max_requests_jitter = 1_000
timeout = 60  # seconds without a sign of life
graceful_timeout = 30  # seconds for running requests on SIGTERM
keepalive = 5  # seconds
# Only app/proxy_headers.py believes what proxies say.
forwarded_allow_ips = ""
# Nobody manages the workers through a socket in the home folder, which may not even be writable.
control_socket_disable = True
# The app logs every request itself, with its id.
accesslog = None
errorlog = "-"
