"""Images are really built, hold what they need and no more, and serve as a user without rights."""

import secrets
import shutil
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from pathlib import Path

import pytest

from tests import image_checks
from tests.baking import Bake, BakedProject
from tests.containers import Image, built, find_engine
from tests.environments import UV
from tests.servers import MYSQL, POSTGRESQL, server
from tests.services import production, status_of

pytestmark = pytest.mark.docker

SERVERS: dict[str, Callable[[], AbstractContextManager[str]]] = {
    "sqlite": partial(nullcontext, "sqlite:////data/service.sqlite3"),
    "postgresql": partial(server, POSTGRESQL),
    "mysql": partial(server, MYSQL),
}
# What does not depend on the database: the first one is enough.
once = pytest.mark.parametrize("project", ["sqlite"], indirect=True)
ODD = {"project_name": 'Say "$HOME" \\ `id` ${x:-y}', "description": "100 % 'fine' \\$ \U0001f9c1"}
OLD_FLASK = "3.1.2"
SPOILT = """
ARG IMAGE
FROM ${IMAGE}
USER root
RUN touch /usr/local/bin/x86_64-linux-gnu-gcc-12 && mkdir --mode=777 /open
COPY . .
RUN mkdir .venv/lib/python3.11/site-packages/pytest-9.dist-info \\
    && printf 'Name: pytest\\n' > .venv/lib/python3.11/site-packages/pytest-9.dist-info/METADATA
"""


@pytest.fixture(scope="module", params=SERVERS)
def project(request: pytest.FixtureRequest, bake: Bake) -> BakedProject:
    """Bake a project and put everything into it that must stay outside."""
    project = bake(database=request.param, python_version="3.11", **ODD)
    project.run("make", "docker-env")
    shutil.copy2(project.path / "docker" / "app.env", project.path / ".env")
    shutil.copy2(project.path / "docker" / "app.env", project.path / "app" / "forgotten.env")
    if request.param == "sqlite":
        project.run(UV, "lock", "--quiet", "--upgrade-package", f"flask=={OLD_FLASK}")
    return project


@pytest.fixture(scope="module")
def image(project: BakedProject) -> Generator[Image]:
    tag = f"test-{secrets.token_hex(4)}"
    with built(tag, "--build-arg=REVISION=abc", str(project.path)) as image:
        yield image


@pytest.fixture(scope="module")
def settings(project: BakedProject) -> Generator[dict[str, str]]:
    with SERVERS[project.answers["database"]]() as url:
        yield production(url) | {"WEB_CONCURRENCY": "2"}


@pytest.mark.parametrize("check", image_checks.CHECKS, ids=lambda check: check.__name__)
def test_an_image_is_free_of(check: image_checks.Check, image: Image) -> None:
    assert not check(image)


def test_it_migrates_serves_and_stops_on_request(image: Image, settings: dict[str, str]) -> None:
    image.run("flask", "db", "upgrade", **settings)
    with image.serving(**settings) as address:
        assert status_of(f"http://{address}/health/ready") == 200
        assert image.is_healthy(BIND=address)
    assert not image.is_healthy(BIND=address)


@once
def test_its_health_does_not_depend_on_the_names_that_it_trusts(
    image: Image, settings: dict[str, str]
) -> None:
    with image.serving(**settings, TRUSTED_HOSTS="api.example.com") as address:
        assert image.is_healthy(BIND=address)


@pytest.mark.parametrize("command", ["gunicorn wsgi:app", "flask db upgrade"])
def test_without_settings_it_ends_with_the_list_and_no_traceback(
    command: str, image: Image
) -> None:
    done = image.attempt(*command.split())
    assert done.returncode != 0
    assert "  - SECRET_KEY is missing.\n" in done.stdout
    assert "  - DATABASE_URL is missing.\n" in done.stdout
    assert "Traceback" not in done.stdout


def test_it_tells_what_it_is(image: Image) -> None:
    labels = image.configuration["Labels"]
    labelled = {
        name: labels[f"org.opencontainers.image.{name}"] for name in ("title", "description")
    }
    assert labelled == {"title": ODD["project_name"], "description": ODD["description"]}
    assert labels["org.opencontainers.image.revision"] == "abc"


def test_the_versions_are_those_of_the_lock_file(image: Image, project: BakedProject) -> None:
    code = "from importlib.metadata import version; print(version('flask'))"
    installed = image.run("python", "-c", code).strip()
    assert (installed == OLD_FLASK) is (project.path / "uv.lock").exists()


@once
def test_a_stale_lock_file_stops_the_build(project: BakedProject, tmp_path: Path) -> None:
    stale = shutil.copytree(project.path, tmp_path / "stale")
    pyproject = stale / "pyproject.toml"
    declared = pyproject.read_text("utf-8")
    pyproject.write_text(declared.replace("dependencies = [", 'dependencies = ["six",', 1), "utf-8")
    done = find_engine().build("stale", str(stale))
    assert done.returncode != 0
    assert "uv.lock" in done.stdout


@once
def test_the_checks_see_what_is_wrong_with_a_spoilt_image(
    image: Image, project: BakedProject, tmp_path: Path
) -> None:
    (tmp_path / "Dockerfile").write_text(SPOILT, "utf-8")
    shutil.copytree(project.path / "tests", tmp_path / "tests")
    shutil.copy2(project.path / ".env", tmp_path)
    with built("spoilt", f"--build-arg=IMAGE={image.tag}", str(tmp_path)) as spoilt:
        findings = {check: check(spoilt) for check in image_checks.CHECKS}
    assert findings == {
        image_checks.root: ["runs as root"],
        image_checks.secrets: ["/app/.env"],
        image_checks.foreign_files: [".env", "Dockerfile", "tests"],
        image_checks.development: ["pytest"],
        image_checks.compilers: ["/usr/local/bin/x86_64-linux-gnu-gcc-12"],
        image_checks.writable: ["/open"],
    }


def test_without_an_engine_the_tests_of_images_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(AssertionError, match="the package buildah"):
        find_engine()
