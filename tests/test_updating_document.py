"""The commands of docs/updating.md run in a generated service, in the order of the page."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from cookiecutter.main import cookiecutter

from flask_service_extensions.rendering import CONTEXT, PROJECT_FOLDER, ROOT
from tests import newer_template
from tests.baking import clean_environment
from tests.environments import SERVICE_ENVIRONMENT
from tests.linked import LinkedProject, create, git
from tests.variants import Variant, choices

PAGE = (ROOT / PROJECT_FOLDER / "docs" / "updating.md").read_text("utf-8")
LINKING = PAGE.index("## Link")
ANSWERS = Variant(auth="none", admin=False)
PERSON = {"EMAIL": "ada@example.com", "GIT_AUTHOR_NAME": "Ada", "GIT_COMMITTER_NAME": "Ada"}


def commands(text: str) -> list[str]:
    """Return the commands of a part of the page."""
    blocks = re.findall(r"```console\n(.*?)```", text, re.DOTALL)
    return "".join(blocks).splitlines()


def run(project: Path, command: str, path: str, typed: str = "") -> str:
    """Run a command as the page shows it."""
    quick = {"PYTEST_ADDOPTS": "--cov-fail-under=0 -n0 tests/test_wsgi.py", **PERSON}
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=project,
        env=clean_environment(PATH=path, **quick),
        input=typed,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in ({0, 1} if "cruft check" in command else {0}), (
        f"{command}: {done.stdout}{done.stderr}"
    )
    return done.stdout


def install(project: Path) -> None:
    """Stand in for `make setup`, which other tests run: share the environment of all tests."""
    (project / ".venv").mkdir(exist_ok=True)
    for name in ("bin", "lib", "pyvenv.cfg"):
        (project / ".venv" / name).symlink_to(SERVICE_ENVIRONMENT / name)
    if not (project / ".venv" / "cruft-2").exists():
        (project / ".venv" / "cruft-2").symlink_to(ROOT / ".venv")
    os.utime(project / "pyproject.toml", (0, 0))
    (project / ".venv" / ".installed").touch()


def test_the_page_has_the_commands_of_each_part() -> None:
    assert len(commands(PAGE)) > len(commands(PAGE[LINKING:])) == 2


@pytest.mark.usefixtures("environment")
def test_the_commands_for_updates_run(repository: Path, tmp_path: Path, plain_path: str) -> None:
    shutil.copytree(repository, tmp_path / "template")
    project = create(tmp_path / "template", tmp_path / "service")
    newer_template.change(tmp_path / "template")
    install(project.path)
    for command in commands(PAGE[:LINKING]):
        run(project.path, command, plain_path)
    assert "Update from the template" in git(project.path, "log")
    assert git(project.path, "status", "--porcelain") == ""


@pytest.mark.usefixtures("environment")
def test_a_service_of_plain_cookiecutter_joins(
    repository: Path, tmp_path: Path, plain_path: str, cookiecutter_config: Path
) -> None:
    path = Path(
        cookiecutter(
            str(repository),
            no_input=True,
            extra_context=dict(ANSWERS),
            output_dir=str(tmp_path),
            config_file=str(cookiecutter_config),
        )
    )
    install(path)
    project = LinkedProject(path, ANSWERS)
    project.commit()
    revision = git(repository, "rev-parse", "HEAD").strip()
    link, diff = commands(PAGE[LINKING:])
    link = link.replace("COMMIT", revision).replace("ADDRESS", str(repository))
    run(project.path, link, plain_path, typed=typed_answers())
    assert run(project.path, diff, plain_path) == ""
    assert project.tool("check").returncode == 0
    project.commit()
    run(project.path, "make template-set auth=session", plain_path)
    assert (project.path / "app" / "security" / "session.py").exists()


def typed_answers() -> str:
    """Return what is typed at the questions, and at the one for the commit."""
    lines = []
    for option in (option for option in CONTEXT if not option.startswith("_")):
        given = ANSWERS.get(option)
        lines.append("n" if given is False else "")
        if isinstance(given, str):
            lines[-1] = str(1 + choices(option).index(given))
    return "\n".join([*lines, "", ""])


@pytest.mark.parametrize(("path", "installs"), [("path_with_uv", False), ("plain_path", True)])
def test_cruft_comes_from_a_place_of_its_own(
    path: str, *, installs: bool, repository: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    project = create(repository, tmp_path)
    shutil.rmtree(project.path / ".venv")
    assert "up to date" in project.tool("cruft", "check", PATH=request.getfixturevalue(path)).stdout
    assert (project.path / ".venv" / "cruft-2").exists() == installs
    assert git(project.path, "status", "--porcelain") == ""
