"""Debian's Chromium, headless and off the network, told what a person at a screen would do."""

import shutil
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver import Chrome
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

SECONDS = 20  # that a page may take on a busy machine

FLAGS = [
    "--headless=new",
    "--no-sandbox",  # a sandbox inside a container refuses to start
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]
DESKTOP = {"width": 1280, "height": 800, "deviceScaleFactor": 1, "mobile": False}
PHONE = {"width": 375, "height": 812, "deviceScaleFactor": 2, "mobile": True}
PRESSABLE = (
    '*[(self::a or self::button) and (normalize-space()="{0}" or @title="{0}")'
    ' or self::input[@type="submit" and @value="{0}"]]'
)


@dataclass(frozen=True)
class Browser:
    """A browser that shows one service."""

    driver: Chrome
    url: str
    downloads: Path
    pictures: Path

    def visit(self, path: str) -> None:
        """Open a page of the service."""
        self.driver.get(f"{self.url}{path}")

    def find(self, selector: str) -> WebElement:
        """Wait for what a CSS selector finds."""
        return self._await(lambda: self._shown(By.CSS_SELECTOR, selector), selector)

    def fill(self, **values: str) -> None:
        """Type into fields, by name."""
        for name, value in values.items():
            field = self.find(f"[name={name}]:not([type=hidden])")
            field.clear()
            field.send_keys(value)

    def press(self, label: str, *, row: str = "") -> None:
        """Press what has a label, anywhere or in the row of a table with a text in it."""
        within = f'//tr[contains(., "{row}")]' if row else ""
        path = f"{within}//{PRESSABLE.format(label)}"

        def click() -> bool:
            element = self._shown(By.XPATH, path)
            if element:
                element.click()
            return element is not None

        self._await(click, f"{label} {row}")

    def confirm(self) -> None:
        """Say yes to the question that the page asks."""
        self.driver.switch_to.alert.accept()

    def reads(self, text: str) -> bool:
        """Wait for a text to be seen."""
        path = f'//body[contains(., "{text}")]'
        return bool(self._await(lambda: self._shown(By.XPATH, path), text))

    def run(self, script: str, *arguments: object) -> str:
        """Run the body of an asynchronous function on the page and return its result."""
        call = (
            f"const done = arguments[arguments.length - 1]; (async () => {{{script}}})().then(done)"
        )
        return self.driver.execute_async_script(call, *arguments)

    def hold(self, screen: Mapping[str, object]) -> None:
        """Show pages on a screen of another size."""
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", dict(screen))

    def photograph(self, name: str) -> None:
        """Save what is to be seen."""
        self.driver.save_screenshot(str(self.pictures / f"{name}.png"))

    def violations(self) -> list[str]:
        """Return what the pages' policies kept from happening since the last question."""
        messages = [entry["message"] for entry in self.driver.get_log("browser")]
        return [message for message in messages if "Content Security Policy" in message]

    def _shown(self, by: str, path: str) -> WebElement | None:
        found = self.driver.find_elements(by, path)
        return next((element for element in found if element.is_displayed()), None)

    def _await(self, look: Callable[[], Any], what: str) -> Any:
        """Ask until there is an answer; a new page may come while the old one is looked at."""
        impatience = WebDriverWait(
            self.driver, SECONDS, ignored_exceptions=[StaleElementReferenceException]
        )
        return impatience.until(
            lambda _driver: look(), f"{what} is not on {self.driver.current_url}"
        )


@contextmanager
def chromium(url: str, folder: Path, pictures: Path) -> Generator[Browser]:
    """Start a browser that nobody used before, and close it."""
    downloads = folder / "downloads"
    options = Options()
    options.binary_location = _installed("chromium")
    for flag in [*FLAGS, f"--user-data-dir={folder / 'profile'}"]:
        options.add_argument(flag)
    options.add_experimental_option("prefs", {"download.default_directory": str(downloads)})
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = Chrome(options=options, service=Service(_installed("chromedriver")))
    try:
        yield Browser(driver, url, downloads, pictures)
    finally:
        driver.quit()


def _installed(name: str) -> str:
    found = shutil.which(name)
    assert found, f"this ring needs {name}: install the packages chromium and chromium-driver"
    return found
