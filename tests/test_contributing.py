"""Take the five steps of CONTRIBUTING.md with a made-up option in a copy of the template."""

import subprocess
from pathlib import Path

import pytest

from flask_service_extensions.rendering import ROOT
from tests.baking import BakedProject, clean_environment
from tests.made_up_options import STEPS, template_with
from tests.motto import MOTTO

WITH, WITHOUT = "motto-jwt-admin-pages", "no_motto-jwt-admin-no_pages"
# Tests of the copy that a new option concerns; they run for the default with and without it. The
# option's own tests run below.
SELECTION = (
    "test_variants or source_keeps_to or few_files or few_blocks or every_option or readme_lists"
    f" or picture or (test_hook and (motto or table or {WITH} or {WITHOUT}))"
    f" or ((row_survives or test_settings_table) and {WITH})"
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
    return template_with(tmp_path_factory.mktemp("template"), MOTTO)


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
        f"test_document_ends_with_a_row_for_each[{WITH}-docs/settings.md]",
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
