"""The commands of docs/updating.md run in a generated service, in the order of the page."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from flask_service_extensions.rendering import CONTEXT, PROJECT_FOLDER, ROOT
from tests import newer_template
from tests.baking import clean_environment
from tests.environments import SERVICE_ENVIRONMENT
from tests.linked import create, git
from tests.variants import Variant, choices

PAGE = (ROOT / PROJECT_FOLDER / "docs" / "updating.md").read_text("utf-8")
LINKING = PAGE.index("## Link")
ANSWERS = Variant(auth="none", admin=False)
AUTHOR = {"EMAIL": "ada@example.com", "GIT_AUTHOR_NAME": "Ada", "GIT_COMMITTER_NAME": "Ada"}


def commands(text: str) -> list[str]:
    """Return the commands of a part of the page."""
    blocks = re.findall(r"```console\n(.*?)```", text, re.DOTALL)
    return "".join(blocks).splitlines()


def run(project: Path, command: str, variables: dict[str, str], typed: str = "") -> str:
    """Run a command as the page shows it."""
    quick = {"PYTEST_ADDOPTS": "--cov-fail-under=0 -n0 tests/test_wsgi.py", **AUTHOR, **variables}
    done = subprocess.run(
        ["bash", "-c", command.replace("python ", "python3 ")],
        cwd=project,
        env=clean_environment(**quick),
        input=typed,
        capture_output=True,
        text=True,
        check=False,
    )
    status = git(project, "status", "--short")
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}{status}"
    return done.stdout


def install(project: Path) -> None:
    """Stand in for `make setup`, which other tests run: share the environment of all tests."""
    (project / ".venv").mkdir(exist_ok=True)
    for name in ("bin", "lib", "pyvenv.cfg"):
        (project / ".venv" / name).symlink_to(SERVICE_ENVIRONMENT / name)
    os.utime(project / "pyproject.toml", (0, 0))
    (project / ".venv" / ".installed").write_text(f"{project}\n", "utf-8")


def test_the_page_has_the_commands_of_each_part() -> None:
    assert len(commands(PAGE)) > len(commands(PAGE[LINKING:])) == 1


@pytest.mark.usefixtures("environment")
def test_the_commands_for_updates_run(
    repository: Path, tmp_path: Path, script_variables: dict[str, str]
) -> None:
    shutil.copytree(repository, tmp_path / "template")
    project = create(tmp_path / "template", tmp_path / "service")
    newer_template.change(tmp_path / "template")
    install(project.path)
    for command in commands(PAGE[:LINKING]):
        run(project.path, command, script_variables)
    assert "Update from the template" in git(project.path, "log")
    assert git(project.path, "status", "--porcelain") == ""


def test_a_service_without_a_record_is_linked(
    repository: Path, tmp_path: Path, script_variables: dict[str, str]
) -> None:
    project = create(repository, tmp_path, **ANSWERS)
    recorded = project.read(".cruft.json")
    (project.path / ".cruft.json").unlink()
    project.commit()
    (link,) = commands(PAGE[LINKING:])
    revision = git(repository, "rev-parse", "HEAD").strip()
    link = link.replace("COMMIT", revision).replace("URL", str(repository))
    printed = run(project.path, link, script_variables, typed=typed_answers())
    assert printed.endswith(".cruft.json is written: commit it.\n")
    assert project.read(".cruft.json") == recorded
    project.commit()
    run(project.path, "make template-set auth=session", script_variables)
    assert (project.path / "app" / "security" / "session.py").exists()


def typed_answers() -> str:
    """Return what is typed at the questions; the name of the folder is not its default."""
    lines = []
    for option in (option for option in CONTEXT if not option.startswith("_")):
        given = {**ANSWERS, "project_slug": "bakery"}.get(option)
        lines.append("n" if given is False else "")
        if option == "project_slug":
            lines[-1] = "bakery"
        elif isinstance(given, str):
            lines[-1] = str(1 + choices(option).index(given))
    return "\n".join([*lines, ""])
