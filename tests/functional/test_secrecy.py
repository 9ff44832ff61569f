"""What may be secret is read by nobody who is not let in, on no page and in no file."""

from __future__ import annotations

import html
import logging
import re
from pathlib import Path
from typing import Any

import pytest
from werkzeug.routing import Rule

from bevara.cli import main
from bevara.diary import proposal, secrecy_moves
from bevara.identity import permitted
from bevara.records import secrecy, show
from bevara.upkeep.verify import verify
from tests.client import Bevara, Desk, Device
from tests.factories import NOW, PNG, attachment, capture, incident, picture
from tests.functional.test_every_route import filled

WORD = "Planterad7f3a91"
OTHER = {"name": f"{WORD} Rehn", "url": f"https://x.se/{WORD}", "id": WORD}
SEEN = {"vem": "Anna Berg", "andamal": "assess"}
MARK = {"drag": "mark", "lagrum": "21 kap. 1 § OSL", "datum": "2026-11-24", "namnd": "Kommunstyrelsen",
        "omfattning": "Hela innehållet", "av": "Anna Berg"}


def planted(browser: Device, **changes: Any) -> tuple[str, dict[str, Any]]:
    """Save a comment with the word everywhere that a page can put it; return its record."""
    said = {"id": "7001", "fragment": f"<p>{WORD}</p>", "author": OTHER, "time_shown": "3 tim",
            "permalink": f"https://www.facebook.com/{WORD}",
            "attachments": [attachment(PNG) | {"alt": WORD}]}
    document = capture(f"{WORD} är ordet", comment=said, picture=picture(), **changes)
    document["context"]["post"] = {"id": "1", "owner": OTHER, "text": WORD, "permalink": None}
    answer = browser.save(document, PNG)
    assert answer.status_code == 201, answer.data
    browser.observed(document["capture_id"], "removed")
    return str(answer.get_json()["record_id"]), document


def quoting(browser: Device) -> tuple[str, dict[str, Any]]:
    """Save an answer to the planted comment, with a picture of its own."""
    document = capture("Jag håller med", comment={"id": "7002", "parent_id": "7001"},
                       picture=picture(PNG + b"own"))
    document["context"]["answers"] = [
        {"id": "7001", "author": OTHER, "text": WORD, "time_shown": "1 tim"}]
    answer = browser.save(document, PNG + b"own")
    assert answer.status_code == 201, answer.data
    return str(answer.get_json()["record_id"]), document


def closed(browser: Device, desk: Desk) -> tuple[str, dict[str, Any]]:
    """Save the planted comment, and close it by the reason that means secrecy."""
    record, document = planted(browser)
    assert desk.post(f"/kommentarer/{record}/skal", {"skal": "secrecy"}).status_code == 303
    return record, document


def events(bevara: Bevara, record: str) -> list[dict[str, Any]]:
    """Return what was kept of a comment after its captures."""
    with bevara.rooms.real_store.read() as connection:
        return show.kept(connection, record).events


def let_in(bevara: Bevara) -> None:
    permitted.add(bevara.rooms.real_store, "Anna Berg", "registrar")


def seen(desk: Desk, record: str) -> str:
    """Return how many documents the desk has kept, as a form says."""
    found = re.search(r'name="sett" value="(\d+)"', desk.get(f"/kommentarer/{record}/sekretess").text)
    assert found
    return found[1]


def said(desk: Desk, record: str, path: str, form: dict[str, str]) -> Any:
    return desk.post(f"/kommentarer/{record}/{path}", form | {"sett": seen(desk, record)})


def said_of(answer: Any) -> str:
    """Return a page's or a file's text."""
    return html.unescape(answer.data.decode(errors="replace"))


def addresses(bevara: Bevara, records: list[tuple[str, dict[str, Any]]]) -> set[str]:
    """Return the address of every page and file that can be asked for, of these comments too."""
    found = set()
    adapter = bevara.app.url_map.bind("x")
    for rule in bevara.app.url_map.iter_rules():
        if "GET" in (rule.methods or set()) and not rule.rule.startswith(("/static", "/start", "/api")):
            for values in _values(rule, records):
                found.add(adapter.build(rule.endpoint, values, method="GET"))
    return found


def _values(rule: Rule, records: list[tuple[str, dict[str, Any]]]) -> list[dict[str, str]]:
    usual = filled(rule)
    if "record_id" not in usual:
        return [usual]
    return [usual | {"record_id": record} | {name: value for name, value in {
        "capture_id": document["capture_id"], "digest": document["picture"]["blob"][7:]}.items()
        if name in usual} for record, document in records]


def test_the_planted_word_is_on_no_page_and_in_no_file_without_a_viewing(
    bevara: Bevara, browser: Device, desk: Desk, caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
) -> None:
    caplog.set_level(logging.DEBUG)
    both = [planted(browser), quoting(browser)]
    record, document = both[0]
    note = incident("override", comment_id="7001", note=f"Det stod {WORD}", permalink=f"https://{WORD}")
    assert browser.put(f"incidents/{note['id']}", note).status_code == 201
    form = proposal.suggested(document, "Storby") | {"beslut": "register", "av": "Anna", "rubrik": WORD,
                                                     "avsandare": WORD, "sett": "0"}
    assert desk.post(f"/kommentarer/{record}/registrering", form).status_code == 303
    found = {path for path in addresses(bevara, both) if WORD in said_of(desk.get(path))}
    assert {f"/kommentarer/{record}", f"/kommentarer/{both[1][0]}", "/kommentarer/vantar-pa-nummer.csv",
            f"/kommentarer/{record}/kort", "/kommentarer/att-kontrollera"} <= found, "or the test proves nothing"

    assert desk.post(f"/kommentarer/{record}/skal", {"skal": "secrecy"}).status_code == 303
    for path in [*addresses(bevara, both), *(f"/kommentarer/{one}?namn=1" for one, _ in both)]:
        answer = desk.get(path)
        assert WORD not in said_of(answer), path
        assert WORD not in str(answer.headers), path
        assert answer.content_type != "image/png" and answer.content_type != "application/zip", path
    for tab in ("alla", "saknar-skal", "att-registrera"):
        found_none = desk.get(f"/kommentarer?flik={tab}&sok={WORD}").text
        assert 'class="row"' not in found_none
    assert secrecy.PUBLIC in desk.get("/kommentarer/vantar-pa-nummer.csv").text
    assert secrecy.PUBLIC in desk.get(f"/kommentarer/{record}/kort").text
    assert WORD not in browser.get("/api/v1/setup").text
    assert WORD not in caplog.text
    monkeypatch.setenv("BEVARA_DATA_DIR", str(bevara.rooms.real_store.folder.parent))
    for one, _ in both:
        assert main(["proof", one, "--out", str(tmp_path / "bevis.zip")]) == 1
    assert WORD not in "".join(capsys.readouterr()) and not (tmp_path / "bevis.zip").exists()


@pytest.mark.parametrize("how", ["pressed", "reason", "bulk", "capture", "later capture", "desk"])
def test_every_way_to_say_it_closes_at_once_and_no_later_reason_opens(
    bevara: Bevara, browser: Device, desk: Desk, how: str
) -> None:
    record, document = planted(browser, possible_secrecy=how == "capture")
    said_reason = {"category": "profanity", "possible_secrecy": how == "pressed", "moderator": "L", "at": NOW}
    if how in ("pressed", "reason"):
        browser.put(f"captures/{document['capture_id']}/reason",
                    said_reason | ({"category": "secrecy"} if how == "reason" else {}))
    elif how == "bulk":
        desk.post("/kommentarer/skal", {"val": record, "skal": "secrecy"})
    elif how == "later capture":
        planted(browser, possible_secrecy=True)
    elif how == "desk":
        assert said(desk, record, "sekretess", {"drag": "close", "av": "Anna"}).status_code == 303
    page = desk.get(f"/kommentarer/{record}").text
    assert WORD not in page
    if how == "pressed":
        assert "Skäl: Svordomar. Kan innehålla sekretess (L)" in page, "the history says so"
    browser.put(f"captures/{document['capture_id']}/reason",
                said_reason | {"possible_secrecy": False, "at": "2026-11-25T10:00:00Z"})
    desk.post(f"/kommentarer/{record}/skal", {"skal": "profanity"})
    browser.observed(document["capture_id"], "restored")
    assert WORD not in desk.get(f"/kommentarer/{record}").text
    assert WORD not in desk.get("/kommentarer?flik=alla").text
    assert verify(bevara.rooms.real_store).findings == []


def test_only_a_person_of_the_list_looks_once_and_it_is_kept_who_when_and_why(
    bevara: Bevara, browser: Device, desk: Desk
) -> None:
    record, document = closed(browser, desk)
    page, path = f"/kommentarer/{record}", f"/kommentarer/{record}/visa"
    assert "Ingen får se skyddat innehåll än." in desk.get(page).text
    assert desk.post(path, SEEN).status_code == 422
    let_in(bevara)
    for form in ({"vem": "Bo Ek", "andamal": "assess"}, {"vem": "Anna Berg", "andamal": ""},
                 {"vem": "Anna Berg", "andamal": "nyfiken"}, {}):
        refused = desk.post(path, form)
        assert refused.status_code == 422 and WORD not in refused.text
    assert show.record(bevara.rooms.real_store, record).events[-1]["kind"] != "viewing"

    shown = desk.post(path, SEEN)
    assert shown.status_code == 200 and WORD in shown.text
    assert shown.headers["Cache-Control"] == "no-store"
    key = re.search(r"\?visning=([\w-]+)", shown.text)
    assert key
    picture_path = f"{page}/bild/{document['picture']['blob'][7:]}"
    for rest in (f"bild/{document['picture']['blob'][7:]}", f"kod/{document['capture_id']}", "bevis.zip"):
        assert desk.get(f"{page}/{rest}?visning={key[1]}").status_code == 200, rest
    assert desk.get(picture_path).status_code == 404
    assert desk.get(f"{picture_path}?visning=fel").status_code == 404
    assert WORD not in desk.get(page).text, "the next time it is closed again"
    history = desk.get(page).text
    assert "Anna Berg såg det skyddade innehållet: bedöma och registrera" in history
    viewings = [one for one in events(bevara, record) if one["kind"] == "viewing"]
    assert [(one["by"], one["role"], one["purpose"]) for one in viewings] == [("Anna Berg", "registrar", "assess")]
    permitted.remove(bevara.rooms.real_store, "Anna Berg")
    assert desk.post(path, SEEN).status_code == 422


def test_the_key_of_one_viewing_opens_no_other_comment(
    bevara: Bevara, browser: Device, desk: Desk
) -> None:
    let_in(bevara)
    record, _ = closed(browser, desk)
    other = capture(WORD, comment={"id": "8001"}, picture=picture(PNG + b"other"), possible_secrecy=True)
    theirs = browser.save(other, PNG + b"other").get_json()["record_id"]
    key = re.search(r"\?visning=([\w-]+)", desk.post(f"/kommentarer/{record}/visa", SEEN).text)
    assert key
    digest = other["picture"]["blob"][7:]
    assert desk.get(f"/kommentarer/{theirs}/bild/{digest}?visning={key[1]}").status_code == 404
    assert desk.get(f"/kommentarer/{theirs}/bevis.zip?visning={key[1]}").status_code == 403


def test_a_picture_takes_the_strictest_mark_of_anything_in_it(
    bevara: Bevara, browser: Device, desk: Desk
) -> None:
    let_in(bevara)
    record, document = quoting(browser)
    first, _ = planted(browser)
    picture_path = f"/kommentarer/{record}/bild/{document['picture']['blob'][7:]}"
    assert desk.get(f"/kommentarer/{record}/kod/{document['capture_id']}").status_code == 200
    assert desk.get(picture_path).status_code != 404
    said(desk, first, "sekretess", {"drag": "close", "av": "Anna"})
    page = desk.get(f"/kommentarer/{record}").text
    assert "Jag håller med" in page and "Bilderna kan visa en annan kommentar" in page
    assert "Den här kommentaren kan innehålla sekretess." in page and "<img" not in page
    assert desk.get(picture_path).status_code == 404
    assert desk.get(f"/kommentarer/{record}/bevis.zip").status_code == 403
    shown = desk.post(f"/kommentarer/{record}/visa", SEEN).text
    assert picture_path in shown and WORD not in shown, "a viewing of one is no viewing of the other"


def test_the_registrar_marks_and_opens_again_with_a_reason(
    bevara: Bevara, browser: Device, desk: Desk
) -> None:
    record, _ = closed(browser, desk)
    assert said(desk, record, "sekretess", MARK | {"lagrum": "99 kap. 9 §"}).status_code == 422
    assert said(desk, record, "sekretess", MARK | {"namnd": ""}).status_code == 422
    assert said(desk, record, "sekretess", MARK).status_code == 303
    page = desk.get(f"/kommentarer/{record}").text
    assert "Sekretessmarkerad: 21 kap. 1 § OSL." in page and WORD not in page
    assert "Kommunstyrelsen" in page and "Sekretessmarkerad" in desk.get("/kommentarer?flik=alla").text
    assert said(desk, record, "sekretess", {"drag": "close", "av": "Anna"}).status_code == 409
    assert said(desk, record, "sekretess", {"drag": "lift", "av": "Anna"}).status_code == 422
    opening = {"drag": "lift", "varfor": "Inget om någon enskild", "av": "Bo Ek"}
    assert said(desk, record, "sekretess", opening).status_code == 303
    page = desk.get(f"/kommentarer/{record}").text
    assert WORD in page and "Öppnad igen: Inget om någon enskild (Bo Ek)" in page
    assert WORD in desk.get(f"/kommentarer?flik=alla&sok={WORD}").text
    assert said(desk, record, "sekretess", opening).status_code == 409
    assert verify(bevara.rooms.real_store).findings == []


def test_the_second_of_two_who_mark_compares(browser: Device, desk: Desk) -> None:
    record, _ = closed(browser, desk)
    before = seen(desk, record)
    assert said(desk, record, "sekretess", MARK).status_code == 303
    again = desk.post(f"/kommentarer/{record}/sekretess", MARK | {"sett": before})
    assert again.status_code == 303, "the same form twice is once"
    late = desk.post(f"/kommentarer/{record}/sekretess",
                     MARK | {"lagrum": "26 kap. 1 § OSL", "av": "Bo Ek", "sett": before})
    assert late.status_code == 409 and "Jämför" in late.text and "26 kap. 1 § OSL" in late.text
    assert "Anna Berg ändrade förslaget" in late.text


def test_the_clock_of_a_breach_starts_after_yes_alone(
    bevara: Bevara, browser: Device, desk: Desk
) -> None:
    record, _ = closed(browser, desk)
    page = f"/kommentarer/{record}"
    assert "Bedöm om det är en personuppgiftsincident. Fråga dataskyddsombudet." in desk.get(page).text
    assert "Anmäl senast" not in desk.get(page).text
    for answer in ("unassessed", "no"):
        assert said(desk, record, "incident", {"incident": answer, "av": "Anna"}).status_code == 303
        assert "Anmäl senast" not in desk.get(page).text
    future = {"incident": "yes", "kant_dag": "2999-01-01", "kant_tid": "10.00", "av": "Anna"}
    assert said(desk, record, "incident", future).status_code == 422
    assert said(desk, record, "incident", future | {"kant_tid": "x"}).status_code == 422
    known = future | {"kant_dag": "2026-03-27", "kant_tid": "12.00"}
    assert said(desk, record, "incident", known).status_code == 303
    found = events(bevara, record)[-1]
    assert found["known_at"] == "2026-03-27T11:00:00.000Z"
    assert secrecy_moves.deadline(found) == "2026-03-30T11:00:00.000Z", "72 hours, also into summer time"
    assert "Tiden att anmäla gick ut 30 mars 2026 kl. 13.00." in desk.get(page).text


def test_what_no_channel_may_carry_is_handed_over_in_another_way(browser: Device, desk: Desk) -> None:
    record, _ = closed(browser, desk)
    assert said(desk, record, "overlamnad", {"satt": "email", "av": "Anna"}).status_code == 422
    assert said(desk, record, "overlamnad", {"satt": "in_person", "av": "Anna"}).status_code == 303
    assert "Överlämnad på annat sätt: Lämnad på papper eller i handen (Anna)" in desk.get(f"/kommentarer/{record}").text
    said(desk, record, "sekretess", {"drag": "lift", "varfor": "Fel", "av": "Anna"})
    assert said(desk, record, "overlamnad", {"satt": "in_person", "av": "Anna"}).status_code == 409


def test_the_protected_sender_and_title_are_seen_with_a_viewing_and_kept_without(
    bevara: Bevara, browser: Device, desk: Desk
) -> None:
    let_in(bevara)
    record, document = closed(browser, desk)
    form = proposal.suggested(document, "Storby", True) | {
        "beslut": "register", "av": "Anna", "sett": "0", "skyddad_avsandare": WORD, "skyddad_rubrik": WORD}
    assert (form["avsandare"], form["rubrik"]) == (secrecy.PUBLIC, secrecy.PUBLIC)
    assert desk.post(f"/kommentarer/{record}/registrering", form).status_code == 303
    card = f"/kommentarer/{record}/kort"
    assert WORD not in desk.get(card).text and WORD not in desk.get(f"/kommentarer/{record}/registrering").text
    key = re.search(r"\?visning=([\w-]+)", desk.post(f"/kommentarer/{record}/visa", SEEN).text)
    assert key and WORD in desk.get(f"{card}?visning={key[1]}").text
    blind = {name: value for name, value in form.items() if not name.startswith("skyddad")}
    assert desk.post(f"/kommentarer/{record}/registrering", blind | {"sett": "1", "arende": "new"}).status_code == 303
    kept = events(bevara, record)[-1]["proposal"]
    assert (kept["protected_title"], kept["case"]["kind"]) == (WORD, "new")


def test_who_may_see_and_what_to_choose_from_are_lists_that_people_change(bevara: Bevara, desk: Desk) -> None:
    assert desk.post("/skyddat-innehall", {"name": "Anna Berg", "role": "registrar"}).status_code == 303
    assert desk.post("/skyddat-innehall", {"name": "Anna Berg", "role": "manager"}).status_code == 409
    assert desk.post("/skyddat-innehall", {"name": "Bo", "role": "kung"}).status_code == 422
    assert desk.post("/skyddat-innehall", {"name": " ", "role": "manager"}).status_code == 422
    assert "Anna Berg" in desk.get("/skyddat-innehall").text
    assert desk.post("/skyddat-innehall/ta-bort", {"name": "Anna Berg"}).status_code == 303
    assert "Ingen får se skyddat innehåll än." in desk.get("/skyddat-innehall").text

    before = desk.get("/lagrum").text.count("Kontrollera gällande lydelse")
    assert before == 8
    nameless = desk.post("/lagrum", {"kontrollerat": "21 kap. 1 § OSL", "av": ""})
    assert nameless.status_code == 422 and nameless.text.count('aria-invalid="true"') == 1
    assert desk.post("/lagrum", {"kontrollerat": "21 kap. 1 § OSL", "av": "Anna Berg"}).status_code == 303
    assert desk.get("/lagrum").text.count("Kontrollera gällande lydelse") == 7
    new = {"lagrum": "40 kap. 1 § OSL", "om": "Annat", "kalla": "SFS 2009:400"}
    assert desk.post("/lagrum", new).status_code == 303 and desk.post("/lagrum", new).status_code == 409
    assert desk.post("/lagrum", {"bort": "40 kap. 1 § OSL"}).status_code == 303
    assert desk.post("/lagrum", {"bort": "40 kap. 1 § OSL"}).status_code == 404
    assert verify(bevara.rooms.real_store).findings == []
