"""The alert rules and the dashboard that services ship fit the metrics that they have."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.baking import Bake, BakedProject
from tests.services import METRICS_TOKEN, production
from tests.variants import BAREST, DEFAULTS, Variant

ALERTS, DASHBOARDS = "docker/alerts.yml", "docker/*dashboard.json"
PRINT_METRICS = """
from app import create_app
client = create_app().test_client()
client.get("/nothing")
print(client.get("/metrics", headers={"Authorization": "Bearer TOKEN"}).text)
"""
NAME = re.compile(r"\b[a-z]+(?:_[a-z]+)+\b(?=[{\[)]| by|$)")
COUNT = "http_request_duration_seconds_count"
# For each alert: a series, its values in minutes, and when the alert is due.
CASES = {
    "ServiceDown": {'up{job="service"}': "1 0x30"},
    "ManyErrors": {
        f'{COUNT}{{job="service",status="200"}}': "0+90x30",
        f'{COUNT}{{job="service",status="500"}}': "0+10x30",
    },
    "SlowResponses": {
        'http_request_duration_seconds_bucket{job="service",le="0.5"}': "0+90x30",
        'http_request_duration_seconds_bucket{job="service",le="2.5"}': "0+100x30",
        'http_request_duration_seconds_bucket{job="service",le="+Inf"}': "0+100x30",
    },
    "ManyFailedLogins": {'security_events_total{job="service",event="login_failed"}': "0+90x30"},
    "MailsWait": {'outgoing_mails_oldest_seconds{job="service"}': "3700+60x30"},
}
FINE = {
    'up{job="service"}': "1x30",
    f'{COUNT}{{job="service",status="200"}}': "0+100x30",
    f'{COUNT}{{job="service",status="500"}}': "0+4x30",
    'http_request_duration_seconds_bucket{job="service",le="0.5"}': "0+100x30",
    'http_request_duration_seconds_bucket{job="service",le="+Inf"}': "0+100x30",
    'security_events_total{job="service",event="login_failed"}': "0+30x30",
    'outgoing_mails_oldest_seconds{job="service"}': "3600x30",
}


@pytest.fixture(scope="module", params=[Variant(DEFAULTS), BAREST | {"docker": True}], ids=str)
def project(request: pytest.FixtureRequest, bake: Bake) -> BakedProject:
    return bake(**request.param)


def expressions(project: BakedProject) -> Iterator[str]:
    """Yield the expressions of all alerts and panels."""
    for group in yaml.safe_load(project.read(ALERTS))["groups"]:
        yield from (rule["expr"] for rule in group["rules"])
    for dashboard in project.files(DASHBOARDS):
        for panel in json.loads(dashboard.read_text("utf-8"))["panels"]:
            yield from (target["expr"] for target in panel["targets"])


def test_all_metrics_that_are_asked_for_exist(
    project: BakedProject, environment: Path, tmp_path: Path
) -> None:
    settings = production(f"sqlite:///{tmp_path / 'metrics.sqlite3'}") | {
        "METRICS_TOKEN": METRICS_TOKEN,
        "CACHE_URL": "redis://127.0.0.1:1",
    }
    project.run(environment.with_name("flask"), "db", "upgrade", **settings)
    printed = project.run(
        environment, "-c", PRINT_METRICS.replace("TOKEN", METRICS_TOKEN), **settings
    )
    exported = set(re.findall(r"^(?:# TYPE )?(\w+)[{ ]", printed, re.MULTILINE))
    wanted = {name for text in expressions(project) for name in NAME.findall(text)}
    assert len(wanted) >= 4
    assert wanted - exported == set()


def promtool(*words: str | Path) -> None:
    """Run the tool of Prometheus, which has to succeed."""
    program = shutil.which("promtool")
    assert program, "promtool is missing: it is in Debian's package prometheus"
    done = subprocess.run([program, *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.docker
def test_expressions_of_the_dashboard_can_be_parsed(project: BakedProject, tmp_path: Path) -> None:
    texts = [text.replace("$__rate_interval", "5m") for text in expressions(project)]
    rules = [{"record": "example", "expr": text} for text in texts]
    file = tmp_path / "rules.yml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "all", "rules": rules}]}), "utf-8")
    promtool("check", "rules", file)


@pytest.mark.docker
def test_alerts_are_raised_when_they_are_due_and_not_before(
    project: BakedProject, tmp_path: Path
) -> None:
    rules = yaml.safe_load(project.read(ALERTS))["groups"][0]["rules"]
    tests = []
    for rule in rules:
        labels = rule["labels"] | {"job": "service"}
        raised = [{"exp_labels": labels, "exp_annotations": rule["annotations"]}]
        tests += [case(rule["alert"], CASES[rule["alert"]], raised), case(rule["alert"], FINE, [])]
    file = tmp_path / "tests.yml"
    rule_files = [str(project.path / ALERTS)]
    file.write_text(yaml.safe_dump({"rule_files": rule_files, "tests": tests}), "utf-8")
    promtool("test", "rules", file)


def case(alert: str, series: dict[str, str], raised: list[Any]) -> dict[str, Any]:
    """Return a test of what an alert says after 20 minutes."""
    return {
        "interval": "1m",
        "input_series": [{"series": name, "values": values} for name, values in series.items()],
        "alert_rule_test": [{"eval_time": "20m", "alertname": alert, "exp_alerts": raised}],
    }
