"""A removed comment is registered or kept in order: decided, copied by hand, numbered, taken back."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest

from bevara.accounts import register
from bevara.diary import references
from bevara.records import show, withhold
from bevara.upkeep.erasure import erase, rows
from bevara.upkeep.verify import verify
from tests.client import Bevara, Desk, Device
from tests.erasing import BY
from tests.factories import capture

TEXT, AUTHOR = "Ordagrantnu", "Tobias Rehn"
DECISION = {"inkom": "2026-11-22", "avsandare": "Enskild", "rubrik": "Kommentar, borttagen",
            "arende": "collective", "arendenummer": "", "riktning": "received",
            "precision": "exact", "handlingstyp": "Kommentar", "bevaras": "keep",
            "av": "Anna Berg", "sett": "0"}
KEEP = DECISION | {"beslut": "keep", "sekretess": "nej", "grund": "Rör inget ärende"}
REGISTER = DECISION | {"beslut": "register"}
WAITING, ORDERED = "/kommentarer/vantar-pa-nummer", "/kommentarer/ordnade"


def saved(browser: Device, desk: Desk, text: str = TEXT, **changes: Any) -> str:
    """Save a removed comment and give it a reason."""
    record = str(browser.save(capture(text, **changes)).get_json()["record_id"])
    form = {"skal": "profanity"} | ({"sekretess": "on"} if changes.get("possible_secrecy") else {})
    assert desk.post(f"/kommentarer/{record}/skal", form).status_code == 303
    return record


def registered(desk: Desk, record: str, **changes: str) -> str:
    """Decide to register; return the reference."""
    answer = desk.post(f"/kommentarer/{record}/registrering", REGISTER | changes)
    assert answer.status_code == 303, answer.text
    return reference(desk, record)


def reference(desk: Desk, record: str) -> str:
    found = re.search(r"BV-\w{4}-\w{4}", desk.get(f"/kommentarer/{record}/kort").text)
    assert found
    return found[0]


def row(bevara: Bevara, record: str) -> Any:
    return show.record(bevara.rooms.real_store, record).row


def count(desk: Desk, tab: str) -> int:
    page = desk.get("/kommentarer?flik=alla").text
    found = re.search(rf'{tab}"[^>]*>[^<]*<span class="count">(\d+)', page)
    assert found, tab
    return int(found[1])


def paste(desk: Desk, *lines: str, by: str = "Anna Berg") -> Any:
    return desk.post(WAITING, {"rader": "\n".join(lines), "av": by})


def test_a_comment_goes_from_its_reason_to_its_number(
    bevara: Bevara, browser: Device, desk: Desk
) -> None:
    browser.on_practice().save(capture(platform="practice"))
    desk.post("/konton", {"address": "https://www.facebook.com/storkoping", "name": "Storköping"})
    record = saved(browser, desk)
    assert count(desk, "att-registrera") == 1
    assert "<b>1</b> <span>kommentar att registrera" in desk.get("/").text
    code = registered(desk, record)
    assert [count(desk, tab) for tab in ("att-registrera", "vantar-pa-nummer")] == [0, 1]
    assert code in desk.get(WAITING).text
    assert "<b>1</b> <span>kommentar väntar på nummer" in desk.get("/").text
    answer = paste(desk, f"{code}\tKS 2026/00123:7")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{WAITING}?sparade=1")
    assert count(desk, "vantar-pa-nummer") == 0
    page = desk.get(f"/kommentarer/{record}").text
    assert "Registrerad" in page and "<strong>KS 2026/00123:7</strong>" in page
    assert "Diarienummer KS 2026/00123:7 (Anna Berg)" in page
    assert f"Ska registreras, referens {code} (Anna Berg)" in page
    assert "KS 2026/00123:7" in desk.get("/kommentarer?flik=alla").text
    assert verify(bevara.rooms.real_store).findings == []


def test_what_lacks_a_reason_or_was_not_removed_is_not_in_the_tab(
    browser: Device, desk: Desk
) -> None:
    browser.save(capture())
    saved(browser, desk, mode="save")
    assert count(desk, "att-registrera") == 0


def test_register_is_chosen_for_what_was_removed_and_nothing_for_what_stays(
    browser: Device, desk: Desk
) -> None:
    removed, stays = saved(browser, desk), saved(browser, desk, mode="save")
    chosen = 'value="register" checked'
    assert chosen in desk.get(f"/kommentarer/{removed}").text
    page = desk.get(f"/kommentarer/{stays}").text
    assert chosen not in page and "Registrera även om den är kvar" in page
    assert "Registrera även om den är kvar" not in desk.get(f"/kommentarer/{removed}").text


def test_the_accounts_own_answer_is_proposed_as_sent_by_it(
    bevara: Bevara, browser: Device, desk: Desk
) -> None:
    desk.post("/konton", {"address": "https://www.facebook.com/storkoping", "name": "Storköping"})
    account = register.all_accounts(bevara.rooms.real_store)[0]["id"]
    author = {"name": "storköping", "url": "https://www.facebook.com/storkoping", "id": None}
    record = saved(browser, desk, mode="save", account_id=account, comment={"author": author})
    form = desk.get(f"/kommentarer/{record}/registrering").text
    assert '<option value="sent" selected>' in form and 'value="Storköping"' in form
    assert "Svar på Facebook, Storköping" in form


@pytest.mark.parametrize("exit_", ["keep", "minor"])
def test_what_is_not_registered_needs_no_secrecy_a_ground_and_a_name(
    bevara: Bevara, browser: Device, desk: Desk, exit_: str
) -> None:
    record = saved(browser, desk)
    whole = KEEP | {"beslut": exit_}
    for changed, words in [({"sekretess": "ja"}, "alltid registreras"),
                           ({"sekretess": ""}, "Svara Ja eller Nej"),
                           ({"grund": " "}, "Fyll i fältet"), ({"av": ""}, "Fyll i fältet")]:
        answer = desk.post(f"/kommentarer/{record}/registrering", whole | changed)
        assert answer.status_code == 422 and words in answer.text, changed
        assert row(bevara, record).exit is None
        assert changed.get("grund") or "Rör inget ärende" in answer.text, "nothing is lost"
    assert desk.post(f"/kommentarer/{record}/registrering", whole).status_code == 303
    assert row(bevara, record).exit == exit_
    assert count(desk, "ordnade") == 1 and count(desk, "att-registrera") == 0


@pytest.mark.parametrize("exit_", ["keep", "minor"])
def test_what_may_be_secret_is_always_registered(
    bevara: Bevara, browser: Device, desk: Desk, exit_: str
) -> None:
    record = saved(browser, desk, possible_secrecy=True)
    page = desk.get(f"/kommentarer/{record}").text
    assert re.search(rf'value="{exit_}" disabled', page)
    answer = desk.post(f"/kommentarer/{record}/registrering", KEEP | {"beslut": exit_})
    assert answer.status_code == 422 and row(bevara, record).exit is None
    registered(desk, record)


def test_what_is_kept_in_order_is_listed_by_day_with_public_fields_only(
    browser: Device, desk: Desk
) -> None:
    for at, day in enumerate(("2026-11-23", "2026-11-21", "2025-02-01")):
        record = saved(browser, desk, f"{TEXT} {at}")
        form = KEEP | {"inkom": day, "rubrik": f"Rubrik {day}", "grund": "Hemliggrund"}
        assert desk.post(f"/kommentarer/{record}/registrering", form).status_code == 303
    page = desk.get(ORDERED).text
    assert page.index("Rubrik 2026-11-21") < page.index("Rubrik 2026-11-23")
    assert "Rubrik 2025" not in page and "Rubrik 2025" in desk.get(f"{ORDERED}?ar=2025").text
    assert not any(word in page for word in (TEXT, AUTHOR, "Hemliggrund"))


def test_the_proposal_card_and_table_never_quote_or_name(
    browser: Device, desk: Desk
) -> None:
    record = saved(browser, desk)
    page = desk.get(f"/kommentarer/{record}/registrering").text
    assert 'value="Enskild"' in page and TEXT not in page and AUTHOR not in page
    title = re.search(r'name="rubrik"[^>]*>([^<]+)</textarea>', page)
    assert title
    code = registered(desk, record, rubrik=title[1])
    for path in (f"/kommentarer/{record}/kort", WAITING, f"{WAITING}.csv"):
        said = desk.get(path).text
        assert code in said and TEXT not in said and AUTHOR not in said, path
    assert "Kommentar på Facebook" in desk.get(WAITING).text


def test_the_day_of_publishing_is_proposed_as_received_with_its_precision(
    browser: Device, desk: Desk
) -> None:
    late = {"time_exact": "2026-11-20T23:30:00Z", "time_precision": "minute"}
    page = desk.get(f"/kommentarer/{saved(browser, desk, comment=late)}").text
    assert 'name="inkom" type="text" value="2026-11-21"' in page, "the Swedish day"
    assert '<option value="minute" selected>' in page
    shown = saved(browser, desk, comment={"time_shown": "3 tim", "time_precision": "relative"})
    page = desk.get(f"/kommentarer/{shown}").text
    assert "Sidan visade ”3 tim”" in page and '<option value="unknown" selected>' in page


BAD = [
    ("inkom", "igår"), ("inkom", "2026-02-30"), ("avsandare", ""), ("rubrik", " "),
    ("arende", "annat"), ("riktning", ""), ("precision", "x"), ("bevaras", "bort"),
    ("handlingstyp", ""), ("rubrik", "x" * 301), ("av", "x" * 201), ("beslut", "dispose"),
]


def test_a_bad_field_is_named_and_nothing_that_was_written_is_lost(
    bevara: Bevara, browser: Device, desk: Desk
) -> None:
    record = saved(browser, desk)
    for field, value in BAD:
        form = REGISTER | {"rubrik": "Min rubrik", "handlingstyp": "Min typ"} | {field: value}
        answer = desk.post(f"/kommentarer/{record}/registrering", form)
        assert answer.status_code == 422 and 'class="error"' in answer.text, (field, value)
        assert row(bevara, record).exit is None
        written = {form["rubrik"].strip(), form["handlingstyp"]} - {""}
        assert all(words in answer.text for words in written)


def test_an_existing_case_needs_its_number(browser: Device, desk: Desk) -> None:
    record = saved(browser, desk)
    form = REGISTER | {"arende": "existing"}
    assert desk.post(f"/kommentarer/{record}/registrering", form).status_code == 422
    registered(desk, record, arende="existing", arendenummer="KS 2026/44")
    assert "KS 2026/44" in desk.get(f"/kommentarer/{record}/kort").text


def test_who_comes_second_is_told_who_was_first_and_keeps_what_was_written(
    bevara: Bevara, browser: Device, desk: Desk
) -> None:
    record = saved(browser, desk)
    registered(desk, record, av="Anna Berg", rubrik="Annas rubrik")
    answer = desk.post(f"/kommentarer/{record}/registrering",
                       REGISTER | {"av": "Bo Ek", "rubrik": "Bos rubrik"})
    assert answer.status_code == 409
    clock = re.search(r"Anna Berg ändrade förslaget kl. \d\d\.\d\d\.", answer.text)
    assert clock and "Det du skrev finns kvar" in answer.text and "Jämför" in answer.text
    assert '>Bos rubrik</textarea>' in answer.text and "<td>Annas rubrik</td>" in answer.text
    assert row(bevara, record).public_title == "Annas rubrik"
    assert 'name="sett" value="1"' in answer.text, "the next one is knowing"
    assert desk.post(f"/kommentarer/{record}/registrering",
                     REGISTER | {"sett": "9" * 5000}).status_code == 409
    registered(desk, record, av="Bo Ek", rubrik="Bos rubrik", sett="1")
    assert row(bevara, record).public_title == "Bos rubrik"


def test_a_form_that_is_sent_twice_is_kept_once(
    bevara: Bevara, browser: Device, desk: Desk
) -> None:
    record = saved(browser, desk)
    for _ in range(2):
        registered(desk, record)
    assert sum(event["kind"] == "decision" for event in
               show.record(bevara.rooms.real_store, record).events) == 1


def test_every_decision_can_be_taken_back_or_changed_and_all_is_in_the_history(
    bevara: Bevara, browser: Device, desk: Desk
) -> None:
    record = saved(browser, desk)
    base = f"/kommentarer/{record}"
    back = {"beslut": "none", "grund": "Fel kommentar", "av": "Bo Ek"}
    steps: list[tuple[str, dict[str, str], str | None, str | None]] = [
        ("registrering", KEEP, "keep", None), ("registrering", back, None, None),
        ("registrering", KEEP | {"beslut": "minor"}, "minor", None),
        ("registrering", REGISTER, "register", None),
        ("diarienummer", {"nummer": "KS 2026/1", "av": "Bo Ek"}, "register", "KS 2026/1"),
        ("diarienummer", {"nummer": "KS 2026/2", "av": "Bo Ek"}, "register", "KS 2026/2"),
        ("diarienummer", {"ta_tillbaka": "1", "av": "Bo Ek"}, "register", None),
        ("registrering", back, None, None),
    ]
    for at, (where, form, exit_, number) in enumerate(steps):
        assert desk.post(f"{base}/{where}", form | {"sett": str(at)}).status_code == 303, (at, form)
        now = row(bevara, record)
        assert (now.exit, now.diary_number) == (exit_, number)
        assert verify(bevara.rooms.real_store).findings == []
    page = desk.get(base).text
    for words in ("Hålls ordnad utan att registreras: Rör inget ärende (Anna Berg)",
                  "Uppenbart av liten betydelse: Rör inget ärende (Anna Berg)",
                  "Diarienummer KS 2026/1 (Bo Ek)", "Diarienumret är taget tillbaka (Bo Ek)",
                  "Beslutet är taget tillbaka: Fel kommentar (Bo Ek)"):
        assert words in page, words
    assert count(desk, "att-registrera") == 1


def test_a_registered_decision_is_not_taken_back_before_its_number(
    bevara: Bevara, browser: Device, desk: Desk
) -> None:
    record = saved(browser, desk)
    paste(desk, f"{registered(desk, record)} KS 2026/1")
    for form in (KEEP, REGISTER, {"beslut": "none", "grund": "Fel", "av": "Bo"}):
        answer = desk.post(f"/kommentarer/{record}/registrering", form | {"sett": "2"})
        assert answer.status_code == 409 and "Ta tillbaka diarienumret först" in answer.text
    assert row(bevara, record).diary_number == "KS 2026/1"


def test_the_registrars_view_stands_beside_the_reason_and_never_replaces_it(
    bevara: Bevara, browser: Device, desk: Desk
) -> None:
    record = saved(browser, desk)
    form = {"kategori": "defamation", "bedomning": "Riktar sig mot en person", "av": "Anna Berg",
            "sett": "0"}
    assert desk.post(f"/kommentarer/{record}/bedomning", form).status_code == 303
    assert row(bevara, record).category == "profanity"
    page = desk.get(f"/kommentarer/{record}").text
    assert "Bedömning: " in page and "Riktar sig mot en person (Anna Berg)" in page
    for bad in ({"av": ""}, {"kategori": "annat"}, {"kategori": "", "bedomning": ""}):
        answer = desk.post(f"/kommentarer/{record}/bedomning", form | {"sett": "1"} | bad)
        assert answer.status_code == 422, bad
    registered(desk, record, sett="1")
    assert verify(bevara.rooms.real_store).findings == []


def test_good_lines_are_kept_and_the_others_are_named_by_line_and_left(
    bevara: Bevara, browser: Device, desk: Desk
) -> None:
    made = [saved(browser, desk, f"Nummer {at}") for at in range(6)]
    codes = [registered(desk, record) for record in made]
    paste(desk, f"{codes[5]} KS 2026/5")
    mistyped = codes[1][:-1] + ("0" if codes[1][-1] != "0" else "1")
    lines = [
        f"{codes[0]}; KS 2026/10", "", f"KS 2026/11 {codes[1].lower()}", f"{mistyped} KS 2026/12",
        f"{references.make('ingen')} KS 2026/13", f"{codes[2]} sjutton", "bara text",
        f"{codes[3]} KS 2026/14", f"{codes[3]} KS 2026/15", f"{codes[4]} KS 2026/5",
        f"{codes[5]} KS 2026/16", f"{codes[0]}; KS 2026/10",
    ]
    answer = paste(desk, *lines)
    assert answer.status_code == 422 and "2 nummer sparade." in answer.text
    assert [row(bevara, record).diary_number for record in made] == [
        "KS 2026/10", "KS 2026/11", None, None, None, "KS 2026/5"]
    for at, words in [(4, "Referensen är felskriven"), (5, "Ingen kommentar med den referensen"),
                      (6, "Det ser inte ut som ett diarienummer"), (7, "Raden har ingen referens"),
                      (8, "flera rader med olika nummer"), (9, "flera rader med olika nummer"),
                      (10, "Numret står redan på en annan kommentar"),
                      (11, "har redan ett annat nummer")]:
        assert re.search(rf"Rad {at}: [^<]*{words}", answer.text), (at, words)
    left = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", answer.text, re.DOTALL)
    assert left and left[1].splitlines() == [*lines[3:11]]
    assert verify(bevara.rooms.real_store).findings == []


def test_one_number_for_two_comments_is_refused_on_both_lines(
    bevara: Bevara, browser: Device, desk: Desk
) -> None:
    codes = [registered(desk, saved(browser, desk, f"Nummer {at}")) for at in range(2)]
    answer = paste(desk, *(f"{code} KS 2026/1" for code in codes))
    assert answer.status_code == 422 and "0 nummer" not in answer.text
    assert answer.text.count("Numret står på flera rader med olika referenser.") == 2
    assert count(desk, "vantar-pa-nummer") == 2


def test_pasting_the_same_again_changes_nothing(
    bevara: Bevara, browser: Device, desk: Desk
) -> None:
    record = saved(browser, desk)
    line = f"{registered(desk, record)} KS 2026/1"
    assert paste(desk, line).headers["Location"].endswith("sparade=1")
    assert paste(desk, line).headers["Location"].endswith("sparade=0")
    assert sum(event["kind"] == "registration" for event in
               show.record(bevara.rooms.real_store, record).events) == 1


def test_an_empty_box_a_missing_name_and_far_too_much_are_said(desk: Desk) -> None:
    for text, by in (("", "Anna"), ("BV-1111-1111 KS 2026/1", ""), ("x\n" * 2001, "A")):
        answer = desk.post(WAITING, {"rader": text, "av": by})
        assert answer.status_code == 422 and 'aria-invalid="true"' in answer.text


def test_no_cell_of_the_table_is_a_formula(browser: Device, desk: Desk) -> None:
    starts = ["=", "+", "-", "@", " =", "\t=", "＝"]
    for at, start in enumerate(starts):
        registered(desk, saved(browser, desk, f"{at}"), rubrik=f'{start}cmd|"/C calc"!A1;x')
    answer = desk.get(f"{WAITING}.csv")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    assert "attachment" in answer.headers["Content-Disposition"]
    first, *lines = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";")
    assert first[:2] == ["Referens", "Diarienummer"] and len(lines) == len(starts)
    for line in lines:
        assert line[4].startswith("'") and line[4].endswith('"/C calc"!A1;x')
        assert not any(cell[:1] in "=+-@\t" for cell in line if cell)


def test_a_withheld_comment_shows_and_sends_nothing_and_comes_back_whole(
    bevara: Bevara, browser: Device, desk: Desk
) -> None:
    waits, numbered, kept = (saved(browser, desk, f"Nummer {at}") for at in range(3))
    code = registered(desk, waits, rubrik="Planterad")
    paste(desk, f"{registered(desk, numbered, rubrik='Planterad')} KS 2026/77")
    desk.post(f"/kommentarer/{kept}/registrering", KEEP | {"rubrik": "Planterad"})
    before = {id_: row(bevara, id_) for id_ in (waits, numbered, kept)}
    store = bevara.rooms.real_store
    for record in before:
        withhold.from_desk(store, record, "Anna Berg", "Prov")
    for path in ("/", "/kommentarer?flik=alla", WAITING, f"{WAITING}.csv", ORDERED):
        assert not {"Planterad", "KS 2026/77", code} & set(re.findall(
            r"Planterad|KS 2026/77|BV-\w{4}-\w{4}", desk.get(path).text)) - {"BV-7K3M-9QXT"}, path
    for record in before:
        base = f"/kommentarer/{record}"
        assert desk.get(f"{base}/kort").status_code == 403
        assert desk.get(f"{base}/registrering").status_code == 403
        assert desk.post(f"{base}/registrering", REGISTER | {"sett": "1"}).status_code == 403
        assert desk.post(f"{base}/diarienummer", {
            "nummer": "KS 2026/9", "av": "Bo", "sett": "1"}).status_code == 403
        assert desk.post(f"{base}/bedomning", {
            "bedomning": "x", "av": "Bo", "sett": "1"}).status_code == 403
    assert "Ingen kommentar med den referensen" in paste(desk, f"{code} KS 2026/9").text
    assert verify(store).findings == []
    for record in before:
        store.write(lambda tx, id_=record: withhold.lift(tx, id_, store.clock.now(), ["A", "B"]))
        assert row(bevara, record) == before[record]
    assert verify(store).findings == []


def test_erasing_takes_what_the_registrar_said_too(
    bevara: Bevara, browser: Device, desk: Desk
) -> None:
    record, store = saved(browser, desk), bevara.rooms.real_store
    desk.post(f"/kommentarer/{record}/bedomning", {
        "bedomning": "Planteradgrund", "av": "Anna Berg", "sett": "0"})
    paste(desk, f"{registered(desk, record, sett='1', rubrik='Planteradrubrik')} KS 2026/77")
    withhold.from_desk(store, record, "Anna Berg", "Prov")
    with store.read() as connection:
        assert len(rows.tombstone_of(connection, record)["entries"]) == 5
    erase.erase(store, bevara.rooms.ephemeral, record, BY)
    whole = (store.folder / "bevara.sqlite").read_bytes()
    assert b"Planterad" not in whole and b"2026/77" not in whole
    assert verify(store).findings == []


def test_the_proof_carries_what_the_registrar_decided(
    browser: Device, desk: Desk
) -> None:
    record = saved(browser, desk)
    registered(desk, record)
    answer = desk.get(f"/kommentarer/{record}/bevis.zip")
    assert answer.status_code == 200 and b"-decision.json" in answer.data


def test_a_later_capture_of_the_same_comment_keeps_its_number(
    bevara: Bevara, browser: Device, desk: Desk
) -> None:
    record = saved(browser, desk, comment={"id": "77"})
    paste(desk, f"{registered(desk, record)} KS 2026/1")
    assert browser.save(capture("Igen", comment={"id": "77"})).get_json()["record_id"] == record
    assert row(bevara, record).diary_number == "KS 2026/1"
    desk.post(f"/kommentarer/{record}/diarienummer", {
        "nummer": "KS 2026/2", "av": "Bo", "sett": "2"})
    assert row(bevara, record).diary_number == "KS 2026/2"
    assert verify(bevara.rooms.real_store).findings == []


def test_practice_has_its_own_way_to_a_number(
    bevara: Bevara, browser: Device, desk: Desk
) -> None:
    record = str(browser.on_practice().save(
        capture(platform="practice")).get_json()["record_id"])
    base = f"/ovning/kommentarer/{record}"
    desk.post(f"{base}/skal", {"skal": "profanity"})
    answer = desk.post(f"{base}/registrering", REGISTER)
    assert answer.headers["Location"].startswith(base)
    code = re.search(r"BV-\w{4}-\w{4}", desk.get(f"{base}/kort").text)
    assert code and code[0] in desk.get(f"/ovning{WAITING}").text
    assert code[0] not in desk.get(WAITING).text
    assert desk.post(f"/ovning{WAITING}", {
        "rader": f"{code[0]} KS 2026/1", "av": "Bo"}).status_code == 303
    assert "<strong>KS 2026/1</strong>" in desk.get(base).text
    assert desk.get(f"/ovning{ORDERED}").status_code == 200
