"""Thirty comments, twenty-five of them routine, are dealt with by keyboard in less than ten minutes.

The script presses what a person would press. What the person needs beyond the page's own time is
reckoned as Card, Moran and Newell measured it (The Keystroke-Level Model, 1980): 0.28 s for each key
and 1.35 s to make up one's mind, and here 4 s to read a row and 20 s to read a page.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import axe
import pytest
from open_desk import OpenDesk, chromium_for, open_desk, reader
from playwright.sync_api import Page, expect
from tests.factories import capture

from bevara.diary import standing
from bevara.records import show
from bevara.upkeep.verify import verify

pytestmark = pytest.mark.browser
KEY, MIND, ROW, OPENED = 0.28, 1.35, 4, 20
TEN_MINUTES = 600
ROUTINE, GRAVE = 25, 5


class Person:
    """Presses keys on a page, and reckons the time that a person would have needed."""

    def __init__(self, page: Page) -> None:
        self.page, self.reckoned, self.begun = page, 0.0, time.monotonic()

    def press(self, *keys: str) -> None:
        self.reckoned += MIND
        for key in keys:
            self.reckoned += KEY
            self.page.keyboard.press(key)

    def go_to(self, there: str) -> None:
        """Press Tab until the focus is where the expression `there` is true."""
        self.press()
        for _ in range(30):
            self.page.keyboard.press("Tab")
            self.reckoned += KEY
            if self.page.evaluate(there):
                return
        raise AssertionError(there)

    def write(self, text: str) -> None:
        self.reckoned += MIND + KEY * len(text)
        self.page.keyboard.type(text)

    def needed(self) -> float:
        """Return the seconds so far, the page's own time with them."""
        return self.reckoned + time.monotonic() - self.begun


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[OpenDesk]:
    with open_desk(tmp_path / "data") as served:
        yield served


def saved(desk: OpenDesk) -> tuple[list[str], list[str]]:
    """Save thirty comments, every sixth a grave one; return the routine ones and the others."""
    device, routine, grave = desk.bevara.browser(), list[str](), list[str]()
    for number in range(ROUTINE + GRAVE):
        bad = number % 6 == 5
        text = f"Trettio {number}: " + ("Jag vet var du bor." if bad else "Vinn en telefon!")
        kept = device.save(capture(text, account_id=desk.account)).get_json()["record_id"]
        (grave if bad else routine).append(str(kept))
    return routine, grave


def test_thirty_items_take_less_than_ten_minutes_by_keyboard(desk: OpenDesk) -> None:
    routine, grave = saved(desk)
    opened: list[str] = []
    with chromium_for(desk.port) as browser, reader(browser, desk) as page:
        page.on("framenavigated", lambda frame: opened.append(frame.url))
        page.goto(desk.address("/kommentarer"))
        person = Person(page)
        give_reasons(person)
        decide_routine(person)
        for record in grave:
            register(person, record)
        needed = person.needed()
    print(f"\nthirty items: {needed:.0f} s")
    assert needed < TEN_MINUTES
    assert not [url for url in opened if any(record in url and "/beslut?" not in url for record in routine)]
    assert [state(desk, record) for record in routine] == [("minor", "commercial")] * ROUTINE
    assert [state(desk, record) for record in grave] == [("waiting", "incitement")] * GRAVE
    assert verify(desk.bevara.rooms.real_store).ok


def state(desk: OpenDesk, record: str) -> tuple[str, str]:
    found = show.record(desk.bevara.rooms.real_store, record)
    return standing.of(found).state.value, found.row.category


def find(person: Person, words: str) -> None:
    person.press("/")
    person.write(words)
    person.press("Enter")
    person.page.wait_for_url("**sok=*")


def give_reasons(person: Person) -> None:
    """Read each row, give the grave ones their reason in passing, and the rest theirs at once."""
    find(person, "Trettio")
    rows = person.page.locator(".row")
    expect(rows).to_have_count(ROUTINE + GRAVE)
    for number in range(ROUTINE + GRAVE):
        person.press("j")
        person.reckoned += ROW
        if "Vinn" in rows.nth(number).inner_text():
            person.press("x")
    person.press("7")
    expect(person.page.locator("#done")).to_contain_text(str(ROUTINE))
    person.page.reload()
    expect(rows).to_have_count(GRAVE)
    person.press("a")
    person.press("4")
    expect(person.page.locator("#done")).to_contain_text(str(GRAVE))


def decide_routine(person: Person) -> None:
    page = person.page
    page.locator("h1").click()
    person.go_to("document.activeElement.textContent.includes('Att registrera')")
    person.press("Enter")
    page.wait_for_url("**flik=att-registrera*")
    find(person, "telefon")
    expect(page.locator(".row")).to_have_count(ROUTINE)
    begun = time.monotonic()
    assert axe.faults(page) == []
    person.begun += time.monotonic() - begun
    person.press("a")
    person.press("u")
    expect(page.locator("h1")).to_have_text(f"Besluta om {ROUTINE} kommentarer")
    expect(page.locator("input[name=beslut][value=minor]")).to_be_focused()
    person.press("Tab", "Space", "ArrowRight")
    person.press("Tab")
    person.write("Reklam som inte rör kommunen")
    person.press("Tab")
    person.write("Anna Berg")
    person.press("Enter")
    page.wait_for_url("**beslutade=25")
    expect(page.get_by_role("status").first).to_contain_text("25 kommentarer är beslutade.")


def register(person: Person, record: str) -> None:
    page = person.page
    person.press("j", "o")
    page.wait_for_url(f"**/{record}?flik=att-registrera")
    person.reckoned += OPENED
    person.press("r")
    person.go_to("document.activeElement.id === 'av-beslut'")
    person.write("Anna Berg")
    person.press("Enter")
    page.wait_for_url("**#registrering")
    person.press("Escape")
    page.wait_for_url("**/kommentarer?flik=att-registrera")
