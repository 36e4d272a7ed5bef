"""The admin and the documentation as people see them: a real browser, a running service."""

import csv
import os
from collections.abc import Generator
from pathlib import Path

import pytest

from tests.baking import Bake
from tests.browsers import DESKTOP, PHONE, Browser, chromium
from tests.services import HURRY, production, serving, wait_for

pytestmark = pytest.mark.browser

ADMIN = "admin@example.com"
PASSWORD = "correct horse battery staple"  # noqa: S105 - it opens nothing but these services
# What a client of each kind has to do before it may authorise: log in, and fetch what proves it.
PROOFS = {
    "jwt": """
        const answer = await fetch("/api/v1/auth/login", {method: "POST", headers, body});
        return (await answer.json()).access_token;
    """,
    "session": """
        const token = async () => (await (await fetch("/api/v1/auth/csrf")).json()).csrf_token;
        headers["X-CSRF-Token"] = await token();
        await fetch("/api/v1/auth/login", {method: "POST", headers, body});
        return await token();
    """,
}
WIDTH = "return document.documentElement.scrollWidth"
LOGIN_URL = """
    const body = JSON.stringify({email: arguments[0], password: arguments[1]});
    const headers = {"Content-Type": "application/json"};
"""


@pytest.fixture(
    scope="module",
    params=[pytest.param(kind, marks=pytest.mark.xdist_group(kind)) for kind in PROOFS],
)
def auth(request: pytest.FixtureRequest) -> str:
    """Return a kind of authentication."""
    return request.param


@pytest.fixture(scope="module")
def service(
    auth: str, bake: Bake, environment: Path, tmp_path_factory: pytest.TempPathFactory
) -> Generator[str]:
    """Serve a project with an admin and a few posts."""
    project = bake(auth=auth, admin=True)
    database = tmp_path_factory.mktemp("database") / "service.sqlite3"
    settings = production(f"sqlite:///{database}") | HURRY | {"APP_ENV": "development"}
    account = {"ADMIN_EMAIL": ADMIN, "ADMIN_PASSWORD": PASSWORD}
    for command in (["db", "upgrade"], ["create-admin"], ["seed"]):
        project.run(environment.with_name("flask"), *command, **settings, **account)
    with serving(project, environment, **settings) as url:
        yield url


@pytest.fixture(scope="module")
def started(
    auth: str, service: str, tmp_path_factory: pytest.TempPathFactory
) -> Generator[Browser]:
    """Start one browser for all tests of a service; pictures go where `SCREENSHOTS` says."""
    folder = tmp_path_factory.mktemp("browser")
    pictures = Path(os.environ.get("SCREENSHOTS", folder / "screenshots")).absolute() / auth
    pictures.mkdir(parents=True, exist_ok=True)
    with chromium(service, folder, pictures) as browser:
        yield browser


@pytest.fixture
def browser(started: Browser) -> Generator[Browser]:
    """Forget who was logged in; afterwards see that no page did what its policy forbids."""
    started.visit("/health")
    started.driver.delete_all_cookies()
    started.hold(DESKTOP)
    yield started
    assert not started.violations()


@pytest.fixture
def office(browser: Browser) -> Browser:
    """Log in to the admin."""
    login(browser, ADMIN)
    assert browser.reads("Log out")
    return browser


def login(browser: Browser, email: str) -> None:
    """Fill in and send the login page."""
    browser.visit("/admin/login")
    browser.fill(email=email, password=PASSWORD)
    browser.press("Log in")


def open_account(office: Browser, email: str, first_name: str, last_name: str) -> None:
    """Fill in and send the form of a new account."""
    office.visit("/admin/users/")
    office.press("Create")
    office.fill(email=email, password=PASSWORD, first_name=first_name, last_name=last_name)
    office.press("Save")
    assert office.reads("Record was successfully created.")


def try_out(browser: Browser, verb: str, path: str) -> str:
    """Send a request from the documentation and return the status it shows."""
    operation = f".opblock-{verb}:has([data-path='{path}'])"
    browser.find(f"{operation} .opblock-summary-control").click()
    browser.find(f"{operation} .try-out__btn").click()
    browser.find(f"{operation} .execute").click()
    answer = browser.find(f"{operation} .live-responses-table tbody .response-col_status")
    browser.driver.execute_script("arguments[0].scrollIntoView()", browser.find(operation))
    return answer.text


def test_a_stranger_signs_in_and_out(browser: Browser) -> None:
    browser.visit("/admin/users/")
    browser.photograph("admin-login")

    browser.fill(email=ADMIN, password=PASSWORD)
    browser.press("Log in")
    assert browser.reads("Export CSV")

    browser.press("Log out")
    assert browser.reads("Stay logged in")
    browser.visit("/admin/")
    assert browser.driver.current_url.endswith("/admin/login?next=/admin/")


def test_an_account_is_created_and_edited(office: Browser) -> None:
    open_account(office, "edited@example.com", "Noor", "Nassar")

    office.press("Edit", row="edited@example.com")
    office.fill(first_name="Nora")
    office.press("Save")

    assert office.reads("Record was successfully saved.")
    assert office.reads("Nora")


def test_a_name_is_edited_in_the_list(office: Browser) -> None:
    open_account(office, "inline@example.com", "Ines", "Lopez")

    office.press("Ines", row="inline@example.com")
    field = office.find(".editableform input")
    field.clear()
    field.send_keys("Ilse\n")
    assert office.reads("Ilse")

    office.visit("/admin/users/")
    assert office.reads("Ilse")


def test_an_account_is_deactivated_and_activated(office: Browser) -> None:
    open_account(office, "idle@example.com", "Ivan", "Dolak")

    office.press("Deactivate", row="idle@example.com")
    office.confirm()
    assert office.reads("1 deactivated.")

    office.press("Activate", row="idle@example.com")
    assert office.reads("1 activated.")


def test_an_account_is_deleted_and_restored(office: Browser) -> None:
    open_account(office, "gone@example.com", "Gita", "Onen")

    office.press("Delete", row="gone@example.com")
    office.confirm()
    assert office.reads("1 deleted.")
    office.photograph("admin-users")

    office.press("Restore", row="gone@example.com")
    assert office.reads("1 restored.")


def test_the_first_page_shows_what_there_is(office: Browser) -> None:
    office.visit("/admin/")

    assert office.reads("Hello, world")
    office.photograph("admin-index")


def test_all_are_selected_and_the_last_admin_stays(office: Browser) -> None:
    open_account(office, "many@example.com", "Mats", "Anyan")

    office.visit("/admin/users/?search=example.com")
    office.find("[data-select-all]").click()
    office.find("#selected [value=deactivate]").click()
    office.confirm()

    assert office.reads("Cannot remove the last active admin.")


def test_an_export_holds_no_formulas(office: Browser) -> None:
    open_account(office, "exported@example.com", "Eva", "=1+1")

    office.press("Export CSV")
    wait_for(lambda: any(office.downloads.glob("Users_*.csv")), "the download")

    with next(office.downloads.glob("Users_*.csv")).open(newline="") as file:
        names = {row["Email"]: row["Last name"] for row in csv.DictReader(file)}
    assert names["exported@example.com"] == "'=1+1"


def test_somebody_who_is_no_admin_is_refused(office: Browser) -> None:
    open_account(office, "member@example.com", "Mei", "Ember")
    office.press("Log out")
    assert office.reads("Stay logged in")

    login(office, "member@example.com")

    assert office.reads("The admin is for admins.")


def test_pages_fit_a_phone(office: Browser) -> None:
    office.hold(PHONE)
    for page in ("", "posts/", "posts/new/", "users/new/", "users/"):
        office.visit(f"/admin/{page}")
        assert office.driver.execute_script(WIDTH) == PHONE["width"], page
    office.photograph("admin-phone")


def test_a_long_address_fits_a_phone(office: Browser) -> None:
    address = f"{'somebody' * 6}@subdomain.{'company' * 6}.example.com"
    open_account(office, address, "Maximiliane", "von und zu Hohenstein")
    office.hold(PHONE)
    for page in ("", "users/"):
        office.visit(f"/admin/{page}")
        assert office.driver.execute_script(WIDTH) == PHONE["width"], page

    office.press("Set password", row=address)

    assert office.reads(f"New password for {address}")
    assert office.driver.execute_script(WIDTH) == PHONE["width"]


def test_the_documentation_works_off_the_network_and_authorises(
    browser: Browser, auth: str
) -> None:
    browser.visit("/api/docs/")
    proof = browser.run(LOGIN_URL + PROOFS[auth], ADMIN, PASSWORD)

    browser.press("Authorize")
    browser.find(".auth-container input").send_keys(proof)
    browser.find(".auth-container [aria-label='Apply credentials']").click()
    browser.find(".close-modal").click()

    assert try_out(browser, "get", "/api/v1/users/me") == "200"
    browser.photograph("api-docs")
    assert try_out(browser, "post", "/api/v1/posts") == "201"


def test_a_ring_without_its_browser_fails(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", "")
    with (
        pytest.raises(AssertionError, match="install the packages chromium"),
        chromium("http://localhost", tmp_path, tmp_path),
    ):
        pass
