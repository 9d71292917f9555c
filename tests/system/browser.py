# SPDX-License-Identifier: MIT
"""Chromium without a window, for tests of pages that are served on loopback."""
import contextlib
import pathlib
import time

import pytest

BROWSER, DRIVER = pathlib.Path("/usr/bin/chromium"), pathlib.Path("/usr/bin/chromedriver")
# What it would ask of hosts elsewhere is of no use here, and root may not have its sandbox.
OPTIONS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
           "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage",
           "--window-size=1400,1000")
GENEROUS_S = 300


class Page:
    """A page in a browser; all that is awaited is what a person would see."""

    def __init__(self, driver):
        self.driver = driver

    def open(self, address):
        self.driver.get("about:blank")      # nothing is asked on behalf of the page before
        self.complaints()
        self.driver.get(address)

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def until(self, script, *arguments):
        """Waits until the expression is true; its value."""
        deadline = time.monotonic() + GENEROUS_S
        while not (value := self.run(f"return {script}", *arguments)):
            assert time.monotonic() < deadline, f"{script} never held; the page says\n{self.text()[:2000]}"
            time.sleep(0.05)
        return value

    def text(self):
        return self.run("return document.body.innerText")

    def click(self, selector):
        self.until("document.querySelector(arguments[0])", selector)
        self.run("document.querySelector(arguments[0]).click()", selector)

    def press(self, *keys):
        """Into whatever has the focus."""
        from selenium.webdriver import ActionChains
        ActionChains(self.driver).send_keys(*keys).perform()

    def emulate(self, scheme):
        feature = {"name": "prefers-color-scheme", "value": scheme}
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})

    def complaints(self):
        return [entry["message"] for entry in self.driver.get_log("browser") if entry["level"] == "SEVERE"]


@contextlib.contextmanager
def browser(profile_folder):
    webdriver = pytest.importorskip("selenium.webdriver")
    if not (BROWSER.exists() and DRIVER.exists()):
        pytest.skip(f"no {BROWSER} with {DRIVER}: this distribution has none as a package")
    options = webdriver.ChromeOptions()
    options.binary_location = str(BROWSER)
    for option in (*OPTIONS, f"--user-data-dir={profile_folder}"):
        options.add_argument(option)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(service=webdriver.chrome.service.Service(str(DRIVER)), options=options)
    try:
        yield Page(driver)
    finally:
        driver.quit()
