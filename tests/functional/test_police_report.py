"""A folder for the police has what was saved and its proof, and is made by who has assessed secrecy."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest

from bevara.errors import NotMade
from bevara.records.proof import bundle, kontrollera
from bevara.records.reading import make
from bevara.upkeep.verify import verify
from tests.client import Bevara, Desk, Device
from tests.factories import PNG, capture, picture
from tests.functional.test_secrecy import closed, events, let_in, planted, quoting
from tests.papers import words

ASSESSED = {"provad": "on", "av": "Anna Berg"}
FILES = ["forsattsblad.pdf", "bevis.zip", "bilder/kommentaren.png", "lasexemplar.pdf"]


@pytest.fixture
def record(browser: Device) -> str:
    answer = browser.save(capture("Jag vet var du bor", picture=picture(), no_picture_reason=None), PNG)
    return str(answer.get_json()["record_id"])


def folder(desk: Desk, record: str, **form: str) -> tuple[bytes, dict[str, bytes]]:
    answer = desk.post(f"/kommentarer/{record}/polisanmalan", ASSESSED | form)
    assert (answer.status_code, answer.mimetype) == (200, "application/zip"), answer.text
    assert answer.headers["Content-Disposition"] == f"attachment; filename=polisanmalan-{record}.zip"
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        return answer.data, {name.removeprefix("polisanmalan/"): archive.read(name)
                             for name in archive.namelist()}


def test_it_has_a_cover_the_copy_the_pictures_and_a_proof_that_holds(
    bevara: Bevara, desk: Desk, record: str, tmp_path: Path
) -> None:
    assert f"/kommentarer/{record}/polisanmalan?" in desk.get(f"/kommentarer/{record}").text
    assert "Kontrollera sekretess innan du lämnar ut." in desk.get(f"/kommentarer/{record}/polisanmalan").text
    data, files = folder(desk, record)
    assert list(files) == FILES and files["bilder/kommentaren.png"].startswith(b"\x89PNG")
    assert "Jag vet var du bor" in words(files["lasexemplar.pdf"])
    cover = words(files["forsattsblad.pdf"])
    assert "Kontrollera sekretess innan du lämnar ut." in cover and "Prövad av: Anna Berg" in cover
    assert "Avsändare: Tobias Rehn" in cover and "114 14" in cover
    for name in FILES[1:]:
        assert f"{name}: SHA-256 {hashlib.sha256(files[name]).hexdigest()}" in cover
    (tmp_path / "bevis.zip").write_bytes(files["bevis.zip"])
    assert kontrollera.main([str(tmp_path / "bevis.zip"), "--key", bundle.key_of(bevara.rooms.real_store)]) == 0
    (kept,) = [one for one in events(bevara, record) if one["kind"] == "disclosure"]
    assert (kept["what"], kept["by"], kept["masked"]) == ("police_report", "Anna Berg", False)
    assert kept["sha256"] == hashlib.sha256(data).hexdigest()
    assert f"Mapp till polisanmälan gjord. Prövad av Anna Berg. SHA-256 {kept['sha256']}" in desk.get(
        f"/kommentarer/{record}").text
    assert verify(bevara.rooms.real_store).findings == []


@pytest.mark.parametrize(("form", "field"), [({"av": "Anna"}, "provad"), ({"provad": "on", "av": " "}, "av")])
def test_it_is_made_only_by_a_named_person_who_has_assessed_secrecy(
    bevara: Bevara, desk: Desk, record: str, form: dict[str, str], field: str
) -> None:
    answer = desk.post(f"/kommentarer/{record}/polisanmalan", form)
    assert answer.status_code == 422 and f'id="{field}-error"' in answer.text
    assert "disclosure" not in str(events(bevara, record))


def test_of_what_may_be_secret_only_who_looks_for_the_police_makes_it(
    bevara: Bevara, browser: Device, desk: Desk
) -> None:
    (record, _), key = closed(browser, desk), ""
    let_in(bevara)
    for purpose in ("disclosure", "police"):
        page = desk.post(f"/kommentarer/{record}/visa", {"vem": "Anna Berg", "andamal": purpose}).text
        key = re.findall(r"visning=([\w-]+)", page)[0]
        answer = desk.post(f"/kommentarer/{record}/polisanmalan", ASSESSED)
        assert answer.status_code == 403 and b"PK" not in answer.data
        asked = desk.get(f"/kommentarer/{record}/polisanmalan?visning={key}")
        assert asked.status_code == (200 if purpose == "police" else 403)
    _, files = folder(desk, record, visning=key, av="Någon annan")
    assert "Planterad" in words(files["lasexemplar.pdf"])
    assert [one["by"] for one in events(bevara, record) if one["kind"] == "disclosure"] == ["Anna Berg"]


def test_nothing_of_another_closed_comment_goes_with_it(
    bevara: Bevara, browser: Device, desk: Desk
) -> None:
    record, _ = planted(browser)
    answering, _ = quoting(browser)
    desk.post(f"/kommentarer/{record}/skal", {"skal": "secrecy"})
    answer = desk.post(f"/kommentarer/{answering}/polisanmalan", ASSESSED)
    assert answer.status_code == 403 and b"PK" not in answer.data
    assert "disclosure" not in str(events(bevara, answering))


def test_where_no_pdf_can_be_made_it_goes_as_text(
    desk: Desk, record: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_paper: Any) -> bytes:
        raise NotMade

    monkeypatch.setattr(make, "pdf", fails)
    _, files = folder(desk, record)
    assert "Jag vet var du bor" in files["lasexemplar.txt"].decode()
    assert "Kontrollera sekretess" in files["forsattsblad.txt"].decode()


def test_practice_makes_its_own_and_says_so(browser: Device, desk: Desk) -> None:
    practised = browser.on_practice().save(capture("Övat", platform="practice")).get_json()["record_id"]
    answer = desk.post(f"/ovning/kommentarer/{practised}/polisanmalan", ASSESSED)
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert "Övning." in words(archive.read("polisanmalan/forsattsblad.pdf"))
