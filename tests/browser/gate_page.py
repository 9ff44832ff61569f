"""The gate on a page of our own, with a stand-in for the service worker, in Chromium and Firefox."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parents[2]
CONTENT = ROOT / "extension" / "content"


class _Pages(BaseHTTPRequestHandler):
    """Answers every address with the gate's page."""

    def do_GET(self) -> None:
        body = (ROOT / "tests" / "pages" / "gate.html").read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Tests are quiet."""


def _serve() -> str:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Pages)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://localhost:{server.server_address[1]}"


ORIGIN = _serve()
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
window.__roots = new Map();
{ const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (options) { const root = attach.call(this, options); __roots.set(this.localName, root); return root; }; }
window.__sent = []; window.__order = []; window.__mode = "ok"; window.__delay = 30; window.__listeners = [];
window.__reply = (message) => {
  if (message.type === "page.hello") return __mode === "silent" ? { ok: false } : __setup;
  if (message.type === "shot.take") return __mode === "no_shot" ? { ok: false, reason: "quota" } :
    { ok: true, data_url: __pixel, media_type: "image/png", width: 1, height: 1, scale: 1, taken_at: new Date().toISOString() };
  if (message.type === "capture.save") {
    __order.push(["save", window.did.length]);
    if (__mode === "down") return { ok: false, code: "helper_down", spooled: true };
    if (__mode === "clock") return { ok: false, code: "stale_signature", said: "Datorns klocka går 3 timmar före Bevaras.", spooled: true };
    if (__mode === "unspooled" || __mode === "unnoted") return { ok: false, code: "helper_down", spooled: false };
    if (__mode === "wrong") return { ok: true, receipt: { capture_id: "another" } };
    return { ok: true, receipt: { capture_id: message.capture.capture_id, durable: true } };
  }
  if (message.type === "capture.state") return { spooled: !["unspooled", "unnoted"].includes(__mode) };
  if (message.type === "incident.put") return __mode === "unnoted" ? { ok: false, code: "internal" } : { ok: true, spooled: true };
  if (message.type === "incident.state") return { spooled: false };
  return {};
};
Object.defineProperty(window, "chrome", { writable: true, value: { i18n: { getMessage: (name) => __texts[name] ?? "" }, runtime: {
  id: "x", getManifest: () => ({ version: "0.1.0" }),
  onMessage: { addListener: (one) => __listeners.push(one) },
  sendMessage: (message) => { __sent.push(JSON.parse(JSON.stringify(message)));
    return new Promise((done, fail) => setTimeout(() => __mode === "dead" && message.type === "capture.save"
      ? undefined : done(__reply(message)), message.type === "capture.save" ? __delay : 5)); },
} } });
"""


def texts(language: str = "sv") -> dict[str, str]:
    """Every text of the extension in one language."""
    path = ROOT / "extension" / "_locales" / language / "messages.json"
    return {name: one["message"] for name, one in json.loads(path.read_text("utf-8")).items()}


def pack(**changes: Any) -> dict[str, Any]:
    """The practice pack, with parts replaced."""
    text = (ROOT / "shared" / "platforms" / "practice.json").read_text(encoding="utf-8")
    return {**json.loads(text), **changes}


class GatePage:
    """One page with the content scripts in it."""

    def __init__(
        self, page: Page, query: str = "", packed: dict[str, Any] | None = None,
        answered: bool = True, **setup: Any
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
            "language": "sv",
            "texts": texts(),
            **setup,
        }
        order = json.loads((CONTENT / "order.json").read_text(encoding="utf-8"))
        code = "\n".join((CONTENT / name).read_text(encoding="utf-8") for name in order)
        stub = (
            f"window.__setup = {json.dumps(answer)}; window.__texts = {json.dumps(texts())}; window.__pixel = {json.dumps(PIXEL)};" + STUB
            + ("" if answered else "window.__mode = 'silent';")
        )
        page.add_init_script(f"{stub}\n{code}\nwindow.bevara = bevara;")
        page.goto(f"{ORIGIN}/gate.html?{query}")
        if answered:
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

    def remove_post(self) -> None:
        """Asks the page to delete the whole post, and confirms."""
        self.page.click("#post-dots")
        self.item("Ta bort inlägget")
        self.confirm()

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
