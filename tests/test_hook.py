"""The table of features is true, and the hooks do no more than they should."""

import ast
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path, PurePath

import pytest
from cookiecutter.exceptions import FailedHookException
from cookiecutter.main import cookiecutter

from flask_service_extensions.features import (
    FEATURES,
    Feature,
    Sentinel,
    paths,
    reserved_names,
    unchosen_paths,
)
from flask_service_extensions.rendering import PROJECT_FOLDER, ROOT
from tests.baking import Bake, clean_environment
from tests.variants import CODE_OPTIONS, PAIRWISE_CODE, WIDE_OPTIONS, choices, one_by_one

HOOKS = sorted((ROOT / "hooks").glob("*.py"))
POST_HOOK = ROOT / "hooks" / "post_gen_project.py"
OTHERS = one_by_one(option for option in WIDE_OPTIONS if option not in CODE_OPTIONS)
PATHS = list(paths())
NO_DOCKER = {"docker": False, "admin": False}
Generate = Callable[..., None]


def by_name(feature: Feature) -> str:
    """Name a feature in the report of the tests."""
    return feature.name


@pytest.mark.parametrize("feature", FEATURES, ids=by_name)
def test_a_feature_belongs_to_choices_that_exist(feature: Feature) -> None:
    for option, brought_by in feature.brought_by.items():
        assert set(brought_by) < set(choices(option))


@pytest.mark.parametrize("path", PATHS)
def test_a_path_of_the_table_exists_in_the_template(path: str) -> None:
    assert (ROOT / PROJECT_FOLDER / path).exists()


def test_names_and_paths_are_listed_once() -> None:
    names = [feature.name for feature in FEATURES]
    assert len(set(names)) == len(names) > 0
    assert len(set(PATHS)) == len(PATHS) > 0


@pytest.mark.parametrize("variant", [*PAIRWISE_CODE, *OTHERS], ids=str)
def test_a_project_has_the_paths_of_what_was_chosen_and_no_others(
    variant: dict[str, object], bake: Bake
) -> None:
    project = bake(**variant)
    gone = set(unchosen_paths(project.answers))
    left = [path for path in PATHS if not gone.intersection([path, *ancestors(path)])]
    assert [path for path in PATHS if (project.path / path).exists()] == left


@pytest.mark.parametrize("variant", [*PAIRWISE_CODE, *OTHERS], ids=str)
def test_a_project_has_the_sentinels_and_variables_of_what_was_chosen_and_no_others(
    variant: dict[str, object], bake: Bake
) -> None:
    project = bake(**variant)
    files = (path for path in project.files() if path.suffix != ".md")
    text = "\n".join(path.read_text("utf-8") for path in files)
    for feature in FEATURES:
        chosen = feature.is_chosen(project.answers)
        if feature.sentinel:
            assert has(project.path, feature.sentinel) is chosen
        for variable in feature.variables:
            assert (variable in text) is chosen, variable


def has(project: Path, sentinel: Sentinel) -> bool:
    """Return whether a project has a file that contains the text of a sentinel."""
    path = project / sentinel.path
    return path.exists() and sentinel.text in path.read_text("utf-8")


def ancestors(path: str) -> list[str]:
    """Return the folders around a path."""
    return [parent.as_posix() for parent in PurePath(path).parents]


def test_a_path_that_does_not_exist_stops_the_generation() -> None:
    broken = Feature("made up", {"auth": ("jwt",)}, paths=("app/missing.py",))
    with pytest.raises(FailedHookException, match=r"lists app/missing\.py, which the template"):
        unchosen_paths({"auth": "jwt"}, (broken,))


def test_names_that_a_later_change_of_the_answers_needs_are_reserved() -> None:
    assert {"user", "users", "tokens", "csrf", "admin"} < reserved_names()


@pytest.fixture
def generate(template: Path, cookiecutter_config: Path, tmp_path: Path) -> Generate:
    """Generate a service over the folder `flask-service`, which may have files."""

    def run(*, skip_if_file_exists: bool = False) -> None:
        cookiecutter(
            str(template),
            no_input=True,
            extra_context=NO_DOCKER,
            overwrite_if_exists=True,
            config_file=str(cookiecutter_config),
            output_dir=str(tmp_path),
            skip_if_file_exists=skip_if_file_exists,
        )

    return run


@pytest.fixture
def own_files(tmp_path: Path) -> dict[Path, str]:
    """Write files at paths that unchosen features would have."""
    names = (
        "Dockerfile",
        "docker/mine.txt",
        "docker/nginx/nginx.conf",
        "app/admin/mine.py",
        "mine",
    )
    files = {tmp_path / "flask-service" / name: f"My {name}.\n" for name in names}
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return files


@pytest.mark.parametrize("skip", [False, True])
def test_generating_over_a_folder_deletes_none_of_its_files(
    skip: bool, generate: Generate, own_files: dict[Path, str], tmp_path: Path
) -> None:
    generate(skip_if_file_exists=skip)
    assert {path: path.read_text() for path in own_files} == own_files
    assert (tmp_path / "flask-service" / "wsgi.py").exists()
    assert not (tmp_path / "flask-service" / "compose.yaml").exists()
    assert not (tmp_path / "flask-service" / ".kept-by-cookiecutter").exists()


def test_files_that_an_interrupted_run_kept_are_not_overwritten(
    generate: Generate,
    own_files: dict[Path, str],
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    kept = tmp_path / "flask-service" / ".kept-by-cookiecutter"
    kept.mkdir()
    with pytest.raises(FailedHookException):
        generate()
    assert "has files of an interrupted run" in capfd.readouterr().err
    assert {path: path.read_text() for path in own_files} == own_files


def run_hook(folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the post-generation hook with a made-up answer and nothing to delete."""
    source = POST_HOOK.read_text("utf-8")
    source = source.replace("{{ cookiecutter | tojson }}", '{"project_slug": "made-up"}')
    source = source.replace("{{ cookiecutter | unchosen_paths | tojson }}", "[]")
    source = source.replace("{{ cookiecutter | template_link | tojson }}", "null")
    return subprocess.run(
        [sys.executable, "-c", source],
        cwd=folder,
        env=clean_environment(**variables),
        capture_output=True,
        text=True,
        check=True,
    )


def test_a_repository_is_started_where_there_is_none(tmp_path: Path) -> None:
    run_hook(tmp_path)
    assert (tmp_path / ".git" / "HEAD").read_text() == "ref: refs/heads/main\n"


def test_an_old_git_without_initial_branch_starts_a_repository(tmp_path: Path) -> None:
    git = tmp_path / "bin" / "git"
    git.parent.mkdir()
    git.write_text(
        '#!/bin/sh\ncase "$*" in *--initial-branch*) exit 129;; esac\nexec /usr/bin/git "$@"\n'
    )
    git.chmod(0o755)
    (tmp_path / "service").mkdir()
    done = run_hook(tmp_path / "service", PATH=f"{git.parent}:/usr/bin:/bin")
    assert (tmp_path / "service" / ".git" / "HEAD").read_text() == "ref: refs/heads/main\n"
    assert not done.stderr


def test_no_repository_is_started_inside_another(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    (tmp_path / "service").mkdir()
    run_hook(tmp_path / "service")
    assert not list((tmp_path / "service").iterdir())


def test_a_repository_that_git_does_not_trust_is_left_alone(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    (tmp_path / "service").mkdir()
    run_hook(tmp_path / "service", GIT_TEST_ASSUME_DIFFERENT_OWNER="1")
    assert not list((tmp_path / "service").iterdir())


def test_the_repository_of_the_environment_is_left_alone(tmp_path: Path) -> None:
    other, service = tmp_path / "other", tmp_path / "service"
    service.mkdir()
    subprocess.run(["git", "init", "--quiet", "--initial-branch=theirs", other], check=True)
    run_hook(service, GIT_DIR=str(other / ".git"))
    assert (other / ".git" / "HEAD").read_text() == "ref: refs/heads/theirs\n"
    assert (service / ".git" / "HEAD").read_text() == "ref: refs/heads/main\n"


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


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook.stem)
def test_a_hook_is_short_and_needs_the_standard_library_only(hook: Path) -> None:
    source = hook.read_text("utf-8")
    nodes = list(ast.walk(ast.parse(source)))
    imported = {a.name for node in nodes if isinstance(node, ast.Import) for a in node.names}
    imported |= {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    assert imported <= set(sys.stdlib_module_names)
    assert len(source[source.index("def ") :].splitlines()) < 60
