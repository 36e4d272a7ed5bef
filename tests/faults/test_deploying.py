"""What docs/deploying.md says about backups and poolers is done to real databases."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests import deploying
from tests.baking import Bake
from tests.faults import databases
from tests.faults.sites import Site, site
from tests.proxies import pgbouncer
from tests.servers import MYSQL, POSTGRESQL, Server, running_server
from tests.services import INSERT_POST, KEPT_POST, PRINT_POSTS

pytestmark = pytest.mark.faults

KINDS = {"postgresql": POSTGRESQL, "mysql": MYSQL}
SERVES = "gunicorn wsgi:app"  # which every test does that starts an instance
UNDOES = "flask db downgrade"
# What a release did that the backup knows nothing of.
RELEASE = """
from sqlalchemy import text
from app import create_app
from app.extensions import db

with create_app().app_context(), db.engine.begin() as connection:
    key = "FOREIGN KEY (post) REFERENCES posts (id)"
    connection.execute(text(f"CREATE TABLE later (post INTEGER, {key})"))
    connection.execute(text("INSERT INTO later SELECT id FROM posts"))
    connection.execute(text("UPDATE posts SET title = 'Changed'"))
"""
PRINT_TABLES = """
from sqlalchemy import inspect
from app import create_app
from app.extensions import db

with create_app().app_context():
    print(*inspect(db.engine).get_table_names())
"""


@contextmanager
def database(name: str, folder: Path) -> Generator[dict[str, str]]:
    """Make a database and yield the variables that the document takes for granted."""
    if name == "sqlite":
        file = folder / "service.sqlite3"
        yield {"DATABASE_URL": f"sqlite:///{file}", "DATABASE_FILE": str(file)}
        return
    with running_server(KINDS[name]) as server:
        url = urlsplit(server.url)
        prefix, database = ("PG", "DATABASE") if name == "postgresql" else ("DB_", "NAME")
        yield {
            "DATABASE_URL": server.url,
            f"{prefix}HOST": url.hostname or "",
            f"{prefix}PORT": str(url.port),
            f"{prefix}USER": url.username or "",
            f"{prefix}{database}": url.path.strip("/"),
        }


@pytest.mark.parametrize("name", ["postgresql", "mysql", "sqlite"])
def test_its_commands_make_a_backup_and_go_back_to_it(
    name: str, bake: Bake, environment: Path, tmp_path: Path
) -> None:
    with database(name, tmp_path) as variables:
        service = site(bake(database=name), environment, variables["DATABASE_URL"])
        service.project.run(environment, "-c", INSERT_POST, **service.settings)
        for command in deploying.commands(service.project):
            if command != SERVES:
                type_in(service, command, variables)
            if command == UNDOES:
                service.project.run(environment, "-c", RELEASE, **service.settings)
        tables = service.project.run(environment, "-c", PRINT_TABLES, **service.settings)
        assert {"posts", "users"} <= set(tables.split())
        assert "later" not in tables.split()
        kept = service.project.run(environment, "-c", PRINT_POSTS, **service.settings)
        assert KEPT_POST in kept.splitlines()
        assert "(head)" in service.flask("db", "current")


def type_in(service: Site, command: str, variables: dict[str, str]) -> None:
    """Run a command in the activated environment."""
    activated = f'PATH="{service.python.parent}:$PATH"; {command}'
    service.project.run("bash", "-c", activated, **{**service.settings, **variables})


@pytest.fixture(scope="module")
def pooler(server: Server) -> Generator[Server]:
    with running_server(pgbouncer(server.url)) as running:
        yield running


def test_timeouts_behind_pgbouncer_are_those_of_the_role(service: Site, server: Server) -> None:
    (sql,) = deploying.blocks(service.project, "sql")
    others = sql.replace("20s", "9s").replace("5s", "9s")  # not those of the service's own
    server.run(f'{databases.PSQL.format(url=server.url)} --command="{others}"')
    with running_server(pgbouncer(server.url)) as pooler:
        pooled = service.having(**deploying.behind_pgbouncer(service.project))
        assert databases.timeouts(pooled, pooler) == {"9s"}
    server.run(f'{databases.PSQL.format(url=server.url)} --command="ALTER ROLE service RESET ALL"')


def test_a_service_works_behind_pgbouncer_with_its_setting(service: Site, pooler: Server) -> None:
    prepared = service.having(**deploying.behind_pgbouncer(service.project))
    assert databases.pooling(prepared, pooler).keys() == {200}
    assert "Traceback" not in databases.repeat_statements(prepared, pooler)


def test_without_the_setting_pgbouncer_mixes_up_statements(service: Site, pooler: Server) -> None:
    assert "DuplicatePreparedStatement" in databases.repeat_statements(service, pooler)
