"""Spärra nu and erasure, from the desk and from the browser: nothing is shown, sent or kept."""

import json
import re
import shutil
from pathlib import Path

import pytest

from bevara.accounts import register
from bevara.kernel import settings
from bevara.upkeep import places
from bevara.upkeep.erasure import everywhere
from bevara.upkeep.verify import verify
from tests.client import Bevara, Desk, Device, problem
from tests.erasing import LARGE, NEEDLES, WORD, found_in, planted
from tests.factories import blob_name, capture, incident, new_id, picture

REASON = {"by": "Anna Berg", "reason": "Sparad av misstag"}


def withheld(desk: Desk, record: str, prefix: str = "") -> None:
    assert desk.post(f"{prefix}/kommentarer/{record}/sparra", REASON).status_code == 303


def addresses(desk: Desk, record: str, purpose: str = "erase", prefix: str = "") -> list[str]:
    page = desk.post(f"{prefix}/kommentarer/{record}/sparrad", {"purpose": purpose})
    assert page.status_code == 200
    found = re.findall(r'href="http://[^/]+(/godkann/[^"]+)"', page.text)
    assert len(found) == 2
    return found


def approved(desk: Desk, found: list[str], *names: str) -> str:
    answers = [desk.post(path, {"by": name}) for path, name in zip(found, names, strict=True)]
    assert [answer.status_code for answer in answers] == [200, 303]
    return str(answers[1].headers["Location"])


def everything(desk: Desk, record: str, prefix: str = "") -> str:
    """Return every page that could show the comment, as text."""
    paths = ["/", "/kommentarer/att-kontrollera", f"{prefix}/kommentarer", f"{prefix}/kommentarer?flik=alla",
             f"{prefix}/kommentarer/{record}", f"{prefix}/kommentarer/{record}/sparrad"]
    answers = [desk.get(path) for path in paths]
    assert all(answer.status_code in (200, 303, 404) for answer in answers)
    return "".join(answer.text for answer in answers)


def test_a_withheld_comment_is_read_nowhere(bevara: Bevara, browser: Device, desk: Desk) -> None:
    record = planted(browser)["record_id"]
    assert WORD in everything(desk, record)
    withheld(desk, record)
    assert WORD not in everything(desk, record)
    assert f"/{record}" not in desk.get(f"/kommentarer?flik=alla&sok={WORD}").text
    for data in (LARGE,):
        path = f"/kommentarer/{record}/bild/{blob_name(data)[7:]}"
        assert desk.get(path).status_code == 403
    assert desk.post(f"/kommentarer/{record}/skal", {"skal": "commercial"}).status_code == 403
    shown = desk.get(f"/kommentarer/{record}/sparrad").text
    assert "Anna Berg" in shown and "Sparad av misstag" in shown and record in shown
    assert desk.get(f"/kommentarer/{record}").headers["Location"].endswith("/sparrad")
    assert verify(bevara.rooms.real_store).findings == []


@pytest.mark.parametrize("missing", ["by", "reason"])
def test_name_and_reason_are_asked_for(browser: Device, desk: Desk, missing: str) -> None:
    record = planted(browser)["record_id"]
    path = f"/kommentarer/{record}/sparra"
    assert desk.get(path).status_code == 200
    answer = desk.post(path, {**REASON, missing: " "})
    assert answer.status_code == 422 and f'id="{missing}-error"' in answer.text
    assert WORD in desk.get(f"/kommentarer/{record}").text


def test_only_saved_comments_can_be_withheld(desk: Desk) -> None:
    for page in ("sparra", "sparrad"):
        assert desk.get(f"/kommentarer/{new_id()}/{page}").status_code == 404
    assert desk.post(f"/kommentarer/{new_id()}/sparra", REASON).status_code == 404


def test_what_comes_later_of_a_withheld_comment_is_kept_and_not_shown(
    bevara: Bevara, browser: Device, desk: Desk
) -> None:
    record = planted(browser)["record_id"]
    withheld(desk, record)
    again = capture(f"{WORD} igen", comment={"id": "7001"})
    assert browser.save(again).status_code == 201
    assert browser.observed(again["capture_id"], "hidden").status_code == 201
    assert WORD not in everything(desk, record)
    assert verify(bevara.rooms.real_store).findings == []
    found = addresses(desk, record, "lift")
    assert approved(desk, found, "Anna Berg", "Bo Ek") == f"/kommentarer/{record}"
    assert WORD in desk.get(f"/kommentarer/{record}").text
    assert verify(bevara.rooms.real_store).findings == []


@pytest.mark.parametrize("prefix", ["", "/ovning"])
def test_two_people_erase_a_comment(
    bevara: Bevara, browser: Device, desk: Desk, prefix: str
) -> None:
    speaker = browser.on_practice() if prefix else browser
    receipt = planted(speaker)
    record, store = receipt["record_id"], (
        bevara.rooms.practice_store if prefix else bevara.rooms.real_store)
    withheld(desk, record, prefix)
    one, two = addresses(desk, record, prefix=prefix)
    assert desk.get(one).status_code == 200
    assert desk.post(one, {"by": ""}).status_code == 422
    assert "Godkänt av Anna Berg" in desk.post(one, {"by": "Anna Berg"}).text
    assert desk.post(one, {"by": "Bo Ek"}).status_code == 404, "an address is good once"
    assert desk.post(two, {"by": "anna berg "}).status_code == 422, "two different names"
    assert found_in(store.folder), "one person erases nothing"
    assert desk.post(two, {"by": "Bo Ek"}).status_code == 303
    assert found_in(bevara.rooms.config.data_dir) == []
    assert WORD not in everything(desk, record, prefix)
    shown = desk.get(f"{prefix}/kommentarer/{record}/sparrad").text
    assert "Raderad" in shown and "Anna Berg" in shown and "Bo Ek" in shown
    assert verify(store).findings == []
    with store.read() as connection:
        log = connection.exec_driver_sql("select entry from ledger_entries").scalars().all()
    said = [json.loads(entry) for entry in log if "approval" in entry]
    assert [one["name"] for one in said] == ["Anna Berg", "Bo Ek"]
    assert problem(speaker.put(f"captures/{receipt['capture_id']}", receipt["document"]))[1] == (
        "erased")
    assert problem(speaker.observed(receipt["capture_id"], "removed"))[1] == "erased"
    assert found_in(store.folder) == []


def test_new_addresses_make_the_old_ones_useless(browser: Device, desk: Desk) -> None:
    record = planted(browser)["record_id"]
    withheld(desk, record)
    old = addresses(desk, record)
    new = addresses(desk, record, "lift")
    assert [desk.get(path).status_code for path in (*old, *new)] == [404, 404, 200, 200]


def test_an_address_needs_the_owner(bevara: Bevara, browser: Device, desk: Desk) -> None:
    record = planted(browser)["record_id"]
    withheld(desk, record)
    path = addresses(desk, record)[0]
    stranger = bevara.app.test_client()
    assert stranger.get(path, headers={"Host": desk.host}).status_code == 401
    assert desk.post(path, {"by": "Anna"}, csrf="fel").status_code == 403
    assert desk.get(path).status_code == 200


def test_the_closed_path_withholds_what_is_saved(
    bevara: Bevara, browser: Device, desk: Desk
) -> None:
    receipt = planted(browser)
    closed = incident("closed_path", comment_id="7001", moderator="Anna Berg",
                      captures=[receipt["capture_id"]])
    assert browser.put(f"incidents/{closed['id']}", closed).status_code == 201
    assert browser.put(f"incidents/{closed['id']}", closed).status_code == 200
    record = receipt["record_id"]
    assert WORD not in everything(desk, record)
    shown = desk.get(f"/kommentarer/{record}/sparrad").text
    assert "Misstänkt övergrepp mot barn" in shown and "114 14" in shown
    answer = desk.post(f"/kommentarer/{record}/sparrad", {"purpose": "lift"})
    assert answer.status_code == 409, "nobody may read it again"
    assert verify(bevara.rooms.real_store).findings == []
    approved(desk, addresses(desk, record), "Anna Berg", "Bo Ek")
    assert found_in(bevara.rooms.config.data_dir) == []
    assert verify(bevara.rooms.real_store).findings == []
    assert "Stängd väg" in desk.get("/kommentarer/att-kontrollera").text


@pytest.mark.parametrize("comment_id", ["7002", None])
def test_the_closed_path_refuses_what_is_still_on_its_way(
    bevara: Bevara, browser: Device, desk: Desk, comment_id: str | None
) -> None:
    document = capture(WORD, comment={"id": comment_id}, picture=picture(LARGE))
    name = blob_name(LARGE)
    assert browser.put(f"blobs/{name}", LARGE, media_type="image/png").status_code == 201
    closed = incident("closed_path", comment_id=comment_id, captures=[document["capture_id"]])
    assert browser.put(f"incidents/{closed['id']}", closed).status_code == 201
    answer = browser.put(f"captures/{document['capture_id']}", document)
    assert problem(answer)[:2] == (410, "erased")
    assert bevara.rooms.ephemeral.get(name) is None
    assert not any(needle in answer.data for needle in NEEDLES)
    assert found_in(bevara.rooms.config.data_dir) == []


def test_a_comment_seen_beside_others_is_named(browser: Device, desk: Desk) -> None:
    record = planted(browser)["record_id"]
    other = browser.save(capture("Svar", comment={"id": "9"}, picture=picture(LARGE)), LARGE)
    withheld(desk, record)
    shown = desk.get(f"/kommentarer/{record}/sparrad").text
    assert f"/kommentarer/{other.get_json()['record_id']}" in shown


def test_an_answer_shows_nothing_of_the_withheld_comment_it_quotes(
    bevara: Bevara, browser: Device, desk: Desk
) -> None:
    record = planted(browser)["record_id"]
    quoted = {"id": "7001", "author": {"name": "Siv Citerad", "url": None, "id": None},
              "text": WORD, "time_shown": "2 tim"}
    document = capture("Nej", comment={"id": "9"}, context={"post": None, "answers": [quoted]})
    answer = browser.save(document).get_json()["record_id"]
    page = f"/kommentarer/{answer}"
    assert WORD in desk.get(page).text and desk.get(f"{page}/bevis.zip").status_code == 200
    withheld(desk, record)
    assert page in desk.get(f"/kommentarer/{record}/sparrad").text
    shown = desk.get(f"{page}?namn=1").text
    assert WORD not in shown and "Siv" not in shown and "spärrad eller raderad" in shown
    refused = desk.get(f"{page}/bevis.zip")
    assert refused.status_code == 403 and "svarar på en som är spärrad" in refused.text
    approved(desk, addresses(desk, record, "lift"), "Anna Berg", "Bo Ek")
    assert WORD in desk.get(page).text and desk.get(f"{page}/bevis.zip").status_code == 200


def test_every_browser_learns_what_to_throw_away(browser: Device, desk: Desk) -> None:
    assert browser.get("/api/v1/setup").get_json()["erased"] == []
    first, second = planted(browser), planted(browser.on_practice())
    withheld(desk, second["record_id"], "/ovning")
    assert browser.get("/api/v1/setup").get_json()["erased"] == [], "what is withheld may come back"
    closed = incident("closed_path", comment_id="7001")
    assert browser.put(f"incidents/{closed['id']}", closed).status_code == 201
    approved(desk, addresses(desk, second["record_id"], prefix="/ovning"), "Anna Berg", "Bo Ek")
    assert browser.get("/api/v1/setup").get_json()["erased"] == sorted(
        {first["record_id"], second["record_id"]})


def test_what_was_noted_when_someone_looked_goes_too(
    bevara: Bevara, browser: Device, desk: Desk
) -> None:
    saved = planted(browser)
    record, about = saved["record_id"], incident("override", comment_id="7001", note=WORD)
    browser.put(f"incidents/{about['id']}", about)
    for looked in (about["id"], record):
        desk.post(f"/kommentarer/att-kontrollera/{looked}", {"note": WORD})
    withheld(desk, record)
    assert WORD not in desk.get("/kommentarer/att-kontrollera").text
    approved(desk, addresses(desk, record), "Anna Berg", "Bo Ek")
    assert desk.get("/kommentarer/att-kontrollera").status_code == 200
    assert desk.get("/").status_code == 200
    assert found_in(bevara.rooms.config.data_dir) == []
    assert verify(bevara.rooms.real_store).findings == []


def test_what_is_said_late_of_an_erased_comment_is_refused(
    bevara: Bevara, browser: Device, desk: Desk
) -> None:
    record = planted(browser)["record_id"]
    withheld(desk, record)
    approved(desk, addresses(desk, record), "Anna Berg", "Bo Ek")
    late = incident("override", comment_id="7001", note=WORD)
    assert browser.put(f"incidents/{late['id']}", late).status_code == 410
    assert found_in(bevara.rooms.config.data_dir) == []
    closed = incident("closed_path", comment_id="7001")
    assert browser.put(f"incidents/{closed['id']}", closed).status_code == 201


def registered(bevara: Bevara) -> str:
    """Register the account that the comments of these tests stand on."""
    return register.add(bevara.rooms.real_store, "https://www.facebook.com/kommunen", "Kommunen")


def on_account(account: str | None, comment_id: str = "7002") -> dict[str, object]:
    return capture(f"{WORD} är ordet", comment={"id": comment_id}, account_id=account)


@pytest.mark.parametrize(("of_comment", "of_note"), [(True, False), (False, True), (False, False)])
def test_a_note_follows_its_comment_whichever_account_it_names(
    bevara: Bevara, browser: Device, desk: Desk, of_comment: bool, of_note: bool
) -> None:
    account = registered(bevara)
    saved = browser.save(on_account(account if of_comment else None)).get_json()
    note = incident("override", comment_id="7002", note=f"Det stod {WORD}",
                    account_id=account if of_note else None)
    assert browser.put(f"incidents/{note['id']}", note).status_code == 201
    desk.post(f"/kommentarer/att-kontrollera/{note['id']}", {"note": WORD})
    assert WORD in desk.get("/kommentarer/att-kontrollera").text
    withheld(desk, saved["record_id"])
    assert WORD not in desk.get("/kommentarer/att-kontrollera").text
    approved(desk, addresses(desk, saved["record_id"]), "Anna Berg", "Bo Ek")
    assert found_in(bevara.rooms.config.data_dir) == []
    late = incident("override", comment_id="7002", note=WORD,
                    account_id=account if of_note else None)
    assert problem(browser.put(f"incidents/{late['id']}", late))[:2] == (410, "erased")
    again = on_account(account if of_note else None)
    assert problem(browser.save(again))[:2] == (410, "erased")
    assert found_in(bevara.rooms.config.data_dir) == []
    other = incident("override", comment_id="7003", note="En annan")
    assert browser.put(f"incidents/{other['id']}", other).status_code == 201
    assert browser.save(on_account(None, "7003")).status_code == 201
    assert verify(bevara.rooms.real_store).findings == []


@pytest.mark.parametrize("named", [True, False])
def test_the_closed_path_reaches_a_comment_that_is_withheld_already(
    bevara: Bevara, browser: Device, desk: Desk, named: bool
) -> None:
    account = registered(bevara)
    record = browser.save(on_account(account if named else None)).get_json()["record_id"]
    withheld(desk, record)
    closed = incident("closed_path", comment_id="7002", account_id=None if named else account)
    assert browser.put(f"incidents/{closed['id']}", closed).status_code == 201
    assert desk.post(f"/kommentarer/{record}/sparrad", {"purpose": "lift"}).status_code == 409
    assert problem(browser.save(on_account(account)))[:2] == (410, "erased")
    assert problem(browser.save(on_account(None)))[:2] == (410, "erased")


def copied_and_erased(bevara: Bevara, browser: Device, desk: Desk, place: Path) -> str:
    """Copy to a place that then is not there, and erase; return the record's page."""
    assert desk.post("/sakerhetskopia", {"backup_dir": str(place)}).status_code == 303
    record = planted(browser)["record_id"]
    desk.post("/sakerhetskopia/nu")
    assert found_in(place)
    place.rename(place.with_name("unplugged"))
    desk.post("/sakerhetskopia", {"backup_dir": str(place.with_name("other"))})
    withheld(desk, record)
    approved(desk, addresses(desk, record), "Anna Berg", "Bo Ek")
    return f"/kommentarer/{record}/sparrad"


def test_a_copy_that_is_destroyed_is_waited_for_until_someone_says_so(
    bevara: Bevara, browser: Device, desk: Desk, tmp_path: Path
) -> None:
    place, config = tmp_path / "broken", bevara.rooms.config
    page = copied_and_erased(bevara, browser, desk, place)
    said = {"place": str(place), "by": "Cecilia Dahl", "reason": "Disken är skrotad"}
    assert [one.place for one in everywhere.pending(config)] == [str(place)]
    assert "Inte rensad än" in desk.get(page).text
    for field in ("by", "reason"):
        answer = desk.post("/sakerhetskopia/forstord", {**said, field: " "})
        assert answer.status_code == 422 and "saknas" in answer.text
        assert said["reason" if field == "by" else "by"] in answer.text, "what was typed stays"
    assert everywhere.pending(config), "nothing is said without a name and a reason"
    assert desk.post("/sakerhetskopia/forstord", said).status_code == 303
    assert everywhere.pending(config) == []
    for path in (page, "/sakerhetskopia"):
        shown = desk.get(path).text
        assert "Förstörd" in shown and "av Cecilia Dahl: Disken är skrotad" in shown
        assert "Inte rensad än" not in shown
    with bevara.rooms.real_store.read() as connection:
        log = connection.exec_driver_sql("select entry from ledger_entries").scalars().all()
    logged = [json.loads(entry) for entry in log if "place_lost" in entry]
    assert [(one["place"], one["by"], one["reason"]) for one in logged] == [tuple(said.values())]
    assert verify(bevara.rooms.real_store).findings == []
    assert desk.post("/sakerhetskopia/forstord", said).status_code == 404, "once is enough"


def test_a_copy_that_can_be_seen_or_is_made_next_is_not_destroyed(
    bevara: Bevara, browser: Device, desk: Desk, tmp_path: Path
) -> None:
    place, config = tmp_path / "broken", bevara.rooms.config
    copied_and_erased(bevara, browser, desk, place)
    said = {"place": str(place), "by": "Cecilia Dahl", "reason": "Disken är skrotad"}
    place.with_name("unplugged").rename(place)
    answer = desk.post("/sakerhetskopia/forstord", said)
    assert answer.status_code == 409 and "Kopiorna syns" in answer.text
    place.rename(place.with_name("unplugged"))
    settings.change(config.data_dir, backup_dir=str(place))
    answer = desk.post("/sakerhetskopia/forstord", said)
    assert answer.status_code == 409 and "Välj en annan mapp först" in answer.text
    assert desk.post("/sakerhetskopia/forstord", {**said, "place": "/annan"}).status_code == 404
    assert len(everywhere.pending(config)) == 1


def test_a_place_that_is_lost_counts_again_when_it_is_found_or_used_anew(
    bevara: Bevara, browser: Device, desk: Desk, tmp_path: Path
) -> None:
    place, config = tmp_path / "broken", bevara.rooms.config
    copied_and_erased(bevara, browser, desk, place)
    desk.post("/sakerhetskopia/forstord",
              {"place": str(place), "by": "Cecilia Dahl", "reason": "Disken är skrotad"})
    desk.post("/sakerhetskopia", {"backup_dir": str(place)})
    assert places.lost(config.data_dir) == {}
    shutil.rmtree(place)
    place.with_name("unplugged").rename(place)
    assert found_in(place)
    everywhere.clean(config)
    assert found_in(place) == [] and everywhere.pending(config) == []
