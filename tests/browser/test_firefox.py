"""The main job in Firefox ESR: pair, delete a comment on the practice page, find it saved."""

from collections.abc import Iterator

import pytest
from firefox import FIREFOX, Firefox
from firefox_extension import EXTENSION, pair, prefs
from running import Running

pytestmark = pytest.mark.skipif(FIREFOX is None, reason="Firefox is not installed")
ARTICLES = "[...document.querySelectorAll('[role=article]:not([aria-posinset])')]"


@pytest.fixture(scope="module")
def bevara() -> Iterator[Running]:
    with Running() as running:
        yield running


@pytest.fixture(scope="module")
def firefox(bevara: Running) -> Iterator[Firefox]:
    """Firefox with the extension, paired, on the practice page."""
    with Firefox(prefs()) as running:
        running.install(EXTENSION)
        assert pair(running, bevara).startswith("Kopplad")
        running.goto(f"http://localhost:{bevara.port}/torget/")
        running.until(f"{ARTICLES}.length > 0")
        yield running


def ask_to_delete(firefox: Firefox) -> str:
    """Opens the first comment's menu, chooses to delete, and gives the comment's words."""
    first = f"{ARTICLES}[0]"
    words = str(firefox.evaluate(f"{first}.querySelector('.words').innerText"))
    firefox.click(f"{first}.querySelector('[aria-haspopup=menu]')")
    firefox.until("document.querySelector('[role=menu]') !== null")
    firefox.click(
        "[...document.querySelectorAll('[role=menuitem]')].find(e => e.innerText === 'Ta bort')"
    )
    firefox.until("document.querySelector('[data-confirm]') !== null")
    return words


def test_a_comment_is_saved_before_it_is_deleted(firefox: Firefox, bevara: Running) -> None:
    before = firefox.evaluate(f"{ARTICLES}.length")
    words = ask_to_delete(firefox)
    firefox.click("document.querySelector('[data-confirm]')")
    firefox.until(f"{ARTICLES}.length === {before - 1}")
    [capture] = bevara.wait_documents("capture", 1, practice=True)
    assert capture["comment"]["text"] == words
    assert capture["mode"] == "delete"
    assert capture["picture"] is not None, capture["no_picture_reason"]
    assert "Firefox" in capture["software"]["browser"]
    assert bevara.documents("capture") == []


def test_without_bevara_the_comment_stays(firefox: Firefox, bevara: Running) -> None:
    before = firefox.evaluate(f"{ARTICLES}.length")
    ask_to_delete(firefox)
    asked = len(
        firefox.evaluate("fetch('/torget/requests').then((answer) => answer.json())")["requests"]
    )
    bevara.pause()
    firefox.click("document.querySelector('[data-confirm]')")
    firefox.wait(3)
    assert firefox.evaluate(f"{ARTICLES}.length") == before
    bevara.go_on()
    assert asked == len(
        firefox.evaluate("fetch('/torget/requests').then((answer) => answer.json())")["requests"]
    )
