"""Updates are merges of git, whatever a team did to its files and whatever its git is set to."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from flask_service_cli.exceptions import UsageError
from flask_service_cli.template import Template
from flask_service_cli.update import Service, update
from flask_service_extensions.rendering import PROJECT_FOLDER
from tests.linked import LinkedProject, commit, create, git, shared_rendering

OLD_IMAGE, OUR_IMAGE, NEW_IMAGE = b"\x89PNG\0old", b"\x89PNG\0ours", b"\x89PNG\0new"
Change = Callable[[LinkedProject], object]

# Settings of a user that once changed what an update did, or might: name and value.
GIT_SETTINGS = [
    ("apply.ignoreWhitespace", "change"),
    ("apply.whitespace", "error"),
    ("color.ui", "always"),
    ("commit.gpgSign", "true"),
    ("commit.verbose", "true"),
    ("core.attributesFile", "ATTRIBUTES"),
    ("core.autocrlf", "input"),
    ("core.autocrlf", "true"),
    ("core.eol", "crlf"),
    ("core.excludesFile", "EXCLUDES"),
    ("core.fileMode", "false"),
    ("core.fsmonitor", "false-command"),
    ("core.hooksPath", "HOOKS"),
    ("core.pager", "false-command"),
    ("core.quotePath", "true"),
    ("core.safecrlf", "true"),
    ("core.splitIndex", "true"),
    ("core.whitespace", "tab-in-indent"),
    ("diff.algorithm", "patience"),
    ("diff.context", "0"),
    ("diff.external", "false-command"),
    ("diff.interHunkContext", "9"),
    ("diff.mnemonicPrefix", "true"),
    ("diff.noprefix", "true"),
    ("diff.renameLimit", "1"),
    ("diff.renames", "false"),
    ("index.version", "4"),
    ("init.templateDir", "HOOKS"),
    ("merge.directoryRenames", "false"),
    ("merge.renameLimit", "1"),
    ("merge.renames", "false"),
    ("merge.renormalize", "true"),
    ("status.showUntrackedFiles", "no"),
    ("user.useConfigOnly", "true"),
]


def write_template(template: Path, image: bytes) -> None:
    """Write the binary file, which no released template has."""
    (template / PROJECT_FOLDER / "logo.png").write_bytes(image)


def replace(path: Path, old: str, new: str) -> None:
    """Change one place of a file."""
    text = path.read_text("utf-8")
    assert old in text, path
    path.write_text(text.replace(old, new, 1), "utf-8")


@pytest.fixture(scope="module")
def pristine(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> LinkedProject:
    """Return a service whose template changed text, changed an image, added and deleted files."""
    write_template(repository, OLD_IMAGE)
    commit(repository)
    project = create(repository, tmp_path_factory.mktemp("service"))
    write_template(repository, NEW_IMAGE)
    source = repository / PROJECT_FOLDER
    replace(source / "README.md", "## First steps\n", "## The first steps\n")
    replace(source / "docs" / "deploying.md", "\n", "\n\nNewer.\n")
    replace(source / "app" / "api" / "health.py", '"""', '"""Newer. ')
    (source / "docs" / "added.md").write_text("# Added\n", "utf-8")
    (source / "tests" / "test_wsgi.py").unlink()
    commit(repository)
    return project


@pytest.fixture(scope="module", autouse=True)
def _rendered_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Render each state of the template once for all tests."""
    with pytest.MonkeyPatch.context() as patched:
        render = shared_rendering(tmp_path_factory.mktemp("renderings"))
        patched.setattr(Service, "render", render)
        yield


@pytest.fixture
def service(pristine: LinkedProject, tmp_path: Path) -> LinkedProject:
    """Return a copy of that service."""
    return LinkedProject(shutil.copytree(pristine.path, tmp_path / "bakery"), {})


def merge(project: LinkedProject, repository: Path, change: Change | None = None) -> int:
    """Commit what a team changed, update, and return the exit code."""
    if change:
        change(project)
        project.commit()
    return update(project.path, repository, head=False)


def state(project: LinkedProject) -> tuple[str, str, dict[str, bytes]]:
    """Return the index with its conflicts, the status, and the bytes of all files."""
    names = git(project.path, "ls-files", "-z").split("\0")
    files = {name: project.path / name for name in names if name}
    status = git(project.path, "status", "--porcelain", "-z", "--untracked-files=all")
    texts = {name: path.read_bytes() for name, path in files.items() if path.exists()}
    return git(project.path, "ls-files", "--stage", "-z"), status, texts


def work(project: LinkedProject) -> None:
    """Change, rename, move and delete what the template changed, too."""
    path = project.path
    replace(path / "README.md", "## First steps\n", "## Our steps\n")
    (path / "logo.png").write_bytes(OUR_IMAGE)
    (path / "app" / "api" / "health.py").rename(path / "app" / "api" / "status.py")
    (path / "docs").rename(path / "documents")


@pytest.fixture(scope="module")
def expected(
    pristine: LinkedProject, repository: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, str, dict[str, bytes]]:
    """Return the state after an update with the settings of a fresh git."""
    folder = tmp_path_factory.mktemp("expected") / "bakery"
    project = LinkedProject(shutil.copytree(pristine.path, folder), {})
    assert merge(project, repository, work) == 1
    return state(project)


def test_the_table_has_all_settings() -> None:
    assert len(GIT_SETTINGS) == 34
    assert sorted(set(GIT_SETTINGS)) == GIT_SETTINGS


@pytest.mark.parametrize(("name", "value"), GIT_SETTINGS)
def test_settings_of_git_change_nothing(
    name: str,
    value: str,
    service: LinkedProject,
    repository: Path,
    expected: tuple[str, str, dict[str, bytes]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    work(service)
    service.commit()
    values = {"ATTRIBUTES": "* merge=ours -diff\n", "EXCLUDES": "*\n"}
    if value in values:
        (tmp_path / value).write_text(values[value], "utf-8")
    for hook in ("pre-commit", "post-checkout", "post-index-change", "reference-transaction"):
        path = tmp_path / "HOOKS" / hook
        path.parent.mkdir(exist_ok=True)
        path.write_text("#!/bin/sh\nexit 1\n", "utf-8")
        path.chmod(0o755)
    value = str(tmp_path / value) if value.isupper() else value
    value = "/bin/false" if value == "false-command" else value
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    for file in (tmp_path / "gitconfig", service.path / ".git" / "config"):
        git(tmp_path, "config", "--file", str(file), name, value)
    assert merge(service, repository) == 1
    git(tmp_path, "config", "--file", str(tmp_path / "gitconfig"), "--unset-all", name)
    git(service.path, "config", "--unset-all", name)
    assert state(service) == expected


def test_attributes_of_the_clone_change_nothing(
    service: LinkedProject, repository: Path, expected: tuple[str, str, dict[str, bytes]]
) -> None:
    work(service)
    service.commit()
    (service.path / ".git" / "info" / "attributes").write_text("* merge=union\n", "utf-8")
    assert merge(service, repository) == 1
    assert state(service)[0] == expected[0]


def test_a_service_of_another_user_is_updated(
    service: LinkedProject, repository: Path, expected: tuple[str, str, dict[str, bytes]]
) -> None:
    work(service)
    service.commit()
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
        patched.setattr(Template, "fetch", lambda _: None)  # the template is another user's, too
        with pytest.raises(AssertionError, match="dubious ownership"):
            git(service.path, "status")
        assert merge(service, repository) == 1
    assert state(service) == expected


def test_the_style_of_conflicts_is_the_users(service: LinkedProject, repository: Path) -> None:
    git(service.path, "config", "merge.conflictStyle", "diff3")
    merge(service, repository, work)
    assert "\n||||||| " in service.read("README.md")


# What a team does to files


def test_a_binary_file_that_both_sides_changed_is_unmerged(
    service: LinkedProject, repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    logo = service.path / "logo.png"
    assert merge(service, repository, lambda _: logo.write_bytes(OUR_IMAGE)) == 1
    assert "logo.png is changed on both sides and cannot be merged" in capsys.readouterr().out
    assert "UU logo.png" in git(service.path, "status", "--porcelain").splitlines()
    assert logo.read_bytes() == OUR_IMAGE
    git(service.path, "checkout", "--theirs", "logo.png")
    assert logo.read_bytes() == NEW_IMAGE


def test_a_renamed_file_gets_the_changes(service: LinkedProject, repository: Path) -> None:
    api = service.path / "app" / "api"
    assert merge(service, repository, lambda _: (api / "health.py").rename(api / "status.py")) == 0
    assert (api / "status.py").read_text("utf-8").startswith('"""Newer. ')
    assert not (api / "health.py").exists()


def test_a_moved_folder_gets_changes_and_new_files(
    service: LinkedProject, repository: Path
) -> None:
    docs, moved = service.path / "docs", service.path / "documents"
    assert merge(service, repository, lambda _: docs.rename(moved)) == 0
    assert "Newer." in (moved / "deploying.md").read_text("utf-8")
    assert (moved / "added.md").exists()
    assert not docs.exists()


def test_a_deleted_file_stays_deleted_and_is_named(
    service: LinkedProject, repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = service.path / "docs" / "deploying.md"
    assert merge(service, repository, lambda _: page.unlink()) == 0
    assert "docs/deploying.md changed in the template and stays" in capsys.readouterr().out
    assert not page.exists()


def test_a_changed_file_that_the_template_deleted_is_unmerged(
    service: LinkedProject, repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    test = service.path / "tests" / "test_wsgi.py"
    assert merge(service, repository, lambda _: replace(test, '"""', '"""Ours. ')) == 1
    sentence = "tests/test_wsgi.py is deleted in the template and changed here"
    assert sentence in capsys.readouterr().out
    assert "UD tests/test_wsgi.py" in git(service.path, "status", "--porcelain").splitlines()
    assert test.exists()


def test_a_service_in_a_folder_of_a_repository_is_updated(
    pristine: LinkedProject, repository: Path, tmp_path: Path
) -> None:
    for name in ("bakery", "twin"):
        shutil.copytree(pristine.path, tmp_path / name, ignore=shutil.ignore_patterns(".git"))
    git(tmp_path, "init", "--quiet", ".")
    commit(tmp_path)
    assert update(tmp_path / "bakery", repository, head=False) == 0
    changed = git(tmp_path, "diff", "--cached", "--name-only").splitlines()
    assert "bakery/README.md" in changed
    assert not [name for name in changed if not name.startswith("bakery/")]


def test_a_file_that_is_not_committed_is_not_overwritten(
    service: LinkedProject, repository: Path
) -> None:
    (service.path / ".git" / "info" / "exclude").write_text("added.md\n", "utf-8")
    (service.path / "docs" / "added.md").write_text("# Mine\n", "utf-8")
    with pytest.raises(UsageError, match=r"docs/added\.md is in the way"):
        merge(service, repository)
    assert service.read("docs/added.md") == "# Mine\n"
    assert git(service.path, "status", "--porcelain") == ""
