"""Changed pages: the content scripts, started anew for each try, on a page that drew itself differently."""

import json
import os
import random
from collections import Counter
from pathlib import Path
from typing import Any

import facebook_views as fv
from content_in_page import CONTENT, account, pack
from playwright.sync_api import Page

PAGES = Path(__file__).resolve().parents[1] / "pages"
RESULTS = PAGES.parents[1] / "docs" / "drift-results.json"
UNCERTAIN = {"degraded", "blind"}
STUB = """window.chrome = Object.assign(window.chrome ?? {}, { runtime: {
  id: "x", getURL: (path) => path, getManifest: () => ({ version: "0" }), onMessage: { addListener: () => {} },
  sendMessage: (message) => (message.type === "page.hello" ? Promise.resolve(__setup)
    : message.type === "capture.save" ? new Promise(() => {}) : Promise.resolve({})),
} });
window.startBevara = async () => {
  if (window.bevara) { bevara.stop.abort(); if (bevara.dialog.pending()) bevara.dialog.over("cancelled"); bevara.hold.drop(); }
  [...document.documentElement.children].forEach((node) => node === document.head || node === document.body || node.remove());
  (0, eval)(__code);
  while (!bevara.answered) await new Promise((done) => setTimeout(done, 0));
};"""
SHELL = """<!doctype html><html lang="{lang}"><head><meta charset="utf-8"></head><body><div id="mount"></div>
<script>window.view = {view};</script><script>{comet}</script><script>{mutations}</script></body></html>"""


def views() -> dict[str, dict[str, Any]]:
    """The body's own posts where a moderator has menus, one for each surface and habit of the page."""
    aside = ("utloggad", "sent", "rulla", "virtuell", "fallor", "inline", "okanda-ord")
    return {
        path: {**view, "composer": True} for path, view in fv.ours().items()
        if not path.endswith(aside) and len(view["posts"][0]["comments"]) == 3
    }


def setup() -> dict[str, Any]:
    return {
        "paired": True, "accounts": [account(("vanity", "storkopingskommun"), ("page_id", "61550000000001"))],
        "packs": [{"pack": pack()}], "refused": [], "profile": {}, "moderator": None, "moderators": [],
        "practice_origin": "http://localhost:1", "texts": {},
    }


def prepare(page: Page) -> None:
    """Lets the page answer as Facebook, with the content scripts at hand."""
    order = json.loads((CONTENT / "order.json").read_text(encoding="utf-8"))
    code = "\n".join((CONTENT / name).read_text(encoding="utf-8") for name in order)
    page.add_init_script(f"window.__setup = {json.dumps(setup())}; window.__code = {json.dumps(code)};{STUB}")
    comet = (PAGES / "facebook/comet.js").read_text(encoding="utf-8")
    mutations = (PAGES / "mutations.js").read_text(encoding="utf-8")
    known = views()

    def answer(route: Any) -> None:
        path = route.request.url.removeprefix("https://www.facebook.com").split("?")[0]
        if path not in known:
            return route.fulfill(status=404, body="")
        data = json.dumps(known[path]).replace("<", "\\u003c")
        body = SHELL.format(lang=known[path]["lang"], view=data, comet=comet, mutations=mutations)
        return route.fulfill(status=200, content_type="text/html; charset=utf-8", body=body)

    page.route("**/*", answer)


def plan(count: int, first: int = 0) -> list[tuple[str, int, str, int]]:
    """View, seed, action and comment of each try; the same for the same numbers."""
    paths = sorted(views())
    made = []
    for seed in range(first, first + count):
        chance = random.Random(seed)
        made.append((paths[seed % len(paths)], seed, chance.choice(["remove", "remove", "hide"]), chance.randrange(3)))
    return made


def run(page: Page, wanted: list[tuple[str, int, str, int]]) -> list[dict[str, Any]]:
    """How each try ended: held, through, wrong or nothing, and what the badge said before the last press."""
    results = []
    for path in sorted({each[0] for each in wanted}):
        page.goto(f"https://www.facebook.com{path}")
        part = [each for each in wanted if each[0] == path]
        results += page.evaluate(
            """async (wanted) => {
              const fresh = structuredClone(view.posts);
              const results = [];
              for (const [path, seed, action, number] of wanted) {
                const names = mutations.pick(seed, 1 + seed % 5);
                let ended;
                try { ended = await tryMutation(names, action, number, fresh); } catch (error) { ended = { end: "error", error: String(error.stack) }; }
                results.push({ path, seed, action, number, names, ...ended });
              }
              return results;
            }""",
            [list(each) for each in part],
        )
    return results


def verdict(result: dict[str, Any]) -> str:
    """handled, uncertain, silent, or void when the changed page itself could no longer delete.

    What was held as something else than the comment that was pressed counts as if it had gone through.
    """
    if result["end"] in ("through", "wrong"):
        return "uncertain" if result["state"] in UNCERTAIN else "silent"
    return {"held": "handled", "nothing": "void"}.get(result["end"], result["end"])


def publish(name: str, found: dict[str, int]) -> None:
    """Keeps the counts of a full run under its name; a short run publishes nothing."""
    if os.environ.get("BEVARA_TESTS") != "long":
        return
    kept = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    RESULTS.write_text(json.dumps({**kept, name: {"tries": sum(found.values()), **found}}, indent=2) + "\n")


def counts(results: list[dict[str, Any]]) -> dict[str, int]:
    return dict(Counter(verdict(each) for each in results))
