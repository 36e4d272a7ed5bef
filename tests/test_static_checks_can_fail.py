"""Each static check of all products is seen red, through the ledger, too."""

import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import pytest

from flask_service_extensions.rendering import PROJECT_FOLDER
from tests.baking import Bake, BakedProject, copy_template
from tests.ledger import Ledger
from tests.pipelines import GITHUB
from tests.renderer import Products
from tests.static_checks import CHECKS, ProductChecks, StaticCheck, container_rule
from tests.test_compose import OFFENCES
from tests.variants import BAREST, PAIRWISE_CODE, Variant

PRODUCTS = Products(PAIRWISE_CODE)
SESSIONS = [product for product in PRODUCTS.all if product["auth"] == "session"]
JINJA = "{% raw %}{{ cookiecutter.project_name }}{% endraw %}\n"
UPWARDS = "from app.api import posts  # noqa\n"
# Check, file, what is replaced (nothing: the end), and what by; a missing file is made.
BREAKS = [
    ("leftover_jinja", "README.md", "", JINJA),
    ("emptiness", "app/nothing.py", "", ""),
    ("emptiness", "app/left/", "", ""),
    ("untidy_text", "README.md", "", "trailing \n"),
    ("unreadable_data", "data.json", "", "{,}\n"),
    ("invalid_pipelines", GITHUB, "", "permission: {}\n"),
    ("lint", "pyproject.toml", 'requires-python = ">=3.11"', 'requires-python = "no"'),
    ("lint", "app/exceptions.py", "", "import os\n"),
    ("formatting", "app/exceptions.py", "", "x  =  1\n"),
    ("orphans", "app/lonely.py", "", '"""Nothing needs this."""\n'),
    ("types", "wsgi.py", "", 'number: int = "text"\n'),
    ("layers", "app/models/post.py", "", UPWARDS),
    ("undeclared_dependencies", "app/exceptions.py", "", "import yaml\n"),
    *((str(container_rule(rule)), name, old, new) for rule, name, old, new in OFFENCES),
]


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "ledger")


def checks(name: str) -> list[StaticCheck]:
    """Return the checks of a name; some look at files and at folders."""
    return [check for check in CHECKS if str(check) == name]


def run(template: Path, name: str, ledger: Ledger, folder: Path) -> list[str]:
    """Run the checks of a name on all products of a template."""
    product_checks = ProductChecks(template, PRODUCTS, ledger)
    return [
        finding
        for number, check in enumerate(checks(name))
        for finding in product_checks.run(check, folder / str(number))
    ]


def break_file(template: Path, name: str, old: str, new: str) -> None:
    """Replace a text, or add to the end."""
    path = template / PROJECT_FOLDER / name
    if name.endswith("/"):
        path.mkdir()
        return
    text = path.read_text("utf-8") if path.exists() else ""
    assert old in text
    path.write_text(text.replace(old, new, 1) if old else text + new, "utf-8")


@pytest.mark.parametrize(("check", "name", "old", "new"), BREAKS)
def test_a_check_that_passed_sees_what_breaks(
    check: str, name: str, old: str, new: str, ledger: Ledger, tmp_path: Path
) -> None:
    template = copy_template(tmp_path / "template")
    assert not run(template, check, ledger, tmp_path / "before")
    break_file(template, name, old, new)
    assert run(template, check, ledger, tmp_path / "after")


def test_every_check_has_been_seen_failing() -> None:
    assert {check for check, *_ in BREAKS} == set(map(str, CHECKS))


def calls(monkeypatch: pytest.MonkeyPatch, check: StaticCheck) -> list[BakedProject]:
    """Note which projects a check is run on."""
    called: list[BakedProject] = []

    @wraps(check.find)
    def find(project: BakedProject) -> list[str]:
        called.append(project)
        return check_itself(project)

    check_itself = check.find
    monkeypatch.setitem(check.__dict__, "find", find)
    return called


@pytest.mark.parametrize(
    ("name", "affected"),
    [("app/exceptions.py", PRODUCTS.all), ("app/security/session.py", SESSIONS)],
)
def test_a_changed_byte_makes_what_reads_it_run_again(
    name: str,
    affected: list[dict[str, Any]],
    ledger: Ledger,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    template = copy_template(tmp_path / "template")
    called = calls(monkeypatch, checks("orphans")[0])
    assert not run(template, "orphans", ledger, tmp_path / "first")
    assert not run(template, "orphans", ledger, tmp_path / "again")
    assert len(called) == len(PRODUCTS.all)
    break_file(template, name, "", "# A comment.\n")
    assert not run(template, "orphans", ledger, tmp_path / "changed")
    assert len(called) == len(PRODUCTS.all) + len(affected)


@pytest.mark.parametrize(
    ("name", "affected"),
    [("app/exceptions.py", PRODUCTS.all), ("app/security/session.py", SESSIONS)],
)
def test_a_mutation_turns_all_affected_products_red(
    name: str, affected: list[dict[str, Any]], ledger: Ledger, tmp_path: Path
) -> None:
    template = copy_template(tmp_path / "template")
    break_file(template, name, "", "import os\n")
    found = run(template, "lint", ledger, tmp_path / "project")
    assert any(f"({len(affected)} products" in finding for finding in found)


LISTENING: list[set[str]] = []


def listen(event: str, arguments: tuple[Any, ...]) -> None:
    """Note the files that are opened while it is asked for."""
    if LISTENING and event == "open" and isinstance(arguments[0], str | Path):
        LISTENING[-1].add(str(arguments[0]))


sys.addaudithook(listen)


def read_outside(
    reads: Callable[[str], bool], find: Callable[[BakedProject], object], project: BakedProject
) -> list[str]:
    """Return files of a whole project that a check reads without declaring it."""
    LISTENING.append(set())
    try:
        find(project)
    finally:
        opened = LISTENING.pop()
    below = [Path(path) for path in opened if Path(path).is_relative_to(project.path)]
    return [str(path) for path in below if not reads(path.relative_to(project.path).as_posix())]


@pytest.mark.parametrize("check", CHECKS, ids=str)
def test_a_check_reads_no_more_than_it_declares(check: StaticCheck, bake: Bake) -> None:
    project = bake(database="mysql")
    assert not read_outside(check.reads, check.find, project)


def test_a_read_outside_of_what_is_declared_is_seen(bake: Bake) -> None:
    project = bake()
    outside = read_outside(
        lambda path: path.endswith(".py"), lambda each: each.read("README.md"), project
    )
    assert outside == [str(project.path / "README.md")]


@pytest.mark.parametrize("name", ["types", "layers", "lint", "formatting", "dockerfile", "schema"])
def test_a_program_finds_no_more_than_what_its_check_declares(
    name: str, ledger: Ledger, tmp_path: Path
) -> None:
    products = Products([Variant(BAREST | {"docker": True})])
    product_checks = ProductChecks(copy_template(tmp_path / "template"), products, ledger)
    for check in checks(name):
        product_checks.run(check, tmp_path / "projects")
        files = [path for path in (tmp_path / "projects").rglob("*") if path.is_file()]
        names = {
            Path(*path.relative_to(tmp_path / "projects").parts[1:]).as_posix() for path in files
        }
        assert names
        assert not [path for path in names if not check.reads(path) and "__pycache__" not in path]
