"""One comment saved with picture and receipt, against tools that save the whole of the same page."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import facebook_views as fv
import pytest
from facebook_extension import Moderator
from facebook_server import FacebookServer
from panel import Panel
from playwright.sync_api import Page
from running import ROOT, Running

from tests.bench.figures import Figures, Times, milliseconds, seconds
from tests.bench.test_browser import ADDRESS, bare_page
from tests.bench.test_screen import noisy_photo

COMMENTS, APART = 120, 800
"""Comments on the page, and the milliseconds between two pictures that the browser allows."""
SINGLEFILE = Path(os.environ.get("BEVARA_SINGLEFILE", ROOT / "node_modules/single-file-cli/lib/single-file-bundle.js"))
"""SingleFile (AGPL) is measured where somebody has installed it, and is no part of Bevara."""
CLICKED = """window.addEventListener("click", (event) => {
  if (event.isTrusted) window.clickedAt = performance.timeOrigin + event.timeStamp;
}, true);"""
LISTEN = """() => { window.received = new Promise((done, fail) => {
  setTimeout(() => fail(new Error("no receipt")), 20000);
  const heard = (changes) => {
    if (!changes.recent) return;
    chrome.storage.onChanged.removeListener(heard);
    done(performance.timeOrigin + performance.now());
  };
  chrome.storage.onChanged.addListener(heard);
}); }"""
"""The worker notes what it saved once the receipt is checked."""
PICTURE = """async () => {
  const [tab] = await chrome.tabs.query({ active: true, lastFocusedWindow: true }), started = performance.now();
  await chrome.tabs.captureVisibleTab(tab.windowId, { format: "png" });
  return performance.now() - started;
}"""
WHOLE_PAGE = """async () => {
  const started = performance.now();
  const { content } = await singlefile.getPageData({ removeUnusedStyles: true, removeHiddenElements: true, compressHTML: true });
  if (!content.includes("Kommentar nummer 7")) throw new Error("not saved");
  return (performance.now() - started) / 1000;
}"""
Save = Callable[[], float]


class Saver:
    """A browser with Bevara on a page with many comments, and one without it on the same page."""

    def __init__(self, ours: Moderator, plain: Page) -> None:
        self.ours, self.plain, self.saved = ours, plain, 0
        self.own = ours._context.new_page()
        self.own.goto(f"chrome-extension://{ours.worker.url.split('/')[2]}/options/options.html")
        ours.page.add_init_script(CLICKED)
        ours.page.bring_to_front()
        ours.visit(fv.OWN_POST)
        plain.goto(ours.facebook.url(fv.OWN_POST))
        plain.wait_for_selector(ours.comment(COMMENTS - 1), state="attached")
        self.cdp = plain.context.new_cdp_session(plain)

    def comment(self) -> float:
        """Save a comment by its own button; return the seconds from the click to the receipt."""
        page: Page = self.ours.page
        page.wait_for_timeout(APART)
        self.own.evaluate(LISTEN)
        page.mouse.move(0, 0)
        page.hover(self.ours.comment(self.saved % 2))
        page.wait_for_timeout(200)
        self.saved += 1
        Panel(page, "bevara-save").press("Spara")
        took = self.own.evaluate("window.received") - page.evaluate("window.clickedAt")
        Panel(page).wait("Varför sparades den?")
        Panel(page).press("Senare")
        last = self.ours.captures()[-1]
        assert last["picture"], last["no_picture_reason"]
        return float(took) / 1000

    def picture(self) -> float:
        """Have the browser picture the tab for the extension, and do nothing with it."""
        self.ours.page.wait_for_timeout(APART)
        return float(self.ours.worker.evaluate(PICTURE)) / 1000

    def mhtml(self) -> float:
        """Save the page as MHTML with a picture of it."""
        def both() -> None:
            self.cdp.send("Page.captureSnapshot", {"format": "mhtml"})
            self.cdp.send("Page.captureScreenshot", {"format": "png"})

        return seconds(both)

    def singlefile(self) -> float:
        """Save the page as one HTML file, with nothing pictured and nothing sent."""
        return float(self.plain.evaluate(WHOLE_PAGE))


@pytest.fixture(scope="module")
def saver() -> Iterator[Saver]:
    with Running(ADDRESS, page_id="61550000000001") as bevara, FacebookServer() as facebook:
        kept = io.BytesIO()
        noisy_photo().save(kept, "PNG")
        facebook.files["/picture.png"] = ("image/png", kept.getvalue())
        facebook.views[fv.OWN_POST] = page_with_many(facebook.views[fv.OWN_POST])
        with Moderator(bevara, facebook) as ours, bare_page(ours) as plain:
            yield Saver(ours, plain)


@pytest.mark.usefixtures("calm")
def test_against_mhtml_with_a_picture(
    figures: Figures, saver: Saver, tries: Callable[[int, int], int]
) -> None:
    rounds, peer = tries(8, 60), "MHTML and a screenshot of the page"
    compare(figures, "one comment saved with picture and receipt", peer, saver.comment, saver.mhtml, "<= 0.7", rounds)
    compare(figures, "the picture alone that the browser takes for an extension", peer, saver.picture, saver.mhtml, None, rounds)


@pytest.mark.usefixtures("calm")
def test_against_singlefile(figures: Figures, saver: Saver, tries: Callable[[int, int], int]) -> None:
    if not SINGLEFILE.exists():
        pytest.skip("SingleFile is not here: npm install --no-save single-file-cli, "
                    "or BEVARA_SINGLEFILE=.../single-file-bundle.js")
    code = f"import {{ script }} from {json.dumps(str(SINGLEFILE))}; process.stdout.write(script)"
    script = subprocess.run([shutil.which("node") or "node", "--input-type=module", "-e", code],
                            capture_output=True, text=True, check=True).stdout
    saver.plain.add_script_tag(content=script)
    compare(figures, "one comment saved with picture and receipt", "SingleFile's page save", saver.comment, saver.singlefile, "<= 0.4", tries(8, 60))


def compare(figures: Figures, what: str, name: str, ours: Save, theirs: Save, goal: str | None, rounds: int) -> None:
    """Save in turns; the first of each does not count."""
    ours(), theirs()
    times = Times([], [])
    for _ in range(rounds):
        times.a.append(ours())
        times.b.append(theirs())
    print(f"\n{what}", milliseconds(times.a), f"\n{name}", milliseconds(times.b))
    figures.put(f"{what} vs {name}, p50", times.ratio(50), goal, rounds)


def page_with_many(view: dict[str, Any]) -> dict[str, Any]:
    """Return the view with so many comments, of which the third has a photo."""
    listed = [fv.comment(500000000000000 + number, (fv.KALLE, fv.MY)[number % 2],
                         f"Kommentar nummer {number} om cykelvägen vid Storgatan.") for number in range(COMMENTS)]
    listed[2] |= {"picture": "En cykelväg"}
    return {**view, "posts": [fv.post(fv.OWN, comments=listed)]}
