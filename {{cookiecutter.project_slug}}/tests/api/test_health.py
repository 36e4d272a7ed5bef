"""Tests of the health checks."""

import pytest

from app import create_app
from app.extensions import db


@pytest.fixture
def lost_database(monkeypatch, tmp_path):
    """An app whose database is unavailable until a folder is created, and that folder."""
    folder = tmp_path / "disk"
    monkeypatch.setenv("TEST_DATABASE_URL", f"sqlite:///{folder / 'service.sqlite3'}")
    app = create_app("testing")
    yield app, folder
    with app.app_context():
        db.engine.dispose()


def test_liveness_is_ok(client):
    response = client.get("/health")

    assert response.status_code == 200
    assert response.json == {"status": "ok"}


def test_readiness_is_ok_with_database(client):
    response = client.get("/health/ready")

    assert response.status_code == 200
    assert response.json == {"status": "ready"}


def test_liveness_is_ok_without_database(lost_database):
    app, _ = lost_database

    assert app.test_client().get("/health").status_code == 200


def test_readiness_fails_without_database(lost_database):
    app, _ = lost_database

    response = app.test_client().get("/health/ready")

    assert response.status_code == 503
    assert response.mimetype == "application/problem+json"
    assert "Retry-After" in response.headers


def test_readiness_recovers_with_the_database(lost_database):
    app, folder = lost_database
    client = app.test_client()
    client.get("/health/ready")

    folder.mkdir()

    assert client.get("/health/ready").status_code == 200


@pytest.mark.parametrize("path", ["/health", "/health/ready"])
def test_health_checks_accept_head_requests(client, path):
    assert client.head(path).status_code == 200
