"""A helper that owns its key still cannot show the browser another ledger, and a wrong clock is said."""

import base64
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from extension_only import Browser, capture, saving
from playwright.sync_api import expect
from test_own_pages import popup
from test_worker_signatures import Tampering

from bevara.identity import api
from bevara.kernel import ledger, signed_note
from bevara.kernel.keys import Keys

pytestmark = pytest.mark.browser

CHANGED = "Bevaras logg är en annan än den webbläsaren minns. Säg till IT."
Hello = tuple[str, list[str] | None]
"""The checkpoint and the consistency proof of one answer."""


@pytest.fixture(scope="module")
def middle(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tampering]:
    with Tampering(tmp_path_factory.mktemp("data")) as middle:
        yield middle


@pytest.fixture(scope="module")
def browser(middle: Tampering) -> Iterator[Browser]:
    with Browser(middle.port) as browser:
        assert browser.type_code(middle.rooms.pairing.open()).startswith("Kopplad")
        for text in ("Ett", "Två", "Tre", "Fyra", "Fem"):
            assert browser.ask(saving(capture(text)))["ok"]
        yield browser


class Ledger:
    """What the real ledger says, and lies about it that the helper's own key signs."""

    def __init__(self, middle: Tampering, folder: Path) -> None:
        self.store, self.keys = middle.rooms.real_store, middle.rooms.keys
        self.other_keys = Keys(folder)
        with self.store.read() as connection:
            self.size = ledger.size(connection)

    def note(self, size: int, root: bytes, origin: str | None = None, keys: Keys | None = None) -> str:
        return signed_note.sign(keys or self.keys, origin or self.store.origin, size, root)

    def at(self, size: int) -> bytes:
        with self.store.read() as connection:
            return ledger.root(connection, size)

    def proof(self, old: int) -> list[str]:
        with self.store.read() as connection:
            return ledger.consistency(connection, old, self.size)


def _random(count: int) -> list[str]:
    return [base64.b64encode(os.urandom(32)).decode() for _ in range(count)]


LIES: dict[str, Callable[[Ledger], Hello]] = {
    "a fork: as large, another root": lambda it: (it.note(it.size, os.urandom(32)), []),
    "a fork with a proof": lambda it: (it.note(it.size, os.urandom(32)), _random(3)),
    "shrunk by one": lambda it: (it.note(it.size - 1, it.at(it.size - 1)), []),
    "shrunk with the way back as a proof": lambda it: (it.note(it.size - 1, it.at(it.size - 1)), it.proof(it.size - 1)),
    "emptied": lambda it: (it.note(0, ledger.merkle.EMPTY), []),
    "another ledger's name": lambda it: (it.note(it.size, it.at(it.size), "bevara/annan"), []),
    "grown, no proof": lambda it: (it.note(it.size + 3, os.urandom(32)), []),
    "grown, proof left out": lambda it: (it.note(it.size + 3, os.urandom(32)), None),
    "grown, another proof": lambda it: (it.note(it.size + 3, os.urandom(32)), _random(4)),
    "signed by another key": lambda it: (it.note(it.size, it.at(it.size), keys=it.other_keys), []),
    "a negative size": lambda it: (it.note(-1, it.at(it.size)), []),
    "no checkpoint": lambda it: ("", []),
}


@pytest.fixture
def told(middle: Tampering, monkeypatch: pytest.MonkeyPatch) -> Callable[[Hello], None]:
    """Makes hello answer with a checkpoint and a proof that the helper's key signs."""

    def tell(hello: Hello) -> None:
        monkeypatch.setattr(ledger, "checkpoint", lambda *_: hello[0])
        monkeypatch.setattr(api, "_consistency", lambda *_: hello[1])

    return tell


@pytest.mark.parametrize("lie", LIES)
def test_another_ledger_gets_nothing_and_the_popup_says_so(
    middle: Tampering, browser: Browser, told: Callable[[Hello], None], tmp_path: Path, lie: str
) -> None:
    told(LIES[lie](Ledger(middle, tmp_path)))
    middle.asked.clear()
    browser.open("options/options.html")
    answer = browser.ask(saving(capture("Hemligt innehåll")))
    assert (answer["ok"], answer["code"], answer["spooled"]) == (False, "ledger_changed", True)
    page = popup(browser, state="armed", sentence="På. Det du tar bort sparas först.")
    expect(page.locator("#trouble dd")).to_have_text(CHANGED)
    assert middle.sent("blobs", "captures") == [] and not any(b"Hemligt" in one for _, one in middle.asked)


def test_what_waited_goes_when_the_true_ledger_is_back(middle: Tampering, browser: Browser) -> None:
    browser.open("options/options.html")
    assert browser.ask(saving(capture("Sex")))["ok"]
    assert browser.wait_spool(0) == []
    page = popup(browser, state="armed", sentence="På. Det du tar bort sparas först.")
    expect(page.locator("#waiting dd")).to_have_text("Inget")
    page.wait_for_timeout(300)
    expect(page.locator("#trouble")).to_be_hidden()


def test_of_two_answers_at_once_the_larger_ledger_is_remembered(browser: Browser) -> None:
    browser.open("options/options.html")
    last = browser.page.evaluate("""async () => {
      const { remember, last } = await import("/background/checkpoints.js");
      const now = await last(true);
      const note = (size) => `bevara\\n${size}\\nAAAA\\n\\n`;
      await Promise.all([7, 9, 8].map((size) => remember(true, note(size))));
      const kept = await last(true);
      await chrome.storage.local.set({ checkpoint_practice: now });
      return kept;
    }""")
    assert last.split("\n")[1] == "9"


CLOCKS = {
    7200: "Datorns klocka går 2 timmar efter Bevaras.",
    -300: "Datorns klocka går 5 minuter före Bevaras.",
    86_400: "Datorns klocka går 24 timmar efter Bevaras.",
    400_000_000: "Datorns klocka går 4630 dygn efter Bevaras.",
    -90: "Datorns klocka går 90 sekunder före Bevaras.",
}


@pytest.mark.parametrize("offset", CLOCKS)
def test_two_clocks_that_differ_are_said_with_how_much_and_what_to_do(
    middle: Tampering, browser: Browser, monkeypatch: pytest.MonkeyPatch, offset: int
) -> None:
    clock = middle.rooms.real_store.clock
    unix = clock.unix
    monkeypatch.setattr(clock, "unix", lambda: unix() + offset)
    browser.open("options/options.html")
    answer = browser.ask(saving(capture("Fel tid")))
    assert (answer["ok"], answer["code"], answer["spooled"]) == (False, "stale_signature", True)
    assert answer["said"].startswith(CLOCKS[offset]) and "Datum och tid" in answer["said"]
    page = popup(browser, state="armed", sentence="På. Det du tar bort sparas först.")
    expect(page.locator("#trouble dd")).to_have_text(answer["said"])
    browser.open("options/options.html")
    assert browser.type_code(middle.rooms.pairing.open()) == answer["said"]
    monkeypatch.undo()
    assert browser.ask(saving(capture("Rätt tid")))["ok"]


def test_the_clock_is_said_in_english_too(
    middle: Tampering, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = middle.rooms.real_store.clock
    unix = clock.unix
    browser.ask({"type": "language.set", "language": "en"})
    monkeypatch.setattr(clock, "unix", lambda: unix() - 7200)
    answer = browser.ask(saving(capture("Fel tid")))
    browser.ask({"type": "language.set", "language": "sv"})
    assert answer["said"].startswith("The computer's clock is 2 hours ahead of Bevara's.")
