"""Fixtures that set the environment the service reads; part of every test through `conftest.py`."""

import os
import secrets
from pathlib import Path

import pytest

from app.config import MIN_SECRET_BYTES, READERS, SECRETS


@pytest.fixture
def empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget every variable that the service reads, and what `.env` says of them."""
    named = {*READERS, "APP_ENV", "DATABASE_URL", "TEST_DATABASE_URL"}
    for name in [name for name in os.environ if name in named or name.startswith("FLASK_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("FLASK_SKIP_DOTENV", "1")


@pytest.fixture
def production(empty_environment: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Set what production asks for, and no more."""
    for name in SECRETS:
        monkeypatch.setenv(name, secrets.token_hex(MIN_SECRET_BYTES))
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'production.sqlite3'}")
