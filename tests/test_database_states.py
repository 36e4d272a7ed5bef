"""Databases that cannot store all text, may not be changed, or are read-only."""

import json
import secrets
from collections.abc import Generator
from pathlib import Path

import pytest
import requests

from tests.baking import Bake, BakedProject
from tests.servers import MYSQL, POSTGRESQL, Server, running_server
from tests.services import PASSWORD, production, serving, status_of

PSQL = "psql --quiet --host=127.0.0.1 --port={port} --username=service"
SQL = "mariadb --no-defaults --protocol=tcp --host=127.0.0.1 --port={port} --user=root"
POSTS = "/api/v1/posts"
# What the driver does with text that does not fit, in a session of the service.
STORE_TOO_LONG = """
from sqlalchemy import text
from app import create_app
from app.extensions import db

with create_app().app_context(), db.engine.begin() as connection:
    connection.execute(text("CREATE TEMPORARY TABLE words (word VARCHAR(3))"))
    try:
        connection.execute(text("INSERT INTO words VALUES ('long')"))
    except Exception as error:
        print(type(error).__name__)
"""


@pytest.fixture(scope="module")
def project(bake: Bake) -> BakedProject:
    return bake()


@pytest.fixture(scope="module")
def postgresql() -> Generator[Server]:
    with running_server(POSTGRESQL) as running:
        yield running


@pytest.fixture(scope="module")
def mysql() -> Generator[Server]:
    """Run MariaDB with an administrator and a user that has rights on all databases."""
    with running_server(MYSQL) as running:
        execute_mysql(
            running, "CREATE USER service@localhost; GRANT ALL ON service.* TO service@localhost"
        )
        yield running


def execute_postgresql(server: Server, sql: str) -> None:
    """Run SQL as the superuser."""
    server.run(f'{PSQL} --command="{sql}"')


def execute_mysql(server: Server, sql: str) -> None:
    """Run SQL as root."""
    server.run(f'{SQL} --execute="{sql}"')


def refusal(project: BakedProject, python: Path, url: str, command: str = "upgrade") -> str:
    """Run a migration that must fail; return the one error that it logs."""
    done = project.attempt(python.with_name("flask"), "db", command, **production(url))
    assert done.returncode == 1, done.stdout
    assert "Traceback" not in done.stdout
    (error,) = [line for line in done.stdout.splitlines() if '"level": "ERROR"' in line]
    return str(json.loads(error)["message"])


def register(url: str) -> requests.Response:
    """Write a row."""
    user = {"email": f"{secrets.token_hex(8)}@example.org", "password": PASSWORD}
    return requests.post(f"{url}/api/v1/users", json=user, timeout=30)


def assert_only_writes_are_unavailable(url: str) -> None:
    """Check what a service answers whose database is read-only."""
    response = register(url)
    assert (response.status_code, response.headers["Retry-After"]) == (503, "5")
    assert status_of(f"{url}{POSTS}") == status_of(f"{url}/health/ready") == 200


@pytest.mark.postgresql
@pytest.mark.parametrize("encoding", ["LATIN1", "SQL_ASCII"])
def test_postgresql_without_utf8_is_refused_in_a_sentence(
    encoding: str, project: BakedProject, environment: Path, postgresql: Server
) -> None:
    name = encoding.lower()
    postgresql.run(
        "createdb --host=127.0.0.1 --port={port} --username=service --template=template0"
        f" --locale=C --encoding={encoding} {name}"
    )
    line = refusal(project, environment, f"{postgresql.url.removesuffix('service')}{name}")
    assert f"The encoding of the database is {encoding}, not UTF8" in line


@pytest.mark.postgresql
def test_postgresql_without_the_right_to_create_tables_is_refused_in_a_sentence(
    project: BakedProject, environment: Path, postgresql: Server
) -> None:
    execute_postgresql(postgresql, "CREATE ROLE guest LOGIN")
    line = refusal(project, environment, postgresql.url.replace("service@", "guest@"))
    assert "permission denied for schema public" in line


@pytest.mark.postgresql
def test_read_only_postgresql_is_unavailable_for_writes(
    project: BakedProject, environment: Path, postgresql: Server
) -> None:
    settings = production(postgresql.url)
    project.run(environment.with_name("flask"), "db", "upgrade", **settings)
    read_only = "ALTER DATABASE service SET default_transaction_read_only = {}"
    execute_postgresql(postgresql, read_only.format("on"))
    with serving(project, environment, **settings) as url:
        assert_only_writes_are_unavailable(url)
    assert "read-only" in refusal(project, environment, settings["DATABASE_URL"], "downgrade")
    execute_postgresql(postgresql, "BEGIN READ WRITE; " + read_only.format("off") + "; COMMIT")


@pytest.mark.mysql
@pytest.mark.parametrize("encoding", ["latin1", "utf8mb3"])
def test_mariadb_without_utf8mb4_is_refused_in_a_sentence(
    encoding: str, project: BakedProject, environment: Path, mysql: Server
) -> None:
    execute_mysql(mysql, f"CREATE DATABASE {encoding} CHARACTER SET {encoding}")
    line = refusal(project, environment, f"{mysql.url.removesuffix('service')}{encoding}")
    assert f"The encoding of the database is {encoding}, not utf8mb4" in line


@pytest.mark.mysql
def test_mariadb_without_the_right_to_create_tables_is_refused_in_a_sentence(
    project: BakedProject, environment: Path, mysql: Server
) -> None:
    execute_mysql(
        mysql, "CREATE USER guest@localhost; GRANT SELECT ON service.* TO guest@localhost"
    )
    line = refusal(project, environment, mysql.url.replace("root@", "guest@"))
    assert "CREATE command denied" in line


@pytest.mark.mysql
def test_mariadb_without_strict_mode_stores_no_shortened_text(
    project: BakedProject, environment: Path, mysql: Server
) -> None:
    execute_mysql(mysql, "SET GLOBAL sql_mode = ''")
    printed = project.run(environment, "-c", STORE_TOO_LONG, **production(mysql.url))
    assert printed.splitlines()[-1] == "DataError"


@pytest.mark.mysql
def test_read_only_mariadb_is_unavailable_for_writes(
    project: BakedProject, environment: Path, mysql: Server
) -> None:
    # Administrators may write all the same.
    settings = production(mysql.url.replace("root@", "service@"))
    project.run(environment.with_name("flask"), "db", "upgrade", **settings)
    execute_mysql(mysql, "SET GLOBAL read_only = 1")
    with serving(project, environment, **settings) as url:
        assert_only_writes_are_unavailable(url)
    assert "read-only" in refusal(project, environment, settings["DATABASE_URL"], "downgrade")
    execute_mysql(mysql, "SET GLOBAL read_only = 0")


@pytest.mark.faults
def test_read_only_sqlite_is_unavailable_for_writes(
    project: BakedProject, environment: Path, tmp_path: Path
) -> None:
    database = tmp_path / "service.sqlite3"
    project.run(
        environment.with_name("flask"), "db", "upgrade", **production(f"sqlite:///{database}")
    )
    settings = production(f"sqlite:///file:{database}?mode=ro&uri=true")
    with serving(project, environment, **settings) as url:
        assert_only_writes_are_unavailable(url)
    assert "readonly" in refusal(project, environment, settings["DATABASE_URL"], "downgrade")
