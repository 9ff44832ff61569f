"""The real extension in Chromium on our own Facebook, paired with a running Bevara."""

import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from facebook_server import FacebookServer
from playwright.sync_api import Page, Worker, expect, sync_playwright
from running import Running

EXTENSION = Path(__file__).resolve().parents[2] / "extension"
PLAIN = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--ignore-certificate-errors",
]
FLAGS = [
    *PLAIN,
    f"--disable-extensions-except={EXTENSION}",
    f"--load-extension={EXTENSION}",
]


class Moderator:
    """One person's browser: the extension, paired, and a tab; or the same browser without the extension."""

    def __init__(
        self, bevara: Running, facebook: FacebookServer, on_screen: bool = False, guarded: bool = True
    ) -> None:
        self.bevara, self.facebook, self._guarded = bevara, facebook, guarded
        flags = FLAGS if guarded else PLAIN
        self._flags = flags[1:] if on_screen else flags
        self._profile = tempfile.TemporaryDirectory(prefix="bevara-profile-")

    def __enter__(self) -> Self:
        self._play = sync_playwright().start()
        self._start()
        if self._guarded:
            self._pair()
        return self

    def _start(self, *flags: str, without: list[str] | None = None, screen: bool = False) -> None:
        size: dict[str, Any] = {"no_viewport": True} if screen else {"viewport": {"width": 1100, "height": 900}}
        self._context = self._play.chromium.launch_persistent_context(
            self._profile.name,
            headless=False,
            executable_path="/usr/bin/chromium",
            args=[*self._flags, self.facebook.chromium_rule(), *flags],
            ignore_default_args=without,
            **size,
        )
        if self._guarded:
            found = self._context.service_workers
            self.worker: Worker = found[0] if found else self._context.wait_for_event("serviceworker")
        self.page: Page = self._context.new_page()

    def restart(self, *flags: str, without: list[str] | None = None, screen: bool = False) -> None:
        """Ends the browser and starts it again on the same profile; `screen` leaves the window as it is."""
        self._context.close()
        self._start(*flags, without=without, screen=screen)
        for _ in range(100):
            if self.patterns():
                return
            time.sleep(0.1)

    def profile(self) -> Path:
        """Where the browser keeps what it writes."""
        return Path(self._profile.name)

    def leave(self) -> Path:
        """Ends the browser and gives its profile, as it lies on the disk."""
        self._context.close()
        return self.profile()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._context.close()
        self._play.stop()
        self._profile.cleanup()

    def _pair(self) -> None:
        self.page.goto(f"chrome-extension://{self.worker.url.split('/')[2]}/options/options.html")
        expect(self.page.locator("#port")).not_to_have_value("")
        self.page.locator("summary").click()
        self.page.fill("#port", str(self.bevara.port))
        self.page.click("#advanced button")
        expect(self.page.locator("#port-answer")).to_have_text("Sparat.")
        self.page.fill("#code", self.bevara.pairing_code())
        self.page.click("#pair button")
        expect(self.page.locator("#pair-answer")).to_contain_text("Kopplad", timeout=10000)

    def patterns(self) -> list[str]:
        """Every address pattern that content scripts are registered for."""
        code = "async () => (await chrome.scripting.getRegisteredContentScripts()).flatMap((one) => one.matches)"
        found: list[str] = self.worker.evaluate(code)
        return found

    def status(self) -> dict[str, Any]:
        """What the page's health check says."""
        code = """async () => {
          const [tab] = await chrome.tabs.query({ active: true, currentWindow: true });
          return chrome.tabs.sendMessage(tab.id, { type: "page.status" });
        }"""
        found: dict[str, Any] = self.worker.evaluate(code)
        return found

    def visit(self, path: str, host: str = "www.facebook.com") -> None:
        """Opens a view and lets the content scripts come to know the register."""
        self.facebook.asked.clear()
        self.page.goto(self.facebook.url(path, host))
        self.page.wait_for_selector("[role=article][tabindex='-1'] a", state="attached")
        self.page.wait_for_timeout(1200)

    def comment(self, number: int = 0) -> str:
        """The selector of a comment by its place on the page."""
        return f":nth-match([role=article][tabindex='-1'], {number + 1})"

    def open_menu(self, number: int = 0) -> None:
        self.page.locator(self.comment(number)).locator("> [aria-haspopup=menu]").click()
        self.page.wait_for_selector(".portal [role=menu]")

    def choose(self, text: str) -> None:
        self.page.locator(".portal [role=menu] >> text=/^" + text + "/").first.click()

    def confirm(self, label: str = "Ta bort") -> None:
        self.page.wait_for_selector(".portal [aria-modal]")
        self.page.click(f".portal [role=button][aria-label='{label}']")

    def wait_asked(self, count: int = 1, seconds: float = 10) -> list[str]:
        """Waits until Facebook was asked for so many changes, and gives their names."""
        end = time.monotonic() + seconds
        while len(self.facebook.asked) < count and time.monotonic() < end:
            self.page.wait_for_timeout(50)
        return self.facebook.names()

    def captures(self) -> list[dict[str, Any]]:
        return self.bevara.documents("capture")

    def incidents(self) -> list[dict[str, Any]]:
        return self.bevara.documents("incident")
