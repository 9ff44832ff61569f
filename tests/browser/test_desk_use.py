"""The desk is used by keyboard, without JavaScript, and what was captured never runs."""

from __future__ import annotations

import errno
import socket
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import axe
import pytest
from open_desk import PLANTED, OpenDesk, chromium_for, open_desk, reader
from playwright.sync_api import Browser, expect

from bevara.kernel import ledger
from bevara.records import list_records

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def desk(tmp_path: Path, port: int) -> Iterator[OpenDesk]:
    with open_desk(tmp_path / "data", port) as served:
        yield served


@pytest.fixture(scope="module")
def browser(port: int) -> Iterator[Browser]:
    """One for all tests: each has a desk of its own, one after the other on the same port."""
    with chromium_for(port) as found:
        yield found


def without_reason(desk: OpenDesk) -> int:
    return list_records.count(desk.bevara.rooms.real_store, "saknar-skal")


def test_the_queue_is_worked_with_the_keyboard_alone(desk: OpenDesk, browser: Browser) -> None:
    with reader(browser, desk) as page:
        page.goto(desk.address("/kommentarer"))
        for number in range(3):
            page.keyboard.press("j" if number == 0 else "Shift")
            page.keyboard.press("7")
            expect(page.locator("#done")).to_contain_text("1")
            expect(page.locator(".row").nth(number)).to_contain_text("Reklam")
            expect(page.locator(".row").nth(number + 1).locator("a[aria-current]")).to_be_focused()
        assert without_reason(desk) == 3
        page.keyboard.press("x")
        page.keyboard.press("j")
        page.keyboard.press("x")
        page.keyboard.press("2")
        expect(page.locator("#done")).to_contain_text("2")
        assert without_reason(desk) == 1
        page.keyboard.press("j")
        page.keyboard.press("o")
        expect(page.locator("h1")).to_contain_text("Kommentar på Facebook")
        assert page.url.endswith("?flik=saknar-skal")


def test_single_keys_rest_in_fields_and_can_be_turned_off(
    desk: OpenDesk, browser: Browser
) -> None:
    with reader(browser, desk) as page:
        page.goto(desk.address("/kommentarer"))
        page.keyboard.press("/")
        page.keyboard.type("j1x?")
        expect(page.locator("#sok")).to_have_value("j1x?")
        page.locator("h1").click()
        page.keyboard.press("?")
        page.get_by_role("dialog").get_by_role("checkbox").uncheck()
        page.keyboard.press("Escape")
        page.reload()
        page.keyboard.press("j")
        page.keyboard.press("1")
        page.wait_for_timeout(200)
        assert page.locator("[aria-current=true]").count() == 0
        assert without_reason(desk) == 6


def test_the_main_path_needs_no_javascript(desk: OpenDesk, browser: Browser) -> None:
    with reader(browser, desk, java_script_enabled=False) as page:
        page.get_by_role("link", name="6 kommentarer saknar skäl").click()
        for box in page.get_by_role("checkbox").all()[:2]:
            box.check()
        page.get_by_role("button", name="Svordomar").click()
        assert without_reason(desk) == 4
        page.get_by_label("Ord i texten, eller datum").fill("Comment 3")
        page.get_by_role("button", name="Visa", exact=True).click()
        page.locator(".row a").click()
        page.get_by_label("Hat och trakasserier").check()
        page.get_by_role("button", name="Spara skälet").click()
        assert without_reason(desk) == 3
        page.locator("summary", has_text="Sammanhang").click()
        expect(page.locator(".thread")).to_contain_text("Annan person")
        expect(page.locator(".thread")).not_to_contain_text("Erik Sundmark")
        page.get_by_role("link", name="Visa andra personers namn").click()
        expect(page.locator(".thread")).to_contain_text("Erik Sundmark")
        page.get_by_role("link", name="Konton").click()
        page.get_by_label("Sidans adress").fill("https://example.com/")
        page.get_by_role("button", name="Lägg till sidan").click()
        expect(page.get_by_label("Sidans adress")).to_have_attribute("aria-invalid", "true")
        expect(page.get_by_label("Sidans adress")).to_have_value("https://example.com/")
        page.get_by_role("link", name="English").click()
        expect(page.locator("h1")).to_have_text("Accounts")


def test_captured_markup_never_runs_and_fetches_nothing(
    desk: OpenDesk, browser: Browser
) -> None:
    with reader(browser, desk) as page:
        page.goto(desk.address(f"/kommentarer/{desk.records[-1]}"))
        page.locator("summary", has_text="Vad som kom med").click()
        frame = page.frame_locator("iframe.fragment")
        expect(frame.locator("a")).to_be_visible()
        inside = next(one for one in page.frames if "/kod/" in one.url)
        address = inside.url
        assert inside.evaluate("window.origin") == "null"
        frame.locator("a").click()
        page.wait_for_timeout(500)
        assert page.title().startswith("Kommentar på Facebook")
        page.goto(address)
        page.wait_for_timeout(300)
        assert page.evaluate("window.origin") == "null" and page.title() != "taken"
    assert [host for host, _ in desk.asked if host == desk.host]
    assert not [path for host, path in desk.asked if host == PLANTED or "planted" in path]


def test_a_record_is_left_and_its_reason_chosen_with_keys(
    desk: OpenDesk, browser: Browser
) -> None:
    with reader(browser, desk) as page:
        page.goto(desk.address(f"/kommentarer/{desk.records[1]}?flik=saknar-skal"))
        page.keyboard.press("3")
        expect(page.locator("input[value=violence_pornography]")).to_be_checked()
        page.keyboard.press("j")
        page.wait_for_url(f"**/{desk.records[2]}?flik=saknar-skal")
        page.keyboard.press("k")
        page.wait_for_url(f"**/{desk.records[1]}?flik=saknar-skal")
        page.keyboard.press("Escape")
        page.wait_for_url("**/kommentarer?flik=saknar-skal")


def test_after_a_disk_error_every_page_says_that_nothing_is_saved_and_all_can_be_read(
    desk: OpenDesk, browser: Browser
) -> None:
    def broken(_: Any) -> None:
        error = sqlite3.OperationalError("disk I/O error")
        error.sqlite_errorcode = sqlite3.SQLITE_IOERR
        raise error

    with reader(browser, desk, viewport={"width": 420, "height": 900}) as page:
        band = page.get_by_role("alert").filter(has_text="Disken svarade med fel.")
        page.goto(desk.address("/"))
        assert band.count() == 0
        with pytest.raises(Exception, match="Disken"):
            desk.bevara.rooms.real_store.write(broken)
        for name in ("start", "queue", "record", "accounts", "names", "this"):
            page.goto(desk.address(desk.pages()[name]))
            expect(band).to_contain_text("Inget sparas och inget tas bort förrän Bevara har startats om.")
            assert axe.faults(page) == [], name
        page.goto(desk.address("/namn"))
        page.get_by_label("För- och efternamn").fill("Karin Ek")
        page.get_by_role("button", name="Lägg till").click()
        expect(page.locator("h1")).to_have_text("Disken svarade med fel")
        expect(page.locator("main")).to_contain_text("Starta om Bevara. Innan dess sparas inget.")
        page.goto(desk.address(desk.pages()["record"]))
        expect(page.locator(".saved-text")).to_contain_text("Comment 5")


def test_a_full_disk_is_said_in_words_and_is_over_when_there_is_room(
    desk: OpenDesk, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "no space left")

    with reader(browser, desk) as page:
        page.goto(desk.address("/namn"))
        page.get_by_label("För- och efternamn").fill("Karin Ek")
        with monkeypatch.context() as patched:
            patched.setattr(ledger, "append", full)
            page.get_by_role("button", name="Lägg till").click()
            expect(page.locator("main")).to_contain_text("Disken är full. Inget är sparat och inget borttaget.")
            expect(page.locator("main")).to_contain_text("Gör så här:")
            assert axe.faults(page) == []
        page.go_back()
        expect(page.get_by_role("alert")).to_have_count(0)
        page.get_by_label("För- och efternamn").fill("Karin Ek")
        page.get_by_role("button", name="Lägg till").click()
        expect(page.locator(".rows")).to_contain_text("Karin Ek")
