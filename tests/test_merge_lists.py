"""Lists in which a team and the template change neighboring lines."""

from pathlib import Path

import pytest

from flask_service_cli.merge_lists import merge_lists
from flask_service_extensions.rendering import PROJECT_FOLDER
from tests.linked import LinkedProject, commit, create, git
from tests.test_merging import merge, replace

API = "app/api/__init__.py"


def conflict(ours: str, base: str, theirs: str) -> bytes:
    """Return a list with a conflict; each letter is an entry."""
    ours, base, theirs = (
        "".join(f"    {name},\n" for name in side) for side in (ours, base, theirs)
    )
    return f"x = [\n<<<<<<< a\n{ours}||||||| b\n{base}=======\n{theirs}>>>>>>> c\n]\n".encode()


@pytest.mark.parametrize(
    ("ours", "base", "theirs", "merged"),
    [
        ("w", "", "stu", "stuw"),
        ("stuw", "stu", "", "w"),
        ("w", "", "vw", "vw"),
        ("ac", "a", "ab", "abc"),
        ("c", "b", "ba", "ac"),
        ("cad", "ca", "b", "bd"),
    ],
)
def test_entries_of_both_sides_are_kept(ours: str, base: str, theirs: str, merged: str) -> None:
    entries = "".join(f"    {name},\n" for name in merged)
    text = conflict(ours, base, theirs)

    assert merge_lists(text + text) == f"x = [\n{entries}]\n".encode() * 2


@pytest.mark.parametrize(
    "line", ["    f(a),\n", "    a=1,\n", "    a, b,\n", "a,\n", "\n", "    a\n"]
)
def test_other_conflicts_remain(line: str) -> None:
    text = conflict("a", "", "b")

    assert merge_lists(text.replace(b"    b,\n", line.encode())) is None
    assert merge_lists(text + text.replace(b"    b,\n", line.encode())) is None


def test_what_a_team_and_the_template_registered_is_kept(repository: Path, tmp_path: Path) -> None:
    project = create(repository, tmp_path / "service", auth="none", admin=False)
    accounts = '    # @if cookiecutter.auth != "none"\n    sessions,'
    replace(repository / PROJECT_FOLDER / API, accounts, f"    queues,\n{accounts}")
    commit(repository)

    def register(service: LinkedProject) -> None:
        replace(service.path / API, "    posts,\n", "    posts,\n    weather,\n")

    assert merge(project, repository, register) == 0
    assert "    posts,\n    queues,\n    weather,\n)" in (project.path / API).read_text("utf-8")
    assert git(project.path, "ls-files", "--unmerged") == ""


def test_other_conflict_in_such_a_file_is_left_to_the_team(
    repository: Path, tmp_path: Path
) -> None:
    project = create(repository, tmp_path / "service", auth="none", admin=False)
    source = repository / PROJECT_FOLDER / API
    replace(source, '"""The HTTP API', '"""The new HTTP API')
    commit(repository)

    def rename(service: LinkedProject) -> None:
        replace(service.path / API, '"""The HTTP API', '"""Our HTTP API')

    assert merge(project, repository, rename) == 1
    assert "<<<<<<< HEAD\n" in (project.path / API).read_text("utf-8")
    assert git(project.path, "ls-files", "--unmerged").count("\n") == 3
