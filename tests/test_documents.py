"""The documents are correct: commands run, tables are complete, paths exist."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from flask_service_extensions.rendering import ROOT
from tests.baking import Bake, clean_environment, copy_template
from tests.ledger import Ledger, digest
from tests.linked import commit, git
from tests.options import PLACE, table
from tests.terminal import PICTURE, picture, session, texts
from tests.variants import PAIRWISE_VARIANTS, Variant

DOCUMENTS = ("README.md", "CONTRIBUTING.md", "AGENTS.md", "SECURITY.md")
FENCE = re.compile(r"```console\n(.*?)```", re.DOTALL)
INLINE = re.compile(r"`((?:make |uvx |\.venv/bin/|\.ci/)[^`]*)`")
AGENTS_PATH = re.compile(r"^\| `([\w./]+)` \|", re.MULTILINE)
AGENTS_TARGET = re.compile(r"^\| `make ([\w-]+)[^`]*` \|", re.MULTILINE)
PATH = re.compile(r"`([a-z_.]+/[a-z_./]*|[a-z_]+\.[a-z]+)`")

# Tests that `make test` runs inside this test: a few seconds, and not this file again.
SELECTION = "--ignore=tests/test_documents.py -k 'table_holds or without_its_server'"
# Commands that serve or install: the tests that run them.
RUN_ELSEWHERE = {
    "make demo": "tests/test_first_minutes.py",
    "make setup": "tests/test_first_minutes.py",
    "make matrix": "tests/test_variants.py",
    "make remove-example": "tests/test_template_script.py",
    "make template-update": "tests/test_template_script.py",
    "make template-set auth=session": "tests/test_updating_document.py",
    ".ci/run": ".github/workflows/ci.yml",
}


def commands() -> Iterator[str]:
    """Yield every command in the documents."""
    for name in DOCUMENTS:
        text = (ROOT / name).read_text("utf-8")
        for lines in FENCE.findall(text):
            yield from lines.splitlines()
        yield from INLINE.findall(text)


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a committed copy of the template that shares the environments of this one."""
    folder = copy_template(tmp_path_factory.mktemp("clone"))
    (folder / ".venv").symlink_to(ROOT / ".venv")
    git(folder, "init", "--quiet")
    commit(folder)
    return folder


@pytest.mark.parametrize("command", sorted(set(commands()) - set(RUN_ELSEWHERE)))
def test_a_command_of_the_documents_runs(command: str, clone: Path) -> None:
    ledger = Ledger()
    ledger.remember(digest(command))
    own_ledger = f"--ledger={clone.parent / 'ledger'}"
    environment = clean_environment(PYTEST_ADDOPTS=f"{SELECTION} {own_ledger}")
    environment["PATH"] = f"{ROOT / '.venv' / 'bin'}:{environment['PATH']}"
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=clone,
        env=environment,
        input="\n" * 99,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert ledger.knows(digest(command)), "it forgot what this run remembers"


@pytest.mark.parametrize(("command", "name"), RUN_ELSEWHERE.items())
def test_the_other_commands_are_run_where_it_says(command: str, name: str) -> None:
    words = command.split()
    source = (ROOT / name).read_text("utf-8")
    assert command in source or '", "'.join(words) in source or words[-1] in source


def test_the_readme_lists_every_option_with_its_choices() -> None:
    written = PLACE.findall((ROOT / "README.md").read_text("utf-8"))
    assert written == [table()], "write it anew: python -m tests.options"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_paths_in_the_documents_exist(name: str) -> None:
    paths = PATH.findall((ROOT / name).read_text("utf-8"))
    assert not [path for path in paths if not (ROOT / path).exists() and path != "demo/"]


def test_the_picture_of_the_terminal_shows_what_cookiecutter_asks(tmp_path: Path) -> None:
    drawn = texts(PICTURE.read_text("utf-8"))
    assert drawn == texts(picture(session(tmp_path))), "draw it anew: python -m tests.terminal"


@pytest.mark.parametrize("variant", PAIRWISE_VARIANTS, ids=str)
def test_agents_of_a_service_names_its_targets_and_its_files(variant: Variant, bake: Bake) -> None:
    project = bake(**variant)
    document, makefile = project.read("AGENTS.md"), project.read("Makefile")
    # Written when a service needs it.
    generated = project.path / "app" / "clients"
    paths = {project.path / path for path in AGENTS_PATH.findall(document)} - {generated}
    targets = AGENTS_TARGET.findall(document)
    parts = {path for path in (project.path / "app").iterdir() if path.name != "__pycache__"}
    assert targets
    assert not [name for name in targets if not re.search(rf"^{name}:", makefile, re.MULTILINE)]
    assert not [path for path in paths if not path.exists()]
    assert not parts - paths
