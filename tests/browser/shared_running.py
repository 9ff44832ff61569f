"""A shared Bevara of its own: `bevara serve` over https, its users, and their browsers."""

import re
import ssl
import subprocess
import sys
import time
import urllib.request
from contextlib import closing
from types import TracebackType
from typing import Any, Self

from facebook_extension import Moderator
from facebook_server import FacebookServer
from playwright.sync_api import Browser, Page, Playwright, expect
from running import Running
from tests.shared_house import PASSWORD, certificate

HOST = "bevara.localhost"


class SharedRunning(Running):
    """What `Running` is, for everybody who signs in."""

    def environment(self) -> dict[str, str]:
        """What IT sets before `bevara serve`."""
        folder = self.data / "tls"
        if not folder.exists():
            certificate(folder, HOST)
        return {**super().environment(), "BEVARA_MODE": "gemensam", "BEVARA_HOSTS": HOST, "BEVARA_LISTEN": "127.0.0.1",
                "BEVARA_CERTIFICATE": str(folder / "chain.pem"), "BEVARA_CERTIFICATE_KEY": str(folder / "key.pem")}

    @property
    def address(self) -> str:
        """What people write in the address bar."""
        return f"https://{HOST}:{self.port}"

    def user(self, name: str, *roles: str) -> str:
        """Adds a user from the command line and gives the address where the person chooses a password."""
        chosen = [part for role in roles for part in ("--role", role)]
        said = subprocess.run([sys.executable, "-m", "bevara", "user", "add", name, *chosen],
                              env=self.environment(), capture_output=True, text=True, check=True)
        return said.stdout.strip()

    def wait(self) -> None:
        unchecked = ssl.create_default_context()
        unchecked.check_hostname, unchecked.verify_mode = False, ssl.CERT_NONE
        asked = urllib.request.Request(f"https://127.0.0.1:{self.port}/health", headers={"Host": f"{HOST}:{self.port}"})
        for _ in range(600):
            try:
                with closing(urllib.request.urlopen(asked, timeout=2, context=unchecked)):
                    return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError("Bevara did not start")


def choose_password(page: Page, address: str) -> None:
    """Does what a new user does at the one-time address."""
    page.goto(address)
    page.fill("#password", PASSWORD)
    page.fill("#again", PASSWORD)
    page.get_by_role("button", name=re.compile("Spara lösenordet|Save the password")).click()
    expect(page.locator(".masthead-end")).to_be_visible()


class SharedModerator(Moderator):
    """A moderator's own profile: signed in at the desk, and the extension paired with a code from there."""

    def __init__(self, play: Playwright, bevara: SharedRunning, facebook: FacebookServer, name: str) -> None:
        super().__init__(bevara, facebook)
        self._play, self.shared, self.name = play, bevara, name

    def __enter__(self) -> Self:
        self._start(f"{self.facebook.chromium_rule()}, EXCLUDE {HOST}")
        self.desk: Page = self._context.new_page()
        choose_password(self.desk, self.shared.user(self.name, "moderator"))
        self._pair()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._context.close()
        self._profile.cleanup()

    def _pair(self) -> None:
        self.desk.goto(self.shared.address)
        self.desk.locator("#koppla summary").first.click()
        self.desk.locator("form[action='/koppla'] button").click()
        code = self.desk.locator("[data-code]").inner_text()
        page = self.page
        page.goto(self.options)
        expect(page.locator("#port")).not_to_have_value("")
        page.locator("summary").click()
        page.fill("#address", "http://bevara.localhost")
        page.click("#shared button")
        expect(page.locator("#address-answer")).to_contain_text("https://")
        page.fill("#address", f"{self.shared.address}/start")
        page.click("#shared button")
        expect(page.locator("#address-answer")).to_have_text("Sparat.")
        expect(page.locator("#address")).to_have_value(self.shared.address)
        page.fill("#code", code)
        page.click("#pair button")
        expect(page.locator("#pair-answer")).to_contain_text("Kopplad", timeout=10000)

    @property
    def options(self) -> str:
        """The address of the extension's options page."""
        return f"chrome-extension://{self.worker.url.split('/')[2]}/options/options.html"

    def ask(self, message: dict[str, Any]) -> Any:
        """Sends one of the extension's own messages from its options page."""
        return self.page.evaluate("(message) => chrome.runtime.sendMessage(message)", message)


def registrars_page(play: Playwright, bevara: SharedRunning, name: str) -> tuple[Browser, Page]:
    """A browser without the extension, where a registrar has chosen a password; close what comes first."""
    browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu", "--disable-quic"])
    page = browser.new_context(ignore_https_errors=True, locale="sv-SE").new_page()
    choose_password(page, bevara.user(name, "registrator"))
    return browser, page
