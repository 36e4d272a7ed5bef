"""gunicorn.conf.py."""

import gc
import os
import re
import runpy
import socket
from pathlib import Path
from types import SimpleNamespace

import pytest

from app.db.engine import SERVER_THREADS
from tests.processes import ROOT, run_module, run_python

# A worker that stops gunicorn as soon as it is forked, and is not ready for signals for a moment.
STOPPED_AT_ONCE = """
import os, runpy, signal, time

globals().update(runpy.run_path("gunicorn.conf.py"))
bind, workers, graceful_timeout = "127.0.0.1:0", 1, 3


def post_fork(server, worker):
    os.kill(server.pid, signal.SIGTERM)
    time.sleep(0.5)
"""


def configuration() -> dict:
    """Run the configuration file."""
    return runpy.run_path(str(ROOT / "gunicorn.conf.py"))


@pytest.fixture(autouse=True)
def no_number_of_workers(monkeypatch):
    """Forget the settings of the environment; what the file writes there ends with the test."""
    for name in ("WEB_CONCURRENCY", "BIND", "PORT"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)


@pytest.fixture
def two_cores(monkeypatch):
    """A machine on which this process may use two cores."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1}, raising=False)


def limit_cores(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """Pretend that the control group of this process says so."""
    monkeypatch.setattr(Path, "read_text", lambda _: text)


@pytest.mark.usefixtures("production")
def test_gunicorn_takes_the_configuration():
    done = run_module("gunicorn", "--check-config", "wsgi:app")

    assert done.returncode == 0, done.stderr


@pytest.mark.usefixtures("empty_environment")
def test_gunicorn_refuses_to_serve_without_settings():
    done = run_module("gunicorn", "--check-config", "wsgi:app")

    assert done.returncode != 0
    assert "SECRET_KEY is missing" in done.stderr


@pytest.mark.parametrize(
    ("quota", "cores"), [("400000 100000", 4), ("150000 100000", 1), ("50000 100000", 1)]
)
def test_a_container_counts_its_share_of_cores(quota, cores, monkeypatch):
    limit_cores(monkeypatch, quota)

    assert configuration()["available_cores"]() == cores


@pytest.mark.usefixtures("two_cores")
@pytest.mark.parametrize("text", ["max 100000\n", ""])
def test_without_a_limit_the_cores_of_the_process_count(text, monkeypatch):
    limit_cores(monkeypatch, text)

    assert configuration()["available_cores"]() == 2


def test_without_control_groups_and_affinity_the_cores_of_the_machine_count(monkeypatch):
    limit_cores(monkeypatch, "")
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 3)

    assert configuration()["available_cores"]() == 3


@pytest.mark.usefixtures("two_cores")
def test_web_concurrency_sets_the_number_of_workers(monkeypatch):
    limit_cores(monkeypatch, "max 100000")
    assert configuration()["workers"] == 2

    monkeypatch.setenv("WEB_CONCURRENCY", "7")
    assert configuration()["workers"] == 7


@pytest.mark.usefixtures("production")
def test_gunicorn_itself_believes_no_proxy():
    done = run_module("gunicorn", "--print-config", "wsgi:app")

    assert re.search(r"^forwarded_allow_ips += \[\]$", done.stdout, re.MULTILINE), done.stdout


def test_every_thread_may_have_a_connection():
    assert configuration()["threads"] == SERVER_THREADS


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, "127.0.0.1:8000"),
        ({"PORT": "9000"}, "127.0.0.1:9000"),
        ({"BIND": "", "PORT": ""}, "127.0.0.1:8000"),
        ({"BIND": "0.0.0.0:80", "PORT": "9000"}, "0.0.0.0:80"),
    ],
)
def test_it_listens_on_loopback_unless_configured_otherwise(variables, expected, monkeypatch):
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    assert configuration()["bind"] == expected


@pytest.mark.usefixtures("two_cores")
def test_an_empty_number_of_workers_is_unset(monkeypatch):
    limit_cores(monkeypatch, "max 100000")
    monkeypatch.setenv("WEB_CONCURRENCY", "")

    assert configuration()["workers"] == 2


def test_a_worker_accepts_later_the_more_connections_it_has(monkeypatch):
    delays, accepted = [], []
    monkeypatch.setattr("time.sleep", delays.append)
    monkeypatch.setattr(
        "gunicorn.workers.gthread.ThreadWorker.accept", lambda _, listener: accepted.append(listener)
    )
    worker = object.__new__(configuration()["BalancedThreadWorker"])

    for worker.nr_conns in (0, 5, 1000):
        worker.accept("listener")

    assert delays == [0, 0.001, 0.002]
    assert accepted == ["listener"] * 3


@pytest.mark.parametrize(("family", "options"), [(socket.AF_INET, [(socket.IPPROTO_TCP, 9, 5)]), (-1, [])])
def test_silent_tcp_connections_stay_with_the_kernel(family, options, monkeypatch):
    monkeypatch.setattr(socket, "TCP_DEFER_ACCEPT", 9, raising=False)
    monkeypatch.setattr(socket, "AF_UNIX", -1, raising=False)
    set_options = []
    sock = SimpleNamespace(family=family, setsockopt=lambda *option: set_options.append(option))

    configuration()["when_ready"](SimpleNamespace(LISTENERS=[SimpleNamespace(sock=sock)]))
    gc.unfreeze()

    assert set_options == options


def test_no_workers_at_all_are_refused(monkeypatch):
    monkeypatch.setenv("WEB_CONCURRENCY", "0")

    with pytest.raises(SystemExit, match="WEB_CONCURRENCY must be at least 1"):
        configuration()


@pytest.mark.parametrize("options", [[], ["--worker-class=sync"]])
def test_worker_that_is_stopped_while_it_starts_ends_by_itself(options, tmp_path):
    settings = tmp_path / "gunicorn.conf.py"
    settings.write_text(STOPPED_AT_ONCE)

    done = run_python("-m", "gunicorn", "-c", str(settings), *options, "wsgiref.simple_server:demo_app")

    assert done.returncode == 0, done.stderr
    assert "Worker exiting" in done.stderr


def test_objects_of_the_loaded_app_are_not_collected():
    try:
        configuration()["when_ready"](SimpleNamespace(LISTENERS=[]))

        assert gc.get_freeze_count()
    finally:
        gc.unfreeze()
