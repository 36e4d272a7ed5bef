"""Every answer can change later: as if generated so, and what a team wrote is kept."""

import shutil
from collections.abc import Callable, Iterator
from functools import cache
from itertools import permutations
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from flask_service_cli.update import Service, change_answers
from tests import own_work, static
from tests.baking import route_tests
from tests.linked import LinkedProject, create, shared_rendering
from tests.services import INSERT_POST, KEPT_POST, PRINT_POSTS, production
from tests.variants import (
    CODE_OPTIONS,
    DEFAULTS,
    OPTIONS,
    PAIRWISE_CODE,
    SINGLE_FILE_OPTIONS,
    Variant,
    choices,
    is_valid,
    valid_products,
    word,
)


class Switch(NamedTuple):
    """One answer that changes, beside others that do not."""

    option: str
    before: Variant
    after: Variant

    def __str__(self) -> str:
        """Read as a sentence, `none-no_admin-to-jwt`."""
        return f"{self.before}-to-{word(self.option, self.after[self.option])}"

    @property
    def answer(self) -> str:
        """Write the new answer as it is typed."""
        value = self.after[self.option]
        return f"{self.option}={str(value).lower() if isinstance(value, bool) else value}"


def switches() -> Iterator[Switch]:
    """Yield the changes of one answer that are offered, whatever options the template has.

    Where an option changes code, two services get each answer. One has no accounts, if that can
    be: their revisions and those of its own become branches.
    """
    for option in OPTIONS:
        variants = PAIRWISE_CODE if option in CODE_OPTIONS else valid_products((option,))
        for choice in choices(option):
            offered = [
                Switch(option, before, after)
                for before in sorted(variants, key=lambda each: each.get("auth") != "none")
                if (after := Variant({**before, option: choice})) != before
                if is_valid(after) and is_offered(option, before, after)
            ]
            chosen = offered[:1] + offered[-1:] if option in CODE_OPTIONS else offered
            yield from dict.fromkeys(chosen)


def is_offered(option: str, before: Variant, after: Variant) -> bool:
    """Accounts are never dropped; one direction is enough where a choice changes a line."""
    one_way = option in SINGLE_FILE_OPTIONS and before[option] != DEFAULTS[option]
    return not one_way and after.get("auth") != "none"


SWITCHES = list(switches())
CODE_SWITCHES = [switch for switch in SWITCHES if switch.option in CODE_OPTIONS]
# One for each answer: the first, which makes the service's own revisions a branch if that can be.
SUITES = {
    (switch.option, switch.after[switch.option]): switch for switch in reversed(CODE_SWITCHES)
}

MIGRATE = """
from flask_migrate import check, upgrade
from app import create_app

with create_app().app_context():
    upgrade()
    check()
"""
INSERT_INVOICE = """
with create_app().app_context(), db.engine.begin() as connection:
    moment = dict.fromkeys(["made", "changed"], columns["created_at"])
    sql = "INSERT INTO invoices VALUES (1, '2026-1', :made, :changed)"
    connection.execute(text(sql), moment)
"""
PRINT_INVOICES = """
from app.services.invoices import list_invoices

with create_app().app_context():
    print(*[invoice.number for invoice in list_invoices()])
"""


@pytest.fixture(scope="module")
def make(
    repository: Path, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[Variant], LinkedProject]:
    """Generate a service with some answers, once."""

    @cache
    def make_service(variant: Variant) -> LinkedProject:
        return create(repository, tmp_path_factory.mktemp(str(variant)), **variant)

    return make_service


@pytest.fixture(scope="module")
def start(
    make: Callable[[Variant], LinkedProject],
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[[Variant], LinkedProject]:
    """Generate a service in which a team has worked, for each test a new one."""

    def start_service(variant: Variant) -> LinkedProject:
        path = tmp_path_factory.mktemp("worked") / "bakery"
        shutil.copytree(make(variant).path, path, symlinks=True)
        own_work.add_files(path)
        own_work.edit_files(path)
        project = LinkedProject(path, variant)
        project.commit()
        return project

    return start_service


@pytest.fixture(scope="module")
def change(
    repository: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[LinkedProject, str], int]]:
    """Return a function that changes an answer; each state of the template is rendered once."""
    render = shared_rendering(tmp_path_factory.mktemp("renderings"))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Service, "render", render)
        yield lambda project, answer: change_answers(project.path, repository, [answer])


@pytest.fixture(scope="module")
def switched(
    start: Callable[[Variant], LinkedProject],
    environment: Path,
    change: Callable[[LinkedProject, str], int],
) -> Callable[[Switch], LinkedProject]:
    """Switch a service that has rows in its database, once."""

    @cache
    def switch_service(switch: Switch) -> LinkedProject:
        project = start(switch.before)
        if switch in CODE_SWITCHES:
            script = MIGRATE + INSERT_POST + INSERT_INVOICE
            project.run(environment, "-c", script, **database(project))
        assert change(project, switch.answer) == 0
        return project

    return switch_service


def database(project: LinkedProject) -> dict[str, Any]:
    """Return the settings of a service whose database lies beside it."""
    return production(f"sqlite:///{project.path.parent / 'database.sqlite3'}")


def test_all_switches_are_offered(capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        print(f"\n{len(SWITCHES)} switches: {' '.join(map(str, SWITCHES))}")
    reached = {(switch.option, switch.after[switch.option]) for switch in SWITCHES}
    reachable = {(option, choice) for option in OPTIONS for choice in choices(option)}
    single = {(option, DEFAULTS[option]) for option in SINGLE_FILE_OPTIONS}
    assert reached == reachable - single - {("auth", "none")}
    changes = {
        (each.option, each.before[each.option], each.after[each.option]) for each in CODE_SWITCHES
    }
    assert changes == {
        (option, *answers)
        for option in CODE_OPTIONS
        for answers in permutations(choices(option), 2)
        if (option, answers[1]) != ("auth", "none")
    }
    assert set(SUITES) == {reach for reach in reached if reach[0] in CODE_OPTIONS}


@pytest.mark.parametrize("switch", SWITCHES, ids=str)
def test_a_switched_service_is_as_if_generated_so_and_keeps_its_own_work(
    switch: Switch,
    make: Callable[[Variant], LinkedProject],
    switched: Callable[[Switch], LinkedProject],
    tmp_path: Path,
) -> None:
    project = switched(switch)
    shutil.copytree(make(switch.after).path, tmp_path / "bakery", symlinks=True)
    own_work.edit_files(tmp_path / "bakery")
    own_work.register_blueprint(tmp_path / "bakery")
    generated = LinkedProject(tmp_path / "bakery", switch.after).tracked()
    files = project.tracked()
    joins = {name for name in files if "_join_" in name}
    own = {
        name for name in files if name in own_work.FILES or name.endswith("_invoices.py")
    } - joins
    assert {name for name in own if project.committed(name) == files[name]} == own
    assert len(own) == len(own_work.FILES) + 1
    assert len(joins) == (switch.option == "auth" and switch.before["auth"] == "none")
    assert {name: text for name, text in files.items() if name not in own | joins} == generated


@pytest.mark.parametrize("switch", CODE_SWITCHES, ids=str)
def test_rows_survive_a_switch(
    switch: Switch, switched: Callable[[Switch], LinkedProject], environment: Path
) -> None:
    project = switched(switch)
    script = MIGRATE + PRINT_POSTS + PRINT_INVOICES
    printed = project.run(environment, "-c", script, **database(project))
    assert {KEPT_POST, "2026-1"} <= set(printed.splitlines())


@pytest.mark.parametrize("switch", SUITES.values(), ids=str)
def test_the_tests_of_a_team_pass_after_a_switch(
    switch: Switch, switched: Callable[[Switch], LinkedProject], environment: Path
) -> None:
    project = switched(switch)
    assert not [*static.lint(project), *static.formatting(project)]
    assert not static.types(project, environment)
    # All other files are those of a generated service: the first test compares them.
    tests = [*own_work.TESTS, *route_tests(project)]
    assert " passed" in project.run(environment, "-m", "pytest", *tests)
