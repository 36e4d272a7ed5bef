"""The table of the post-generation hook is true, and the hook needs nothing from outside."""

import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from local_extensions.rendering import PROJECT_FOLDER, ROOT
from tests.baking import Bake, clean_environment
from tests.static import imported_names
from tests.variants import CODE_VARIANTS, choices

HOOK = ROOT / "hooks" / "post_gen_project.py"
FEATURE_PATHS = runpy.run_path(str(HOOK))["FEATURE_PATHS"]
PATHS = [path for _, _, paths in FEATURE_PATHS.values() for path in paths.split()]


@pytest.mark.parametrize("feature", FEATURE_PATHS)
def test_a_feature_belongs_to_choices_that_exist(feature: str) -> None:
    option, has_it, _ = FEATURE_PATHS[feature]
    assert set(has_it) < set(choices(option))


@pytest.mark.parametrize("path", PATHS)
def test_a_path_of_the_table_exists_in_the_template(path: str) -> None:
    assert (ROOT / PROJECT_FOLDER / path).exists()


def test_no_path_is_listed_twice() -> None:
    assert len(set(PATHS)) == len(PATHS) > 0


@pytest.mark.parametrize("variant", CODE_VARIANTS, ids=str)
def test_a_project_has_the_paths_of_what_was_chosen_and_no_others(
    variant: dict[str, object], bake: Bake
) -> None:
    project = bake(**variant)
    for option, has_it, paths in FEATURE_PATHS.values():
        listed = set(paths.split())
        wanted = project.answers[option] in has_it
        there = {path for path in listed if (project.path / path).exists()}
        assert there == (listed if wanted else set())


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


def test_a_path_that_does_not_exist_stops_the_generation() -> None:
    module = runpy.run_path(str(HOOK))
    module["FEATURE_PATHS"].clear()
    module["FEATURE_PATHS"]["users"] = ("auth", ["jwt"], "missing.py")
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


def test_the_hook_needs_the_standard_library_only() -> None:
    modules = {name.split(".")[0] for name in imported_names(HOOK.read_text("utf-8"))}
    assert modules <= set(sys.stdlib_module_names)


def test_the_hook_is_short_beside_its_table() -> None:
    lines = HOOK.read_text("utf-8").splitlines()
    table = range(lines.index("FEATURE_PATHS = {"), lines.index("}"))
    assert len(lines) - len(table) < 60
