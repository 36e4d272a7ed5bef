"""The table of the post-generation hook is true, and the hook needs nothing from outside."""

import ast
import runpy
import subprocess
import sys
from pathlib import Path, PurePath

import pytest

from flask_service_extensions.rendering import PROJECT_FOLDER, ROOT
from tests.baking import Bake, clean_environment
from tests.variants import CODE_OPTIONS, CODE_VARIANTS, WIDE_OPTIONS, choices, one_by_one

HOOK = ROOT / "hooks" / "post_gen_project.py"
FEATURE_PATHS = runpy.run_path(str(HOOK))["FEATURE_PATHS"]
OTHERS = one_by_one(option for option in WIDE_OPTIONS if option not in CODE_OPTIONS)
PATHS = [path for _, paths in FEATURE_PATHS.values() for path in paths]


@pytest.mark.parametrize("feature", FEATURE_PATHS)
def test_a_feature_belongs_to_choices_that_exist(feature: str) -> None:
    brought_by, _ = FEATURE_PATHS[feature]
    assert all(set(has_it) < set(choices(option)) for option, has_it in brought_by.items())


@pytest.mark.parametrize("path", PATHS)
def test_a_path_of_the_table_exists_in_the_template(path: str) -> None:
    assert (ROOT / PROJECT_FOLDER / path).exists()


def test_no_path_is_listed_twice() -> None:
    assert len(set(PATHS)) == len(PATHS) > 0


@pytest.mark.parametrize("variant", [*CODE_VARIANTS, *OTHERS], ids=str)
def test_a_project_has_the_paths_of_what_was_chosen_and_no_others(
    variant: dict[str, object], bake: Bake
) -> None:
    project = bake(**variant)
    gone = {
        path
        for brought_by, paths in FEATURE_PATHS.values()
        for path in paths
        if not any(project.answers[option] in has_it for option, has_it in brought_by.items())
    }
    left = [path for path in PATHS if not gone.intersection([path, *ancestors(path)])]
    assert [path for path in PATHS if (project.path / path).exists()] == left


def ancestors(path: str) -> list[str]:
    """Return the folders around a path."""
    return [parent.as_posix() for parent in PurePath(path).parents]


def run_hook(folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the hook on an empty table and a made-up answer."""
    source = HOOK.read_text("utf-8").replace(
        "{{ cookiecutter | tojson }}", '{"project_slug": "made-up"}'
    )
    source = source.replace("remove_unchosen(ANSWERS)", "")
    environment = clean_environment(**variables)
    return subprocess.run(
        [sys.executable, "-c", source],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )


def test_a_path_that_does_not_exist_stops_the_generation(tmp_path: Path) -> None:
    module = runpy.run_path(str(HOOK))
    module["FEATURE_PATHS"].clear()
    module["FEATURE_PATHS"]["users"] = ({"auth": ["jwt"]}, [str(tmp_path / "missing.py")])
    with pytest.raises(SystemExit, match=r"missing\.py, which the template does not have"):
        module["remove_unchosen"]({"auth": "jwt"})


def test_a_repository_is_started_where_there_is_none(tmp_path: Path) -> None:
    run_hook(tmp_path)
    assert (tmp_path / ".git" / "HEAD").read_text() == "ref: refs/heads/main\n"


def test_no_repository_is_started_inside_another(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    (tmp_path / "service").mkdir()
    run_hook(tmp_path / "service")
    assert not list((tmp_path / "service").iterdir())


def test_no_repository_is_started_without_git(tmp_path: Path) -> None:
    run_hook(tmp_path, PATH=str(tmp_path))
    assert not list(tmp_path.iterdir())


def test_the_hook_prints_three_next_commands(tmp_path: Path) -> None:
    commands = [
        line.strip() for line in run_hook(tmp_path).stdout.splitlines() if line.startswith("  ")
    ]
    assert commands == ["cd made-up", "make setup", "make run"]


def test_the_hook_is_silent_when_a_project_is_rendered_for_comparison(tmp_path: Path) -> None:
    assert run_hook(tmp_path, COOKIECUTTER_QUIET="1").stdout == ""


def test_the_hook_is_short_and_needs_the_standard_library_only() -> None:
    source = HOOK.read_text("utf-8")
    imported = {
        alias.name
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    imported |= {
        node.module or ""
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom)
    }
    assert imported <= set(sys.stdlib_module_names)
    assert len(source[source.index("def ") :].splitlines()) < 60
