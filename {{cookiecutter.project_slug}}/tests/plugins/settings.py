"""The environment variables that the service reads."""

import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import SETTINGS
from app.settings import MIN_SECRET_BYTES, validate_secret

PARSED = [setting.name for setting in SETTINGS if setting.parse]
SECRETS = [setting.name for setting in SETTINGS if setting.validate is validate_secret]
VARIABLES = {*PARSED, "APP_ENV", "BIND", "DATABASE_URL", "GUNICORN_CMD_ARGS"}


@pytest.fixture(scope="session", autouse=True)
def clean_environment() -> Iterator[None]:
    """Remove the variables that the service reads, so that tests do not depend on the shell or on `.env`."""
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name in VARIABLES or name.startswith("FLASK_"):
                patch.delenv(name)
        patch.setenv("FLASK_SKIP_DOTENV", "1")
        yield


@pytest.fixture
def empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Remove the URL of the test database, too, which apps of tests read."""
    monkeypatch.delenv("TEST_DATABASE_URL", raising=False)


@pytest.fixture
def production(empty_environment: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Set what production requires, and no more."""
    for name in SECRETS:
        monkeypatch.setenv(name, secrets.token_hex(MIN_SECRET_BYTES))
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'production.sqlite3'}")
    monkeypatch.setenv("MAIL_SERVER", "none")
