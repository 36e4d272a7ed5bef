"""Posts can be removed from every variant, which stays green, or nothing is written."""

import os
import re
import shutil
import tomllib
from pathlib import Path

import pytest

from flask_service_cli.remove_example import remove
from flask_service_cli.remove_example.updates import skipped
from tests import dependencies, static
from tests.baking import Bake, BakedProject
from tests.linked import LinkedProject, commit, create
from tests.removal import drop_and_restore, dropping_revision, remove_example
from tests.services import production
from tests.test_clean_environments import HOOK_ENVIRONMENTS
from tests.variants import (
    BAREST,
    CODE_OPTIONS,
    DEFAULTS,
    EACH_CHOICE,
    PAIRWISE_CODE,
    Variant,
    restricted,
)

MENTION = re.compile(
    r"[Pp]osts|POSTS|\bPost\b|_post\b|(?<!__)post_(?!write_hooks|fork|worker_init)"
)
CHECKS = [check for check in static.QUICK_CHECKS if check is not static.orphans]  # tools stay
WHOLE_SUITES = restricted([Variant(DEFAULTS), BAREST], CODE_OPTIONS)
# Beside the tests that the removal changes, in the other variants.
SHARED_TESTS = ["tests/commands", "tests/test_migrations.py"]


@pytest.fixture(scope="module", params=PAIRWISE_CODE, ids=str)
def project(request: pytest.FixtureRequest, bake: Bake) -> BakedProject:
    """Return a project whose example was removed."""
    project = bake(**request.param)
    assert "\nmake remove-example\n" in project.read("README.md")
    remove_example(project)
    return project


def mentioning(project: BakedProject) -> set[str]:
    """Name the files that speak of posts, but for the revisions."""
    texts = {path: path.read_text("utf-8") for path in project.files()}
    found = [path for path, text in texts.items() if MENTION.search(path.name + text)]
    names = {path.relative_to(project.path).as_posix() for path in found}
    return {name for name in names if not name.startswith("migrations/versions/")}


def test_nothing_mentions_posts_but_what_updates_skip(project: BakedProject) -> None:
    assert mentioning(project) == {"pyproject.toml"}


def test_updates_skip_what_is_gone(project: BakedProject) -> None:
    skip = tomllib.loads(project.read("pyproject.toml"))["tool"]["cruft"]["skip"]
    deleted = project.run("git", "ls-files", "--deleted").splitlines()
    assert {"app/models/post.py", "tests/api/test_posts.py"} <= set(deleted)
    assert not [name for name in deleted if not any(name.startswith(path) for path in skip)]


def test_delivered_revisions_stay_as_they_are(project: BakedProject) -> None:
    project.run("git", "diff", "--exit-code", "HEAD", "--", "migrations")
    assert dropping_revision(project) in {"0002_drop_posts", "0004_drop_posts"}


def test_what_is_left_is_free_of_findings(
    project: BakedProject, environment: Path, provided: dict[str, set[str]]
) -> None:
    assert not [finding for check in CHECKS for finding in check(project)]
    assert not static.types(project, environment)
    assert not static.layers(project, environment)
    unused = dependencies.findings(project, provided)
    assert set(unused) <= {"click: declared, not imported"}  # the next command of flask needs it


@pytest.mark.parametrize("project", EACH_CHOICE, ids=str, indirect=True)
def test_its_own_tests_pass_and_cover_enough(project: BakedProject, environment: Path) -> None:
    variant = {option: project.answers[option] for option in CODE_OPTIONS}
    changed = project.run("git", "diff", "--name-only", "--diff-filter=M", "--", "tests")
    tests = [name for name in changed.splitlines() if Path(name).name.startswith("test_")]
    everything = variant in WHOLE_SUITES
    selection = ["--cov"] if everything else [*tests, *SHARED_TESTS]
    printed = project.run(environment, "-m", "pytest", *selection)
    assert " passed" in printed
    assert ("Required test coverage of 90.0% reached" in printed) == everything


@pytest.mark.parametrize("project", EACH_CHOICE, ids=str, indirect=True)
def test_the_table_goes_and_comes_back_as_it_was(
    project: BakedProject, environment: Path, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path / 'production.sqlite3'}"
    table, again = drop_and_restore(project, environment, url)
    assert table["columns"].keys() >= {"id", "title", "content", "published", "deleted_at"}
    assert again == table


@pytest.mark.parametrize("project", EACH_CHOICE, ids=str, indirect=True)
def test_pre_commit_changes_nothing(project: BakedProject, environment: Path) -> None:
    project.run("git", "add", "--all")
    path = f"{environment.parent}{os.pathsep}{os.environ['PATH']}"
    hooks = {"PATH": path, "PRE_COMMIT_HOME": str(HOOK_ENVIRONMENTS)}
    project.run(environment.with_name("pre-commit"), "run", "--all-files", **hooks)
    project.run("git", "diff", "--exit-code")


def test_accounts_that_come_later_do_not_need_posts(
    bake: Bake, environment: Path, tmp_path: Path, template: Path
) -> None:
    project = bake(auth="none", admin=False)
    remove_example(project)
    settings = production(f"sqlite:///{tmp_path / 'production.sqlite3'}")
    flask = environment.with_name("flask")
    project.run(flask, "db", "upgrade", **settings)
    (unrendered,) = template.glob("*/migrations/versions/0002_accounts.py")
    shutil.copy(unrendered, project.path / "migrations" / "versions")
    project.run(flask, "db", "merge", "heads", "--rev-id", "0003_join", **settings)
    for step in (["upgrade"], ["downgrade", "base"], ["upgrade"], ["downgrade", "base"]):
        project.run(flask, "db", *step, **settings)


def test_admin_added_after_removal_has_no_posts(
    environment: Path, tmp_path: Path, repository: Path
) -> None:
    project = create(repository, tmp_path, auth="jwt", admin=False)
    remove_example(project)
    commit(project.path)
    done = project.tool("set", "admin=true")
    assert done.returncode == 0, done.stdout
    assert mentioning(project) == {"pyproject.toml"}
    assert " passed" in project.run(environment, "-m", "pytest", "tests/admin")


def test_an_update_brings_nothing_back(tmp_path: Path, repository: Path) -> None:
    project = create(repository, tmp_path)
    remove_example(project)
    commit(project.path)
    for name in ("app/api/health.py", "app/api/posts.py", "tests/plugins/posts.py"):
        (changed,) = repository.glob(f"{{{{*/{name}")
        changed.write_text(f"{changed.read_text('utf-8')}# newer\n", "utf-8")
    commit(repository)
    done = project.tool("update")
    assert done.returncode == 0, done.stdout
    names = project.run("git", "diff", "--name-only", "HEAD").splitlines()
    assert names == [".cruft.json", "app/api/health.py"]


def test_an_update_changes_mentions_of_the_example_without_a_conflict(
    tmp_path: Path, repository: Path
) -> None:
    project = create(repository, tmp_path)
    remove_example(project)
    commit(project.path)
    (readme,) = repository.glob("{{*/README.md")
    text = readme.read_text("utf-8")
    assert "/api/v1/posts" in text
    readme.write_text(text.replace("/api/v1/posts", "/api/v1/articles and /api/v1/posts"), "utf-8")
    commit(repository)
    done = project.tool("update")
    assert done.returncode == 0, done.stdout
    assert project.run("git", "diff", "--name-only", "HEAD").splitlines() == [".cruft.json"]


# What is refused


@pytest.fixture(scope="module")
def committed(bake: Bake) -> BakedProject:
    """Return a project in which everything is committed."""
    project = bake()
    commit(project.path)
    project.run("git", "tag", "start")
    return project


@pytest.fixture
def untouched(committed: BakedProject) -> BakedProject:
    """Return the same as it was made, whatever the last test did."""
    committed.run("git", "reset", "--quiet", "--hard", "start")
    committed.run("git", "clean", "--quiet", "--force", "-d")
    return committed


def refusal(project: BakedProject, **variables: str) -> str:
    """Run the tool, which has to write nothing, and return its one sentence."""
    before = {path: path.read_bytes() for path in project.files()}
    done = LinkedProject(project.path, project.answers).tool("remove-example", **variables)
    assert done.returncode == 1, done.stdout
    assert {path: path.read_bytes() for path in project.files()} == before
    (sentence,) = done.stdout.splitlines()
    return sentence


# What a team wrote or changed, committed before the command runs.
OWN_WORK = [
    (
        "app/models/comment.py",
        'KEY = ForeignKey("posts.id")\n',
        "used in app/models/comment.py",
    ),
    (
        "app/services/digest.py",
        "from app.services import posts\n",
        "used in app/services/digest.py",
    ),
    ("app/api/feed.py", "import app.models.post as p\n", "used in app/api/feed.py"),
    (
        "tests/test_own.py",
        "def test_own(make_post):\n    make_post()\n",
        "used in tests/test_own.py",
    ),
    ("wsgi.py", "from app.models.post import Post\n", "used in wsgi.py"),
    ("app/commands/seed.py", "from app.models.post import Post\n", "used in app/commands/seed.py"),
    (
        "migrations/versions/0004_moods.py",
        'revision = "0004_moods"\ndown_revision = "0003_outgoing_mails"\nTABLE = "posts"\n',
        "still used in migrations/versions/0004_moods.py",
    ),
    ("scripts/own.py", "def broken(:\n", "scripts/own.py cannot be read as Python: correct line 1"),
    (
        "migrations/versions/0002_fork.py",
        'revision = "0002_fork"\ndown_revision = "0001_posts"\n',
        "The migrations end in 2 heads",
    ),
    (
        "README.md",
        "\n| `GET /api/v1/posts/feed` | mine |\n",
        "is several times in README.md, in lines",
    ),
    ("pyproject.toml", '\n[tool.cruft]\nskip = "all"\n', "is no plain list"),
]


@pytest.mark.parametrize(("name", "text", "words"), OWN_WORK, ids=[name for name, _, _ in OWN_WORK])
def test_own_work_that_needs_the_example_is_named(
    name: str, text: str, words: str, untouched: BakedProject
) -> None:
    path = untouched.path / name
    path.write_text((path.read_text("utf-8") if path.exists() else "") + text, "utf-8")
    commit(untouched.path)
    assert words in refusal(untouched)


@pytest.mark.parametrize(
    ("name", "old", "words"),
    [
        (
            "tests/conftest.py",
            '    "tests.plugins.posts",\n',
            '"tests.plugins.posts", is not in tests/conftest.py',
        ),
        ("app/commands/seed.py", "POSTS = (", "the titles POSTS, is not in app/commands/seed.py"),
    ],
)
def test_a_line_that_was_changed_is_named(
    name: str, old: str, words: str, untouched: BakedProject
) -> None:
    path = untouched.path / name
    path.write_text(path.read_text("utf-8").replace(old, old.swapcase()), "utf-8")
    commit(untouched.path)
    assert words in refusal(untouched)


def test_prose_that_was_rewritten_is_left_alone(untouched: BakedProject) -> None:
    for name in ("README.md", "docs/updating.md"):
        (untouched.path / name).write_text("# Ours\n", "utf-8")
    commit(untouched.path)
    remove(untouched.path)
    assert (untouched.read("README.md"), mentioning(untouched)) == ("# Ours\n", {"pyproject.toml"})


def test_before_it_is_removed_the_example_is_mentioned(untouched: BakedProject) -> None:
    assert {"README.md", "tests/conftest.py", "app/models/post.py"} < mentioning(untouched)


def test_uncommitted_work_is_refused(untouched: BakedProject) -> None:
    (untouched.path / "notes.txt").write_text("mine\n", "utf-8")
    assert "There are uncommitted changes" in refusal(untouched)


def test_a_project_without_git_is_refused(untouched: BakedProject, tmp_path: Path) -> None:
    copy = BakedProject(tmp_path / "copy", untouched.answers)
    shutil.copytree(untouched.path, copy.path, ignore=shutil.ignore_patterns(".git"))
    assert "is in no git repository" in refusal(copy)
    assert "git is not installed" in refusal(copy, PATH="")


def test_an_example_that_was_removed_is_gone_already(untouched: BakedProject) -> None:
    (untouched.path / "app" / "models" / "post.py").unlink()
    commit(untouched.path)
    assert "The example is removed already" in refusal(untouched)


@pytest.mark.parametrize(
    ("settings", "skip"),
    [
        ("[tool.ruff]\n", ["app/post.py"]),
        ('[tool.cruft]\nskip = [".git"]\n\n[tool.ruff]\n', [".git", "app/post.py"]),
        ('[tool.cruft]\ncheckout = "main"\nskip = [\n  "a",\n]\n', ["a", "app/post.py"]),
        ('[tool.cruft]\ncheckout = "main"\n\n[tool.x]\nskip = ["b"]\n', ["app/post.py"]),
    ],
)
def test_what_updates_skip_is_added_to_what_they_skipped(settings: str, skip: list[str]) -> None:
    printed = skipped(settings, ["app/post.py"])
    before, after = tomllib.loads(settings)["tool"], tomllib.loads(printed)["tool"]
    assert after.pop("cruft") == before.pop("cruft", {}) | {"skip": skip}
    assert after == before


def test_own_work_beside_the_example_stays(untouched: BakedProject) -> None:
    own = untouched.path / "app" / "services" / "greetings.py"
    own.write_text('"""Mine."""\n\nHELLO = "posts and other words"\n', "utf-8")
    revision = untouched.path / "migrations" / "versions" / "0004_own.py"
    revision.write_text('revision = "0004_own"\ndown_revision = "0003_outgoing_mails"\n', "utf-8")
    commit(untouched.path)
    remove(untouched.path)
    assert own.exists()
    assert 'down_revision = "0004_own"' in untouched.read("migrations/versions/0005_drop_posts.py")
