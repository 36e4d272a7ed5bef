"""The pipelines of projects are valid, pinned and documented."""

from collections.abc import Callable

import pytest
import yaml

from flask_service_extensions.rendering import ROOT
from tests.baking import Bake, BakedProject
from tests.pipelines import CHECKERS, GITHUB, GITLAB, complaints, findings, jobs
from tests.reads import shared
from tests.variants import choices

Pipeline = Callable[..., BakedProject]

HOSTS = [choice for choice in choices("ci") if choice != "none"]
FILES = {"github": {GITHUB, ".github/dependabot.yml"}, "gitlab": {GITLAB, "renovate.json"}}
ADDRESSES = {
    ("github", "postgresql"): "127.0.0.1:5432",
    ("github", "mysql"): "127.0.0.1:3306",
    ("gitlab", "postgresql"): "postgres",
    ("gitlab", "mysql"): "mariadb",
}
JOB = "  more:\n    runs-on: ubuntu-24.04\n    timeout-minutes: 5\n    steps:\n"
BREAKS = [
    (GITHUB, f"{JOB}      - run: echo ${{{{ secret.TOKEN }}}}\n", 'undefined variable "secret"'),
    (GITHUB, f"{JOB}      - uses: actions/checkout@v7\n", "uses: actions/checkout@v7"),
    (GITHUB, f"{JOB}      - run: true\n".replace("timeout-", "wait-"), "timeout-minutes"),
    (GITHUB, "permission: {}\n", "permission"),
    (".github/dependabot.yml", "enable: true\n", "enable"),
    (GITLAB, "more: {script: 1}\n", "more"),
    ("renovate.json", '{"extends": 1}\n', "renovate.json"),
]


@pytest.fixture(scope="module")
def pipeline(bake: Bake) -> Pipeline:
    """Bake a project once for the same answers."""
    return shared(bake)


def read(pipeline: Pipeline, name: str) -> str:
    """Return a file of whichever project has it."""
    return pipeline(ci=next(ci for ci, names in FILES.items() if name in names)).read(name)


@pytest.mark.parametrize(("name", "addition", "words"), BREAKS)
def test_a_broken_pipeline_is_seen(
    name: str, addition: str, words: str, pipeline: Pipeline
) -> None:
    assert not findings(name, read(pipeline, name))
    assert words in "\n".join(findings(name, broken(pipeline, name, addition)))


def broken(pipeline: Pipeline, name: str, addition: str) -> str:
    """Return a file with an addition that breaks it; nothing can be added to JSON."""
    return addition if name.endswith(".json") else read(pipeline, name) + addition


def test_every_checker_has_been_seen_failing(pipeline: Pipeline) -> None:
    refusing = {
        command
        for name, addition, _ in BREAKS
        for command in CHECKERS[name]
        if complaints(command, broken(pipeline, name, addition))
    }
    assert refusing == {command for commands in CHECKERS.values() for command in commands}


def test_the_templates_own_workflow_is_valid() -> None:
    assert not findings(GITHUB, (ROOT / GITHUB).read_text("utf-8"))


@pytest.mark.parametrize("text", ["project", "template"])
def test_a_workflow_may_only_read(text: str, pipeline: Pipeline) -> None:
    texts = {"project": read(pipeline, GITHUB), "template": (ROOT / GITHUB).read_text("utf-8")}
    workflow = yaml.safe_load(texts[text])
    assert workflow["permissions"] == {"contents": "read"}
    assert not [name for name, job in workflow["jobs"].items() if "permissions" in job]
    assert texts[text].count("persist-credentials: false") == texts[text].count("actions/checkout@")


@pytest.mark.parametrize(("ci", "database"), ADDRESSES)
def test_the_database_host_is_that_of_its_service(
    ci: str, database: str, pipeline: Pipeline
) -> None:
    job = jobs(pipeline(ci=ci, database=database))["database"]
    assert job.services == (ADDRESSES[ci, database],)
    assert f"@{job.services[0]}" in job.variables["DATABASE_URL"]
    assert job.variables["DATABASE_URL"] == job.variables["TEST_DATABASE_URL"]


@pytest.mark.parametrize("ci", HOSTS)
def test_sqlite_needs_no_service(ci: str, pipeline: Pipeline) -> None:
    job = jobs(pipeline(ci=ci, database="sqlite"))["database"]
    assert not job.services
    assert "TEST_DATABASE_URL" not in job.variables


@pytest.mark.parametrize("ci", HOSTS)
def test_the_python_is_that_of_deployment(ci: str, pipeline: Pipeline) -> None:
    project = pipeline(ci=ci, python_version="3.12")
    assert {job.variables["UV_PYTHON"] for job in jobs(project).values()} == {"3.12"}
    if ci == "gitlab":
        assert yaml.safe_load(project.read(GITLAB))["default"]["image"] == "python:3.12"


@pytest.mark.parametrize("document", ["README.md", "AGENTS.md"])
@pytest.mark.parametrize("ci", choices("ci"))
def test_a_document_names_the_pipeline_that_was_chosen_and_no_other(
    ci: str, document: str, pipeline: Pipeline
) -> None:
    text = pipeline(ci=ci).read(document)
    named = {name for names in FILES.values() for name in names if f"`{name}`" in text}
    assert named == FILES.get(ci, set())
