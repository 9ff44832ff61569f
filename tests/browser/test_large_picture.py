"""A picture on a comment that is too large to show stays on the page, and holds nothing else up."""

import io
from typing import Any

import pytest
from extension_only import Browser
from panel import Panel
from PIL import Image
from running import Running

pytestmark = pytest.mark.browser
AUTHOR = "Däckhuset i Norrby"


def picture(side: int) -> bytes:
    out = io.BytesIO()
    Image.new("1", (side, side), 1).save(out, "PNG")
    return out.getvalue()


def removed(bevara: Running, browser: Browser, side: int) -> dict[str, Any]:
    """Delete the comment with a picture of so many points a side; return its capture."""
    before, data = len(bevara.documents("capture", practice=True)), picture(side)
    page = browser.context.new_page()
    page.route("**/dack.png", lambda route: route.fulfill(body=data, content_type="image/png"))
    page.goto(f"http://localhost:{bevara.port}/torget/")
    page.click("#reset")
    comment = page.locator(f"[aria-label='Kommentar från {AUTHOR}']")
    comment.wait_for()
    page.wait_for_timeout(1500)
    comment.locator("[aria-haspopup=menu]").click()
    page.locator("[role=menuitem] >> text=/^Ta bort/").click()
    page.click("[data-confirm]")
    Panel(page).wait("Sparad och borttagen", 25)
    page.close()
    return bevara.documents("capture", practice=True)[before]


def test_a_picture_that_can_be_shown_comes_along(bevara: Running, browser: Browser) -> None:
    document = removed(bevara, browser, 500)
    assert document["comment"]["attachments"][0]["blob"]
    assert "attachments.bytes" not in document["completeness"]["missing"]


def test_a_picture_beyond_64_megapixels_is_left_and_said_to_be_missing(
    bevara: Running, browser: Browser
) -> None:
    document = removed(bevara, browser, 8100)
    (attached,) = document["comment"]["attachments"]
    assert (attached["kind"], attached["blob"]) == ("picture", None)
    assert "attachments.bytes" in document["completeness"]["missing"]
    assert browser.spool() == []
