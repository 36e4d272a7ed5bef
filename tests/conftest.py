"""Fixtures for all tests."""

import os
import shutil
import sys
from collections.abc import Generator
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest
import yaml
from pytest_cookies.plugin import Cookies

from flask_service_extensions.reserved import PYPROJECT
from tests import reads
from tests.baking import Bake, BakedProject, bake_with, copy_template, remove_all_but_code
from tests.dependencies import distributions_by_module
from tests.environments import SERVICE_ENVIRONMENT, SERVICE_PYTHON, UV
from tests.linked import template_in_git
from tests.variants import Variant

pytest_plugins = ["tests.plugins.remembering"]

# Begun last, they would keep one process busy for minutes after the other one has ended.
LONG = {"test_databases.py", "test_schemathesis.py", "test_switching.py"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest."""
    assert all(Path(__file__).with_name(name).exists() for name in LONG)
    items.sort(key=lambda item: item.path.name not in LONG)


@pytest.fixture(scope="session")
def unchanging_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the template that does not change while the tests run."""
    with reads.recorded():  # who bakes, depends on the project, not on all of the template
        return copy_template(tmp_path_factory.mktemp("template"))


@pytest.fixture(scope="session")
def template(unchanging_template: Path) -> Path:
    """Return the copy for tests that depend on all of it."""
    reads.record(reads.Reads(everything=True))
    return unchanging_template


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the template under version control, which the tests of a file may change."""
    return template_in_git(tmp_path_factory.mktemp("template"))


@pytest.fixture(scope="session")
def bake_copy(
    cookies_session: Cookies, unchanging_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Generator[Bake]:
    """Bake a project once for the same answers, and return a copy each time, which is faster."""
    copies = tmp_path_factory.mktemp("copies")

    @cache
    def bake_once(answers: Variant) -> BakedProject:
        return bake_with(cookies_session, unchanging_template, answers)

    def bake_project(**answers: Any) -> BakedProject:
        with reads.recorded():  # cookiecutter reads no more than what is recorded
            made = bake_once(Variant(answers))
            copy = Path(mkdtemp(dir=copies)) / made.path.name
            shutil.copytree(made.path, copy, symlinks=True)
        return BakedProject(copy, made.answers)

    yield bake_project
    shutil.rmtree(copies)


@pytest.fixture(scope="session")
def bake(bake_copy: Bake) -> Bake:
    """Bake a project from answers given by name; unknown answers are an error."""

    def bake_project(**answers: Any) -> BakedProject:
        reads.record_render(answers)
        return bake_copy(**answers)

    return bake_project


@pytest.fixture(scope="session")
def bake_code(bake_copy: Bake) -> Bake:
    """Bake a project and keep its code: its tests are not repeated for a changed document."""

    def bake_project(**answers: Any) -> BakedProject:
        reads.record_render(answers, only_code=True)
        return remove_all_but_code(bake_copy(**answers))

    return bake_project


@pytest.fixture(scope="session")
def cookiecutter_config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keep what cookiecutter remembers out of the home folder."""
    folder = tmp_path_factory.mktemp("cookiecutter")
    config = folder / "config.yaml"
    config.write_text(
        yaml.safe_dump({"replay_dir": str(folder / "replay"), "cookiecutters_dir": str(folder)})
    )
    return config


@pytest.fixture(scope="session")
def environment() -> Path:
    """Return the interpreter of the environment with everything that any variant declares."""
    made = SERVICE_ENVIRONMENT / "ready"
    current = made.exists() and made.stat().st_mtime >= PYPROJECT.stat().st_mtime
    assert current, "the environment of the services is missing or outdated: run make setup"
    return SERVICE_PYTHON


@pytest.fixture(scope="session")
def plain_path(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return a PATH like that of a machine with Python, git and make, and no more."""
    folder = tmp_path_factory.mktemp("path")
    (folder / "python3").symlink_to(Path(sys.base_prefix) / "bin" / "python3")
    return os.pathsep.join([str(folder), "/usr/bin", "/bin"])


@pytest.fixture(scope="session")
def path_with_uv(plain_path: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the PATH of a machine that has uv, too."""
    folder = tmp_path_factory.mktemp("uv")
    (folder / "uv").symlink_to(UV)
    return os.pathsep.join([str(folder), plain_path])


@pytest.fixture(scope="session")
def script_variables(path_with_uv: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return where `scripts/template.py` finds uv, and installs the command line."""
    cache = tmp_path_factory.mktemp("cache")
    return {"PATH": path_with_uv, "FLASK_SERVICE_CACHE": str(cache)}


@pytest.fixture(scope="session")
def provided(environment: Path) -> dict[str, set[str]]:
    """Return which distributions provide each module."""
    return distributions_by_module(environment)
