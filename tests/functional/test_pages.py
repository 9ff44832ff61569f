"""Pages in two languages, menus by role, errors as pages, and the small pages around the queue."""

import errno
import html
import re
from pathlib import Path

import pytest
from flask import g

from bevara.accounts import register
from bevara.identity import extension, guard, names
from bevara.web import navigation, todo
from tests.client import Bevara, Desk, Device, documents
from tests.factories import capture, incident

PAGES = ["/", "/skarmdump", "/kommentarer", "/kommentarer?flik=alla", "/kommentarer?fran=x",
         "/kommentarer/att-kontrollera", "/konton", "/installningar", "/webblasare",
         "/sakerhetskopia", "/riktlinje", "/namn", "/kontroll", "/ovning", "/hjalp",
         "/tillganglighet", "/finns-inte", "/lagrum", "/diariet", "/skyddat-innehall", "/leveranser",
         "/kommentarer/vantar-pa-nummer", "/kommentarer/ordnade", "/ovning/kommentarer?flik=alla"]
SWEDISH = re.compile(r"[^\s<>]*[åäöÅÄÖ][^\s<>]*")
MARKED = re.compile(r'<(\w+)[^>]* lang="sv"[^>]*>.*?</\1>', re.DOTALL)


def in_english(desk: Desk, path: str) -> str:
    return desk.get(path, **{"Accept-Language": "en-GB,en;q=0.9"}).text


def swedish(page: str) -> list[str]:
    """Return the words that are Swedish and not marked so, but for what the diary gets in Swedish."""
    return SWEDISH.findall(MARKED.sub("", page).replace("Hela innehållet", "").replace("Misstänkt övergrepp mot barn", "")
                           .replace("Storköpings kommun (övning)", "").replace("Storköpings", ""))


@pytest.mark.parametrize("path", PAGES)
def test_no_swedish_is_left_on_an_english_page(
    bevara: Bevara, browser: Device, desk: Desk, path: str
) -> None:
    register.add(bevara.rooms.real_store, "https://www.facebook.com/storby", "Storby")
    names.add(bevara.rooms.real_store, "Sara Lind")
    document = capture("Comment", comment={"fragment": "<b>x</b>", "time_shown": "3 h"},
                       beside=[{"field": "a", "value": "b", "source": "page_json"}])
    record = browser.save(document).get_json()["record_id"]
    browser.observed(document["capture_id"], "removed")
    one = incident(reason="danger")
    browser.put(f"incidents/{one['id']}", one)
    browser.on_practice().save(capture("Practice", platform="practice"))
    for where in (path, f"/kommentarer/{record}", f"/konton/{register.all_accounts(bevara.rooms.real_store)[0]['id']}"):
        page = in_english(desk, where)
        assert '<html lang="en"' in page and swedish(page) == [], where


@pytest.mark.parametrize("browser,page,chosen", [
    ("Chrome/130.0", "chrome://extensions", "/extension</code>"),
    ("Chrome/130.0 Safari/537.36 Edg/130.0", "edge://extensions", "/extension</code>"),
    ("Gecko/20100101 Firefox/128.0", "about:debugging#", "/extension/manifest.json</code>"),
])
def test_the_first_step_says_how_this_browser_takes_the_extension_in(
    desk: Desk, browser: str, page: str, chosen: str
) -> None:
    shown = desk.get("/", **{"User-Agent": browser}).text
    assert page in shown and chosen in shown


def test_an_installed_bevara_without_the_extension_says_who_has_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(extension, "FOLDER", tmp_path / "none")
    shown = desk.get("/").text
    assert "Be IT lägga in Bevara" in shown and "://extensions" not in shown


def test_the_language_is_chosen_and_remembered(desk: Desk) -> None:
    answer = desk.get("/sprak/en?till=/kommentarer%3Fflik%3Dalla")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/kommentarer?flik=alla")
    assert '<html lang="en"' in desk.get("/").text
    desk.get("/sprak/sv")
    english = {"Accept-Language": "en-GB"}
    assert '<html lang="sv"' in desk.get("/", **english).text
    assert desk.get("/sprak/de").status_code == 404


@pytest.mark.parametrize("away", ["https://evil.test/", "//evil.test", "/\\evil.test", "/\t/evil.test",
                                  "evil", ""])
def test_the_language_leads_to_our_own_pages_only(desk: Desk, away: str) -> None:
    answer = desk.http.get("/sprak/sv", query_string={"till": away}, headers={"Host": desk.host},
                           base_url=f"http://{desk.host}")
    assert answer.headers["Location"] == "/"


def test_a_moderator_sees_only_start_and_comments(bevara: Bevara) -> None:
    with bevara.app.test_request_context("/", headers={"Host": "127.0.0.1:47470"}):
        g.roles, g.may = frozenset({navigation.MODERATOR}), guard.may
        links = [link for function in bevara.app.template_context_processors[None]
                 for name, link in function().items() if name == "main_menu"]
        assert [item.path for item in links[0]()] == ["/", "/kommentarer"]


def test_at_most_seven_lines_wait_and_only_for_their_roles(bevara: Bevara) -> None:
    offered = [todo.Line(number, str(number), "/") for number in range(10)]
    with bevara.app.test_request_context("/"):
        g.roles, g.may = navigation.EVERYONE, guard.may
        assert [line.number for line in todo.lines([lambda: offered])] == [1, 2, 3, 4, 5, 6, 7]
        g.roles = frozenset({navigation.MODERATOR})
        assert todo.lines([lambda: offered]) == []


def test_the_first_steps_are_gone_when_they_are_done(bevara: Bevara, desk: Desk) -> None:
    assert "Kom igång" in desk.get("/").text
    browser = bevara.browser()
    browser.on_practice().save(capture(platform="practice"))
    desk.post("/konton", {"address": "https://www.facebook.com/storkoping", "name": "Storköping"})
    page = desk.get("/").text
    assert "Kom igång" not in page and "Inget väntar." in page
    browser.save(capture())
    page = desk.get("/").text
    assert re.search(r"<b>1</b> <span>kommentar saknar skäl", page)
    assert 'data-code' in desk.post("/koppla", {"sida": "webblasare"}).text


@pytest.mark.parametrize("path,status", [("/finns-inte", 404), ("/konton/x", 404)])
def test_an_error_is_a_page_in_the_same_look(desk: Desk, path: str, status: int) -> None:
    answer = desk.get(path)
    assert answer.status_code == status
    assert 'class="masthead"' in answer.text and "Till startsidan" in answer.text


@pytest.mark.parametrize("error,status", [
    (OSError(errno.ENOSPC, "No space left on device"), 507), (RuntimeError("broken"), 500)])
def test_what_was_typed_is_given_back_when_the_disk_is_full_and_can_be_sent_again(
    bevara: Bevara, browser: Device, desk: Desk, monkeypatch: pytest.MonkeyPatch, error: Exception,
    status: int,
) -> None:
    record = browser.save(capture("Text")).get_json()["record_id"]
    path, form = f"/kommentarer/{record}/bedomning?flik=att-registrera", {
        "sett": "0", "kategori": "profanity", "av": "Anna Berg",
        "bedomning": "Första raden\n</textarea><script>andra</script>"}

    def full(*_: object) -> None:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(bevara.rooms.real_store, "write", full)
        answer = desk.post(path, form)
    assert answer.status_code == status
    shown = re.search(r"<textarea[^>]*>(.*?)</textarea>", answer.text, re.DOTALL)
    assert shown and "<script>" not in answer.text
    assert html.unescape(shown[1]).split() == (form["av"] + " " + form["bedomning"]).split()
    again = {name: html.unescape(value) for name, value in re.findall(
        r'<input type="hidden" name="(\w+)" value="([^"]*)"', answer.text.split("<main")[1])}
    assert again.pop("csrf") == desk.csrf and again == form
    assert html.unescape(re.findall(r'<form class="stack" method="post" action="([^"]*)"', answer.text)[0]) == path
    assert desk.post(path, again).status_code == 303
    assert "Första raden" in desk.get(f"/kommentarer/{record}").text


def test_a_stranger_gets_no_form_back(bevara: Bevara) -> None:
    answer = bevara.app.test_client().post("/konton", data={"name": "Hemligt"}, headers={
        "Host": f"{bevara.rooms.instance}.localhost:47470"})
    assert answer.status_code == 401 and "Hemligt" not in answer.text


def test_every_error_says_what_and_what_next(bevara: Bevara, desk: Desk) -> None:
    host = {"Host": desk.host}
    stranger = bevara.app.test_client()
    said = {
        401: stranger.get("/", headers=host),
        403: desk.post("/koppla", csrf="fel"),
        405: desk.http.delete("/konton", headers=host, base_url=f"http://{desk.host}"),
        413: desk.post("/konton", {"name": "x" * (18 << 20)}),
        421: stranger.get("/", headers={"Host": "127.0.0.1:47470"}),
    }
    for status, answer in said.items():
        assert answer.status_code == status
        assert 'class="masthead"' in answer.text and "<h1>" in answer.text


def test_an_unexpected_error_is_a_page_without_its_cause(
    bevara: Bevara, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError("hemligt")

    monkeypatch.setattr(register, "all_accounts", fails)
    answer = desk.get("/konton")
    assert answer.status_code == 500
    assert "Bevara gjorde fel. Inget är borttaget." in answer.text and "hemligt" not in answer.text


def test_names_are_kept_sorted_and_reach_the_extension(
    bevara: Bevara, browser: Device, desk: Desk
) -> None:
    for name in ("  Sara   Lind ", "Anna Berg"):
        assert desk.post("/namn", {"name": name}).status_code == 303
    setup = browser.get("/api/v1/setup").get_json()
    assert setup["moderators"] == ["Anna Berg", "Sara Lind"]
    for name, words in [("Sara Lind", "Namnet finns redan."), (" ", "Namnet saknas."),
                        (201 * "x", "Namnet är för långt.")]:
        refused = desk.post("/namn", {"name": name})
        assert refused.status_code in (409, 422) and words in refused.text
    assert desk.post("/namn/ta-bort", {"name": "Anna Berg"}).status_code == 303
    assert desk.post("/namn/ta-bort", {"name": "Anna Berg"}).status_code == 404
    assert names.all_names(bevara.rooms.real_store) == ["Sara Lind"]


def test_an_account_shows_what_it_is_called_and_what_has_happened(
    bevara: Bevara, browser: Device, desk: Desk
) -> None:
    account = register.add(bevara.rooms.real_store, "https://www.facebook.com/storby", "Storby")
    browser.put(f"accounts/{account}/identifiers", {"identifiers": [
        {"kind": "page_id", "value": "100064"}]})
    browser.save(capture(account_id=account))
    page = desk.get(f"/konton/{account}").text
    assert "100064" in page and "1 sparad kommentar" in page
    assert page.count("<li><time") == 2
    assert documents(bevara.rooms.real_store.folder)


def test_the_guideline_is_shown_as_it_stands(desk: Desk) -> None:
    page = desk.get("/riktlinje").text
    assert "Nordmalings kommun" in page and "Uppmaningar till brott" in page
    assert "Storköpings kommun har ingen egen riktlinje inlagd än." in page


def test_who_has_only_practised_is_led_to_what_was_practised(
    browser: Device, desk: Desk
) -> None:
    assert "när du övade" not in desk.get("/kommentarer?flik=alla&sok=hej").text
    browser.on_practice().save(capture("Hej", platform="practice"))
    assert "Se det du sparade när du övade" in desk.get("/").text
    searched = desk.get("/kommentarer?flik=alla&sok=hej").text
    assert 'href="/ovning/kommentarer?flik=alla&amp;sok=hej"' in searched
    assert "när du övade" not in desk.get("/ovning/kommentarer?flik=alla&sok=saknas").text
