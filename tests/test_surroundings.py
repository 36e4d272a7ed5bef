"""The tests of a service pass from any folder, whatever is exported or written in `.env`."""

import subprocess
from pathlib import Path

import pytest

from tests.baking import Bake, BakedProject, clean_environment

EXPORTED = {
    "API_DOCS": "false",
    "APP_ENV": "production",
    "BIND": "nowhere",
    "CORS_ORIGINS": "*",
    "DATABASE_URL": "postgresql://nowhere.invalid/service",
    "FLASK_APP": "nowhere",
    "FLASK_DEBUG": "1",
    "FLASK_MAX_CONTENT_LENGTH": "1",
    "FLASK_RATELIMIT_DEFAULT": "1 per day",
    "FLASK_RATELIMIT_ENABLED": "true",
    "FLASK_SERVER_NAME": "api.example.com",
    "GUNICORN_CMD_ARGS": "--workers=0",
    "JWT_SECRET_KEY": "short",
    "LOG_LEVEL": "CRITICAL",
    "RATELIMIT_STORAGE_URI": "redis://nowhere.invalid",
    "SECRET_KEY": "short",
    "TRUSTED_HOSTS": "api.example.com",
    "TRUSTED_PROXIES": "1",
    "WEB_CONCURRENCY": "0",
}
# Tests of settings, of start-up, of commands and of requests.
SELECTION = (
    "tests/api/test_health.py",
    "tests/commands/test_seed.py",
    "tests/test_app.py",
    "tests/test_gunicorn_conf.py",
    "tests/test_migrations.py",
    "tests/test_wsgi.py",
)


@pytest.fixture(scope="module")
def project(bake: Bake) -> BakedProject:
    project = bake()
    lines = [f"{name}={value}\n" for name, value in EXPORTED.items()]
    (project.path / ".env").write_text("".join(lines), "utf-8")
    return project


@pytest.mark.parametrize(
    ("folder", "exported"),
    [(".", {}), ("tests", EXPORTED), ("/", EXPORTED)],
    ids=["own folder and .env", "tests and exported", "root and exported"],
)
def test_the_tests_of_a_service_depend_on_nothing_around_them(
    folder: str, exported: dict[str, str], project: BakedProject, environment: Path
) -> None:
    done = subprocess.run(
        [environment, "-m", "pytest", *(project.path / path for path in SELECTION)],
        cwd=project.path / folder,
        env=clean_environment(**exported),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
