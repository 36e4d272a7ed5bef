"""Dockerfile and compose.yaml keep to the rules, and their secrets are made up once."""

import re
import shutil
import stat
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml

from tests import compose_rules as rules
from tests.baking import Bake, BakedProject
from tests.servers import POSTGRESQL, running_server
from tests.services import production
from tests.variants import choices

OFFENCES: list[tuple[rules.Rule, str, str, str]] = [
    (rules.dockerfile, "Dockerfile", "WORKDIR /app", "WORKDIR app"),
    (rules.schema, "compose.yaml", "restart: ", "restarts: "),
    (rules.schema, "compose.dev.yaml", "command: ", "comand: "),
    (rules.health, "Dockerfile", "HEALTHCHECK ", "# HEALTHCHECK "),
    (rules.health, "compose.yaml", "test: [CMD, redis-cli", "tests: [CMD, redis-cli"),
    (rules.passwords, "compose.yaml", "RATELIMIT_STORAGE_URI: ", "SECRET_PASSWORD: "),
    (rules.passwords, "compose.yaml", "redis://redis", "redis://user:secret@redis"),
    (rules.ports, "compose.yaml", "image: redis", "ports: [6379]\n    image: redis"),
    (rules.ports, "compose.yaml", "LISTEN:-127.0.0.1:", "LISTEN:-"),
    (rules.restarts, "compose.yaml", 'restart: "no"', "restart: always"),
    (rules.restarts, "compose.yaml", "service_completed_successfully", "service_started"),
    (rules.images, "compose.yaml", "redis:8.2-alpine", "redis"),
    (rules.images, "compose.yaml", "redis:8.2-alpine", "redis:latest"),
    (rules.memory, "compose.yaml", "    mem_limit: 128m\n", ""),
    (rules.memory, "compose.yaml", "tmpfs: /tmp:size=64m", "tmpfs: /tmp"),
]


@pytest.fixture(scope="module", params=choices("database"))
def project(request: pytest.FixtureRequest, bake: Bake) -> BakedProject:
    """Bake a project, and let make write its secrets."""
    project = bake(database=request.param)
    project.run("make", "docker-env")
    return project


@pytest.fixture(scope="module")
def plain(bake: Bake) -> BakedProject:
    return bake()


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.__name__)
def test_the_containers_keep_to(rule: rules.Rule, project: BakedProject) -> None:
    assert not rule(project)


@pytest.mark.parametrize(("rule", "name", "old", "new"), OFFENCES)
def test_a_rule_sees_its_offence(
    rule: rules.Rule, name: str, old: str, new: str, plain: BakedProject, tmp_path: Path
) -> None:
    for file in ("Dockerfile", "compose.yaml", "compose.dev.yaml"):
        shutil.copy2(plain.path / file, tmp_path)
    text = plain.read(name)
    assert old in text
    (tmp_path / name).write_text(text.replace(old, new, 1), "utf-8")
    assert rule(BakedProject(tmp_path, plain.answers))


def test_every_rule_has_an_offence() -> None:
    assert {rule for rule, *_ in OFFENCES} == set(rules.RULES)


def test_the_secrets_are_made_up_and_fit_together(project: BakedProject) -> None:
    app, database = settings(project, "app"), settings(project, "database")
    assert all(len(value) >= 64 for name, value in app.items() if name.endswith("SECRET_KEY"))
    assert len(set(app.values()) | set(database.values())) == len(app) + len(database)
    password = database.get("SERVICE_PASSWORD") or database.get("MARIADB_PASSWORD", "")
    assert password in app.get("DATABASE_URL", "")
    assert bool(password) == bool(database) == (project.answers["database"] != "sqlite")


def settings(project: BakedProject, name: str) -> dict[str, str]:
    """Read a file that only its owner may read; the example must have its names."""
    path = project.path / "docker" / f"{name}.env"
    if not path.with_suffix(".env.example").exists():
        return {}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    lines = [line for line in path.read_text("utf-8").splitlines() if not line.startswith("#")]
    assert not [line for line in lines if re.search(r"[<>$'\" ]", line)]
    return dict(line.split("=", 1) for line in lines)


@pytest.mark.postgresql
def test_the_role_of_the_service_is_no_superuser(plain: BakedProject, environment: Path) -> None:
    kind = replace(
        POSTGRESQL,
        make=POSTGRESQL.make.replace("--username=service", "--username=postgres"),
        create_database="true",
    )
    with running_server(kind) as server:
        url = urlsplit(server.url)
        to_server = {"PGHOST": str(url.hostname), "PGPORT": str(url.port)}
        variables = {"POSTGRES_USER": "postgres", "SERVICE_PASSWORD": "it's \\ secret"}
        plain.run("sh", "docker/create-role.sh", **to_server, **variables)
        query = "SELECT bool_or(rolsuper OR rolcreatedb OR rolcreaterole) FROM pg_roles WHERE"
        query += " rolname = 'service'"
        command = ["psql", "--username=postgres", "--dbname=postgres", "--tuples-only", "--command"]
        assert plain.run(*command, query, **to_server).strip() == "f"
        settings = production(server.url)
        plain.run(environment.with_name("flask"), "db", "upgrade", **settings)
        assert "(head)" in plain.run(environment.with_name("flask"), "db", "current", **settings)


def test_every_env_file_of_the_services_is_made(project: BakedProject) -> None:
    files = {service["env_file"] for _, service in rules.services(project) if "env_file" in service}
    assert files == {str(path.relative_to(project.path)) for path in project.files("docker/*.env")}


def test_no_secret_is_written_twice_or_committed(project: BakedProject) -> None:
    before = {path: path.read_bytes() for path in project.files("docker/*.env")}
    project.run("python3", "scripts/make_docker_env.py")
    assert {path: path.read_bytes() for path in before} == before
    assert ".env\n" not in project.run("git", "ls-files", "--others", "--exclude-standard")


def test_a_lost_password_is_not_replaced_by_a_wrong_one(bake: Bake) -> None:
    project = bake()
    (project.path / "docker" / "app.env").touch()
    done = project.attempt("python3", "scripts/make_docker_env.py")
    assert done.returncode == 1
    assert done.stdout.startswith("docker/database.env is missing: restore it")


def test_the_make_targets_start_their_services(plain: BakedProject) -> None:
    printed = plain.run("make", "--dry-run", "docker-up", "docker-dev", "docker-down")
    commands = [line for line in printed.splitlines() if line.startswith("docker ")]
    assert commands == [
        "docker compose up --build --detach --wait",
        "docker compose --file compose.yaml --file compose.dev.yaml up --build",
        "docker compose down",
    ]


def test_development_never_touches_what_production_keeps(project: BakedProject) -> None:
    names = {yaml.safe_load(project.read(f"compose{dev}.yaml"))["name"] for dev in ("", ".dev")}
    assert len(names) == 2


def test_stop_timeouts_grow_from_the_app_outwards(plain: BakedProject) -> None:
    found = dict(rules.services(plain))
    stopping = [
        seconds(r"graceful_timeout = (\d+)", plain.read("gunicorn.conf.py")),
        seconds(r"worker_shutdown_timeout (\d+)s", plain.read("docker/nginx.conf")),
        seconds(r"(\d+)s", found["app"]["stop_grace_period"]),
    ]
    assert stopping == sorted(set(stopping))
    assert found["nginx"]["stop_grace_period"] == found["app"]["stop_grace_period"]


def seconds(pattern: str, text: str) -> int:
    """Read a number of seconds."""
    found = re.search(pattern, text)
    assert found, pattern
    return int(found[1])


def test_without_docker_no_file_mentions_containers(bake: Bake) -> None:
    project = bake(docker=False)
    words = re.compile(r"docker|compose", re.IGNORECASE)
    speaking = [path for path in project.files() if words.search(path.read_text("utf-8"))]
    assert not speaking
    assert not [path for path in project.everything() if words.search(path.name)]
