"""Whether the service is alive, and whether it can work."""

import pytest

from app import create_app
from app.extensions import db


@pytest.fixture
def lost_database(monkeypatch, tmp_path):
    """An app whose database is away, and the folder without which it is."""
    folder = tmp_path / "disk"
    monkeypatch.setenv("TEST_DATABASE_URL", f"sqlite:///{folder / 'service.sqlite3'}")
    app = create_app("testing")
    yield app, folder
    with app.app_context():
        db.engine.dispose()


def test_a_running_service_is_alive(client):
    response = client.get("/health")

    assert response.status_code == 200
    assert response.json == {"status": "ok"}


def test_a_service_with_its_database_is_ready(client):
    response = client.get("/health/ready")

    assert response.status_code == 200
    assert response.json == {"status": "ready"}


def test_a_service_without_its_database_is_alive(lost_database):
    app, _ = lost_database

    assert app.test_client().get("/health").status_code == 200


def test_a_service_without_its_database_is_not_ready(lost_database):
    app, _ = lost_database

    response = app.test_client().get("/health/ready")

    assert response.status_code == 503
    assert response.mimetype == "application/problem+json"
    assert "Retry-After" in response.headers


def test_a_service_is_ready_again_when_its_database_is_back(lost_database):
    app, folder = lost_database
    client = app.test_client()
    client.get("/health/ready")

    folder.mkdir()

    assert client.get("/health/ready").status_code == 200


@pytest.mark.parametrize("path", ["/health", "/health/ready"])
def test_monitors_may_ask_with_head(client, path):
    assert client.head(path).status_code == 200
