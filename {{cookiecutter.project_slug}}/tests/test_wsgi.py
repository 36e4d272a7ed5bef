"""The entry point of servers and of the `flask` command."""

import pytest

from app.config import LOCAL_WORK_HINT
from tests.plugins.settings import SECRETS
from tests.processes import run_module, run_python


@pytest.mark.usefixtures("empty_environment")
def test_without_settings_it_exits_with_the_list_and_no_traceback():
    done = run_module("wsgi")

    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert all(f"- {name} is missing." in done.stderr for name in (*SECRETS, "DATABASE_URL"))
    assert done.stderr.rstrip().endswith(LOCAL_WORK_HINT)


@pytest.mark.usefixtures("empty_environment")
def test_an_unknown_environment_exits_with_a_sentence(monkeypatch):
    monkeypatch.setenv("APP_ENV", "staging")

    done = run_module("wsgi")

    assert done.returncode == 1
    assert done.stderr.startswith("APP_ENV is 'staging'")


@pytest.mark.usefixtures("production")
def test_with_settings_it_boots_and_knows_its_routes():
    done = run_module("flask", "routes")

    assert done.returncode == 0, done.stderr
    assert "/api/openapi.json" in done.stdout
    assert "/health/ready" in done.stdout


# gunicorn would go on serving, so it gets a process that can be ended.
@pytest.mark.parametrize(
    ("run", "command"),
    [(run_module, ["flask", "db", "upgrade"]), (run_python, ["-m", "gunicorn", "wsgi:app"])],
    ids=["flask db upgrade", "gunicorn wsgi:app"],
)
@pytest.mark.usefixtures("empty_environment")
def test_every_way_to_start_ends_with_the_list_and_no_traceback(run, command):
    done = run(*command)

    assert done.returncode == 1
    assert "- DATABASE_URL is missing." in done.stderr
    assert "Traceback" not in done.stderr + done.stdout


@pytest.mark.usefixtures("production")
def test_a_database_that_cannot_be_used_ends_a_migration_with_a_sentence(monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'missing' / 'service.sqlite3'}")

    done = run_module("flask", "db", "upgrade")

    assert done.returncode == 1
    assert "Database unavailable: " in done.stdout + done.stderr
    assert "Traceback" not in done.stderr + done.stdout


@pytest.mark.usefixtures("production")
def test_serving_does_not_import_alembic():
    done = run_python("-c", "import sys, wsgi; sys.exit('alembic' in sys.modules)")

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("module", ["wsgi", "gunicorn.conf"])
@pytest.mark.usefixtures("production")
def test_garbage_is_collected_after_the_start(module):
    code = f"import gc, runpy; runpy.run_path('{module}.py'); assert gc.isenabled()"

    assert run_python("-c", code).returncode == 0
