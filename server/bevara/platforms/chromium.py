"""A real Chromium that reads pages: nothing in them runs, and nothing but them is fetched."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from bevara.errors import Invalid

if TYPE_CHECKING:
    from playwright.sync_api import Route

FLAGS = ("--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND")
POLICY = "default-src 'none'; style-src 'unsafe-inline'"
NAMES = ("chromium", "chromium-browser", "google-chrome", "msedge", "microsoft-edge")
EDGE = ("PROGRAMFILES(X86)", "PROGRAMFILES")
"""Where Windows keeps programs; Edge is there on every computer."""
PATIENCE = 20_000
"""Milliseconds that a page may take."""


def find() -> str:
    """Return the path of Chromium, Chrome or Edge. Raises `Invalid` when there is none."""
    for name in NAMES:
        path = shutil.which(name)
        if path:
            return path
    for name in EDGE:
        edge = Path(os.environ.get(name, "/missing"), "Microsoft/Edge/Application/msedge.exe")
        if edge.is_file():
            return str(edge)
    raise Invalid("chromium", "Chromium saknas.",
                  "Installera Edge, Chrome eller paketet chromium.")


class Reader:
    """Shows pages, one at a time, and asks scripts of ours what is on them."""

    def __enter__(self) -> Self:
        try:
            from playwright.sync_api import sync_playwright
        except ImportError:
            raise Invalid("playwright", "Playwright saknas.",
                          "Installera det med pip install bevara[demo].") from None
        program = find()
        root = hasattr(os, "geteuid") and os.geteuid() == 0
        self._playwright = sync_playwright().start()
        self._browser = self._playwright.chromium.launch(
            executable_path=program, args=[*FLAGS, *(["--no-sandbox"] if root else [])])
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._browser.close()
        self._playwright.stop()

    def ask(self, address: str, html: str, code: str, question: str) -> Any:
        """Show `html` as `address`, run `code` beside it and return what `question` gives.

        The page's own scripts never run, and `code` runs in a world of its own, so that the page
        cannot answer for it. Raises `Invalid` when it cannot be read.
        """
        context = self._browser.new_context(service_workers="block", accept_downloads=False)
        context.set_default_timeout(PATIENCE)
        try:
            page = context.new_page()
            page.route("**/*", lambda route: _answer(route, address, html))
            page.goto(address, wait_until="domcontentloaded")
            session = context.new_cdp_session(page)
            frame = session.send("Page.getFrameTree")["frameTree"]["frame"]["id"]
            world = session.send("Page.createIsolatedWorld", {"frameId": frame})
            found = session.send("Runtime.evaluate", {
                "expression": f"{code}\n{question}", "returnByValue": True, "timeout": PATIENCE,
                "contextId": world["executionContextId"], "allowUnsafeEvalBlockedByCSP": True,
            })
        finally:
            context.close()
        if "exceptionDetails" in found:
            thrown = found["exceptionDetails"].get("exception", {}).get("description", "")
            raise Invalid("page", f"Sidan gick inte att läsa: {thrown[:300]}")
        return found["result"].get("value")


def _answer(route: Route, address: str, html: str) -> None:
    if route.request.url != address or not route.request.is_navigation_request():
        route.abort()
        return
    route.fulfill(status=200, body=html, headers={
        "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": POLICY})
