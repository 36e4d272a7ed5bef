"""Headless Chromium without network access, driven by Selenium."""

import json
import shutil
import subprocess
import tarfile
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver import Chrome
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

TIMEOUT = 20  # seconds; enough for a page on a busy machine

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
CLICKABLE = (
    '*[(self::a or self::button) and (normalize-space()="{0}" or @title="{0}")'
    ' or self::input[@type="submit" and @value="{0}"]]'
)


PACKAGES = "chromium and chromium-driver"
AXE_CORE = "axe-core@4.14.1"
RUN_AXE = """
    const {violations} = await axe.run();
    const elements = violation => violation.nodes.map(node => node.html).join(" ");
    return JSON.stringify(violations.map(each => `${each.id}: ${elements(each)}`));
"""


@cache
def axe_core() -> str:
    """Return the script of axe-core, which npm downloads."""
    npm = _find_program("npm", "npm")
    with TemporaryDirectory() as folder:
        pack = [npm, "pack", "--silent", AXE_CORE]
        name = subprocess.run(pack, cwd=folder, capture_output=True, text=True, check=True).stdout
        with tarfile.open(Path(folder) / name.strip()) as archive:
            script = archive.extractfile("package/axe.min.js")
            assert script
            return script.read().decode()


@dataclass(frozen=True)
class Browser:
    """A browser that visits one service."""

    driver: Chrome
    url: str
    downloads: Path
    screenshots: Path

    def visit(self, path: str) -> None:
        """Open a page of the service."""
        self.driver.get(f"{self.url}{path}")

    def find(self, selector: str) -> WebElement:
        """Wait for a visible element and return it."""
        return self._wait_for(lambda: self._find_visible(By.CSS_SELECTOR, selector), selector)

    def fill(self, **values: str) -> None:
        """Type into form fields, by name."""
        for name, value in values.items():
            field = self.find(f"[name={name}]:not([type=hidden])")
            field.clear()
            field.send_keys(value)

    def click(self, label: str, *, row: str = "") -> None:
        """Click a link or button by its label, in the table row with a text if one is given."""
        within = f'//tr[contains(., "{row}")]' if row else ""
        path = f"{within}//{CLICKABLE.format(label)}"

        def click() -> bool:
            element = self._find_visible(By.XPATH, path)
            if element:
                element.click()
            return element is not None

        self._wait_for(click, f"{label} {row}")

    def accept_dialog(self) -> None:
        """Confirm the dialog that the page shows."""
        self.driver.switch_to.alert.accept()

    def shows(self, text: str) -> bool:
        """Wait for a text to be visible."""
        path = f'//body[contains(., "{text}")]'
        return bool(self._wait_for(lambda: self._find_visible(By.XPATH, path), text))

    def run_script(self, script: str, *arguments: object) -> str:
        """Run the body of an asynchronous function on the page and return its result."""
        call = (
            f"const done = arguments[arguments.length - 1]; (async () => {{{script}}})().then(done)"
        )
        return self.driver.execute_async_script(call, *arguments)

    def set_screen(self, screen: Mapping[str, object]) -> None:
        """Emulate a screen of another size."""
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", dict(screen))

    def set_color_scheme(self, scheme: str) -> None:
        """Prefer `light` or `dark`, and no transitions: colours change at once."""
        features = {"prefers-color-scheme": scheme, "prefers-reduced-motion": "reduce"}
        media = [{"name": name, "value": value} for name, value in features.items()]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": media})

    def press(self, key: str) -> None:
        """Press a key."""
        ActionChains(self.driver).send_keys(key).perform()

    def accessibility_violations(self) -> list[str]:
        """Return what axe-core finds on the page: rules, and the elements that break them."""
        self.driver.execute_script(axe_core())
        return json.loads(self.run_script(RUN_AXE))

    def scroll_width(self) -> int:
        """Return the width of the page in CSS pixels; more than the screen's means scrolling."""
        return self.driver.execute_script("return document.documentElement.scrollWidth")

    def take_screenshot(self, name: str) -> None:
        """Save what is visible as a PNG file."""
        self.driver.save_screenshot(str(self.screenshots / f"{name}.png"))

    def csp_violations(self) -> list[str]:
        """Return the Content-Security-Policy violations since the last call."""
        messages = [entry["message"] for entry in self.driver.get_log("browser")]
        return [message for message in messages if "Content Security Policy" in message]

    def _find_visible(self, by: str, path: str) -> WebElement | None:
        elements = self.driver.find_elements(by, path)
        return next((element for element in elements if element.is_displayed()), None)

    def _wait_for(self, condition: Callable[[], Any], description: str) -> Any:
        """Poll a condition until it is true; elements may become stale when a new page loads."""
        wait = WebDriverWait(
            self.driver, TIMEOUT, ignored_exceptions=[StaleElementReferenceException]
        )
        return wait.until(
            lambda _driver: condition(), f"{description} is not on {self.driver.current_url}"
        )


@contextmanager
def chromium(url: str, folder: Path, screenshots: Path) -> Generator[Browser]:
    """Start a browser with a new profile, and close it afterwards."""
    downloads = folder / "downloads"
    options = Options()
    options.binary_location = _find_program("chromium", PACKAGES)
    for flag in [*FLAGS, f"--user-data-dir={folder / 'profile'}"]:
        options.add_argument(flag)
    options.add_experimental_option("prefs", {"download.default_directory": str(downloads)})
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = Chrome(options=options, service=Service(_find_program("chromedriver", PACKAGES)))
    try:
        yield Browser(driver, url, downloads, screenshots)
    finally:
        driver.quit()


def _find_program(name: str, packages: str) -> str:
    path = shutil.which(name)
    assert path, f"{name} is not installed: install the packages {packages}"
    return path
