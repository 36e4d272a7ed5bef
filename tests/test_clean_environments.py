"""Projects install what they declare, and nothing else, and pass their own checks with it."""

import pytest

from flask_service_extensions.rendering import ROOT
from tests.baking import Bake, BakedProject
from tests.variants import BAREST, EXTENT, EXTREMES, FULLEST, WIDE_OPTIONS, Variant, covering

# Environments of hooks take a while to build and are the same for all projects.
HOOK_ENVIRONMENTS = ROOT / ".venv" / "pre-commit"


# The default, both extremes, and every choice once: more combinations run in one environment.
VARIANTS = covering(WIDE_OPTIONS, 1, EXTREMES)
# With these, `make test` has to start and to find its database.
FEW_TESTS = {
    "PYTEST_ADDOPTS": "--cov-fail-under=0 tests/db tests/api/test_health.py",
    "PYTEST_XDIST_AUTO_NUM_WORKERS": "0",  # two would start longer than the tests take
}


@pytest.fixture(scope="module", params=VARIANTS, ids=str)
def project(request: pytest.FixtureRequest, bake: Bake, path_with_uv: str) -> BakedProject:
    project = bake(**request.param)
    project.run("make", "setup", PATH=path_with_uv)
    return project


def test_make_check_passes(project: BakedProject, path_with_uv: str) -> None:
    project.run("make", "check", PATH=path_with_uv)


def test_make_test_passes(project: BakedProject, path_with_uv: str) -> None:
    assert " passed" in project.run("make", "test", PATH=path_with_uv, **FEW_TESTS)


@pytest.mark.parametrize("variant", EXTREMES, ids=str)
def test_all_tests_pass(variant: Variant, bake_code: Bake, path_with_uv: str) -> None:
    project = bake_code(**variant)
    project.run("make", "setup", PATH=path_with_uv)
    # Measuring takes half as long as the tests.
    is_covered = variant != FULLEST or EXTENT != "pairs"
    command = ["make", "test"] if is_covered else [".venv/bin/pytest", "-n", "auto"]
    printed = project.run(*command, PATH=path_with_uv)
    assert " passed" in printed
    assert ("Required test coverage of 90.0% reached" in printed) == is_covered


def test_pre_commit_changes_nothing(project: BakedProject, path_with_uv: str) -> None:
    project.run("git", "add", "--all")
    hooks = {"PATH": path_with_uv, "PRE_COMMIT_HOME": str(HOOK_ENVIRONMENTS)}
    project.run(".venv/bin/pre-commit", "run", "--all-files", **hooks)
    project.run("git", "diff", "--exit-code")


@pytest.mark.parametrize("project", VARIANTS[:1], ids=str, indirect=True)
def test_pre_commit_sees_what_is_untidy(project: BakedProject, path_with_uv: str) -> None:
    (project.path / "app" / "untidy.py").write_text("import os \n")
    project.run("git", "add", "--all")
    hooks = {"PATH": path_with_uv, "PRE_COMMIT_HOME": str(HOOK_ENVIRONMENTS)}
    done = project.attempt(".venv/bin/pre-commit", "run", "ruff-check", "--all-files", **hooks)
    assert done.returncode == 1
    assert "files were modified by this hook" in done.stdout


@pytest.mark.parametrize("project", VARIANTS[:1], ids=str, indirect=True)
def test_make_fmt_repairs_what_is_untidy(project: BakedProject, path_with_uv: str) -> None:
    (project.path / "app" / "untidy.py").write_text('"""Untidy."""\nimport os\nx = [ 1 ]\n')
    project.run("make", "fmt", PATH=path_with_uv)
    assert project.read("app/untidy.py") == '"""Untidy."""\n\nx = [1]\n'


def test_pip_is_enough_where_there_is_no_uv(bake: Bake, plain_path: str) -> None:
    project = bake(**BAREST)
    project.run("make", "setup", "check", "test", PATH=plain_path, PIP_USER="1", **FEW_TESTS)
    assert not (project.path / "uv.lock").exists()
