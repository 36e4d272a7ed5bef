"""The admin and the API documentation of a running service in a real browser."""

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
PASSWORD = "correct horse battery staple"  # noqa: S105 - of accounts that exist during the tests
LOGIN = """
    const body = JSON.stringify({email: arguments[0], password: arguments[1]});
    const headers = {"Content-Type": "application/json"};
"""
# Log in to the API and return what the dialog "Authorize" of the documentation asks for.
CREDENTIALS = {
    "jwt": """
        const response = await fetch("/api/v1/auth/login", {method: "POST", headers, body});
        return (await response.json()).access_token;
    """,
    "session": """
        const token = async () => (await (await fetch("/api/v1/auth/csrf")).json()).csrf_token;
        headers["X-CSRF-Token"] = await token();
        await fetch("/api/v1/auth/login", {method: "POST", headers, body});
        return await token();
    """,
}


@pytest.fixture(
    scope="module",
    params=[pytest.param(auth, marks=pytest.mark.xdist_group(auth)) for auth in CREDENTIALS],
)
def auth(request: pytest.FixtureRequest) -> str:
    """Return a kind of authentication."""
    return request.param


@pytest.fixture(scope="module")
def service(
    auth: str, bake: Bake, environment: Path, tmp_path_factory: pytest.TempPathFactory
) -> Generator[str]:
    """Serve a project with an admin and example data."""
    project = bake(auth=auth, admin=True)
    database = tmp_path_factory.mktemp("database") / "service.sqlite3"
    settings = production(f"sqlite:///{database}") | HURRY | {"APP_ENV": "development"}
    account = {"ADMIN_EMAIL": ADMIN, "ADMIN_PASSWORD": PASSWORD}
    for command in (["db", "upgrade"], ["create-admin"], ["seed"]):
        project.run(environment.with_name("flask"), *command, **settings, **account)
    with serving(project, environment, **settings) as url:
        yield url


@pytest.fixture(scope="module")
def started_browser(
    auth: str, service: str, tmp_path_factory: pytest.TempPathFactory
) -> Generator[Browser]:
    """Start one browser for all tests of a service; `SCREENSHOTS` names the folder for pictures."""
    folder = tmp_path_factory.mktemp("browser")
    screenshots = Path(os.environ.get("SCREENSHOTS", folder / "screenshots")).absolute() / auth
    screenshots.mkdir(parents=True, exist_ok=True)
    with chromium(service, folder, screenshots) as browser:
        yield browser


@pytest.fixture
def browser(started_browser: Browser) -> Generator[Browser]:
    """Delete all cookies; check afterwards that no page violated its Content-Security-Policy."""
    started_browser.visit("/health")
    started_browser.driver.delete_all_cookies()
    started_browser.set_screen(DESKTOP)
    yield started_browser
    assert not started_browser.csp_violations()


@pytest.fixture
def admin_browser(browser: Browser) -> Browser:
    """Log in to the admin."""
    log_in(browser, ADMIN)
    assert browser.shows("Log out")
    return browser


def log_in(browser: Browser, email: str) -> None:
    """Submit the login form."""
    browser.visit("/admin/login")
    browser.fill(email=email, password=PASSWORD)
    browser.click("Log in")


def create_user(browser: Browser, email: str, first_name: str, last_name: str) -> None:
    """Submit the form of a new user."""
    browser.visit("/admin/users/")
    browser.click("Create")
    browser.fill(email=email, password=PASSWORD, first_name=first_name, last_name=last_name)
    browser.click("Save")
    assert browser.shows("Record was successfully created.")


def try_out(browser: Browser, method: str, path: str) -> str:
    """Send a request from the API documentation and return the status that it shows."""
    operation = f".opblock-{method}:has([data-path='{path}'])"
    browser.find(f"{operation} .opblock-summary-control").click()
    browser.find(f"{operation} .try-out__btn").click()
    browser.find(f"{operation} .execute").click()
    status = browser.find(f"{operation} .live-responses-table tbody .response-col_status")
    browser.driver.execute_script("arguments[0].scrollIntoView()", browser.find(operation))
    return status.text


def test_admin_logs_in_and_out(browser: Browser) -> None:
    browser.visit("/admin/users/")
    browser.take_screenshot("admin-login")

    browser.fill(email=ADMIN, password=PASSWORD)
    browser.click("Log in")
    assert browser.shows("Export CSV")

    browser.click("Log out")
    assert browser.shows("Stay logged in")
    browser.visit("/admin/")
    assert browser.driver.current_url.endswith("/admin/login?next=/admin/")


def test_user_is_created_and_edited(admin_browser: Browser) -> None:
    create_user(admin_browser, "nora.nassar@example.com", "Noor", "Nassar")

    admin_browser.click("Edit", row="nora.nassar@example.com")
    admin_browser.fill(first_name="Nora")
    admin_browser.click("Save")

    assert admin_browser.shows("Record was successfully saved.")
    assert admin_browser.shows("Nora")


def test_user_is_deactivated_and_activated(admin_browser: Browser) -> None:
    create_user(admin_browser, "ivan.dolak@example.com", "Ivan", "Dolak")

    admin_browser.click("Deactivate", row="ivan.dolak@example.com")
    admin_browser.accept_dialog()
    assert admin_browser.shows("1 deactivated.")

    admin_browser.click("Activate", row="ivan.dolak@example.com")
    assert admin_browser.shows("1 activated.")


def test_user_is_deleted_and_restored(admin_browser: Browser) -> None:
    create_user(admin_browser, "gita.onen@example.com", "Gita", "Onen")

    admin_browser.click("Delete", row="gita.onen@example.com")
    admin_browser.accept_dialog()
    assert admin_browser.shows("1 deleted.")
    admin_browser.take_screenshot("admin-users")

    admin_browser.click("Restore", row="gita.onen@example.com")
    assert admin_browser.shows("1 restored.")


def test_dashboard_shows_recent_records(admin_browser: Browser) -> None:
    admin_browser.visit("/admin/")

    assert admin_browser.shows("Hello, world")
    admin_browser.take_screenshot("admin-index")


def test_last_admin_is_left_out_when_all_are_deactivated(admin_browser: Browser) -> None:
    create_user(admin_browser, "mats.anyan@example.com", "Mats", "Anyan")

    admin_browser.visit("/admin/users/?search=example.com")
    admin_browser.find("[data-select-all]").click()
    admin_browser.find("#selected [value=deactivate]").click()
    admin_browser.accept_dialog()

    assert admin_browser.shows("Cannot remove the last active admin.")


def test_exported_formulas_are_quoted(admin_browser: Browser) -> None:
    create_user(admin_browser, "eva.formula@example.com", "Eva", "=1+1")

    admin_browser.click("Export CSV")
    downloads = admin_browser.downloads
    wait_for(lambda: any(downloads.glob("Users_*.csv")), "the download")

    with next(downloads.glob("Users_*.csv")).open(newline="") as file:
        names = {row["Email"]: row["Last name"] for row in csv.DictReader(file)}
    assert names["eva.formula@example.com"] == "'=1+1"


def test_user_who_is_not_an_admin_is_refused(admin_browser: Browser) -> None:
    create_user(admin_browser, "mei.ember@example.com", "Mei", "Ember")
    admin_browser.click("Log out")
    assert admin_browser.shows("Stay logged in")

    log_in(admin_browser, "mei.ember@example.com")

    assert admin_browser.shows("Only admins have access.")


def test_pages_fit_a_phone(admin_browser: Browser) -> None:
    admin_browser.set_screen(PHONE)
    for page in ("", "posts/", "posts/new/", "users/new/", "users/"):
        admin_browser.visit(f"/admin/{page}")
        assert admin_browser.scroll_width() == PHONE["width"], page
    admin_browser.take_screenshot("admin-phone")


def test_long_email_fits_a_phone(admin_browser: Browser) -> None:
    email = f"{'longname' * 6}@subdomain.{'company' * 6}.example.com"
    create_user(admin_browser, email, "Maximiliane", "von und zu Hohenstein")
    admin_browser.set_screen(PHONE)
    for page in ("", "users/"):
        admin_browser.visit(f"/admin/{page}")
        assert admin_browser.scroll_width() == PHONE["width"], page

    admin_browser.click("Set password", row=email)

    assert admin_browser.shows(f"Set the password of {email}")
    assert admin_browser.scroll_width() == PHONE["width"]


def test_api_documentation_sends_authorized_requests_without_network(
    browser: Browser, auth: str
) -> None:
    browser.visit("/api/docs/")
    credentials = browser.run_script(LOGIN + CREDENTIALS[auth], ADMIN, PASSWORD)

    browser.click("Authorize")
    browser.find(".auth-container input").send_keys(credentials)
    browser.find(".auth-container [aria-label='Apply credentials']").click()
    browser.find(".close-modal").click()

    assert try_out(browser, "get", "/api/v1/users/me") == "200"
    browser.take_screenshot("api-docs")
    assert try_out(browser, "post", "/api/v1/posts") == "201"


def test_missing_browser_fails_with_the_packages_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", "")
    with (
        pytest.raises(AssertionError, match="install the packages chromium"),
        chromium("http://localhost", tmp_path, tmp_path),
    ):
        pass
