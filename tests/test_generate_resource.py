"""`flask generate resource`: the generated code passes all checks, and bad input writes nothing."""

import re
import shutil
import sys
from pathlib import Path

import pytest

from flask_service_cli.generate.files import FORM_INPUTS, OVERRIDES, TEMPLATES, VALUES
from flask_service_cli.generate.wiring import API, CONFTEST, CONTEXT, PAGES
from flask_service_extensions.rendering import ROOT
from tests import dependencies, static
from tests.baking import Bake, BakedProject, route_tests
from tests.resources import (
    DRAFTS,
    OWN_TESTS,
    PAGE_TESTS,
    TABLES,
    add_race,
    add_resources,
    answers,
    changed_files,
    clone,
    command_lines,
    commit,
    contents_of_changes,
    files_after_patch,
    generate,
)
from tests.services import KEPT_POST, production, walk_migrations
from tests.shapes import shapes
from tests.variants import Variant

VARIANTS = [
    Variant(auth="jwt", admin=True, pages=True),
    Variant(auth="session", admin=False),
    Variant(auth="none", admin=False),
]
PAGE_LINES = [
    (PAGES, "    {}.blp,"),
    (PAGES, "    {},"),
    (CONTEXT, '    ("{1}", "pages.{0}.index"),'),
]
GUIDE = ROOT / "docs" / "adding-a-resource.md"
LONG = "x" * 30
PAGE_TEMPLATES = ("index", "show", "form", "delete")
# What the example has beyond a generated resource: posts can be published and then are public; some
# have no author, from before there were users; the admin changes them.
EXAMPLE_ONLY = {
    "model": {"Post.__table_args__", "Post.author", "Post.author_id", "Post.published"},
    "schema": {
        "PostQuerySchema",
        "PostQuerySchema.published",
        "PostSummarySchema.author",
        "PostCreateSchema",
        "PostCreateSchema.published",
    },
    "service": {
        *("NEWEST_FIRST", "_visible_to", "change_post", "create_post"),
        *("get_editable_post", "may_edit"),
        *("delete_post", "get_post", "list_posts", "restore_post", "soft_delete_post"),
        "update_post",
    },
    "api": {
        *("AuthorPosts", "AuthorPosts.get", "Posts.get"),
        *("PostItem.delete", "PostItem.get", "PostItem.patch"),
    },
}
# Without users, there are only the filter by state, the order by time and the default of a draft.
OPEN_EXAMPLE_ONLY = {
    "model": {"Post.__table_args__", "Post.published"},
    "schema": EXAMPLE_ONLY["schema"] - {"PostSummarySchema.author"},
    "service": {"NEWEST_FIRST", "create_post", "list_posts"},
    "api": {"Posts.get"},
}
# The tests of the example are about publication; these have the same names and purposes.
COMMON_TESTS = {
    "plugins": {"make_post", "new_post"},
    "test_api": {
        *("URL", "post", "test_create_returns_the_stored_post", "test_deleted_post_is_not_found"),
        *("test_create_without_required_fields_is_rejected", "test_invalid_value_is_rejected"),
        *("test_list_omits_deleted_posts", "test_unknown_id_is_not_found"),
        *("test_update_changes_all_fields", "test_update_keeps_omitted_fields"),
        *("test_list_links_to_the_next_page", "test_post_that_was_changed_meanwhile_stays"),
        "test_unchanged_posts_are_not_sent_again",
    },
    "test_service": {
        "test_delete_hides_the_post_and_keeps_the_row",
        "test_restored_post_is_listed_again",
    },
}


@pytest.fixture(scope="module", params=VARIANTS, ids=str)
def project(request: pytest.FixtureRequest, bake: Bake, environment: Path) -> BakedProject:
    """Return a project with four resources of its own."""
    project = bake(**request.param)
    add_resources(project, environment)
    return project


@pytest.fixture(scope="module")
def paged(bake: Bake) -> BakedProject:
    """Return the same with pages."""
    project = bake(pages=True)
    commit(project)
    return project


@pytest.fixture(scope="module")
def untouched(bake: Bake) -> BakedProject:
    """Return a committed project in which nothing was ever generated."""
    project = bake()
    commit(project)
    return project


def test_generated_code_has_no_findings(project: BakedProject) -> None:
    assert not static.quick_findings(project)


def test_generated_code_type_checks_and_keeps_to_the_layers(
    project: BakedProject, environment: Path
) -> None:
    assert not static.types(project, environment)
    assert not static.layers(project, environment)


def test_generated_code_needs_no_new_dependencies(
    project: BakedProject, provided: dict[str, set[str]]
) -> None:
    assert not dependencies.findings(project, provided)


def test_generated_tests_pass_and_cover_the_code(project: BakedProject, environment: Path) -> None:
    general = ["tests/test_migrations.py", *route_tests(project)]
    tests, layers, shared = [*OWN_TESTS, *general], ["api", "services"], [VALUES["values"]]
    if project.answers["pages"]:
        tests += PAGE_TESTS
        layers.append("pages")
        shared.append(FORM_INPUTS["form_inputs"])
    project.run(environment, "-m", "pytest", "--cov", "--cov-fail-under=0", *tests)
    modules = [f"app/{layer}/{table}.py" for layer in layers for table in TABLES]
    included = f"--include={','.join([*modules, *shared])}"
    printed = project.run(environment, "-m", "coverage", "report", included, "--fail-under=97")
    assert "TOTAL" in printed


def test_row_survives_the_migrations(
    project: BakedProject, environment: Path, tmp_path: Path
) -> None:
    settings = production(f"sqlite:///{tmp_path / 'production.sqlite3'}")
    assert KEPT_POST in walk_migrations(project, environment, **settings).splitlines()


def test_resources_are_registered_once(project: BakedProject) -> None:
    for path, line in (
        (API, "    {}.blp,"),
        (API, "    {},"),
        (CONFTEST, '    "tests.plugins.{}",'),
        *(PAGE_LINES if project.answers["pages"] else []),
    ):
        lines = project.read(path).splitlines()
        names = [(table, table.capitalize()) for table in TABLES]
        assert [lines.count(line.format(*name)) for name in names] == [1] * len(TABLES)


@pytest.mark.parametrize("layer", [*EXAMPLE_ONLY])
def test_example_is_what_the_generator_writes(project: BakedProject, layer: str) -> None:
    example, twin = shapes(project, layer)
    expected = (OPEN_EXAMPLE_ONLY if project.answers["auth"] == "none" else EXAMPLE_ONLY)[layer]
    assert twin.keys() <= example.keys()
    assert {name for name in example if example[name] != twin.get(name)} == expected


@pytest.mark.parametrize("layer", [*COMMON_TESTS])
def test_tests_of_the_example_are_named_like_generated_ones(
    project: BakedProject, layer: str
) -> None:
    example, twin = shapes(project, layer)
    assert COMMON_TESTS[layer] <= example.keys() & twin.keys()


def test_value_fields_come_with_the_first_resource_that_uses_them(
    bake: Bake, environment: Path
) -> None:
    project = bake()
    created = {f"Created {path}" for path in VALUES.values()}
    assert not created & {*generate(project, environment, "note", "title:str").splitlines()}
    assert created <= {*generate(project, environment, "meal", "price:decimal").splitlines()}
    module = project.path / VALUES["values"]
    module.write_text(module.read_text("utf-8") + "# Changed\n", "utf-8")
    assert not created & {*generate(project, environment, "dish", "price:decimal").splitlines()}
    assert project.read(VALUES["values"]).endswith("# Changed\n")


def test_module_of_the_service_is_not_taken_for_value_fields(bake: Bake, environment: Path) -> None:
    project = bake()
    (project.path / VALUES["values"]).write_text('"""Something else."""\n', "utf-8")
    commit(project)
    ((code, printed),) = answers(project, environment, [["meal", "price:decimal"]])
    assert (code, changed_files(project)) == (1, [])
    assert printed == "Error: app/schemas/values.py has no class Decimal: rename that module.\n"


def test_one_of_many_requests_gets_a_unique_value(bake: Bake, environment: Path) -> None:
    project = bake()
    generate(project, environment, *command_lines(project)[0])
    project.run(environment, "-m", "pytest", add_race(project))


def test_references_follow_the_rules_of_the_other_resource(bake: Bake, environment: Path) -> None:
    project = bake()
    for line in ("plan_2 license:str", "note post:ref:post plan:ref:plan_2"):
        generate(project, environment, *line.split())
    (project.path / "tests" / "test_drafts.py").write_text(DRAFTS, "utf-8")
    project.run(environment, "-m", "pytest", "tests/test_drafts.py", "tests/api/test_notes.py")
    ((code, printed),) = answers(project, environment, [["plan2", "title:str"]])
    assert (code, "plan2 is already taken" in printed) == (1, True)


def test_resources_of_an_open_service_work_when_it_gets_accounts(
    bake: Bake, environment: Path
) -> None:
    before, after = bake(auth="none", admin=False), bake(admin=False)
    add_resources(before, environment)
    for line in changed_files(before):
        name = line.split()[-1]
        text = before.read(name)
        if name not in (API, CONFTEST):
            text = text.replace('"0001_posts"', '"0003_outgoing_mails"')
            (after.path / name).parent.mkdir(exist_ok=True)
            (after.path / name).write_text(text, "utf-8")
    for path, line, added in (
        (API, "    posts,", "    {},"),
        (API, "    posts.blp,", "    {}.blp,"),
        (CONFTEST, '    "tests.plugins.posts",', '    "tests.plugins.{}",'),
    ):
        lines = "\n".join([line, *(added.format(table) for table in TABLES)])
        (after.path / path).write_text(after.read(path).replace(line, lines), "utf-8")
    after.run(environment, "-m", "pytest", "-n2", *OWN_TESTS, "tests/security/test_guard.py")


def test_dry_run_prints_a_patch_and_writes_nothing(
    paged: BakedProject, environment: Path, tmp_path: Path
) -> None:
    words = [*command_lines(paged)[0], "price:decimal"]
    ((code, patch),) = answers(paged, environment, [[*words, "--dry-run"]])
    assert (code, changed_files(paged)) == (0, [])
    applied = files_after_patch(paged, patch, tmp_path)
    copy = clone(paged, tmp_path / "generated")
    generate(copy, environment, *words)
    assert contents_of_changes(copy) == applied
    assert len(applied) == 22


def test_pages_come_with_their_option_only(paged: BakedProject, environment: Path) -> None:
    words = ["note", "title:str", "body:text", "--dry-run"]
    without, with_pages, first_optional = (
        set(re.findall(r"^[+]{3} b/(.+)$", printed, re.MULTILINE))
        for _, printed in answers(
            paged,
            environment,
            [words, [*words, "--pages"], [*words, "day:date:optional", "--pages"]],
        )
    )
    assert with_pages - without == {
        *(PAGES, CONTEXT, "app/pages/notes.py", "tests/pages/test_notes.py"),
        *(f"app/pages/templates/pages/notes/{page}.html" for page in PAGE_TEMPLATES),
    }
    assert first_optional - with_pages == {*FORM_INPUTS.values(), *VALUES.values()}


def test_pages_without_their_option_are_refused(
    untouched: BakedProject, open_project: BakedProject, environment: Path
) -> None:
    for project in (untouched, open_project):
        ((code, printed),) = answers(project, environment, [["note", "title:str", "--pages"]])
        assert (code, changed_files(project)) == (1, [])
        assert printed == (
            "Error: This service has no pages: run `make template-set pages=true` first.\n"
        )


def test_template_of_a_page_is_replaced_and_names_what_it_lacks(
    paged: BakedProject, environment: Path
) -> None:
    folder = paged.path / OVERRIDES / "resource"
    folder.mkdir(parents=True)
    override = folder / "page_show.html.jinja"
    override.write_text("{{ name }} is << name >>\n", "utf-8")
    words = ["note", "title:str", "--pages", "--dry-run"]
    ((_, patch),) = answers(paged, environment, [words])
    override.write_text("<% if %>", "utf-8")
    ((code, printed),) = answers(paged, environment, [words])
    shutil.rmtree(folder.parent)
    assert "\n+{{ name }} is note\n" in patch
    assert code == 1
    assert ".templates/resource/page_show.html.jinja cannot be rendered" in printed


def test_templates_of_the_service_replace_those_of_the_generator(
    bake: Bake, environment: Path
) -> None:
    project = bake()
    folder = project.path / OVERRIDES / "resource"
    folder.mkdir(parents=True)
    original = (TEMPLATES / "resource" / "model.py.jinja").read_text("utf-8")
    override = folder / "model.py.jinja"
    override.write_text(f"# For the bakery.\n{original}", "utf-8")
    generate(project, environment, "note", "title:str")
    assert project.read("app/models/note.py").startswith("# For the bakery.\n")
    commit(project)

    override.write_text("{% if %}", "utf-8")
    (bad_template,) = answers(project, environment, [["meal", "title:str"]])
    override.rename(folder / "modle.py.jinja")
    (unknown_template,) = answers(project, environment, [["meal", "title:str"]])

    assert bad_template[0] == unknown_template[0] == 1
    assert ".templates/resource/model.py.jinja cannot be rendered" in bad_template[1]
    assert (
        "modle.py.jinja is not a template of this command; there are: api.py" in unknown_template[1]
    )
    assert not [line for line in changed_files(project) if OVERRIDES not in line]


@pytest.mark.parametrize(
    ("path", "old", "new", "sentence"),
    [
        (PAGES, "    posts.blp,", "    *[posts.blp],", "has no list of blueprints"),
        (PAGES, "    posts,", "    posts, home as other,", "has no `from app.pages import (...)`"),
        (CONTEXT, "NAVIGATION =", "NAVIGATION = LINKS =", "has no list `NAVIGATION`"),
        (API, "    posts.blp,", "    *[posts.blp],", "has no list of blueprints"),
        (API, "    posts,", "    posts, health as other,", "has no `from app.api import (...)`"),
        (API, "    posts,", "    posts,\n    gone,", "The app cannot be loaded: ImportError"),
        (CONFTEST, "pytest_plugins", "PLUGINS", "has no list `pytest_plugins`"),
    ],
)
def test_rewritten_place_is_refused(
    bake: Bake, environment: Path, path: str, old: str, new: str, sentence: str
) -> None:
    project = bake(pages=True)
    text = project.read(path)
    assert old in text
    (project.path / path).write_text(text.replace(old, new), "utf-8")
    commit(project)
    ((code, printed),) = answers(project, environment, [["note", "title:str", "--pages"]])
    assert (code, changed_files(project)) == (1, [])
    assert re.fullmatch("Error: .+[.]\n", printed)
    assert sentence in printed


# Nouns that the generated code, its tests or pytest use for something else, in every variant.
NOUNS = [
    *("app", "blueprint", "client", "connection", "datum --plural data", "db", "engine", "field"),
    *("mapping", "method", "model", "page", "path", "request", "response", "session", "string"),
    *("test", "test_result", "test_run", "testimonial"),
]
# Those that only code with users uses.
NOUNS_OF_ACCOUNTS = ["actor", "owner"]
NOUNS_FOR_LATER = [
    *("account", "auth", "csrf", "login_session", "token", "user", "thing --plural users"),
]
# As long as the revision allows, in sentences and beside every type.
LONGEST = f"{'n' * 26} a:str:unique b:text:optional c:int d:decimal e:date f:datetime:optional"


@pytest.fixture(scope="module")
def open_project(bake: Bake) -> BakedProject:
    """Return the same without users."""
    project = bake(auth="none", admin=False)
    commit(project)
    return project


def refused_nouns(project: BakedProject, environment: Path, nouns: list[str]) -> set[str]:
    """Return those that are refused, in one sentence and without a change."""
    lines = [[*noun.split(), "title:str:optional", "--dry-run"] for noun in nouns]
    answered = dict(zip(nouns, answers(project, environment, lines), strict=True))
    assert changed_files(project) == []
    refused = {noun: printed for noun, (code, printed) in answered.items() if code}
    assert all(re.fullmatch("Error: .+[.]\n", printed) for printed in refused.values()), refused
    return set(refused)


def test_nouns_with_another_meaning_are_refused(untouched: BakedProject, environment: Path) -> None:
    nouns = {*NOUNS, *NOUNS_OF_ACCOUNTS, *NOUNS_FOR_LATER}
    assert refused_nouns(untouched, environment, [*nouns, "item", "log"]) == nouns


def test_nouns_of_users_are_free_without_users(
    open_project: BakedProject, environment: Path
) -> None:
    nouns = {*NOUNS, *NOUNS_FOR_LATER}
    tried = [*nouns, *NOUNS_OF_ACCOUNTS, "item", "log"]
    assert refused_nouns(open_project, environment, tried) == nouns


def test_names_that_other_options_bring_are_reserved(
    bake: Bake, open_project: BakedProject, environment: Path
) -> None:
    nouns = set()
    for auth in ("jwt", "session"):
        project = bake(auth=auth, pages=True)
        for pattern in ("app/models/*.py", "app/schemas/*.py"):
            nouns |= {f"{path.stem} --plural things" for path in project.path.glob(pattern)}
        for pattern in ("app/api/*.py", "app/services/*.py", "tests/plugins/*.py"):
            nouns |= {f"thing --plural {path.stem}" for path in project.path.glob(pattern)}
    assert refused_nouns(open_project, environment, [*nouns]) == nouns


@pytest.mark.parametrize("name", ["untouched", "open_project", "paged"])
def test_longest_possible_name_is_accepted(
    name: str, request: pytest.FixtureRequest, environment: Path
) -> None:
    project, words = request.getfixturevalue(name), [*LONGEST.split(), "post:ref:post", "--dry-run"]
    words += ["--pages"] * bool(project.answers["pages"])
    ((code, printed),) = answers(project, environment, [words])
    assert code == 0, printed


# With `--pages`, in a service with pages.
PAGE_REFUSALS = [
    ("invoice errors:str", "errors is reserved in forms"),
    ("invoice version:str", "version is reserved in forms"),
    ("config title:str", "config is reserved in templates of pages"),
    ("thing --plural register title:str", "The URL /register is already taken"),
    ("thing --plural static title:str", "The URL /static is already taken"),
    ("thing --plural profile title:str", "The URL /profile is already taken"),
    ("form title:str", "app/pages/forms.py exists already"),
    ("page title:str", "The name pages is already taken"),
]


def test_names_that_pages_use_are_refused(paged: BakedProject, environment: Path) -> None:
    lines = [[*line.split(), "--pages"] for line, _ in PAGE_REFUSALS]
    answered = answers(paged, environment, lines)
    assert [
        (line, printed)
        for (line, words), (code, printed) in zip(PAGE_REFUSALS, answered, strict=True)
        if code != 1 or words not in printed or not re.fullmatch("Error: .+[.]\n", printed)
    ] == []
    assert changed_files(paged) == []


REFUSALS = [
    ("class title:str", "class is a Python keyword"),
    ("match title:str", "match is a Python keyword"),
    ("list title:str", "list is a Python keyword"),
    ("order title:str", "order is an SQL keyword"),
    ("thing --plural select title:str", "select is an SQL keyword"),
    ("post title:str", "The name post is already taken"),
    ("posts title:str", "The name posts is already taken"),
    ("article --plural posts title:str", "The name posts is already taken"),
    ("user title:str", "user is an SQL keyword"),
    ("login title:str", "The name login is already taken"),
    ("base title:str", "app/models/base.py exists already"),
    ("doc title:str", "The name docs is already taken"),
    ("setting title:str", "tests/plugins/settings.py exists already"),
    ("csrf title:str", "The name csrf is reserved for template options"),
    ("series --plural series title:str", "needs a plural of another spelling"),
    ("Invoice title:str", "'Invoice' is not a valid name"),
    ("invoice-line title:str", "'invoice-line' is not a valid name"),
    ("../invoice title:str", "'../invoice' is not a valid name"),
    ("_invoice title:str", "'_invoice' is not a valid name"),
    ("1st title:str", "'1st' is not a valid name"),
    ("f\u00fcr title:str", "is not a valid name"),
    (f"{LONG} title:str", "too long for the name of a revision"),
    (f"{LONG * 4} --plural things title:str", "`ruff check` would report"),
    ("invoice title", "write NAME:TYPE"),
    ("invoice title:", "write NAME:TYPE"),
    ("invoice title:string", "write NAME:TYPE"),
    ("invoice title:str:uniq", "'uniq' is neither"),
    ("invoice title:str:unique:unique", "a modifier is repeated"),
    ("invoice title:str title:int", "two fields named title"),
    ("invoice user:ref:user user_id:int", "two fields named user_id"),
    ("invoice buyer:ref:user buyer_id:int", "two fields named buyer_id"),
    ("invoice body:text:unique", "text cannot be unique"),
    ("invoice paid:bool:unique", "bool cannot be unique"),
    ("invoice buyer:ref", "write NAME:ref:MODEL"),
    ("invoice buyer:ref:optional", "write NAME:ref:MODEL"),
    ("invoice buyer:ref:shop", "shop is not a model"),
    ("invoice buyer:ref:login_session", "login_session is not a model"),
    ("invoice Title:str", "'Title' is not a valid name"),
    ("invoice :str", "'' is not a valid name"),
    ("invoice lambda:str", "lambda is a Python keyword"),
    ("invoice type:str", "type is a Python keyword"),
    ("invoice group:str", "group is an SQL keyword"),
    ("invoice id:int", "id is a Python keyword"),
    ("invoice created_at:datetime", "created_at is reserved"),
    ("invoice metadata:str", "metadata is reserved"),
    ("invoice query:str", "query is an SQL keyword"),
    ("invoice owner_id:int", "owner cannot be the owner's name"),
    ("invoice owner:ref:user", "owner cannot be the owner's name"),
    ("invoice seller:str --owner seller", "seller cannot be the owner's name"),
    ("invoice title:str --owner actor", "actor cannot be the owner's name"),
    ("invoice title:str --owner invoice", "invoice cannot be the owner's name"),
    ("invoice title:str --owner Seller", "'Seller' is not a valid name"),
    ("invoice title:str --owner class", "class is a Python keyword"),
    (f"invoice title:str --owner {'o' * 60}", "too long for the names of its constraints"),
    ("invoice deleted_at:datetime", "deleted_at is reserved"),
    ("invoice not_deleted:bool", "not_deleted is reserved"),
    ("invoice self:str", "self is reserved"),
    ("invoice parent:ref:invoice", "invoice cannot refer to itself: leave parent out"),
    ("invoice --plural= title:str", "'' is not a valid name"),
    ("invoice invoice:str", "invoice is reserved"),
    (f"invoice {'y' * 60}:int", "too long for the names of its constraints"),
    ("invoice", "Missing argument"),
]


@pytest.fixture(scope="module")
def refused(untouched: BakedProject, environment: Path) -> dict[str, tuple[int, str]]:
    """Return the answer to each command line."""
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


def test_refused_command_lines_write_nothing(
    untouched: BakedProject, refused: dict[str, tuple[int, str]]
) -> None:
    assert len(refused) == len(REFUSALS)
    assert changed_files(untouched) == []


def test_without_users_nothing_refers_to_one(open_project: BakedProject, environment: Path) -> None:
    lines = [["invoice", "buyer:ref:user"], ["invoice", "title:str", "--owner", "seller"]]
    reference, owner = answers(open_project, environment, lines)
    assert (reference[0], owner[0], changed_files(open_project)) == (1, 1, [])
    assert "user is not a model that a field can refer to; there are: post." in reference[1]
    assert "This service has no users: leave out --owner." in owner[1]


def test_migrations_with_two_heads_are_refused(bake: Bake, environment: Path) -> None:
    project = bake()
    first = project.path / "migrations" / "versions" / "0001_posts.py"
    second = first.with_name("0003_fork.py")
    text = first.read_text("utf-8").replace("0001_posts", "0003_fork")
    second.write_text(text.replace("down_revision = None", 'down_revision = "0001_posts"'), "utf-8")
    commit(project)
    ((code, printed),) = answers(project, environment, [["invoice", "title:str"]])
    assert (code, changed_files(project)) == (1, [])
    assert "have 2 heads: merge them with `flask db merge heads --rev-id 0004_merge`." in printed


def test_folder_without_a_service_is_refused(environment: Path, tmp_path: Path) -> None:
    folder = BakedProject(tmp_path, {})
    ((code, printed),) = answers(folder, environment, [["invoice", "title:str"]])
    assert (code, [*tmp_path.iterdir()]) == (1, [])
    assert printed == "Error: There is no app/__init__.py: change to the folder of a service.\n"


def test_service_without_environment_is_refused(untouched: BakedProject) -> None:
    command = [sys.executable, "-m", "flask_service_cli", "generate", "resource", "a", "b:str"]
    done = untouched.attempt(*command, PYTHONPATH=str(ROOT))
    assert (done.returncode, changed_files(untouched)) == (1, [])
    assert done.stdout.startswith("Error: There is no .venv: run `make setup`")


def test_production_has_no_generate_command(
    untouched: BakedProject, environment: Path, tmp_path: Path
) -> None:
    settings = production(f"sqlite:///{tmp_path / 'production.sqlite3'}")
    done = untouched.attempt(
        environment.with_name("flask"), "generate", "resource", "invoice", "title:str", **settings
    )
    assert done.returncode != 0
    assert "No such command 'generate'" in done.stdout
