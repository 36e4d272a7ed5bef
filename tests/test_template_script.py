"""`scripts/template.py` of a service installs the command line of its commit once, and runs it."""

import ast
import shutil
import sys
from pathlib import Path

import pytest

from flask_service_extensions.rendering import PROJECT_FOLDER, ROOT
from tests.linked import LinkedProject, create, git

SCRIPT = ROOT / PROJECT_FOLDER / "scripts" / "template.py"
UPDATE = ("python3", "scripts/template.py", "update")
NOTHING = "Nothing to do: this service is up to date.\n"
Variables = dict[str, str]


@pytest.fixture(scope="module")
def generated(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> LinkedProject:
    """Return a service of plain cookiecutter; tests copy it."""
    return create(repository, tmp_path_factory.mktemp("generated"))


@pytest.fixture
def service(generated: LinkedProject, tmp_path: Path) -> LinkedProject:
    """Return a copy of it."""
    return LinkedProject(shutil.copytree(generated.path, tmp_path / "bakery"), {})


@pytest.fixture
def empty_cache(script_variables: Variables, tmp_path: Path) -> Variables:
    """Return variables for a command line that was never installed."""
    return script_variables | {"FLASK_SERVICE_CACHE": str(tmp_path / "cache")}


def test_make_updates_a_service(service: LinkedProject, script_variables: Variables) -> None:
    assert service.run("make", "template-update", **script_variables).endswith(NOTHING)


def test_make_removes_the_example(service: LinkedProject, script_variables: Variables) -> None:
    service.run("make", "remove-example", **script_variables)
    assert not (service.path / "app" / "models" / "post.py").exists()


def test_the_script_is_short_and_needs_the_standard_library_only() -> None:
    source = SCRIPT.read_text("utf-8")
    nodes = list(ast.walk(ast.parse(source)))
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [str(node.module) for node in nodes if isinstance(node, ast.ImportFrom)]
    assert {name.partition(".")[0] for name in names} <= sys.stdlib_module_names
    assert len(source.splitlines()) <= 80


def test_without_uv_the_command_line_is_installed_by_pip(
    service: LinkedProject, plain_path: str, tmp_path: Path
) -> None:
    variables = {"PATH": plain_path, "FLASK_SERVICE_CACHE": str(tmp_path / "cache")}
    assert service.run(*UPDATE, **variables).endswith(NOTHING)
    assert list((tmp_path / "cache").glob("*/environment/bin/pip"))


def test_after_the_first_use_no_network_is_needed(
    repository: Path, tmp_path: Path, empty_cache: Variables
) -> None:
    template = Path(shutil.copytree(repository, tmp_path / "template"))
    service = create(template, tmp_path / "service")
    service.run("python3", "scripts/template.py", "set", "admin=true", **empty_cache)
    template.rename(tmp_path / "away")
    service.run("python3", "scripts/template.py", "set", "admin=false", **empty_cache)
    assert not (service.path / "app" / "admin").exists()


def test_the_command_line_of_a_commit_is_installed_once(
    service: LinkedProject, empty_cache: Variables
) -> None:
    printed = [service.run(*UPDATE, **empty_cache) for _ in range(2)]
    assert [text.startswith("Installing ") for text in printed] == [True, False]


def refusal(service: LinkedProject, *words: str, **variables: str) -> str:
    """Return the last line of a command that fails and changes nothing."""
    before = service.tracked()
    done = service.attempt("python3", "scripts/template.py", *words, **variables)
    assert done.returncode == 1, done.stdout
    assert service.tracked() == before
    cache = Path(variables["FLASK_SERVICE_CACHE"])
    assert not (cache.exists() and list(cache.iterdir()))
    return done.stdout.splitlines()[-1]


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("template", "/nowhere/at/all", "The template at /nowhere/at/all cannot be reached: fatal"),
        ("template", "--upload-pack=id", "The template at --upload-pack=id cannot be reached"),
        ("commit", "0" * 40, f"does not have commit {'0' * 40}: fatal"),
        ("commit", None, ".cruft.json is damaged: restore it from git."),
    ],
)
def test_a_template_that_cannot_be_had_is_refused(
    name: str, value: str | None, sentence: str, service: LinkedProject, empty_cache: Variables
) -> None:
    service.link(**{name: value})
    assert sentence in refusal(service, "update", **empty_cache)


def test_a_service_without_a_record_is_refused(
    service: LinkedProject, empty_cache: Variables
) -> None:
    (service.path / ".cruft.json").unlink()
    assert "This service is not linked" in refusal(service, "update", **empty_cache)
    assert "Usage: python scripts/template.py link" in refusal(service, "link", **empty_cache)


def test_a_machine_without_git_is_refused(service: LinkedProject, tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python3").symlink_to(Path(sys.base_prefix) / "bin" / "python3")
    variables = {"PATH": str(tmp_path / "bin"), "FLASK_SERVICE_CACHE": str(tmp_path / "cache")}
    assert "git is not installed" in refusal(service, "update", **variables)


def test_a_package_index_that_cannot_be_reached_is_one_sentence(
    service: LinkedProject, empty_cache: Variables
) -> None:
    sentence = refusal(service, "update", **empty_cache, UV_OFFLINE="1", UV_NO_CACHE="1")
    assert sentence.startswith("The command line of the template cannot be installed: ")


def test_the_repository_of_a_hook_is_left_alone(
    service: LinkedProject, script_variables: Variables, tmp_path: Path
) -> None:
    git(tmp_path, "init", "--quiet", "other")
    other = {"GIT_DIR": str(tmp_path / "other" / ".git"), "GIT_INDEX_FILE": "index"}
    assert service.run(*UPDATE, **script_variables, **other).endswith(NOTHING)
