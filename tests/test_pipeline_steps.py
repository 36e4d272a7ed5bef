"""Every step of a pipeline is run as it is written, in its order, in a fresh clone."""

import re
import subprocess
import sys
from collections.abc import Callable, Generator, Iterable, Mapping
from itertools import product
from pathlib import Path

import pytest
import yaml

from tests.baking import Bake, BakedProject
from tests.environments import UV
from tests.pipelines import GITLAB, Job, jobs
from tests.reads import shared
from tests.servers import MYSQL, POSTGRESQL, server
from tests.test_clean_environments import FEW_TESTS
from tests.variants import CODE_OPTIONS, WIDE_OPTIONS, choices, valid_products

Run = Callable[..., str]
Committed = Callable[..., BakedProject]

HOSTS = [choice for choice in choices("ci") if choice != "none"]
JOBS = ("check", "test", "database")
KINDS = [
    pytest.param("postgresql", POSTGRESQL, marks=pytest.mark.postgresql, id="postgresql"),
    pytest.param("mysql", MYSQL, marks=pytest.mark.mysql, id="mysql"),
]
# Whatever can change a pipeline.
PIPELINES = [
    variant
    for variant in valid_products(option for option in WIDE_OPTIONS if option not in CODE_OPTIONS)
    if variant["ci"] in HOSTS
]
# Steps that need a Docker engine; the tests marked docker build the images with what there is.
NOT_RUN = {
    'docker build --build-arg REVISION="$GITHUB_SHA" .',
    'docker build --build-arg REVISION="$CI_COMMIT_SHA" .',
}
# What a runner brings, the test brings.
ACTIONS = {"actions/checkout", "astral-sh/setup-uv"}
PYTHON_VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"
SMALLEST = {"auth": "none", "admin": False, "python_version": PYTHON_VERSION}
COMMIT = ("-c", "user.name=A", "-c", "user.email=a@example.com", "commit", "--quiet", "-m", "First")


@pytest.fixture(scope="module")
def committed(bake: Bake) -> Committed:
    """Bake the smallest project for a pipeline and commit it, once for the same answers."""

    def bake_and_commit(**answers: str) -> BakedProject:
        project = bake(**SMALLEST, **answers)
        project.run("git", "add", "--all")
        project.run("git", *COMMIT)
        return project

    return shared(bake_and_commit)


@pytest.fixture(scope="module")
def runner_paths(
    path_with_uv: str, plain_path: str, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    """Return the PATH of each kind of runner: one has uv from its action, one Python's image."""
    image = tmp_path_factory.mktemp("image")
    BakedProject(image, {}).run(UV, "venv", "--quiet", "--seed", image / "python")
    return {"github": path_with_uv, "gitlab": f"{image / 'python' / 'bin'}:{plain_path}"}


@pytest.fixture
def run(runner_paths: dict[str, str], tmp_path: Path) -> Run:
    """Run the steps of a job in a fresh clone and return what they printed."""

    def run_job(project: BakedProject, name: str, address: str = "") -> str:
        clone = BakedProject(tmp_path / "clone", project.answers)
        project.run("git", "clone", "--quiet", project.path, clone.path)
        job = jobs(clone)[name]
        variables = filled_in(job.variables, clone.path, address)
        variables |= {"CI": "true", "PATH": runner_paths[clone.answers["ci"]]}
        variables |= FEW_TESTS
        restore_packages(variables)
        return "".join(clone.run("bash", "-ec", step, **variables) for step in job.steps)

    return run_job


def filled_in(variables: Mapping[str, str], folder: Path, address: str) -> dict[str, str]:
    """Fill in variables as runners do, with the address of another database server."""
    return {
        name: re.sub("(?<=@)[^/]+", address, value.replace("$CI_PROJECT_DIR", str(folder)))
        for name, value in variables.items()
    }


def restore_packages(variables: Mapping[str, str]) -> None:
    """Fill the folder that GitLab keeps from one pipeline to the next."""
    if kept := variables.get("UV_CACHE_DIR"):
        machines = subprocess.run([UV, "cache", "dir"], capture_output=True, check=True, text=True)
        Path(kept).symlink_to(machines.stdout.strip())


@pytest.mark.parametrize("name", JOBS)
@pytest.mark.parametrize("ci", HOSTS)
def test_a_job_passes_on_sqlite(ci: str, name: str, committed: Committed, run: Run) -> None:
    assert run(committed(ci=ci, database="sqlite"), name)


@pytest.fixture(scope="module")
def database_url(request: pytest.FixtureRequest) -> Generator[str]:
    with server(request.param) as url:
        yield url


@pytest.mark.parametrize("ci", HOSTS)
@pytest.mark.parametrize(("database", "database_url"), KINDS, indirect=["database_url"])
def test_a_job_passes_on_a_server(
    ci: str, database: str, database_url: str, committed: Committed, run: Run
) -> None:
    project = committed(ci=ci, database=database)
    address = database_url.rpartition("@")[2].partition("/")[0]
    urls = filled_in(jobs(project)["database"].variables, project.path, address)
    assert urls["DATABASE_URL"] == urls["TEST_DATABASE_URL"] == database_url
    assert " passed" in run(project, "database", address)


def test_a_model_without_a_migration_turns_a_pipeline_red(committed: Committed, run: Run) -> None:
    project = committed(ci="gitlab", database="sqlite", project_slug="broken")
    with (project.path / "app" / "models" / "post.py").open("a") as model:
        model.write("    mood: Mapped[str | None]\n")
    project.run("git", *COMMIT, "--all")
    with pytest.raises(AssertionError, match="add_column"):
        run(project, "database")


def test_every_step_is_run_above_but_those_that_cannot_be(bake: Bake, committed: Committed) -> None:
    runs = [
        *product(HOSTS, ["sqlite"], JOBS),
        *product(HOSTS, [kind.values[0] for kind in KINDS], ["database"]),
    ]
    run_above = [jobs(committed(ci=ci, database=database))[name] for ci, database, name in runs]
    every_job = [job for variant in PIPELINES for job in jobs(bake(**SMALLEST, **variant)).values()]
    assert steps(every_job) - steps(run_above) == NOT_RUN
    assert {action for job in every_job for action in job.uses} == ACTIONS


def steps(of: Iterable[Job]) -> set[str]:
    """Return the different steps of jobs."""
    return {step for job in of for step in job.steps}


def test_the_folder_that_is_kept_is_that_of_the_packages(committed: Committed) -> None:
    pipeline = yaml.safe_load(committed(ci="gitlab", database="sqlite").read(GITLAB))
    kept = [
        f"$CI_PROJECT_DIR/{path}".removesuffix("/")
        for path in pipeline["default"]["cache"]["paths"]
    ]
    assert kept == [pipeline["variables"]["UV_CACHE_DIR"]]
