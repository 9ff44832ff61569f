"""One Bevara over https for several: two moderators and a registrar, each in a profile of their own."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import axe
import facebook_views as fv
import pytest
from facebook_server import FacebookServer
from playwright.sync_api import Page, Playwright, expect, sync_playwright
from shared_running import SharedModerator, SharedRunning, choose_password, registrars_page
from tests.shared_house import PASSWORD

pytestmark = pytest.mark.browser
PAGE_ID = "61550000000001"
NUMBER = "KS 2026/00123:7"


@pytest.fixture(scope="module")
def play() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="module")
def bevara() -> Iterator[SharedRunning]:
    with SharedRunning("https://www.facebook.com/storkopingskommun", page_id=PAGE_ID) as running:
        yield running


def delete(moderator: SharedModerator) -> None:
    """Deletes the second comment as always; it goes through once it is saved."""
    moderator.visit(fv.OWN_POST)
    moderator.open_menu(1)
    moderator.choose("Ta bort")
    moderator.confirm()
    assert moderator.wait_asked() != []


def records(bevara: SharedRunning) -> list[str]:
    database = bevara.data / "register" / "bevara.sqlite"
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        return [row[0] for row in connection.execute("select id from records")]


def test_two_moderators_save_one_comment_and_the_registrar_gives_it_its_number(
    play: Playwright, bevara: SharedRunning
) -> None:
    with (
        FacebookServer() as facebook,
        SharedModerator(play, bevara, facebook, "Maja Lind") as maja,
        SharedModerator(play, bevara, facebook, "Mika Ek") as mika,
    ):
        assert maja.ask({"type": "status.get"})["desk"] == f"{bevara.address}/"
        for moderator in (maja, mika):
            delete(moderator)
            moderator.page.goto(moderator.options)
        assert len(bevara.wait_documents("capture", 2)) == 2
        [record] = records(bevara)
        maja.desk.goto(f"{bevara.address}/kommentarer/{record}")
        assert maja.desk.locator("#registrering").count() == 0, "a moderator registers nothing"
        maja.desk.locator("[name=skal]").first.check()
        maja.desk.locator("#skal button").first.click()
        expect(maja.desk.locator("#skal [role=status]")).to_be_visible()
        assert maja.desk.goto(f"{bevara.address}/leveranser").status == 403
        assert bevara.documents("reason")[-1]["moderator"] == "Maja Lind"
        browser, rut = registrars_page(play, bevara, "Rut Ek")
        register(rut, bevara, record)
        maja.desk.goto(f"{bevara.address}/kommentarer/{record}")
        expect(maja.desk.locator("main")).to_contain_text(NUMBER)
        expect(maja.desk.locator(".history")).to_contain_text("Rut Ek")
        rut.get_by_role("button", name="Logga ut").click()
        expect(rut).to_have_url(f"{bevara.address}/logga-in")
        rut.goto(f"{bevara.address}/kommentarer")
        rut.fill("#name", "rut ek")
        rut.fill("#password", PASSWORD)
        rut.locator("main button").click()
        expect(rut).to_have_url(f"{bevara.address}/kommentarer")
        browser.close()
        mika.ask({"type": "address.set", "address": "https://bevara.localhost:1"})
        said = mika.ask({"type": "helper.check"})
        assert said["code"] == "helper_down" and said["said"].startswith("Kommunens Bevara svarar inte")


def register(page: Page, bevara: SharedRunning, record: str) -> None:
    """Decides to register, and pastes the number that the diary gave, as the registrar does."""
    page.goto(f"{bevara.address}/kommentarer/{record}")
    form = page.locator("form.deciding")
    expect(form).to_contain_text("Antecknas som Rut Ek.")
    form.locator("[name=beslut][value=register]").check()
    form.locator("button.primary").click()
    page.goto(f"{bevara.address}/kommentarer/vantar-pa-nummer")
    reference = page.locator("code.reference").first.inner_text()
    page.fill("#rader", f"{reference} {NUMBER}")
    page.get_by_role("button", name="Spara nummer").click()
    expect(page.locator("main")).to_contain_text(re.compile("1 nummer sparat"))
    registrations = bevara.documents("registration")
    assert registrations[-1]["number"] == NUMBER and registrations[-1]["by"] == "Rut Ek"


@pytest.mark.parametrize("width,scheme,locale", [(1440, "light", "sv-SE"), (420, "dark", "sv-SE"), (420, "light", "en-GB")])
def test_axe_finds_nothing_where_people_sign_in_and_users_are_looked_after(
    play: Playwright, bevara: SharedRunning, width: int, scheme: str, locale: str
) -> None:
    browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu", "--disable-quic"])
    page = browser.new_context(ignore_https_errors=True, locale=locale, viewport={"width": width, "height": 900},
                               color_scheme=scheme, reduced_motion="reduce").new_page()
    invitation = bevara.user(f"Berit {width} {scheme}", "administratör", "informatör")

    def look(path: str) -> None:
        page.goto(path if "://" in path else bevara.address + path)
        assert axe.faults(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path

    look("/logga-in")
    look(invitation)
    choose_password(page, invitation)
    for path in ("/", "/anvandare", "/losenord", "/kontroll", "/webblasare", "/installningar", "/konton/ansokningar"):
        look(path)
    browser.close()
