"""Run only tests of which something changed since they passed; `--fresh` runs them all.

A test is remembered with all that it depended on: its module and what that imports, files of this
repository, the content of projects that it baked, and the tools. One of another kind, such as the
integration tests, whose servers cannot be compared, is run every time.
"""

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import reads
from tests.environments import find_interpreter
from tests.ledger import FOLDER, Ledger, digest, installed, repository
from tests.variants import EXTENT, choices

REMEMBERED = "remembered"
# Read while modules were imported; by which of them is not known.
IMPORTED = pytest.StashKey[reads.Reads]()
FIXTURES = pytest.StashKey[dict[int, reads.Reads]]()
LEDGER = pytest.StashKey[Ledger]()
CALLED = pytest.StashKey[reads.Reads]()
HARMLESS_MARKERS = {"parametrize", "timeout", "usefixtures"}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that forgets."""
    parser.addoption("--fresh", action="store_true", help="forget which tests passed before")
    parser.addoption("--ledger", type=Path, default=FOLDER, help="where passes are remembered")


def pytest_configure(config: pytest.Config) -> None:
    """Begin to listen; forget, if that is asked for, before workers look."""
    config.stash[LEDGER] = Ledger(config.getoption("--ledger"))
    config.stash[FIXTURES] = {}
    if config.getoption("--fresh") and not hasattr(config, "workerinput"):
        config.stash[LEDGER].forget()
    reads.start()
    repository()


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Generator[None, object, object]:
    """Note what modules read when they are imported."""
    with reads.recorded() as imported:
        session.config.stash[IMPORTED] = imported
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
) -> Generator[None, object, object]:
    """Note what a fixture reads, for all tests that use it."""
    with reads.recorded() as read:
        request.config.stash[FIXTURES][id(fixturedef)] = read
        return (yield)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """Report a test that would only repeat itself, and tear down what the next one does not use."""
    if not is_remembered(item):
        return None
    hook, state = item.ihook, item.session._setupstate
    hook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    hook.pytest_runtest_logreport(report=passed_before(item))
    # The test before this one has kept the fixtures of this one's module and package.
    call = pytest.CallInfo.from_call(lambda: state.teardown_exact(nextitem), when="teardown")
    if call.excinfo:
        hook.pytest_runtest_logreport(report=pytest.TestReport.from_item_and_call(item, call))
    hook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True


def passed_before(item: pytest.Item) -> pytest.TestReport:
    """Return the report of a test that passed in another run."""
    return pytest.TestReport(
        nodeid=item.nodeid,
        location=item.location,
        keywords={},
        outcome="passed",
        longrepr=None,
        when="call",
        user_properties=[(REMEMBERED, True)],
    )


def is_remembered(item: pytest.Item) -> bool:
    """Return whether a test passed with all that it depended on being as it is now."""
    before = item.config.stash[LEDGER].load(key(item)) if can_be_remembered(item) else None
    return before is not None and before == depended_on(before).state()


def depended_on(before: dict[str, Any]) -> reads.Reads:
    """Return what a test depended on when it passed."""
    return reads.Reads(
        set(before["files"]),
        {digest(answers): answers for answers, _ in before["renders"]},
        everything=before["everything"] is not None,
        history=before["history"] is not None,
    )


def can_be_remembered(item: pytest.Item) -> bool:
    """Return whether all that a test depends on can be compared."""
    return all(marker.name in HARMLESS_MARKERS for marker in item.iter_markers())


def key(item: pytest.Item) -> str:
    """Return the name under which a test is remembered."""
    module = item.nodeid.partition("::")[0]
    imported = item.config.stash[IMPORTED].state()
    parts = (reads.harness(module), imported, reads.questions(), installed())
    return digest(item.nodeid, EXTENT, *parts)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Note what a test reads, itself and through its fixtures."""
    with reads.recorded() as read:
        result = yield
    for fixture in fixtures(item):
        read.add(item.config.stash[FIXTURES].get(id(fixture), reads.Reads()))
    item.stash[CALLED] = read
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember a test that passed, when its teardown has passed, too."""
    report = yield
    passed = call.when == "teardown" and report.passed and CALLED in item.stash
    if passed and can_be_remembered(item):
        item.config.stash[LEDGER].remember(key(item), item.stash[CALLED].state())
    return report


def fixtures(item: pytest.Item) -> Iterator[pytest.FixtureDef[Any]]:
    """Yield the fixtures that a test has, directly or not."""
    request = getattr(item, "_request", None)
    yield from getattr(request, "_fixture_defs", {}).values()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Report the versions of Python on which nothing could run."""
    for version in choices("python_version"):
        if not find_interpreter(version):
            terminalreporter.write_line(
                f"Python {version}: not found by uv or pyenv, no test suite ran on it", yellow=True
            )


def pytest_report_teststatus(
    report: pytest.TestReport | pytest.CollectReport,
) -> tuple[str, str, str] | None:
    """Count what passed in another run apart."""
    if isinstance(report, pytest.TestReport) and (REMEMBERED, True) in report.user_properties:
        return REMEMBERED, "=", "REMEMBERED"
    return None
