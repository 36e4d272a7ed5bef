"""Take the five steps of CONTRIBUTING.md with a made-up option in a copy of the template."""

import subprocess
from pathlib import Path

import pytest

from flask_service_extensions.rendering import PROJECT_FOLDER, ROOT
from tests.baking import clean_environment, copy_template

FEATURE = '''"""`flask motto`: what the service says about itself."""

import click
from flask import Blueprint

blp = Blueprint("motto", __name__, cli_group=None)


@blp.cli.command("motto")
def motto() -> None:
    """Print the motto."""
    click.echo("Bake it.")
'''
ROW = """    Feature(
        "motto",
        brought_by={"motto": (True,)},
        paths=("app/commands/motto.py",),
        sentinel=Sentinel("app/commands/motto.py"),
    ),
"""
MARKED = "    # @if cookiecutter.motto\n    {},\n    # @endif\n"
MARKER = "# @if cookiecutter.motto\n# `flask motto` prints the motto.\n# @endif\n"


def replace(path: Path, old: str, new: str) -> None:
    """Change one place of a file."""
    text = path.read_text("utf-8")
    assert text.count(old) == 1, f"{path}: {old}"
    path.write_text(text.replace(old, new), "utf-8")


def ask(template: Path) -> None:
    """Step 1: the option and its prompt."""
    file = template / "cookiecutter.json"
    replace(file, '  "auth": [', '  "motto": true,\n  "auth": [')
    replace(file, '    "auth": {\n', '    "motto": "Does it have a motto?",\n    "auth": {\n')


def write_whole_files(template: Path) -> None:
    """Step 2: the feature, and its row in the tables of the hook and of the check."""
    (template / PROJECT_FOLDER / "app" / "commands" / "motto.py").write_text(FEATURE, "utf-8")
    file = template / "flask_service_extensions" / "features.py"
    replace(file, "\nFEATURES = (\n", f"\nFEATURES = (\n{ROW}")


def mark_shared_files(template: Path) -> None:
    """Step 3: what the option changes inside a file that every project has."""
    commands = template / PROJECT_FOLDER / "app" / "commands" / "__init__.py"
    replace(commands, "    seed,\n", MARKED.format("motto") + "    seed,\n")
    replace(commands, "    seed.blp,\n", MARKED.format("motto.blp") + "    seed.blp,\n")
    file = template / PROJECT_FOLDER / ".env.example"
    file.write_text(MARKER + file.read_text("utf-8"), "utf-8")


def say_what_it_means(template: Path) -> None:
    """Step 4: it changes Python."""
    replace(template / "tests" / "variants.py", '("auth", "admin")', '("motto", "auth", "admin")')


def describe(template: Path) -> None:
    """Step 5: its row in the README."""
    command = [".venv/bin/python", "-m", "tests.options"]
    subprocess.run(command, cwd=template, env=clean_environment(), check=True)


STEPS = (ask, write_whole_files, mark_shared_files, say_what_it_means, describe)
NOT_HERE = ("--ignore=tests/test_contributing.py", "--ignore=tests/test_code_variants.py")
# The tests that see a new option before any project runs.
PROOF = (
    "test_variants or test_hook or source_keeps_to or every_option or (contradict and motto)"
    " or test_no_product_fails"
)


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Take the steps and return what the proof says."""
    template = copy_template(tmp_path_factory.mktemp("template"))
    (template / ".venv").symlink_to(ROOT / ".venv")
    subprocess.run(["git", "init", "--quiet"], cwd=template, check=True)
    for step in STEPS:
        step(template)
    command = [".venv/bin/python", "-m", "pytest", "-v", "-n", "0", "-k", PROOF, *NOT_HERE]
    done = subprocess.run(
        command, cwd=template, env=clean_environment(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.mark.parametrize(
    "test",
    [
        "test_the_readme_lists_every_option_with_its_choices",
        "test_every_option_has_a_prompt_in_plain_words",
        "test_a_feature_belongs_to_choices_that_exist[motto]",
        "test_a_project_has_the_paths_of_what_was_chosen_and_no_others[no_motto-jwt-admin]",
        "test_answers_that_contradict_the_files_are_found[motto-False]",
        "test_no_product_fails[types]",
    ],
)
def test_an_option_that_took_the_five_steps_is_proven(test: str, printed: str) -> None:
    assert f"{test} PASSED" in printed


def test_the_steps_are_those_of_the_document() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    section = text[text.index("## Add an option in five steps") :]
    assert [line[:2] for line in section.splitlines() if line[1:2] == "."] == [
        "1.",
        "2.",
        "3.",
        "4.",
        "5.",
    ]
