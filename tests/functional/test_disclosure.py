"""A copy to hand out has nothing of what was masked, and the ledger says who assessed it."""

from __future__ import annotations

import hashlib
import html
import re
from typing import Any

import pytest

from bevara.records.reading import make
from bevara.upkeep.verify import verify
from tests.client import Bevara, Desk, Device
from tests.factories import PNG, capture, picture
from tests.functional.test_secrecy import events, let_in
from tests.papers import everything, words

TEXT = "Ring Åsa Ωdegård på 070-1234567.\nÅSA\nΩDEGÅRD svarar. Hälsningar 😀"
NAME, MADE = "Tobias Rehn", {"skapa": "1", "av": "Anna Berg"}
HIDDEN = ("Ωdegård", "ωdegård", "070-1234567", "åsa", "Åsa")
OTHER = {"name": "Erik Sundmark", "url": None, "id": None}


def saved(browser: Device, **changes: Any) -> str:
    document = capture(TEXT, picture=picture(), no_picture_reason=None, **changes)
    document["comment"]["author"] |= {"url": "https://x.se/tobias.rehn"}
    document["context"]["answers"] = [
        {"id": "9", "author": OTHER, "text": f"{NAME}, vad säger Åsa Ωdegård?", "time_shown": None}]
    return str(browser.save(document, PNG).get_json()["record_id"])


@pytest.fixture
def record(browser: Device) -> str:
    return saved(browser)


def shown(desk: Desk, record: str, **form: str) -> dict[str, str]:
    """Look at the copy; return the form that makes it."""
    answer = desk.post(f"/kommentarer/{record}/kopia", {"visa": "1", **form})
    assert answer.status_code == 200, answer.text
    seen = re.search(r'name="visad" value="(\w{64})"', answer.text)
    assert seen
    return {**MADE, **form, "visad": seen[1]}


def copy(desk: Desk, record: str, **form: str) -> bytes:
    answer = desk.post(f"/kommentarer/{record}/kopia", shown(desk, record, **form))
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf"), answer.text
    assert answer.headers["Content-Disposition"] == f"attachment; filename=kopia-{record}.pdf"
    return answer.data


def test_nothing_of_what_is_masked_is_anywhere_in_the_copy_or_in_what_bevara_keeps(
    bevara: Bevara, desk: Desk, record: str
) -> None:
    assert f"/kommentarer/{record}/kopia?" in desk.get(f"/kommentarer/{record}").text
    whole = copy(desk, record)
    assert "Ωdegård" in everything(whole) and "<03A9>" in everything(whole), "what is searched for can be found"
    original = desk.get(f"/kommentarer/{record}/lasexemplar.pdf").data
    data = copy(desk, record, ord="åsa ωdegård\n070-1234567")
    held = everything(data)
    assert [word for word in (*HIDDEN, "<03A9>", "03A9") if word in held] == []
    said = words(data)
    assert "Ring [maskerat] på [maskerat]." in said and "[maskerat] svarar. Hälsningar 😀" in said
    assert NAME in said and "Annan person" in said and "Sundmark" not in held
    assert "Uppgifter som inte lämnas ut har ersatts med [maskerat]." in said
    assert "/S /Figure" not in held and "Bilden är inte med i kopian." in said
    assert desk.get(f"/kommentarer/{record}/lasexemplar.pdf").data == original, "the original is untouched"
    first, kept = [one for one in events(bevara, record) if one["kind"] == "disclosure"]
    assert {**kept, "at": ""} == {
        "kind": "disclosure", "what": "copy", "by": "Anna Berg", "masked": True, "at": "",
        "sha256": hashlib.sha256(data).hexdigest()}
    assert first["masked"] is False
    page = desk.get(f"/kommentarer/{record}").text
    assert f"Prövad av Anna Berg. SHA-256 {kept['sha256']}" in page
    assert verify(bevara.rooms.real_store).findings == []


def test_the_authors_name_and_address_are_masked_wherever_they_stand(desk: Desk, record: str) -> None:
    data = copy(desk, record, namn="on", adress="on")
    said, held = words(data), everything(data)
    assert "Avsändare: [maskerat]" in said and "Avsändarens adress: [maskerat]" in said
    assert "[maskerat], vad säger" in said and "Tobias" not in held and "tobias" not in held
    assert "Ωdegård" in said


def test_a_picture_is_left_out_when_it_is_ticked(desk: Desk, record: str) -> None:
    assert "/S /Figure" in everything(copy(desk, record))
    assert "/S /Figure" not in everything(copy(desk, record, bild="on"))


def test_what_is_not_there_is_named_and_nothing_is_made(
    bevara: Bevara, desk: Desk, record: str, caplog: pytest.LogCaptureFixture
) -> None:
    answer = desk.post(f"/kommentarer/{record}/kopia", {"visa": "1", "ord": "Åsa\nPer Ek\nBo"})
    said = html.unescape(answer.text)
    assert answer.status_code == 422 and "Det här finns inte i kommentaren." in said
    assert "”Per Ek”" in said and "”Bo”" in said and "”Åsa”" not in said and "Så blir kopian" not in said
    assert "Åsa\nPer Ek\nBo</textarea>" in said, "what was typed is still there"
    assert "Per Ek" not in caplog.text and "disclosure" not in str(events(bevara, record))


def test_what_is_made_is_what_was_shown(bevara: Bevara, browser: Device, desk: Desk, record: str) -> None:
    form = shown(desk, record, ord="Åsa")
    for changed in ({"ord": "Ωdegård"}, {"visad": ""}, {"namn": "on"}):
        answer = desk.post(f"/kommentarer/{record}/kopia", form | changed)
        assert answer.status_code == 409 and "inte längre som den visades" in answer.text
    answer = desk.post(f"/kommentarer/{record}/kopia", form | {"av": " "})
    assert answer.status_code == 422 and 'id="av-error"' in answer.text and "Så blir kopian" in answer.text
    assert "disclosure" not in str(events(bevara, record))


def test_nobody_is_asked_who_wants_it(desk: Desk, record: str) -> None:
    page = desk.post(f"/kommentarer/{record}/kopia", {"visa": "1"}).text.partition("<main")[2]
    fields = set(re.findall(r'<(?:input|textarea|select)[^>]* name="(\w+)"', page))
    assert fields == {"csrf", "visning", "ord", "namn", "adress", "bild", "visad", "av"}


def test_of_what_may_be_secret_a_copy_is_made_only_by_who_looks_to_assess_that(
    bevara: Bevara, browser: Device, desk: Desk
) -> None:
    record, path = saved(browser, possible_secrecy=True), ""
    let_in(bevara)
    assert desk.get(f"/kommentarer/{record}/kopia").status_code == 403
    for purpose in ("assess", "disclosure"):
        page = desk.post(f"/kommentarer/{record}/visa", {"vem": "Anna Berg", "andamal": purpose}).text
        key = re.search(r"visning=([\w-]+)", page)
        assert key
        path = f"/kommentarer/{record}/kopia"
        assert (f"{path}?" in page) is (purpose == "disclosure")
        answer = desk.get(f"{path}?visning={key[1]}")
        assert answer.status_code == (200 if purpose == "disclosure" else 403)
        assert desk.post(path, {"visa": "1", "ord": "Åsa"}).status_code == 403
    data = copy(desk, record, visning=key[1], ord="Åsa\nΩdegård")
    assert "Ωdegård" not in everything(data) and "svarar" in words(data)
    (kept,) = [one for one in events(bevara, record) if one["kind"] == "disclosure"]
    assert kept["by"] == "Anna Berg"
    other = saved(browser, comment={"id": "77"}, possible_secrecy=True)
    assert desk.get(f"/kommentarer/{other}/kopia?visning={key[1]}").status_code == 403


def test_closed_or_withheld_meanwhile_nothing_is_made(
    bevara: Bevara, desk: Desk, record: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    form, pdf = shown(desk, record), make.pdf

    def slow(paper: Any) -> bytes:
        desk.post(f"/kommentarer/{record}/skal", {"skal": "secrecy"})
        return pdf(paper)

    monkeypatch.setattr(make, "pdf", slow)
    answer = desk.post(f"/kommentarer/{record}/kopia", form)
    assert answer.status_code == 403 and b"%PDF" not in answer.data
    assert "disclosure" not in str(events(bevara, record))
    desk.post(f"/kommentarer/{record}/sparra", {"by": "Anna", "reason": "Fel"})
    assert desk.get(f"/kommentarer/{record}/kopia").status_code in (403, 410, 451)


def test_practice_makes_its_own(browser: Device, desk: Desk) -> None:
    practised = browser.on_practice().save(capture("Övat", platform="practice")).get_json()["record_id"]
    assert "Övat" in desk.post(f"/ovning/kommentarer/{practised}/kopia", {"visa": "1"}).text
