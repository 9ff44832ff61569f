"""Drive Bevara as a person would: a helper in a folder, a browser with the extension."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Any

from bevara.errors import Invalid
from bevara.platforms import chromium

EXTENSION = Path(__file__).parents[3] / "extension"
FLAGS = (
    "--headless=new", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE *.localhost, "
    "EXCLUDE 127.0.0.1",
)
PATIENCE = 60_000
"""Milliseconds that the driver waits for anything; a busy machine is slow, not broken."""


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Helper:
    """A Bevara of its own, in its own process, on a free port."""

    def __init__(self, folder: Path, port: int | None = None) -> None:
        self.folder, self.port = folder, port or free_port()
        self.start_address = ""
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Helper:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start it and wait until it answers."""
        environment = {**os.environ, "BEVARA_DATA_DIR": str(self.folder),
                       "BEVARA_PORT": str(self.port)}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bevara", "serve"], env=environment, text=True,
            stdout=subprocess.PIPE,
        )
        assert self._process.stdout is not None
        self._process.stdout.readline()
        self.start_address = self._process.stdout.readline().strip()
        if not self.start_address:
            raise Invalid("serve", "Bevara startade inte.")
        self._wait()

    def _wait(self) -> None:
        until = time.monotonic() + PATIENCE / 1000
        while time.monotonic() < until:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health", timeout=1):
                    return
            except OSError:
                time.sleep(0.05)
        raise Invalid("serve", "Bevara svarar inte.")

    def stop(self) -> None:
        """Stop it as a service manager would."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(PATIENCE / 1000)
            if self._process.stdout is not None:
                self._process.stdout.close()
            self._process = None

    def kill(self) -> None:
        """Stop it as a power cut would."""
        if self._process is not None:
            self._process.kill()
            self.stop()


class Browser:
    """A real Chromium with the real extension, driven by mouse and keyboard."""

    def __init__(
        self, profile: Path, helper: Helper, flags: tuple[str, ...] = (),
        extension: Path = EXTENSION,
    ) -> None:
        self.profile, self.helper, self.flags, self.extension = profile, helper, flags, extension

    def __enter__(self) -> Browser:
        from playwright.sync_api import sync_playwright

        self._playwright = sync_playwright().start()
        arguments = [*FLAGS, *self.flags, f"--disable-extensions-except={self.extension}",
                     f"--load-extension={self.extension}"]
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            arguments.append("--no-sandbox")
        self.context = self._playwright.chromium.launch_persistent_context(
            str(self.profile), headless=False, executable_path=chromium.find(), args=arguments,
            viewport={"width": 1280, "height": 900}, locale="sv-SE", timeout=PATIENCE,
        )
        self.context.set_default_timeout(PATIENCE)
        workers = self.context.service_workers
        worker = workers[0] if workers else self.context.wait_for_event(
            "serviceworker", timeout=PATIENCE)
        self.extension_id = worker.url.split("/")[2]
        self.worker = worker
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.context.close()
        self._playwright.stop()

    def options(self) -> Any:
        """Open the extension's options page."""
        page = self.context.new_page()
        page.goto(f"chrome-extension://{self.extension_id}/options/options.html")
        return page

    def pair(self) -> None:
        """Read the code on the start page and type it on the options page."""
        start = self.context.new_page()
        start.goto(self.helper.start_address)
        start.get_by_role("button", name="Visa en kod").click()
        code = start.locator("[data-code]").inner_text()
        options = self.options()
        options.locator("summary").click()
        options.get_by_label("Bevaras port").fill(str(self.helper.port))
        options.get_by_role("button", name="Spara porten").click()
        options.locator("#port-answer", has_text="Sparat").wait_for()
        options.get_by_label("Koden från Bevaras startsida").press_sequentially(code, delay=20)
        options.get_by_role("button", name="Koppla").click()
        options.locator("#pair-answer", has_text="Kopplad").wait_for()
        options.close()
        self.start_page = start

    def open_practice(self) -> None:
        """Open the practice page with a living content script."""
        self.page = self.context.new_page()
        self.page.goto(f"http://localhost:{self.helper.port}/torget/")
        self.wait_for_badge("På")

    def wait_for_badge(self, word: str) -> None:
        """Wait until the toolbar says `word` for the page, as a person would look for it."""
        until = time.monotonic() + PATIENCE / 1000
        while self.badge() != word:
            if time.monotonic() > until:
                raise Invalid("badge", f"Märket blev aldrig {word!r} utan {self.badge()!r}.")
            self.page.wait_for_timeout(100)

    def badge(self) -> str:
        """Return what the toolbar says for the page."""
        text: str = self.worker.evaluate(
            """async (url) => {
                const [tab] = await chrome.tabs.query({ url });
                return tab ? chrome.action.getBadgeText({ tabId: tab.id }) : "";
            }""", self.page.url + "*",
        )
        return text

    def comment(self, comment_id: str) -> Any:
        """Return the comment's place on the page."""
        link = f"a[data-time][href$='comment_id={comment_id}']"
        return self.page.locator("[role=article]", has=self.page.locator(link)).last

    def remove(self, comment_id: str, what: str) -> float:
        """Delete or hide a comment; return when the last press was made (Unix seconds)."""
        self._open_menu(comment_id)
        if "döljer" in what:
            clicked = time.time()
            self.page.get_by_role("menuitem", name="Dölj kommentar").click()
        elif "tangent" in what:
            self._press("Dölj kommentar", "ArrowDown")
            self._press("Ta bort", "Enter")
            self._press("Avbryt", "Tab")
            self._focused("Ta bort")
            clicked = time.time()
            self.page.keyboard.press("Enter")
        else:
            self.page.get_by_role("menuitem", name="Ta bort").click()
            clicked = time.time()
            self.page.locator("[data-confirm]").click()
        self._wait_for_request(comment_id)
        self._wait_until_drawn(comment_id, "döljer" in what)
        return clicked

    def cancel(self, comment_id: str) -> None:
        """Open the delete dialog and change one's mind."""
        self._open_menu(comment_id)
        self.page.get_by_role("menuitem", name="Ta bort").click()
        self.page.get_by_role("dialog").get_by_role("button", name="Avbryt").click()
        self.page.wait_for_timeout(1500)

    def requests(self) -> list[dict[str, Any]]:
        """Return what the practice page's server received."""
        found: list[dict[str, Any]] = self.page.evaluate(
            "async () => (await (await fetch('/torget/requests')).json()).requests"
        )
        return found

    def _open_menu(self, comment_id: str) -> None:
        self.comment(comment_id).locator("[aria-haspopup=menu]").click()
        self._focused("Dölj kommentar")

    def _press(self, words: str, key: str) -> None:
        """Press a key once what says `words` has the focus."""
        self._focused(words)
        self.page.keyboard.press(key)

    def _focused(self, words: str) -> None:
        self.page.locator(":focus", has_text=re.compile(f"^{words}$")).wait_for()

    def _wait_for_request(self, comment_id: str) -> None:
        until = time.monotonic() + PATIENCE / 1000
        while not any(item["comment_id"] == comment_id for item in self.requests()):
            if time.monotonic() > until:
                raise Invalid("comment_id", f"Kommentar {comment_id} nådde aldrig sidans server.")
            self.page.wait_for_timeout(50)

    def _wait_until_drawn(self, comment_id: str, hidden: bool) -> None:
        """Wait until the page shows what its server did; it draws every comment anew."""
        comment = self.comment(comment_id)
        if hidden:
            comment.get_by_text("Dold för andra").wait_for()
        else:
            comment.wait_for(state="detached")
