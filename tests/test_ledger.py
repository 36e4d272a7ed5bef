"""Tests that passed are remembered until something that they depended on changes."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from flask_service_extensions.rendering import PROJECT_FOLDER, ROOT
from tests import reads
from tests.baking import clean_environment, copy_template
from tests.ledger import Ledger

MADE_UP = '''"""Made up."""

from flask_service_extensions.rendering import ROOT


def test_that_reads_a_file():
    assert (ROOT / "README.md").read_text("utf-8")


def test_that_bakes(bake):
    assert bake(auth="none", admin=False).files()


def test_that_fails():
    assert not ROOT
'''
FIRST_MODULE = '''"""A module whose last test is remembered."""

from flask_service_extensions.rendering import ROOT


def test_that_fails():
    assert not ROOT


def test_that_reads_a_file():
    assert (ROOT / "README.md").read_text("utf-8")
'''
ALL_RUN = {"passed": 2, "failed": 1}
SESSION = f"{PROJECT_FOLDER}/app/security/session.py"
SHARED = f"{PROJECT_FOLDER}/app/exceptions.py"


@pytest.fixture
def template(tmp_path: Path) -> Path:
    """Return a copy of the template with made-up tests."""
    folder = copy_template(tmp_path / "template")
    (folder / ".venv").symlink_to(ROOT / ".venv")
    subprocess.run(["git", "init", "--quiet"], cwd=folder, check=True)
    (folder / "tests" / "test_made_up.py").write_text(MADE_UP, "utf-8")
    return folder


def run(template: Path, *options: str) -> dict[str, int]:
    """Run the made-up tests and return how many ended how."""
    ledger = f"--ledger={template.parent / 'ledger'}"
    command = [".venv/bin/python", "-m", "pytest", "-n", "0", ledger, *options]
    done = subprocess.run(
        [*command, *sorted((template / "tests").glob("test_made_up*.py"))],
        cwd=template,
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    last = done.stdout.splitlines()[-1]
    return {
        word: int(count) for count, word in re.findall(r"(\d+) (passed|failed|remembered)", last)
    }


def append(template: Path, name: str) -> None:
    """Change a byte."""
    with (template / name).open("a") as file:
        file.write("#")


def test_a_pass_is_remembered_and_a_failure_is_not(template: Path) -> None:
    assert run(template) == ALL_RUN
    assert run(template) == {"remembered": 2, "failed": 1}
    assert run(template, "--fresh") == ALL_RUN


def test_a_pass_is_remembered_when_python_has_compiled_what_is_imported(template: Path) -> None:
    (template / "tests" / "test_made_up.py").write_text(
        "from tests.motto import MOTTO\n\n\ndef test_motto():\n    assert MOTTO.name\n", "utf-8"
    )
    assert run(template) == {"passed": 1}
    assert [*(template / "tests" / "__pycache__").glob("motto.*")]
    assert run(template) == {"remembered": 1}


def test_a_module_may_end_with_a_test_that_is_remembered(template: Path) -> None:
    (template / "tests" / "test_made_up.py").unlink()
    for name in ("test_made_up_1.py", "test_made_up_2.py"):
        (template / "tests" / name).write_text(FIRST_MODULE, "utf-8")
    assert run(template) == {"passed": 2, "failed": 2}
    assert run(template) == {"remembered": 2, "failed": 2}


@pytest.mark.parametrize(
    ("name", "passed"),
    [("README.md", 1), (SHARED, 1), (SESSION, 0), ("tests/test_variants.py", 0)],
)
def test_a_changed_byte_makes_what_reads_it_run_again(
    name: str, passed: int, template: Path
) -> None:
    assert run(template) == ALL_RUN
    append(template, name)
    counts = run(template)
    assert counts.get("passed", 0) == passed
    assert counts.get("remembered", 0) == 2 - passed


@pytest.mark.parametrize(
    "name", ["tests/test_made_up.py", "tests/baking.py", "hooks/post_gen_project.py"]
)
def test_changed_harness_makes_what_uses_it_run_again(name: str, template: Path) -> None:
    assert run(template) == ALL_RUN
    append(template, name)
    assert run(template)["passed"] >= 1


def test_an_opened_file_is_recorded() -> None:
    with reads.recorded() as read:
        (ROOT / "README.md").read_text("utf-8")
    assert read.files == {"README.md"}


def test_a_program_in_this_folder_reads_everything(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "pass"]
    with reads.recorded() as elsewhere:
        subprocess.run(command, cwd=tmp_path, check=True)
    with reads.recorded() as here:
        subprocess.run(command, cwd=ROOT, check=True)
    with reads.recorded() as named:
        subprocess.run([*command, str(ROOT / "README.md")], cwd=tmp_path, check=True)
    assert [read.everything for read in (elsewhere, here, named)] == [False, True, True]


def test_what_is_shared_counts_for_all_who_use_it() -> None:
    read_once = reads.shared(lambda: (ROOT / "README.md").read_text("utf-8"))
    for _ in range(2):
        with reads.recorded() as read:
            read_once()
        assert read.files == {"README.md"}


def test_a_ledger_survives_what_was_not_written_to_its_end(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    (tmp_path / "key").write_text("{", "utf-8")
    assert ledger.load("key") is None
    ledger.remember("key", {"files": {}})
    assert ledger.load("key") == {"files": {}}
    ledger.forget()
    assert not ledger.knows("key")


def test_what_is_read_after_an_inner_record_counts_for_the_outer_one() -> None:
    with reads.recorded() as outer:
        with reads.recorded() as inner:
            pass
        reads.record(reads.Reads(files={"README.md"}))
    assert (outer.files, inner.files) == ({"README.md"}, set())
