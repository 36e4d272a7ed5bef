"""`flask generate client`: the generated code passes all checks, and bad input writes nothing."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from flask_service_cli.generate.client import MAX_NAME_LENGTH, MAX_URL_LENGTH, SHARED
from flask_service_cli.generate.client_wiring import FACTORY, PACKAGE, PYPROJECT
from flask_service_cli.generate.files import OVERRIDES
from flask_service_cli.generate.wiring import API, CONFTEST, register_blueprint
from flask_service_cli.update import change_answers
from tests import dependencies, static
from tests.baking import Bake, BakedProject, route_tests
from tests.linked import create
from tests.resources import (
    answers,
    changed_files,
    clone,
    commit,
    contents_of_changes,
    files_after_patch,
    generate,
)
from tests.variants import AUTH_VARIANTS

URL = "https://api.example.com/v1"
CLIENTS = ("weather", "traffic_jam")
OWN_TESTS = ["tests/clients", *(f"tests/api/test_{name}.py" for name in CLIENTS)]
# Tests of a service that look at all routes and settings.
MODULES = [
    "app/clients/*.py",
    "app/metrics/clients.py",
    *(f"app/{layer}/{name}.py" for layer in ("api", "schemas", "services") for name in CLIENTS),
]


def add_client(project: BakedProject, python: Path, name: str, url: str = URL) -> list[str]:
    """Generate a client and return what the command says."""
    return generate(project, python, name, "--url", url, what="client").splitlines()


@pytest.fixture(scope="module", params=AUTH_VARIANTS, ids=str)
def project(request: pytest.FixtureRequest, bake: Bake, environment: Path) -> BakedProject:
    """Return a project with two clients."""
    project = bake(**request.param)
    commit(project)
    for name in CLIENTS:
        add_client(project, environment, name)
    return project


@pytest.fixture(scope="module")
def untouched(bake: Bake) -> BakedProject:
    """Return a committed project in which nothing was ever generated."""
    project = bake()
    commit(project)
    return project


@pytest.fixture
def new_project(bake: Bake) -> BakedProject:
    """Return a project that a test may change."""
    return bake()


def test_generated_clients_have_no_findings(project: BakedProject) -> None:
    assert not static.quick_findings(project)


def test_generated_clients_type_check_and_keep_to_the_layers(
    project: BakedProject, environment: Path
) -> None:
    assert not static.types(project, environment)
    assert not static.layers(project, environment)


def test_generated_clients_declare_what_they_import(
    project: BakedProject, provided: dict[str, set[str]]
) -> None:
    assert not dependencies.findings(project, provided)


def test_tests_of_generated_clients_pass_and_cover_them(
    project: BakedProject, environment: Path
) -> None:
    general = ["tests/test_config.py", *route_tests(project)]
    project.run(environment, "-m", "pytest", "--cov", "--cov-fail-under=0", *OWN_TESTS, *general)
    included = f"--include={','.join(MODULES)}"
    printed = project.run(environment, "-m", "coverage", "report", included, "--fail-under=97")
    assert "TOTAL" in printed


def test_documents_have_the_settings_of_clients(project: BakedProject) -> None:
    table = project.read("docs/settings.md").splitlines()
    assert table[-4].startswith(f"| `WEATHER_URL` | `WEATHER_URL` | `{URL}`;")
    assert [line.split("`")[1] for line in table[-3:]] == [
        "WEATHER_TIMEOUT",
        "TRAFFIC_JAM_URL",
        "TRAFFIC_JAM_TIMEOUT",
    ]


def test_settings_of_clients_are_read_and_checked(project: BakedProject, environment: Path) -> None:
    script = "from app import create_app; print(create_app('testing').config['WEATHER_URL'])"
    run = [str(environment), "-c", script]
    assert project.run(*run, WEATHER_URL="http://weather:80/").strip().endswith("http://weather:80")
    refused = project.attempt(*run, WEATHER_URL="ftp://weather", WEATHER_TIMEOUT="0")
    assert refused.returncode == 1
    assert "WEATHER_URL must be a URL" in refused.stdout
    assert "WEATHER_TIMEOUT must be at least 1" in refused.stdout


def test_second_client_writes_no_shared_module_again(
    new_project: BakedProject, environment: Path
) -> None:
    first = add_client(new_project, environment, "weather")
    module = new_project.path / SHARED["http"]
    module.write_text(module.read_text("utf-8") + "# Changed\n", "utf-8")
    second = add_client(new_project, environment, "traffic_jam")
    shared = {f"Created {path}" for path in SHARED.values()}
    assert shared <= {*first}
    assert not shared & {*second}
    assert f"Changed {PYPROJECT}" not in second
    assert new_project.read(SHARED["http"]).endswith("# Changed\n")


def test_dry_run_of_a_client_prints_a_patch_and_writes_nothing(
    untouched: BakedProject, environment: Path, tmp_path: Path
) -> None:
    words = ["weather", "--url", URL]
    ((code, patch),) = answers(untouched, environment, [[*words, "--dry-run"]], "client")
    assert (code, changed_files(untouched)) == (0, [])
    applied = files_after_patch(untouched, patch, tmp_path)
    copy = clone(untouched, tmp_path / "generated")
    add_client(copy, environment, "weather")
    assert contents_of_changes(copy) == applied


def test_templates_of_the_service_replace_those_of_clients(
    new_project: BakedProject, environment: Path
) -> None:
    folder = new_project.path / OVERRIDES / "client"
    folder.mkdir(parents=True)
    (folder / "schema.py.jinja").write_text('"""{{ word }}, by the bakery."""\n', "utf-8")
    (folder / "service.py.jinja").write_text("{% if %}", "utf-8")
    commit(new_project)
    ((code, printed),) = answers(new_project, environment, [["weather", "--url", URL]], "client")
    assert (code, changed_files(new_project)) == (1, [])
    assert ".templates/client/service.py.jinja cannot be rendered" in printed
    (folder / "service.py.jinja").unlink()
    add_client(new_project, environment, "traffic_jam")
    assert new_project.read("app/schemas/traffic_jam.py") == '"""traffic jam, by the bakery."""\n'


@pytest.mark.parametrize(
    ("path", "change", "sentence"),
    [
        (
            FACTORY,
            lambda text: text.replace("    api,", "    api, api as other,"),
            "has no `from app",
        ),
        (
            FACTORY,
            lambda text: text.replace("SETTINGS = (", "SETTINGS = PARTS = ("),
            "has no list `SETT",
        ),
        (
            API,
            lambda text: text.replace("    posts.blp,", "    *[posts.blp],"),
            "has no list of blue",
        ),
        (
            CONFTEST,
            lambda text: text.replace("pytest_plugins", "PLUGINS"),
            "has no list `pytest_pl",
        ),
        (
            PYPROJECT,
            lambda text: re.sub(r"\[\n  \"alembic", '["alembic', text),
            "has no list `depen",
        ),
        (PYPROJECT, lambda text: text.replace("dev = [", "test = ["), "has no list `dev`"),
        (PYPROJECT, lambda text: text.replace("[project]", "[project"), "cannot be parsed"),
    ],
)
def test_rewritten_place_is_refused_for_a_client(
    new_project: BakedProject,
    environment: Path,
    path: str,
    change: Callable[[str], str],
    sentence: str,
) -> None:
    text = new_project.read(path)
    assert change(text) != text
    (new_project.path / path).write_text(change(text), "utf-8")
    commit(new_project)
    ((code, printed),) = answers(new_project, environment, [["weather", "--url", URL]], "client")
    assert (code, changed_files(new_project)) == (1, [])
    assert re.fullmatch("Error: .+[.]\n", printed), printed
    assert sentence in printed


def test_document_that_a_team_deleted_is_not_missed(
    new_project: BakedProject, environment: Path
) -> None:
    (new_project.path / "docs" / "settings.md").unlink()
    add_client(new_project, environment, "weather")
    assert not (new_project.path / "docs" / "settings.md").exists()


def test_clients_of_an_open_service_work_when_it_gets_accounts(
    repository: Path, environment: Path, tmp_path: Path
) -> None:
    project = create(repository, tmp_path, auth="none", admin=False)
    add_client(project, environment, "maps")
    project.commit()
    assert change_answers(project.path, repository, ["auth=jwt"]) == 0
    assert not static.quick_findings(project)
    assert "*maps.SETTINGS" in project.read(PACKAGE)
    project.run(environment, "-m", "pytest", "-n2", "tests/clients", "tests/api/test_maps.py")


REFUSALS = [
    ("class", URL, "class is a Python keyword"),
    ("match", URL, "match is a Python keyword"),
    ("list", URL, "list is a Python keyword"),
    ("Weather", URL, "'Weather' is not a valid name"),
    ("weather-map", URL, "'weather-map' is not a valid name"),
    ("../weather", URL, "'../weather' is not a valid name"),
    ("_weather", URL, "'_weather' is not a valid name"),
    ("f\u00fcr", URL, "is not a valid name"),
    ("w" * 31, URL, "longer than 30 characters"),
    ("test_data", URL, "pytest would collect"),
    ("posts", URL, "The name posts is already taken"),
    ("user", URL, "The name user is already taken"),
    ("csrf", URL, "The name csrf is reserved"),
    ("public", URL, "The setting PUBLIC_URL exists already"),
    ("database", URL, "The setting DATABASE_URL exists already"),
    ("http", URL, "app/clients/http.py exists already"),
    ("circuit", URL, "app/clients/circuit.py exists already"),
    ("pagination", URL, "app/schemas/pagination.py exists already"),
    ("method_view", URL, "would use one name for two things"),
    ("blueprint", URL, "would use one name for two things"),
    ("weather", "", "--url must be like"),
    ("weather", "api.example.com", "--url must be like"),
    ("weather", "ftp://example.com", "--url must be like"),
    ("weather", "file:///etc/passwd", "--url must be like"),
    ("weather", "https://", "--url must be like"),
    ("weather", "https://-a", "--url must be like"),
    ("weather", "https://user:password@example.com", "--url must be like"),
    ("weather", "https://user@example.com", "--url must be like"),
    ("weather", "https://example.com/?key=value", "--url must be like"),
    ("weather", "https://example.com/#part", "--url must be like"),
    ("weather", "https://example.com:70000", "--url must be like"),
    ("weather", "https://example.com:0", "--url must be like"),
    ("weather", "https://a..b", "--url must be like"),
    ("weather", "https://[1:2:3]", "--url must be like"),
    ("weather", "https://exa mple.com", "--url must be like"),
    ("weather", 'https://example.com/"', "--url must be like"),
    ("weather", "https://example.com/\n", "--url must be like"),
    ("weather", f"https://example.com/{'a' * MAX_URL_LENGTH}", "more than 80 characters"),
]


@pytest.fixture(scope="module")
def refused(untouched: BakedProject, environment: Path) -> list[tuple[int, str]]:
    """Return the answer to each command line."""
    lines = [[name, "--url", url] for name, url, _ in REFUSALS]
    return answers(untouched, environment, lines, "client")


@pytest.mark.parametrize(
    ("number", "words"),
    [(number, words) for number, (*_, words) in enumerate(REFUSALS)],
    ids=[f"{name} {url}" for name, url, _ in REFUSALS],
)
def test_bad_client_is_refused_in_one_sentence(
    number: int, words: str, refused: list[tuple[int, str]]
) -> None:
    code, printed = refused[number]
    assert code == 1
    assert re.fullmatch("Error: .+[.]\n", printed), printed
    assert words in printed
    assert "password" not in printed


def test_refused_clients_write_nothing(
    untouched: BakedProject, refused: list[tuple[int, str]]
) -> None:
    assert len(refused) == len(REFUSALS)
    assert changed_files(untouched) == []


def test_client_that_exists_is_refused(new_project: BakedProject, environment: Path) -> None:
    add_client(new_project, environment, "weather")
    commit(new_project)
    ((code, printed),) = answers(new_project, environment, [["weather", "--url", URL]], "client")
    assert (code, changed_files(new_project)) == (1, [])
    assert printed == "Error: The name weather is already taken: choose another name.\n"


def test_longest_name_fits_into_all_lines(untouched: BakedProject, environment: Path) -> None:
    line = ["w" * MAX_NAME_LENGTH, "--url", URL, "--dry-run"]
    ((code, printed),) = answers(untouched, environment, [line], "client")
    assert code == 0, printed


def test_client_without_a_url_is_refused(untouched: BakedProject, environment: Path) -> None:
    ((code, printed),) = answers(untouched, environment, [["weather"]], "client")
    assert (code, changed_files(untouched)) == (2, [])
    assert "Missing option '--url'" in printed


def test_migrations_with_two_heads_do_not_stop_a_client(
    new_project: BakedProject, environment: Path
) -> None:
    first = new_project.path / "migrations" / "versions" / "0001_posts.py"
    text = first.read_text("utf-8").replace("0001_posts", "0003_fork")
    text = text.replace("down_revision = None", 'down_revision = "0001_posts"')
    first.with_name("0003_fork.py").write_text(text, "utf-8")
    assert f"Created {PACKAGE}" in add_client(new_project, environment, "weather")


# Calls the view in docs/clients.md; a service answers only when the other one was asked, too.
TRIP_TEST = """
from threading import Barrier

from tests.clients.servers import respond, running


def test_both_services_are_called_at_once(app, client, auth_headers):
    barrier = Barrier(2)

    def answer(connection):
        barrier.wait(5)
        respond(b'{"a": 1}')(connection)

    with running(answer) as one, running(answer) as other:
        app.config.update(WEATHER_URL=one.url, TRAFFIC_URL=other.url)
        response = client.get("/api/v1/trip", headers=auth_headers)

    assert (response.status_code, response.json) == (
        200,
        {"weather": {"a": 1}, "traffic": {"a": 1}},
    )


def test_failure_of_one_is_a_problem(client, auth_headers):
    assert client.get("/api/v1/trip", headers=auth_headers).status_code == 503
"""


def test_documented_view_calls_two_services_at_once(
    new_project: BakedProject, environment: Path
) -> None:
    for name in ("weather", "traffic"):
        add_client(new_project, environment, name)
    (block,) = re.findall(r"```python\n(.*?)```", new_project.read("docs/clients.md"), re.DOTALL)
    (new_project.path / "app" / "api" / "trips.py").write_text(block, "utf-8")
    change = register_blueprint("trips", new_project.path)
    (new_project.path / API).write_text(change.after, "utf-8")
    assert not static.lint(new_project)
    assert not static.types(new_project, environment)
    (new_project.path / "tests" / "api" / "test_trips.py").write_text(TRIP_TEST, "utf-8")
    new_project.run(environment, "-m", "pytest", "tests/api/test_trips.py")
