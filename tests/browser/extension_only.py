"""The real extension in Chromium, spoken to through its own pages; no website but loopback."""

import os
import re
import signal
import tempfile
import time
import uuid
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from playwright.sync_api import Error, Page, Worker, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
EXTENSION = ROOT / "extension"
PRACTICE = "http://localhost/*"
FLAGS = [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE *.localhost, EXCLUDE 127.0.0.1",
    f"--disable-extensions-except={EXTENSION}", f"--load-extension={EXTENSION}",
]
PAIR_AGAIN = "const one = document.querySelector('#pair-again'); if (one.offsetParent) one.click()"
"""In one step, since the page itself may show the form in the same moment."""


class Browser:
    """One person's browser with a profile that outlives it: `start`, `stop` and `kill` may repeat."""

    def __init__(self, port: int, program: str = "/usr/bin/chromium") -> None:
        self.port, self.program = port, program
        self._profile = tempfile.TemporaryDirectory(prefix="bevara-profile-", ignore_cleanup_errors=True)

    def __enter__(self) -> Self:
        self._play = sync_playwright().start()
        self.start()
        self.ask({"type": "port.set", "port": self.port})
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
        self._play.stop()
        self._profile.cleanup()

    def start(self) -> None:
        self.context = self._play.chromium.launch_persistent_context(
            self._profile.name, headless=False, executable_path=self.program, args=FLAGS,
            viewport={"width": 900, "height": 800},
        )
        found = self.context.service_workers
        self.worker: Worker = found[0] if found else self.context.wait_for_event("serviceworker")
        self.page: Page = self.context.new_page()
        self.open("options/options.html")
        expect(self.page.locator("#port")).not_to_have_value("")

    def stop(self) -> None:
        self.context.close()

    def kill(self) -> None:
        """Ends the browser as a crash does."""
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit() and self._profile.name in _command(folder):
                try:
                    os.kill(int(folder.name), signal.SIGKILL)
                except ProcessLookupError:
                    continue
        with suppress(Error):
            self.context.close()
        for lock in Path(self._profile.name).glob("Singleton*"):
            lock.unlink()

    def open(self, path: str) -> None:
        self.page.goto(f"chrome-extension://{self.worker.url.split('/')[2]}/{path}")

    def ask(self, message: dict[str, Any]) -> Any:
        """Sends one of the extension's own messages and gives the worker's answer."""
        return self.page.evaluate("(message) => chrome.runtime.sendMessage(message)", message)

    def send(self, message: dict[str, Any]) -> None:
        """Sends a message whose answer is read later with `answer`."""
        self.page.evaluate(
            "(message) => { window.later = chrome.runtime.sendMessage(message); }", message
        )

    def answer(self) -> Any:
        return self.page.evaluate("() => window.later")

    def type_code(self, code: str, label: str = "Receptionen") -> str:
        """Pairs as a person does and gives the page's answer."""
        expect(self.page.locator("#port")).not_to_have_value("")
        self.page.evaluate(PAIR_AGAIN)
        self.page.fill("#code", code)
        self.page.fill("#label", label)
        self.page.click("#pair button")
        said = self.page.locator("#pair-answer")
        expect(said).to_have_text(re.compile("\\w"), timeout=15000)
        expect(said).not_to_have_text("Ett ögonblick …", timeout=15000)
        return said.inner_text()

    def spool(self) -> list[dict[str, Any]]:
        """What waits, read from the extension's database: id, type, path and whether it was refused."""
        return list(self.page.evaluate("""async () => {
          const spool = await import("/background/spool.js");
          return (await spool.waiting()).map(({id, type, path, refused}) => ({id, type, path, refused: refused ?? null}));
        }"""))

    def wait_spool(self, count: int, seconds: float = 75) -> list[dict[str, Any]]:
        """What the spool holds when it holds `count`, or when the minute's alarm should have come."""
        end = time.monotonic() + seconds
        while len(found := self.spool()) != count and time.monotonic() < end:
            self.page.wait_for_timeout(100)
        return found

    def registered(self) -> list[str]:
        """Every address pattern that content scripts are registered for."""
        code = "async () => (await chrome.scripting.getRegisteredContentScripts()).flatMap((one) => one.matches)"
        return list(self.page.evaluate(code))


def _command(folder: Path) -> str:
    try:
        return (folder / "cmdline").read_bytes().decode(errors="replace")
    except OSError:
        return ""


def capture(text: str = "Hej", **changes: Any) -> dict[str, Any]:
    """A capture without a picture, as a page hands it to the worker."""
    document = {
        "schema": "capture/1", "capture_id": str(uuid.uuid4()), "captured_at": "2026-11-24T10:00:00Z",
        "first_seen_at": None, "mode": "delete", "platform": "facebook", "account_id": None,
        "pack": {"id": "facebook", "version": 1}, "beside": [], "possible_secrecy": False,
        "action": {"kind": "delete", "label": "Ta bort", "reversible": False, "trigger": "mouse"},
        "comment": {
            "id": None, "parent_id": None, "post_id": None, "permalink": None, "text": text,
            "author": {"name": "Tobias Rehn", "url": None, "id": None}, "truncated": False,
            "time_shown": None, "time_exact": None, "time_precision": "unknown", "edited": False,
            "language": None, "attachments": [], "fragment": None,
        },
        "context": {"post": None, "answers": []}, "picture": None, "no_picture_reason": "test",
        "completeness": {"state": "complete", "missing": []}, "moderator": {"name": None},
        "page": {"url": "https://www.facebook.com/", "language": "sv", "zoom": 1,
                 "viewport": {"width": 1, "height": 1}},
        "software": {"extension": "0", "browser": "test"},
    }
    return {**document, **changes}


def saving(document: dict[str, Any], *blobs: dict[str, str]) -> dict[str, Any]:
    """The message that saves a capture."""
    return {"type": "capture.save", "capture": document, "blobs": list(blobs)}
