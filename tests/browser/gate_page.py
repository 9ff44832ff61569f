"""The gate on a page of our own, with a stand-in for the service worker, in real Chromium."""

import json
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parents[2]
CONTENT = ROOT / "extension" / "content"
ORIGIN = "http://localhost:8399"
ACCOUNT = {
    "id": "6d0f5e9e-0000-4000-8000-000000000001",
    "platform": "practice",
    "name": "Storköpings kommun",
    "address": f"{ORIGIN}/storkoping",
    "practice": True,
    "identifiers": [{"kind": "vanity", "value": "storkoping"}],
}
PIXEL = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

STUB = """
window.__sent = []; window.__order = []; window.__mode = "ok"; window.__delay = 30; window.__listeners = [];
window.__reply = (message) => {
  if (message.type === "page.hello") return __setup;
  if (message.type === "shot.take") return __mode === "no_shot" ? { ok: false, reason: "quota" } :
    { ok: true, data_url: __pixel, media_type: "image/png", width: 1, height: 1, scale: 1, taken_at: new Date().toISOString() };
  if (message.type === "capture.save") {
    __order.push(["save", window.did.length]);
    if (__mode === "down") return { ok: false, code: "helper_down", spooled: true };
    if (__mode === "unspooled") return { ok: false, code: "helper_down", spooled: false };
    if (__mode === "wrong") return { ok: true, receipt: { capture_id: "another" } };
    return { ok: true, receipt: { capture_id: message.capture.capture_id, durable: true } };
  }
  if (message.type === "capture.state") return { spooled: true };
  if (message.type === "incident.put") return { ok: true, spooled: true };
  return {};
};
window.chrome = Object.assign(window.chrome ?? {}, { runtime: {
  id: "x", getManifest: () => ({ version: "0.1.0" }),
  onMessage: { addListener: (one) => __listeners.push(one) },
  sendMessage: (message) => { __sent.push(JSON.parse(JSON.stringify(message)));
    return new Promise((done, fail) => setTimeout(() => __mode === "dead" && message.type === "capture.save"
      ? undefined : done(__reply(message)), message.type === "capture.save" ? __delay : 5)); },
} });
"""


def pack(**changes: Any) -> dict[str, Any]:
    """The practice pack, with parts replaced."""
    text = (ROOT / "shared" / "platforms" / "practice.json").read_text(encoding="utf-8")
    return {**json.loads(text), **changes}


class GatePage:
    """One page with the content scripts in it."""

    def __init__(
        self, page: Page, query: str = "", packed: dict[str, Any] | None = None, **setup: Any
    ) -> None:
        self.page = page
        answer = {
            "paired": True,
            "accounts": [ACCOUNT],
            "packs": [{"pack": packed or pack()}],
            "profile": {},
            "moderator": {"name": "Moa"},
            "moderators": [],
            "practice_origin": ORIGIN,
            **setup,
        }
        order = json.loads((CONTENT / "order.json").read_text(encoding="utf-8"))
        code = "\n".join((CONTENT / name).read_text(encoding="utf-8") for name in order)
        stub = (
            f"window.__setup = {json.dumps(answer)}; window.__pixel = {json.dumps(PIXEL)};" + STUB
        )
        page.add_init_script(f"{stub}\n{code}\nwindow.bevara = bevara;")
        html = (ROOT / "tests" / "pages" / "gate.html").read_text(encoding="utf-8")
        page.route(
            "**/*", lambda route: route.fulfill(status=200, content_type="text/html", body=html)
        )
        page.goto(f"{ORIGIN}/gate.html?{query}")
        page.wait_for_function("window.bevara && bevara.pack !== null")

    def sent(self, kind: str) -> list[dict[str, Any]]:
        """The messages of one type that the content scripts sent."""
        found: list[dict[str, Any]] = self.page.evaluate(
            "(kind) => __sent.filter((one) => one.type === kind)", kind
        )
        return found

    def did(self) -> list[list[str]]:
        """What the page did, in order."""
        found: list[list[str]] = self.page.evaluate("did")
        return found

    def leaked(self) -> list[str]:
        """Trusted events that reached a final control although they should have been held."""
        found: list[str] = self.page.evaluate("leaked")
        return found

    def mode(self, name: str, delay: int = 30) -> None:
        """How the stand-in answers from now on."""
        self.page.evaluate("([name, delay]) => { __mode = name; __delay = delay; }", [name, delay])

    def menu(self, comment_id: str = "501") -> None:
        """Opens a comment's menu with the mouse."""
        self.page.click(f"[data-id='{comment_id}']")

    def item(self, name: str) -> None:
        """Presses an item of the open menu with the mouse."""
        self.page.click(f"[role=menu] >> text='{name}'")

    def confirm(self, name: str = "Ta bort") -> None:
        """Presses the dialog's button with the mouse."""
        self.page.click(f"[role=dialog] >> text='{name}'")

    def wait_did(self, kind: str, comment_id: str, timeout: float = 6000) -> None:
        """Waits until the page has done something to a comment."""
        self.page.wait_for_function(
            "([k, i]) => did.some((one) => one[0] === k && one[1] === i)",
            arg=[kind, comment_id],
            timeout=timeout,
        )
