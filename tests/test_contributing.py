"""Take the five steps of CONTRIBUTING.md with a made-up option in a copy of the template."""

import os
import subprocess
from pathlib import Path

import pytest

from flask_service_extensions.rendering import PROJECT_FOLDER, ROOT
from tests import motto
from tests.baking import BakedProject, clean_environment, copy_template

SENTENCE = 'REQUIRES = (Requirement("admin", True, "auth", ("jwt", "session")),'


def replace(path: Path, old: str, new: str) -> None:
    """Change one place of a file, and keep its time: the copy shares the environments of ROOT.

    With a newer pyproject.toml, `make` would install them again, with paths of the copy.
    """
    text, times = path.read_text("utf-8"), path.stat()
    assert text.count(old) == 1, f"{path}: {old}"
    path.write_text(text.replace(old, new), "utf-8")
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def ask(template: Path) -> None:
    """Step 1: the option and its prompt."""
    file = template / "cookiecutter.json"
    replace(file, '  "auth": [', '  "motto": false,\n  "auth": [')
    replace(
        file, '    "auth": {\n', '    "motto": "Add mottos? (needs the admin)",\n    "auth": {\n'
    )


def write_whole_files(template: Path) -> None:
    """Step 2: the feature, and its row in the table of features."""
    for name, text in motto.FILES.items():
        (template / PROJECT_FOLDER / name).write_text(text, "utf-8")
    file = template / "flask_service_extensions" / "features.py"
    replace(file, "\nFEATURES = (\n", f"\nFEATURES = (\n{motto.ROW}")


def mark_shared_files(template: Path) -> None:
    """Step 3: what the option changes inside files that every project has."""
    for name, changes in motto.SHARED.items():
        for old, new in changes:
            replace(template / PROJECT_FOLDER / name, old, new)


def say_what_is_tested(template: Path) -> None:
    """Step 4: it changes Python, and it needs the admin."""
    replace(template / "tests" / "variants.py", '("auth", "admin")', '("motto", "auth", "admin")')
    file = template / "flask_service_extensions" / "answers.py"
    replace(file, SENTENCE, f'{SENTENCE} Requirement("motto", True, "admin", (True,))')


def describe(template: Path) -> None:
    """Step 5: its row in the README, its settings, and the picture of the terminal."""
    for module in ("tests.options", "tests.settings_table", "tests.terminal"):
        command = [".venv/bin/python", "-m", module]
        subprocess.run(command, cwd=template, env=clean_environment(), check=True)


STEPS = (ask, write_whole_files, mark_shared_files, say_what_is_tested, describe)
WITH, WITHOUT = "motto-jwt-admin", "no_motto-jwt-admin"
# Tests of the copy that a new option concerns; they run for the default with and without it.
SELECTION = (
    "test_variants or source_keeps_to or few_files or few_blocks or every_option or readme_lists"
    f" or picture or (test_hook and (motto or table or {WITH} or {WITHOUT}))"
    f" or ((test_code_variants or test_settings_table) and {WITH})"
)
FILES = (
    "variants",
    "template_source",
    "answers",
    "documents",
    "hook",
    "code_variants",
    "settings_table",
)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Take the steps in a copy of the template."""
    template = copy_template(tmp_path_factory.mktemp("template"))
    (template / ".venv").symlink_to(ROOT / ".venv")
    subprocess.run(["git", "init", "--quiet"], cwd=template, check=True)
    for step in STEPS:
        step(template)
    return template


@pytest.fixture(scope="module")
def report(template: Path) -> str:
    """Return the report of the copy's own tests, of which none is remembered."""
    ledger = f"--ledger={template.parent / 'ledger'}"
    command = [".venv/bin/python", "-m", "pytest", "-v", "-n", "0", ledger, "-k", SELECTION]
    done = subprocess.run(
        [*command, *(f"tests/test_{name}.py" for name in FILES)],
        cwd=template,
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.fixture(scope="module")
def service(template: Path, tmp_path_factory: pytest.TempPathFactory) -> BakedProject:
    """Generate a service with the option."""
    folder = tmp_path_factory.mktemp("service")
    command = [".venv/bin/cookiecutter", ".", "--no-input", "--output-dir", folder, "motto=yes"]
    subprocess.run(command, cwd=template, env=own_extension(template), check=True)
    return BakedProject(folder / "flask-service", {})


def own_extension(template: Path) -> dict[str, str]:
    """Return variables with which the copy's extension is found before the installed one."""
    return clean_environment(PYTHONPATH=str(template))


@pytest.mark.parametrize(
    "test",
    [
        "test_the_readme_lists_every_option_with_its_choices",
        "test_every_option_has_a_prompt_in_plain_words",
        "test_a_feature_belongs_to_choices_that_exist[motto]",
        f"test_a_project_has_the_paths_of_what_was_chosen_and_no_others[{WITH}]",
        f"test_a_project_has_the_paths_of_what_was_chosen_and_no_others[{WITHOUT}]",
        "test_a_project_has_the_sentinels_and_variables_of_what_was_chosen_and_no_others"
        f"[{WITHOUT}]",
        f"test_a_row_survives_the_migrations[{WITH}]",
        f"test_document_has_a_row_for_each_setting[{WITH}]",
    ],
)
def test_an_option_that_took_the_five_steps_is_tested(test: str, report: str) -> None:
    assert f"{test} PASSED" in report


def test_a_service_with_the_option_passes_its_checks(
    service: BakedProject, environment: Path
) -> None:
    bin_folder = environment.parent
    service.run(ROOT / ".venv" / "bin" / "ruff", "check", "--no-cache", ".")
    service.run(ROOT / ".venv" / "bin" / "ruff", "format", "--no-cache", "--check", ".")
    service.run(ROOT / ".venv" / "bin" / "ty", "check", "--python", environment)
    service.run(bin_folder / "lint-imports", "--no-cache")


def test_a_service_with_the_option_passes_its_tests(
    service: BakedProject, environment: Path
) -> None:
    tests = ("tests/admin/test_mottos.py", "tests/test_migrations.py", "tests/test_config.py")
    assert "5 passed" in service.run(environment, "-m", "pytest", "--quiet", tests[0])
    service.run(environment, "-m", "pytest", "--quiet", *tests[1:])


def test_the_option_needs_what_it_says(template: Path, tmp_path: Path) -> None:
    command = [".venv/bin/cookiecutter", ".", "--no-input", "--output-dir", tmp_path]
    done = subprocess.run(
        [*command, "motto=yes", "admin=no"],
        cwd=template,
        env=own_extension(template),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout + done.stderr == (
        "motto=True does not work with admin=False: choose admin=True.\n"
    )


def test_the_steps_are_those_of_the_document() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    section = text[text.index("## Add an option in five steps") :]
    numbers = [line[:2] for line in section.splitlines() if line[1:2] == "."]
    assert numbers == [f"{number}." for number, _ in enumerate(STEPS, start=1)]
