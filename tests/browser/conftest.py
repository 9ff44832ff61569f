"""A browser with the extension, and plain ones for tests that bring the content scripts themselves."""

from collections.abc import Iterator
from typing import Any

import pytest
from extension_only import Browser as Paired
from firefox import FIREFOX, Firefox
from firefox_page import FirefoxPage
from playwright.sync_api import Browser, sync_playwright
from running import Running


@pytest.fixture(scope="module")
def bevara() -> Iterator[Running]:
    """One Bevara for a file of tests."""
    with Running() as running:
        yield running


@pytest.fixture(scope="module")
def browser(bevara: Running) -> Iterator[Paired]:
    """One Chromium with the extension, paired with it."""
    with Paired(bevara.port) as browser:
        assert browser.type_code(bevara.pairing_code()).startswith("Kopplad")
        yield browser


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for a file of tests."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--disable-gpu", "--disable-quic"],
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def plain_firefox() -> Iterator[Firefox]:
    """One Firefox for every file: each test has a tab of its own, and a start takes five seconds."""
    with Firefox() as firefox:
        yield firefox


@pytest.fixture(params=["chromium", "firefox"])
def page(request: pytest.FixtureRequest) -> Iterator[Any]:
    """A fresh page, in each browser in turn."""
    if request.param == "firefox":
        if FIREFOX is None:
            pytest.skip("Firefox is not installed")
        tab = FirefoxPage(request.getfixturevalue("plain_firefox"))
        yield tab
        tab.close()
    else:
        context = request.getfixturevalue("chromium").new_context(
            viewport={"width": 1000, "height": 700}
        )
        yield context.new_page()
        context.close()
