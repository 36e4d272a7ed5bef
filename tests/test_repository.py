"""The repository's own files: changelog, release, commit subjects, workflows, forms, hooks."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from flask_service_extensions.rendering import PROJECT_FOLDER, ROOT
from tests import commit_subjects, release
from tests.pipelines import complaints, schema

CHANGELOG = (ROOT / "CHANGELOG.md").read_text("utf-8")
SECTIONS = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
FORMS = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("[!c]*.yml"))
PRE_COMMIT = {
    "template": ROOT / ".pre-commit-config.yaml",
    "service": ROOT / PROJECT_FOLDER / ".pre-commit-config.yaml",
}


def by_name(path: Path) -> str:
    """Name a file in the report of the tests."""
    return path.name


def test_the_newest_release_of_the_changelog_is_the_version_of_the_package() -> None:
    metadata = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert release.newest(CHANGELOG).version == metadata["project"]["version"]


def test_the_changelog_has_the_sections_of_keep_a_changelog() -> None:
    assert CHANGELOG.count("\n## [Unreleased]\n") == 1
    assert set(re.findall(r"^### (.*)$", CHANGELOG, re.MULTILINE)) <= SECTIONS


def test_the_notes_of_a_release_are_its_section() -> None:
    text = "# Changelog\n\n## [Unreleased]\n\n- Next.\n\n"
    text += "## [1.1.0] - 2026-12-01\n\n### Fixed\n\n- A.\n\n"
    text += "## [1.0.0] - 2026-11-27\n\n- B.\n"
    assert release.newest(text) == ("1.1.0", "### Fixed\n\n- A.")


def test_a_changelog_without_a_release_stops_the_workflow() -> None:
    with pytest.raises(SystemExit, match="no heading like"):
        release.newest("# Changelog\n\n## Unreleased\n")


def test_the_workflow_gets_the_version_without_any_dependency() -> None:
    command = [sys.executable, "-I", "-S", "-c"]
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); sys.argv[1:] = ['version']; "
    code += "import runpy; runpy.run_module('tests.release', run_name='__main__')"
    done = subprocess.run([*command, code], capture_output=True, text=True, check=True)
    assert done.stdout == f"{release.newest(CHANGELOG).version}\n"


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        ("Add metrics", None),
        ("x" * 72, None),
        ("x" * 73, "has 73 characters"),
        ("  ", "no subject"),
    ],
)
def test_a_commit_subject_has_1_to_72_characters(subject: str, words: str | None) -> None:
    found = commit_subjects.problem(subject)
    assert words in found if found and words else found is words


@pytest.mark.parametrize(("length", "status"), [(72, 0), (73, 1)])
def test_the_commit_message_hook_reads_the_first_line(
    length: int, status: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    message = tmp_path / "COMMIT_EDITMSG"
    message.write_text("# A comment of git, which is longer than a subject may be" * 2 + "\n")
    message.write_text(message.read_text() + "s" * length + "\n\n" + "A long body. " * 20 + "\n")
    assert commit_subjects.main(str(message)) == status
    assert bool(capsys.readouterr().err) is bool(status)


def test_the_subjects_of_a_range_are_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    identity = ["-c", "user.name=T", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "init", "--quiet"], check=True)
    for subject in ("Start", "Add metrics", "y" * 73):
        commit = ["commit", "--quiet", "--allow-empty", "--message", subject]
        subprocess.run(["git", *identity, *commit], check=True)
    assert commit_subjects.main("HEAD~2..HEAD~1") == 0
    assert commit_subjects.main("HEAD~2..HEAD") == 1
    assert "has 73 characters" in capsys.readouterr().err


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=by_name)
def test_a_workflow_of_the_template_is_valid(workflow: Path) -> None:
    text = workflow.read_text("utf-8")
    checkers = ("vendor.github-workflows", "custom.github-workflows-require-timeout")
    assert not complaints(("actionlint",), text)
    assert not [found for name in checkers for found in complaints(schema(name), text)]


@pytest.mark.parametrize("form", FORMS, ids=by_name)
def test_an_issue_form_is_valid(form: Path) -> None:
    checker = schema("vendor.github-issue-forms")
    assert not complaints(checker, form.read_text("utf-8"))
    assert complaints(checker, "name: A form without questions\n")


def test_the_configuration_of_issues_is_valid() -> None:
    text = (ROOT / ".github" / "ISSUE_TEMPLATE" / "config.yml").read_text("utf-8")
    assert not complaints(schema("vendor.github-issue-config"), text)


@pytest.mark.parametrize("name", PRE_COMMIT)
def test_pre_commit_names_no_version_that_is_written_elsewhere(name: str) -> None:
    text = PRE_COMMIT[name].read_text("utf-8")
    pinned = re.findall(r"([\w-]+)==", text)
    assert len(set(pinned)) == len(pinned)
    assert not {"ruff", "ty"} & set(pinned)


def test_pre_commit_checks_commit_messages_and_nothing_else_at_that_stage() -> None:
    config = yaml.safe_load(PRE_COMMIT["template"].read_text("utf-8"))
    hooks = [hook for repository in config["repos"] for hook in repository["hooks"]]
    stages = {hook["id"]: hook.get("stages", config["default_stages"]) for hook in hooks}
    assert [name for name, at in stages.items() if "commit-msg" in at] == ["commit-subject"]
    assert "commit-msg" in config["default_install_hook_types"]
