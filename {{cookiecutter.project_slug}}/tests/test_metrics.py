"""Metrics: who sees them, what is measured, and the files of gunicorn's workers."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from prometheus_client import REGISTRY
from prometheus_client.parser import text_string_to_metric_families

from app.metrics import workers
from tests.echo import ECHO, add_echo

TOKEN = "Th3-t0ken-of-Prometheus-in-these-tests"
REQUESTS = "http_request_duration_seconds_count"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


def add_broken(app) -> None:
    """Add a view that fails."""

    def broken() -> None:
        raise ZeroDivisionError

    app.add_url_rule("/broken", "broken", broken)


@pytest.fixture
def app(make_app):
    """An app with metrics and with views that everybody may use."""
    return make_app(add_echo, add_broken, METRICS_TOKEN=TOKEN, PROPAGATE_EXCEPTIONS=False)


@pytest.fixture
def count():
    """Return by how much the number of requests with some labels grew since the start of the test."""
    before = dict(requests())

    def count(**labels: str) -> float:
        key = tuple(sorted(labels.items()))
        return requests().get(key, 0) - before.get(key, 0)

    return count


def requests() -> dict[tuple[tuple[str, str], ...], float]:
    """Return the numbers of requests by their labels."""
    metrics = (metric for metric in REGISTRY.collect() if metric.name == "http_request_duration_seconds")
    samples = (sample for metric in metrics for sample in metric.samples if sample.name == REQUESTS)
    return {tuple(sorted(sample.labels.items())): sample.value for sample in samples}


def values(text: str, name: str) -> list[float]:
    """Return the values of a sample in the text that Prometheus gets."""
    families = text_string_to_metric_families(text)
    return [sample.value for family in families for sample in family.samples if sample.name == name]


# Who sees them


def test_without_a_token_in_the_settings_there_are_no_metrics(make_app):
    assert make_app().test_client().get("/metrics", headers=BEARER).status_code == 404


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": TOKEN},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer wrong"},
        {"Authorization": f"Basic {TOKEN}"},
        {"Authorization": f"Bearer {TOKEN}x"},
        {"Authorization": "Bearer \N{LATIN SMALL LETTER E WITH ACUTE}"},
    ],
)
def test_other_tokens_are_rejected(headers, client):
    response = client.get("/metrics", headers=headers)

    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert REQUESTS not in response.text


@pytest.mark.parametrize("scheme", ["Bearer", "bearer"])
def test_the_token_of_the_settings_is_accepted(scheme, client):
    response = client.get("/metrics", headers={"Authorization": f"{scheme} {TOKEN}"})

    assert (response.status_code, response.mimetype) == (200, "text/plain")
    assert values(response.text, "build_info") == [1]


# What is measured


def test_requests_are_counted_by_endpoint_and_not_by_path(client, count):
    for number in (1, 2, 3):
        client.get(f"{ECHO}/{number}")

    assert count(method="GET", endpoint="echo.EchoNumberItem", status="200") == 3


def test_unknown_paths_and_methods_share_a_row_each(client, count):
    for name in ("a", "b"):
        client.get(f"/{name}")
        client.open(f"/{name}", method=name * 3)

    assert count(method="GET", endpoint="unmatched", status="404") == 2
    assert count(method="other", endpoint="unmatched", status="404") == 2


def test_errors_are_counted(client, count):
    client.get("/broken")

    assert count(method="GET", endpoint="broken", status="500") == 1


def test_duration_of_requests_is_measured(client):
    client.get(ECHO)

    labels = {"method": "GET", "endpoint": "echo.Echo", "status": "200"}
    seconds = REGISTRY.get_sample_value("http_request_duration_seconds_sum", labels)
    assert seconds
    assert 0 < seconds < 60


def test_a_scrape_is_the_only_running_request(client):
    client.get("/broken")

    assert values(client.get("/metrics", headers=BEARER).text, "http_requests_in_progress") == [1]


def test_connections_come_back(client, auth_headers):
    client.get("/health/ready", headers=auth_headers)

    assert values(client.get("/metrics", headers=BEARER).text, "database_connections_in_use") == [0]


# Workers of gunicorn

WORKER = """
import os
from app.metrics import workers
from app.metrics.exporter import DURATION, IN_PROGRESS
from prometheus_client import Counter

Counter("example", "One of your own.").inc(2)
DURATION.labels("GET", "example", 200).observe(0.02)
IN_PROGRESS.inc()
print(os.getpid())
"""


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """The folder with the files of workers."""
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    return tmp_path


def run_worker() -> int:
    """Run a process that counts, and return its id."""
    done = subprocess.run(  # noqa: S603 - a constant
        [sys.executable, "-c", WORKER],
        cwd=Path(__file__).parents[1],
        env=os.environ | {"APP_ENV": "testing"},
        capture_output=True,
        check=True,
        text=True,
    )
    return int(done.stdout.splitlines()[-1])


def test_workers_that_ended_still_count(folder):
    pids = [run_worker() for _ in range(2)]
    text = workers.collect().decode()

    for pid in pids:
        workers.merge(pid)

    for name, total in (("example_total", 4), (REQUESTS, 2)):
        assert values(text, name) == values(workers.collect().decode(), name) == [total]
    assert {path.name for path in folder.glob("*.db")} == {"counter_ended.db", "histogram_ended.db"}


def test_requests_of_workers_that_ended_do_not_run(folder):
    pid = run_worker()
    assert values(workers.collect().decode(), "http_requests_in_progress") == [1]

    workers.merge(pid)

    assert values(workers.collect().decode(), "http_requests_in_progress") == []


def test_workers_that_counted_nothing_end(folder):
    workers.merge(1)

    assert not list(folder.glob("*.db"))


def test_files_without_a_header_are_empty(folder):
    pid = run_worker()
    (folder / f"histogram_{pid}0.db").touch()
    (folder / f"counter_{pid}0.db").touch()

    assert values(workers.collect().decode(), REQUESTS) == [1]
    workers.merge(int(f"{pid}0"))
    assert values(workers.collect().decode(), REQUESTS) == [1]
    assert not list(folder.glob(f"*_{pid}0.db"))


def test_any_worker_shows_the_metrics_of_all(client, folder):
    run_worker()

    assert values(client.get("/metrics", headers=BEARER).text, "example_total") == [2]
