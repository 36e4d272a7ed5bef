"""An update or a switch that cannot be costs one sentence, and not a byte changes."""

import json
import shutil
from pathlib import Path

import pytest

from tests.linked import LinkedProject, commit, create

REFUSED = [
    ("auth=none", "auth=none is for new services"),
    ("auth=oauth", "auth=oauth is not offered: choose jwt, session, none."),
    ("auth=", "auth= is not offered"),
    ("admin=maybe", "admin=maybe is not offered: choose true, false."),
    ("colour=red", "There is no option colour; there are project_name, "),
    ("_template=elsewhere", "There is no option _template"),
    ("__validated=no", "There is no option __validated"),
    ("project_slug=other", "project_slug names the folder"),
    ("project_name={{ x }}", "would be run as a template"),
    ("author_email=unknown", "author_email 'unknown' is not an email"),
    ("admin", "Usage: make template-set NAME=VALUE"),
    ("=true", "Usage: make template-set NAME=VALUE"),
]
NOTHING = "Nothing to do: this service is up to date.\n"


@pytest.fixture(scope="module")
def with_users(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> LinkedProject:
    """Return a service that must not be changed."""
    return create(repository, tmp_path_factory.mktemp("users"))


@pytest.fixture
def service(with_users: LinkedProject, tmp_path: Path) -> LinkedProject:
    """Return a copy of it."""
    shutil.copytree(with_users.path, tmp_path / "bakery", symlinks=True)
    return LinkedProject(tmp_path / "bakery", {})


def refusal(project: LinkedProject, *words: str, **variables: str) -> str:
    """Return the one sentence of a command that changes nothing."""
    before = state(project.path)
    done = project.tool(*words, **variables)
    assert done.returncode == 1
    assert done.stdout.count("\n") == 1
    assert state(project.path) == before
    return done.stdout


def state(folder: Path) -> dict[Path, bytes]:
    """Return every byte of a service but its bytecode and git's own files."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {
        path: path.read_bytes()
        for path in files
        if not {".git", "__pycache__"}.intersection(path.parts)
    }


@pytest.mark.parametrize(("word", "sentence"), REFUSED)
def test_an_answer_that_cannot_be_is_refused(
    word: str, sentence: str, with_users: LinkedProject
) -> None:
    assert sentence in refusal(with_users, "set", word)


def test_a_choice_that_lacks_what_it_needs_is_refused(repository: Path, tmp_path: Path) -> None:
    project = create(repository, tmp_path, auth="none", admin=False)
    assert refusal(project, "set", "admin=true") == (
        "admin=True does not work with auth=none: choose auth=jwt or session.\n"
    )


def test_no_answer_at_all_is_refused(with_users: LinkedProject) -> None:
    assert "like database=mysql" in refusal(with_users, "set")


def test_names_in_capitals_are_not_answers(
    with_users: LinkedProject, script_variables: dict[str, str]
) -> None:
    done = with_users.attempt("make", "template-set", "DATABASE=mysql", **script_variables)
    assert (done.returncode, "in lower case, like" in done.stdout) == (2, True)


@pytest.mark.parametrize("yes", ["true", "True", "YES", "y", "1", "on"])
def test_an_answer_that_is_given_already_changes_nothing(
    yes: str, with_users: LinkedProject, script_variables: dict[str, str]
) -> None:
    with_users.run("make", "template-set", "admin=true", **script_variables)  # may install it
    done = with_users.attempt("make", "template-set", f"admin={yes}", **script_variables)
    assert (done.returncode, done.stdout) == (0, NOTHING)


def test_a_text_arrives_through_make_as_typed(
    service: LinkedProject, script_variables: dict[str, str]
) -> None:
    text = 'Cakes & "pies": it\'s 5 \\ done; $(id) `id` # *'
    typed = [f"description={text.replace('$', '$$')}", "author_name=Zo\u00eb b=c"]
    service.run("make", "template-set", *typed, **script_variables)
    answers = json.loads(service.read(".cruft.json"))["context"]["cookiecutter"]
    assert (answers["description"], answers["author_name"]) == (text, "Zo\u00eb b=c")
    assert "Copyright (c) Zo\u00eb b=c\n" in service.read("LICENSE")


@pytest.mark.parametrize("words", [["update"], ["set", "admin=false"]], ids=" ".join)
def test_uncommitted_work_is_refused(words: list[str], service: LinkedProject) -> None:
    (service.path / "notes.txt").touch()
    assert "uncommitted changes: commit them first" in refusal(service, *words)


@pytest.mark.parametrize("words", [["update"], ["set", "admin=false"]], ids=" ".join)
def test_a_service_outside_of_git_is_refused(words: list[str], service: LinkedProject) -> None:
    shutil.rmtree(service.path / ".git")
    assert "in no git repository: run git init" in refusal(service, *words)


def test_a_machine_without_git_is_refused(with_users: LinkedProject, tmp_path: Path) -> None:
    assert "git is not installed" in refusal(with_users, "update", PATH=str(tmp_path))


@pytest.mark.parametrize("words", [["update"], ["set", "admin=false"]], ids=" ".join)
def test_a_service_without_a_link_is_refused(words: list[str], service: LinkedProject) -> None:
    (service.path / ".cruft.json").unlink()
    service.commit()
    assert "not linked to its template: see docs/updating.md" in refusal(service, *words)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("template", "/nowhere/at/all", "at /nowhere/at/all cannot be reached: fatal: "),
        ("template", "http://127.0.0.1:9/template.git", "cannot be reached: fatal: unable to"),
        ("template", "--upload-pack=id", "cannot be reached: fatal: "),
        ("commit", "0" * 40, "does not have commit 0000"),
    ],
)
@pytest.mark.parametrize("words", [["update"], ["set", "admin=false"]], ids=" ".join)
def test_a_template_that_cannot_be_reached_is_refused(
    words: list[str], name: str, value: str, sentence: str, service: LinkedProject
) -> None:
    service.link(**{name: value})
    assert sentence in refusal(service, *words)


@pytest.mark.parametrize(
    "text",
    [
        "<<<<<<< ours\n",
        "{}",
        "[]",
        '{"template": "/t", "commit": null, "context": {"cookiecutter": {}}}',
        '{"template": "/t", "commit": "1", "context": {}}',
    ],
)
def test_a_damaged_link_is_refused(text: str, service: LinkedProject) -> None:
    (service.path / ".cruft.json").write_text(text)
    service.commit()
    for words in (["update"], ["set", "admin=false"]):
        assert ".cruft.json is damaged: restore it from git" in refusal(service, *words)


def test_a_template_that_fails_is_reported_in_its_own_words(
    with_users: LinkedProject, repository: Path, tmp_path: Path
) -> None:
    shutil.copytree(repository, tmp_path / "template")
    shutil.copytree(with_users.path, tmp_path / "bakery", symlinks=True)
    table = tmp_path / "template" / "flask_service_extensions" / "features.py"
    text = table.read_text("utf-8")
    assert '"app/models/user.py",' in text
    table.write_text(text.replace('"app/models/user.py",', '"app/missing",'), "utf-8")
    commit(tmp_path / "template", "A lie")
    project = LinkedProject(tmp_path / "bakery", {})
    project.link(template=str(tmp_path / "template"))
    sentence = "features.py lists app/missing, which the template does not have\n"
    assert refusal(project, "update") == sentence
