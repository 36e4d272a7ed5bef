"""How gunicorn serves the app."""

import os
import re
import runpy
from pathlib import Path

import pytest

from app.database import SERVER_THREADS
from tests.processes import ROOT, run_python


def configuration() -> dict:
    """Run the configuration file."""
    return runpy.run_path(str(ROOT / "gunicorn.conf.py"))


@pytest.fixture(autouse=True)
def no_number_of_workers(monkeypatch):
    """Nothing is wished for, and what the configuration file tells the app ends with the test."""
    monkeypatch.setenv("WEB_CONCURRENCY", "")
    monkeypatch.delenv("WEB_CONCURRENCY")


@pytest.fixture
def two_cores(monkeypatch):
    """A machine on which this process may use two cores."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1}, raising=False)


def limit_cores(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """Pretend that the control group of this process says so."""
    monkeypatch.setattr(Path, "read_text", lambda _: text)


@pytest.mark.usefixtures("production")
def test_gunicorn_takes_the_configuration():
    done = run_python("-m", "gunicorn", "--check-config", "wsgi:app")

    assert done.returncode == 0, done.stderr


@pytest.mark.usefixtures("empty_environment")
def test_gunicorn_refuses_to_serve_without_settings():
    done = run_python("-m", "gunicorn", "--check-config", "wsgi:app")

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
    done = run_python("-m", "gunicorn", "--print-config", "wsgi:app")

    assert re.search(r"^forwarded_allow_ips += \[\]$", done.stdout, re.MULTILINE), done.stdout


def test_every_thread_may_have_a_connection():
    assert configuration()["threads"] == SERVER_THREADS


def test_no_workers_at_all_are_refused(monkeypatch):
    monkeypatch.setenv("WEB_CONCURRENCY", "0")

    with pytest.raises(SystemExit, match="WEB_CONCURRENCY must be at least 1"):
        configuration()
