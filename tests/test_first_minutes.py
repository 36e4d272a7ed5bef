"""A fresh clone on a machine with Python, git and make: what the README shows works there."""

import json
import os
import re
import signal
import subprocess
import urllib.request
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from tests import static
from tests.baking import Bake, clean_environment, copy_template
from tests.services import free_port, status_of, wait_for

INSTALLING = 300  # seconds that a slow network may take


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, plain_path: str) -> Generator[tuple[str, str]]:
    """Run `make demo` in a copy of the template; yield its URL and what it printed."""
    clone = copy_template(tmp_path_factory.mktemp("clone"))
    subprocess.run(["make", "setup"], cwd=clone, env=clean_environment(PATH=plain_path), check=True)
    port, log = free_port(), clone / "demo.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            ["make", "demo", f"PORT={port}"],
            cwd=clone,
            env=clean_environment(PATH=plain_path),
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    ready = f"http://localhost:{port}/health/ready"
    try:
        wait_for(lambda: status_of(ready) == 200, f"make demo ({log})", INSTALLING)
        yield f"http://localhost:{port}", log.read_text("utf-8")
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()


def send(url: str, data: dict[str, Any], **headers: str) -> dict[str, Any]:
    """Post JSON and return the JSON of the response."""
    request = urllib.request.Request(url, json.dumps(data).encode(), headers)
    request.add_header("Content-Type", "application/json")
    with urllib.request.urlopen(request, timeout=10) as response:
        return json.load(response)


def test_the_demo_is_ready_and_shows_its_documentation(demo: tuple[str, str]) -> None:
    url, _ = demo
    assert status_of(f"{url}/health/ready") == 200
    assert status_of(f"{url}/api/docs/") == 200


def test_the_printed_password_logs_in_and_posts_can_be_created(demo: tuple[str, str]) -> None:
    url, printed = demo
    found = re.search(r"(\S+@\S+) with password (\S+)", printed)
    assert found, printed
    tokens = send(f"{url}/api/v1/auth/login", {"email": found[1], "password": found[2]})
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    post = send(
        f"{url}/api/v1/posts", {"title": "Hi", "content": "There", "published": True}, **bearer
    )
    with urllib.request.urlopen(f"{url}/api/v1/posts", timeout=10) as response:
        assert post["id"] in [item["id"] for item in json.load(response)["items"]]


def test_a_drafted_revision_has_a_number_and_a_name(bake: Bake, environment: Path) -> None:
    project = bake()
    with (project.path / "app" / "models" / "post.py").open("a") as model:
        model.write("    mood: Mapped[str | None] = mapped_column(String(20))\n")
    settings = {"APP_ENV": "development", "PATH": f"{environment.parent}:/usr/bin:/bin"}
    for words in (["upgrade"], ["migrate", "-m", "Moods of posts"], ["upgrade"], ["check"]):
        project.run("flask", "db", *words, **settings)
    assert project.read("migrations/versions/0004_moods_of_posts.py")
    assert not [*static.lint(project), *static.formatting(project)]
    project.run(environment, "-m", "pytest", "tests/test_migrations.py")
