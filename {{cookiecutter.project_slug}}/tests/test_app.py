"""The application factory."""

import pytest
from flask import Flask

from app import create_app
from app.config import CONFIGS
from app.extensions import db
from app.models.base import Base
from app.settings import ConfigurationError


@pytest.mark.usefixtures("production")
def test_without_a_name_the_environment_is_production():
    app = create_app()

    assert not app.debug
    assert not app.testing
    assert app.config["LOG_JSON"]


@pytest.mark.usefixtures("empty_environment")
def test_app_env_names_the_environment(monkeypatch):
    monkeypatch.setenv("APP_ENV", "testing")

    assert create_app().testing


def test_an_argument_beats_app_env(monkeypatch):
    monkeypatch.setenv("APP_ENV", "production")

    assert create_app("testing").testing


def test_an_unknown_environment_is_an_error_that_names_the_known_ones():
    with pytest.raises(ConfigurationError) as refusal:
        create_app("staging")

    assert "'staging'" in str(refusal.value)
    assert all(name in str(refusal.value) for name in CONFIGS)


@pytest.mark.usefixtures("empty_environment")
@pytest.mark.parametrize("name", ["development", "testing"])
def test_local_work_needs_no_settings(name, monkeypatch, tmp_path):
    monkeypatch.setattr(Flask, "auto_find_instance_path", lambda _: str(tmp_path))

    response = create_app(name).test_client().get("/health")

    assert response.status_code == 200


@pytest.mark.usefixtures("empty_environment")
@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost:5000", 200),
        ("api.localhost", 200),
        ("127.0.0.1:5000", 200),
        ("localhost.example.com", 400),
        ("192.0.2.1", 400),
    ],
)
def test_development_trusts_local_hosts(monkeypatch, tmp_path, host, status):
    monkeypatch.setattr(Flask, "auto_find_instance_path", lambda _: str(tmp_path))

    response = create_app("development").test_client().get("/health", headers={"Host": host})

    assert response.status_code == status


@pytest.mark.usefixtures("production")
@pytest.mark.parametrize(("hosts", "warnings"), [("", 1), ("api.example.com", 0)])
def test_production_warns_once_if_it_trusts_all_hosts(monkeypatch, capsys, hosts, warnings):
    monkeypatch.setenv("TRUSTED_HOSTS", hosts)

    create_app()

    assert capsys.readouterr().out.count("Set TRUSTED_HOSTS") == warnings


@pytest.mark.usefixtures("empty_environment")
def test_development_keeps_its_database_in_the_instance_folder(monkeypatch, tmp_path):
    monkeypatch.setattr(Flask, "auto_find_instance_path", lambda _: str(tmp_path))

    with create_app("development").app_context():
        assert db.engine.url.database == str(tmp_path / "development.sqlite3")


def test_two_apps_in_one_process_keep_their_settings_apart(new_app):
    small = new_app(MAX_CONTENT_LENGTH=10)
    large = new_app(MAX_CONTENT_LENGTH=1000)

    assert small.config["MAX_CONTENT_LENGTH"] == 10
    assert large.config["MAX_CONTENT_LENGTH"] == 1000


def test_two_apps_in_one_process_both_answer(new_app):
    clients = [new_app().test_client() for _ in range(2)]

    assert [client.get("/health").status_code for client in clients] == [200, 200]


def test_the_shell_knows_the_database_and_all_models(app):
    with app.app_context():
        names = app.make_shell_context()

    assert names["db"] is db
    models = {mapper.class_.__name__: mapper.class_ for mapper in Base.registry.mappers}
    assert {name: names.get(name) for name in models} == models
