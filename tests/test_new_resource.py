"""`flask new resource`: what it writes passes everything, and what it refuses leaves no trace."""

import re
from pathlib import Path

import pytest

from flask_service_extensions.rendering import ROOT
from tests import dependencies, static
from tests.baking import Bake, BakedProject
from tests.resources import (
    DRAFTS,
    OWN_TESTS,
    add_race,
    add_resources,
    answers,
    changed_files,
    command_lines,
    commit,
    start_development,
)
from tests.services import KEPT_POST, production, walk_migrations
from tests.test_clean_environments import HOOK_ENVIRONMENTS
from tests.variants import Variant

VARIANTS = [
    Variant(auth="jwt", admin=True),
    Variant(auth="session", admin=False),
    Variant(auth="none", admin=False),
]
GUIDE = ROOT / "docs" / "adding-a-resource.md"
LONG = "x" * 30


@pytest.fixture(scope="module", params=VARIANTS, ids=str)
def project(request: pytest.FixtureRequest, bake: Bake, environment: Path) -> BakedProject:
    """Return a project with three resources of its own."""
    project = bake(**request.param)
    add_resources(project, environment)
    return project


@pytest.fixture(scope="module")
def untouched(bake: Bake, environment: Path) -> BakedProject:
    """Return a committed project in which nothing was ever written."""
    project = bake()
    start_development(project, environment)
    return project


def test_what_was_written_is_free_of_findings(project: BakedProject) -> None:
    assert not static.quick_findings(project)


def test_what_was_written_type_checks_and_keeps_to_the_layers(
    project: BakedProject, environment: Path
) -> None:
    assert not static.types(project, environment)
    assert not static.layers(project, environment)


def test_what_was_written_needs_no_new_libraries(
    project: BakedProject, provided: dict[str, set[str]]
) -> None:
    assert not dependencies.findings(project, provided)


def test_all_tests_pass_and_cover_enough(project: BakedProject, environment: Path) -> None:
    printed = project.run(environment, "-m", "pytest", "--cov", "-n", "2")
    assert "Required test coverage of 90.0% reached" in printed


def test_a_row_survives_the_migrations(
    project: BakedProject, environment: Path, tmp_path: Path
) -> None:
    settings = production(f"sqlite:///{tmp_path / 'production.sqlite3'}")
    assert KEPT_POST in walk_migrations(project, environment, **settings).splitlines()


def test_pre_commit_changes_nothing(project: BakedProject, environment: Path) -> None:
    project.run("git", "add", "--all")
    hooks = {"PRE_COMMIT_HOME": str(HOOK_ENVIRONMENTS)}
    project.run(environment.with_name("pre-commit"), "run", "--all-files", **hooks)
    project.run("git", "diff", "--exit-code")


def test_one_of_many_at_once_gets_what_is_unique(bake: Bake, environment: Path) -> None:
    project = bake()
    add_resources(project, environment)
    project.run(environment, "-m", "pytest", add_race(project))


def test_a_reference_is_to_what_the_caller_sees_and_to_names_with_numbers(
    bake: Bake, environment: Path
) -> None:
    project = bake()
    start_development(project, environment)
    for line in ("plan_2 license:str", "note post:ref:post plan:ref:plan_2"):
        project.run(environment.with_name("flask"), "new", "resource", *line.split())
    (project.path / "tests" / "test_drafts.py").write_text(DRAFTS, "utf-8")
    project.run(environment, "-m", "pytest", "tests/test_drafts.py", "tests/api/test_notes.py")
    ((code, printed),) = answers(project, environment, [["plan2", "title:str"]])
    assert (code, "already something called plan2" in printed) == (1, True)


def test_resources_of_an_open_service_work_when_it_gets_accounts(
    bake: Bake, environment: Path
) -> None:
    before, after = bake(auth="none", admin=False), bake(admin=False)
    add_resources(before, environment)
    for line in changed_files(before):
        name = line.split()[-1]
        text = before.read(name).replace(
            'down_revision = "0001_posts"', 'down_revision = "0002_accounts"'
        )
        if name != "tests/conftest.py":
            (after.path / name).write_text(text, "utf-8")
    plugins = ",\n".join(f'    "tests.{table}"' for table in ("customers", "invoices", "addresses"))
    conftest = after.read("tests/conftest.py").replace(
        '    "tests.plugins.settings"', f'{plugins},\n    "tests.plugins.settings"'
    )
    (after.path / "tests" / "conftest.py").write_text(conftest, "utf-8")
    after.run(environment, "-m", "pytest", "-n", "2", *OWN_TESTS, "tests/security/test_guard.py")


def test_a_dry_run_prints_the_patch_and_writes_nothing(
    untouched: BakedProject, environment: Path, tmp_path: Path
) -> None:
    words = command_lines(untouched)[0]
    ((code, patch),) = answers(untouched, environment, [[*words, "--dry-run"]])
    assert (code, changed_files(untouched)) == (0, [])
    copy = BakedProject(tmp_path / "copy", untouched.answers)
    untouched.run("git", "clone", "--quiet", ".", copy.path)
    (tmp_path / "new.patch").write_text(patch, "utf-8")
    copy.run("git", "apply", tmp_path / "new.patch")
    applied = {name: copy.read(name.split()[-1]) for name in changed_files(copy)}
    copy.run("git", "clean", "--force", "--quiet")
    copy.run("git", "checkout", "--quiet", ".")
    copy.run(environment.with_name("flask"), "new", "resource", *words, APP_ENV="development")
    assert {name: copy.read(name.split()[-1]) for name in changed_files(copy)} == applied
    assert len(applied) == 9


# Nouns that the written code, its tests or pytest use for something else, in every variant.
NOUNS = [
    *(
        "answer",
        "app",
        "blueprint",
        "bound",
        "client",
        "command",
        "connection",
        "datum --plural data",
    ),
    *("db", "engine", "mapping", "model", "name", "page", "path", "request", "service", "session"),
    *("test", "test_result", "test_run", "testimonial", "text"),
]
# Those that only code with accounts uses, or what comes with them.
NOUNS_OF_ACCOUNTS = ["editor", "method", "owner", "viewer"]
NOUNS_FOR_LATER = [
    *("account", "auth", "csrf", "login_session", "token", "user", "thing --plural users"),
]
# As long as the revision allows, in whole sentences and beside every type.
LONGEST = f"{'n' * 26} a:str:unique b:text:optional c:int d:decimal e:date f:datetime:optional"


@pytest.fixture(scope="module")
def open_project(bake: Bake, environment: Path) -> BakedProject:
    """Return the same without accounts."""
    project = bake(auth="none", admin=False)
    start_development(project, environment)
    return project


def refused_nouns(project: BakedProject, environment: Path, nouns: list[str]) -> set[str]:
    """Return those of which nothing can be made, each for one reason, and see that nothing is."""
    lines = [[*noun.split(), "title:str:optional", "--dry-run"] for noun in nouns]
    answered = dict(zip(nouns, answers(project, environment, lines), strict=True))
    assert changed_files(project) == []
    refused = {noun: printed for noun, (code, printed) in answered.items() if code}
    assert all(re.fullmatch("Error: .+[.]\n", printed) for printed in refused.values()), refused
    return set(refused)


def test_nouns_that_mean_something_else_are_refused(
    untouched: BakedProject, environment: Path
) -> None:
    nouns = {*NOUNS, *NOUNS_OF_ACCOUNTS, *NOUNS_FOR_LATER}
    assert refused_nouns(untouched, environment, [*nouns, "item", "log"]) == nouns


def test_nouns_of_accounts_are_refused_only_where_those_may_come(
    open_project: BakedProject, environment: Path
) -> None:
    nouns = {*NOUNS, *NOUNS_FOR_LATER}
    tried = [*nouns, *NOUNS_OF_ACCOUNTS, "item", "log"]
    assert refused_nouns(open_project, environment, tried) == nouns


def test_what_other_answers_bring_stays_free(
    bake: Bake, open_project: BakedProject, environment: Path
) -> None:
    nouns = set()
    for auth in ("jwt", "session"):
        project = bake(auth=auth)
        for pattern in ("app/models/*.py", "app/schemas/*.py"):
            nouns |= {f"{path.stem} --plural things" for path in project.path.glob(pattern)}
        for pattern in ("app/api/*.py", "app/services/*.py", "tests/*"):
            nouns |= {f"thing --plural {path.stem}" for path in project.path.glob(pattern)}
    assert refused_nouns(open_project, environment, [*nouns]) == nouns


@pytest.mark.parametrize("name", ["untouched", "open_project"])
def test_a_resource_may_be_called_as_long_as_its_revision_allows(
    name: str, request: pytest.FixtureRequest, environment: Path
) -> None:
    project, words = request.getfixturevalue(name), [*LONGEST.split(), "post:ref:post", "--dry-run"]
    ((code, printed),) = answers(project, environment, [words])
    assert code == 0, printed


REFUSALS = [
    ("class title:str", "class is a word of Python"),
    ("match title:str", "match is a word of Python"),
    ("list title:str", "list is a word of Python"),
    ("order title:str", "order is a word of SQL"),
    ("thing --plural select title:str", "select is a word of SQL"),
    ("post title:str", "already something called post"),
    ("posts title:str", "already something called posts"),
    ("article --plural posts title:str", "already something called posts"),
    ("user title:str", "user is a word of SQL"),
    ("login title:str", "already something called login"),
    ("login title:str", "already something called login"),
    ("base title:str", "app/models/base.py exists already"),
    ("doc title:str", "already something called docs"),
    ("setting title:str", "tests/plugins/settings.py exists already"),
    ("series --plural series title:str", "needs a plural of another spelling"),
    ("Invoice title:str", "'Invoice' is no name"),
    ("invoice-line title:str", "'invoice-line' is no name"),
    ("../invoice title:str", "'../invoice' is no name"),
    ("_invoice title:str", "'_invoice' is no name"),
    ("1st title:str", "'1st' is no name"),
    ("f\u00fcr title:str", "is no name"),
    (f"{LONG} title:str", "too long for the name of a revision"),
    (f"{LONG * 4} --plural things title:str", "`ruff check` would find"),
    ("invoice title", "write NAME:TYPE"),
    ("invoice title:", "write NAME:TYPE"),
    ("invoice title:string", "write NAME:TYPE"),
    ("invoice title:str:uniq", "'uniq' is neither"),
    ("invoice title:str:unique:unique", "says something twice"),
    ("invoice title:str title:int", "two fields called title"),
    ("invoice user:ref:user user_id:int", "two fields called user_id"),
    ("invoice buyer:ref:user buyer_id:int", "two fields called buyer_id"),
    ("invoice body:text:unique", "text cannot be unique"),
    ("invoice paid:bool:unique", "bool cannot be unique"),
    ("invoice buyer:ref", "write NAME:ref:MODEL"),
    ("invoice buyer:ref:optional", "write NAME:ref:MODEL"),
    ("invoice buyer:ref:shop", "shop is no model"),
    ("invoice buyer:ref:login_session", "login_session is no model"),
    ("invoice Title:str", "'Title' is no name"),
    ("invoice :str", "'' is no name"),
    ("invoice lambda:str", "lambda is a word of Python"),
    ("invoice type:str", "type is a word of Python"),
    ("invoice group:str", "group is a word of SQL"),
    ("invoice id:int", "id is a word of Python"),
    ("invoice created_at:datetime", "created_at is reserved"),
    ("invoice metadata:str", "metadata is reserved"),
    ("invoice query:str", "query is a word of SQL"),
    ("invoice owner_id:int", "owner_id is reserved"),
    ("invoice owner:ref:user", "owner_id is reserved"),
    ("invoice deleted_at:datetime", "deleted_at is reserved"),
    ("invoice living:bool", "living is reserved"),
    ("invoice self:str", "self is reserved"),
    ("invoice parent:ref:invoice", "invoice cannot refer to itself yet: leave parent out"),
    ("invoice --plural= title:str", "'' is no name"),
    ("invoice invoice:str", "invoice is reserved"),
    (f"invoice {'y' * 60}:int", "too long for the names of its constraints"),
    ("invoice", "Missing argument"),
]


@pytest.fixture(scope="module")
def refused(untouched: BakedProject, environment: Path) -> dict[str, tuple[int, str]]:
    """Return how each command line was answered."""
    lines = [line for line, _ in REFUSALS]
    return dict(
        zip(lines, answers(untouched, environment, [line.split() for line in lines]), strict=True)
    )


@pytest.mark.parametrize(("line", "words"), REFUSALS)
def test_bad_input_is_refused_in_one_sentence(
    line: str, words: str, refused: dict[str, tuple[int, str]]
) -> None:
    code, printed = refused[line]
    assert code != 0
    assert words in printed
    assert len(re.findall("^Error: .*\\.$", printed, re.MULTILINE)) == 1
    assert "Traceback" not in printed


def test_what_was_refused_left_no_trace(
    untouched: BakedProject, refused: dict[str, tuple[int, str]]
) -> None:
    assert len(refused) == len(REFUSALS)
    assert changed_files(untouched) == []


def test_without_accounts_nothing_refers_to_a_user(bake: Bake, environment: Path) -> None:
    project = bake(auth="none", admin=False)
    start_development(project, environment)
    ((code, printed),) = answers(project, environment, [["invoice", "buyer:ref:user"]])
    assert (code, changed_files(project)) == (1, [])
    assert "user is no model that a field can refer to; there are: post." in printed


def test_a_project_with_two_heads_is_refused(bake: Bake, environment: Path) -> None:
    project = bake()
    first = project.path / "migrations" / "versions" / "0001_posts.py"
    second = first.with_name("0003_fork.py")
    text = first.read_text("utf-8").replace("0001_posts", "0003_fork")
    second.write_text(text.replace("down_revision = None", 'down_revision = "0001_posts"'), "utf-8")
    start_development(project, environment)
    ((code, printed),) = answers(project, environment, [["invoice", "title:str"]])
    assert (code, changed_files(project)) == (1, [])
    assert "end in 2 heads" in printed


def test_production_does_not_know_the_command(
    untouched: BakedProject, environment: Path, tmp_path: Path
) -> None:
    settings = production(f"sqlite:///{tmp_path / 'production.sqlite3'}")
    done = untouched.attempt(
        environment.with_name("flask"), "new", "resource", "invoice", "title:str", **settings
    )
    assert done.returncode != 0
    assert "No such command 'new'" in done.stdout


def test_the_commands_of_the_guide_run(bake: Bake, path_with_uv: str) -> None:
    project = bake()
    commit(project)
    commands = "".join(re.findall(r"```console\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL))
    assert "flask new resource" in commands
    for command in commands.splitlines():
        project.run(
            "bash", "-c", command, PATH=path_with_uv, PYTEST_ADDOPTS="--cov-fail-under=0 -k invoice"
        )
