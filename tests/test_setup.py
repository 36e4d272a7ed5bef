"""`make setup` of a service works, or says what to do, wherever it is run."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.baking import Bake, BakedProject

WORKSPACE = """
[project]
name = "workspace"
version = "0"
requires-python = ">=3.11"

[tool.uv.workspace]
members = ["*"]
"""
RUNS = (".venv/bin/flask", "routes")


@pytest.fixture
def project(bake: Bake, tmp_path: Path) -> BakedProject:
    """Bake the smallest service into a folder of its own."""
    baked = bake(auth="none", admin=False, database="sqlite", docker=False, ci="none")
    folder = shutil.copytree(baked.path, tmp_path / "code" / "service")
    return BakedProject(folder, baked.answers)


@pytest.fixture
def setup(path_with_uv: str) -> Callable[..., None]:
    """Run `make setup` with uv, and see that commands of the service run afterwards."""

    def setup(project: BakedProject, **variables: str) -> None:
        project.run("make", "setup", PATH=path_with_uv, **variables)
        assert (project.path / ".venv" / "bin" / "flask").exists()
        assert "health.Liveness" in project.run(*RUNS, APP_ENV="development")

    return setup


def test_in_a_workspace_of_uv_it_has_an_environment_of_its_own(
    project: BakedProject, setup: Callable[..., None]
) -> None:
    (project.path.parent / "pyproject.toml").write_text(WORKSPACE, "utf-8")
    setup(project)


def test_an_environment_configured_elsewhere_is_not_used(
    project: BakedProject, setup: Callable[..., None], tmp_path: Path
) -> None:
    setup(project, UV_PROJECT_ENVIRONMENT=str(tmp_path / "elsewhere"))
    assert not (tmp_path / "elsewhere").exists()


def test_after_the_folder_was_renamed_it_is_made_anew(
    project: BakedProject, setup: Callable[..., None]
) -> None:
    setup(project)
    renamed = project.path.rename(project.path.with_name("renamed"))
    setup(BakedProject(renamed, project.answers))


def test_after_the_interpreter_went_away_it_is_made_anew(
    project: BakedProject, setup: Callable[..., None]
) -> None:
    setup(project)
    python = project.path / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to("/nowhere/python3")
    setup(project)


@pytest.mark.parametrize("version", ["3.9", "none"])
def test_an_old_python_is_refused_with_one_sentence(
    version: str, project: BakedProject, plain_path: str, tmp_path: Path
) -> None:
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\nexit 1\n")
    python.chmod(0o755)
    chosen = str(python) if version == "3.9" else ""
    done = project.attempt("make", "setup", f"PYTHON={chosen}", PATH=plain_path)
    assert done.returncode != 0
    assert "Python 3.11 or newer is needed" in done.stdout
    assert not (project.path / ".venv").exists()


def test_a_foreign_package_of_the_same_name_changes_nothing(
    project: BakedProject, environment: Path, tmp_path: Path
) -> None:
    for name in ("app", "tests", "migrations", "wsgi"):
        (tmp_path / "foreign" / name).mkdir(parents=True)
        (tmp_path / "foreign" / name / "__init__.py").write_text("raise SystemExit('foreign')\n")
    foreign = {"PYTHONPATH": str(tmp_path / "foreign"), "APP_ENV": "development"}
    assert "health.Liveness" in project.run(environment.with_name("flask"), "routes", **foreign)
    project.run(environment.with_name("gunicorn"), "--check-config", "wsgi:app", **foreign)
    one_test = ("tests/api/test_health.py", "-p", "no:randomly")
    assert " passed" in project.run(environment.with_name("pytest"), *one_test, **foreign)
