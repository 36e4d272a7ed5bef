"""The admin, the pages and the API documentation of a running service in a real browser."""

import csv
import os
from collections.abc import Generator, Iterable
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from selenium.webdriver.common.keys import Keys

from tests.baking import Bake
from tests.browsers import DESKTOP, PHONE, Browser, chromium
from tests.services import HURRY, production, serving, wait_for

pytestmark = pytest.mark.browser

ADMIN = "admin@example.com"
PASSWORD = "correct horse battery staple"  # noqa: S105 - of accounts that exist during the tests
NEW_PASSWORD = "lamp river cloud"  # noqa: S105 - of the same accounts
WRONG_PASSWORD = "wrong horse battery staple"  # noqa: S105 - of no account
LOGIN = """
    const body = JSON.stringify({email: arguments[0], password: arguments[1]});
    const headers = {"Content-Type": "application/json"};
"""
NUMBERS = count(1)
PUBLIC_PAGES = (
    *("/", "/login", "/register", "/forgot-password", "/reset-password?token=x"),
    *("/verify-email?token=x", "/posts", "/posts/1", "/unknown"),
)
USER_PAGES = (
    *("/", "/posts", "/posts/mine", "/posts/new"),
    *("/profile", "/profile/email", "/profile/password", "/profile/sessions"),
)
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
    """Serve a project with an admin, pages and example data; mails are logged."""
    project = bake(auth=auth, admin=True, pages=True)
    database = tmp_path_factory.mktemp("database") / "service.sqlite3"
    settings = production(f"sqlite:///{database}") | HURRY | {"APP_ENV": "development"}
    settings["MAIL_SERVER"] = ""
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
    started_browser.set_color_scheme("light")
    yield started_browser
    assert not started_browser.csp_violations()


@pytest.fixture
def admin_browser(browser: Browser) -> Browser:
    """Log in to the admin."""
    log_in(browser, ADMIN)
    assert browser.shows("Log out")
    return browser


@pytest.fixture
def user_browser(browser: Browser) -> Browser:
    """Register a new user on the pages."""
    browser.visit("/register")
    email = f"walker{next(NUMBERS)}@example.com"
    browser.fill(email=email, password=PASSWORD, first_name="Wanda", last_name="Walker")
    browser.find("main form button").click()
    assert browser.shows("Hello, Wanda")
    return browser


def log_in(browser: Browser, email: str, page: str = "/admin/login") -> None:
    """Submit the login form."""
    browser.visit(page)
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


def write_post(browser: Browser, title: str) -> None:
    """Submit the form of a new post."""
    browser.visit("/posts/new")
    browser.fill(title=title, content="First line.\nSecond line.")
    browser.click("Save")
    assert browser.shows("Your draft is saved.")


def findings(browser: Browser, paths: Iterable[str]) -> dict[tuple[str, str], list[str]]:
    """Return what axe-core finds on pages, in light and dark; nothing where it finds nothing."""
    found = {}
    for path in paths:
        browser.visit(path)
        for scheme in ("light", "dark"):
            browser.set_color_scheme(scheme)
            found[path, scheme] = browser.accessibility_violations()
    return {page: violations for page, violations in found.items() if violations}


def test_public_pages_are_accessible(browser: Browser) -> None:
    assert findings(browser, PUBLIC_PAGES) == {}


def test_pages_of_users_are_accessible(user_browser: Browser) -> None:
    write_post(user_browser, "Accessible")
    post = urlsplit(user_browser.driver.current_url).path

    assert findings(user_browser, [*USER_PAGES, post, f"{post}/edit", f"{post}/delete"]) == {}


def test_inaccessible_element_is_found(browser: Browser) -> None:
    browser.visit("/")
    browser.driver.execute_script("document.querySelector('main').append(new Image())")

    assert [each.partition(":")[0] for each in browser.accessibility_violations()] == ["image-alt"]


def test_first_stop_of_the_keyboard_skips_the_header(browser: Browser) -> None:
    browser.visit("/posts")
    browser.press(Keys.TAB)
    assert browser.driver.switch_to.active_element.text == "Skip to content"

    browser.press(Keys.ENTER)

    assert browser.driver.switch_to.active_element.get_attribute("id") == "main"


def test_user_registers_and_logs_in_and_out(user_browser: Browser) -> None:
    user_browser.take_screenshot("pages-home")
    user_browser.click("Log out")
    assert user_browser.shows("You are logged out.")

    user_browser.visit("/profile")
    user_browser.fill(email="walker@example.com", password=WRONG_PASSWORD)
    user_browser.find("main form button").click()

    assert user_browser.shows("Invalid email or password.")
    user_browser.take_screenshot("pages-login")


def test_back_button_after_logging_out_shows_nothing(user_browser: Browser) -> None:
    user_browser.visit("/profile")
    user_browser.click("Log out")
    assert user_browser.shows("You are logged out.")

    user_browser.driver.back()

    assert user_browser.shows("Stay logged in")


def test_post_is_written_edited_and_deleted(user_browser: Browser) -> None:
    write_post(user_browser, "A walk")

    user_browser.click("Edit")
    user_browser.fill(title="A long walk")
    user_browser.find("[name=published]").click()
    user_browser.click("Save")
    assert user_browser.shows("Your changes are saved.")
    user_browser.take_screenshot("pages-post")

    user_browser.click("Delete")
    user_browser.click("Delete")
    assert user_browser.shows("The post is deleted.")


def test_profile_is_changed(user_browser: Browser) -> None:
    user_browser.visit("/profile")
    user_browser.fill(first_name="Willa")
    user_browser.click("Save")
    assert user_browser.shows("Willa Walker")

    user_browser.click("Password")
    user_browser.fill(current_password=WRONG_PASSWORD, new_password=NEW_PASSWORD)
    user_browser.click("Change the password")
    assert user_browser.shows("Missing or wrong.")

    user_browser.fill(current_password=PASSWORD, new_password=NEW_PASSWORD)
    user_browser.click("Change the password")
    assert user_browser.shows("Your password is changed.")


def test_pages_follow_the_color_scheme(user_browser: Browser) -> None:
    user_browser.set_color_scheme("dark")
    user_browser.visit("/posts")

    background = user_browser.find("body").value_of_css_property("background-color")

    assert background == "rgba(15, 19, 25, 1)"
    user_browser.take_screenshot("pages-dark")


def test_pages_for_people_fit_a_phone(user_browser: Browser) -> None:
    write_post(user_browser, "W" * 200)
    post = urlsplit(user_browser.driver.current_url).path
    user_browser.set_screen(PHONE)
    for path in (*PUBLIC_PAGES, *USER_PAGES, post, f"{post}/edit", "/"):
        user_browser.visit(path)
        assert user_browser.scroll_width() == PHONE["width"], path
    user_browser.take_screenshot("pages-phone")


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
