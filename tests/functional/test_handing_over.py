"""What is to be registered is handed over as an e-mail file, once, and nothing closed is in it."""

from __future__ import annotations

import email
import email.policy
import json
import re
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from bevara.diary.delivery import copies, letter, outbox, ready
from bevara.records import withhold
from bevara.records.reading import make
from bevara.upkeep.verify import verify
from tests.client import Bevara, Desk, Device
from tests.factories import PNG, capture, picture
from tests.functional.test_registration import AUTHOR, WAITING, paste, registered, saved
from tests.papers import everything, words

PLACE = "/leveranser"
HARD = "Rad ett\n\u202edold\u202c 👩\u200d👩\u200d👧 e\u0301 \ufeff中文\x7f\nslut  "


def handed_over(desk: Desk, place: str = "") -> str:
    """Press *Spara som .eml*; return the delivery's address."""
    answer = desk.post(f"{place}{PLACE}", {"fil": "1"})
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"].partition("?")[0]


def mail(desk: Desk, address: str) -> EmailMessage:
    answer = desk.get(f"{address}/e-post.eml")
    assert (answer.status_code, answer.content_type) == (200, "message/rfc822"), answer.text
    assert re.search(r"attachment; filename=bevara-[\d-]+\w+\.eml", answer.headers["Content-Disposition"])
    return email.message_from_bytes(answer.data, policy=email.policy.SMTP)  # type: ignore[return-value]


def attached(message: EmailMessage) -> dict[str, Any]:
    return {str(part.get_filename()): part.get_content() for part in message.iter_attachments()}


def said(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def test_all_that_is_ready_goes_in_one_mail_with_a_copy_of_each(
    bevara: Bevara, browser: Device, desk: Desk
) -> None:
    codes = [registered(desk, saved(browser, desk, text)) for text in (HARD, "Andra")]
    saved(browser, desk, "Inte beslutad")
    assert "2 kommentarer är inte överlämnade" in desk.get(WAITING).text
    address = handed_over(desk)
    message = mail(desk, address)
    assert "2 kommentarer att registrera" in message["Subject"] and message["X-Unsent"] == "1"
    body, files = said(message), attached(message)
    assert [body.index(code) for code in codes] == sorted(body.index(code) for code in codes)
    assert list(files) == [f"{code}.pdf" for code in codes]
    first, second = (words(files[f"{code}.pdf"]) for code in codes)
    assert all(line in first for line in HARD.split("\n")) and AUTHOR in first and "Andra" in second
    assert "Inte beslutad" not in first + second
    assert AUTHOR not in body + message["Subject"] and HARD[:5] not in body
    page = desk.get(WAITING).text
    assert "Allt som väntar på nummer är överlämnat." in page and f'{address}">' in page
    assert verify(bevara.rooms.real_store).findings == []


def test_the_same_mail_has_the_same_number_each_time_and_another_mail_another(
    browser: Device, desk: Desk
) -> None:
    registered(desk, saved(browser, desk))
    first = handed_over(desk)
    assert desk.get(f"{first}/e-post.eml").data == desk.get(f"{first}/e-post.eml").data
    registered(desk, saved(browser, desk))
    assert mail(desk, first)["Message-ID"] != mail(desk, handed_over(desk))["Message-ID"]


def test_nothing_is_handed_over_twice_until_a_person_takes_it_back(
    browser: Device, desk: Desk
) -> None:
    code = registered(desk, saved(browser, desk))
    address = handed_over(desk)
    again = desk.post(PLACE, {"fil": "1"})
    assert again.status_code == 409 and "Inget väntar på att lämnas över." in again.text
    assert desk.post(f"{address}/svar", {"svar": "ta-tillbaka"}).status_code == 303
    assert "Tillbakatagen" in desk.get(address).text
    assert desk.get(f"{address}/e-post.eml").status_code == 409
    assert code in said(mail(desk, handed_over(desk)))
    assert desk.post(f"{address}/svar", {"svar": "ta-tillbaka"}).status_code == 409
    assert desk.post(f"{address}/svar", {"svar": "annat"}).status_code == 404


def test_a_number_comes_back_to_what_was_handed_over(browser: Device, desk: Desk) -> None:
    record = saved(browser, desk)
    code = registered(desk, record)
    address = handed_over(desk)
    assert f'href="{address}"' in desk.get(f"/kommentarer/{record}").text
    assert paste(desk, f"{code} KS 2026/00123:7").status_code == 303
    assert "Överlämnad" in desk.get(f"/kommentarer/{record}").text


def test_of_what_may_be_secret_only_a_pointer_goes(browser: Device, desk: Desk) -> None:
    record = saved(browser, desk, "Hemlignu", possible_secrecy=True)
    code = registered(desk, record, rubrik="Rubriknu", avsandare="Namnetnu")
    address = handed_over(desk)
    whole = desk.get(f"{address}/e-post.eml").data.decode()
    message = mail(desk, address)
    assert code in said(message) and "Kan innehålla sekretess" in said(message)
    assert attached(message) == {}
    for word in ("Hemlignu", "Rubriknu", "Namnetnu", AUTHOR):
        assert word not in said(message) + whole + desk.get(address).text


def test_what_is_withheld_afterwards_is_not_in_the_mail_any_more(
    bevara: Bevara, browser: Device, desk: Desk
) -> None:
    records = [saved(browser, desk, text) for text in ("Spärradnu", "Kvarnu")]
    codes = [registered(desk, record) for record in records]
    address = handed_over(desk)
    withhold.from_desk(bevara.rooms.real_store, records[0], "Anna Berg", "Grund")
    message = mail(desk, address)
    assert list(attached(message)) == [f"{codes[1]}.pdf"] and codes[0] not in said(message)
    assert "1 kommentar är spärrad" in desk.get(address).text
    withhold.from_desk(bevara.rooms.real_store, records[1], "Anna Berg", "Grund")
    assert desk.get(f"{address}/e-post.eml").status_code == 409


def test_people_around_the_comment_are_not_named(browser: Device, desk: Desk) -> None:
    other = {"name": "Erik Sundmark", "url": None, "id": None}
    context = {"post": None, "answers": [
        {"id": "5", "author": other, "text": "Sammanhangnu", "time_shown": None}]}
    code = registered(desk, saved(browser, desk, context=context))
    desk.post("/diariet", {"leveranssatt": "eml", "bilagor": "json"})
    files = attached(mail(desk, handed_over(desk)))
    copy = words(files[f"{code}.pdf"])
    assert "Sammanhangnu" in copy and "Annan person" in copy
    assert "Sundmark" not in everything(files[f"{code}.pdf"]) + str(files)


def test_what_the_comment_answers_is_not_quoted_when_that_is_closed(
    browser: Device, desk: Desk
) -> None:
    saved(browser, desk, "Hemlignu", comment={"id": "5"}, possible_secrecy=True)
    someone = {"name": "Erik Sundmark", "url": None, "id": None}
    context = {"post": None, "answers": [
        {"id": "5", "author": someone, "text": "Hemlignu", "time_shown": None}]}
    registered(desk, saved(browser, desk, "Svaretnu", context=context))
    desk.post("/diariet", {"leveranssatt": "eml", "bilagor": "json"})
    files = attached(mail(desk, handed_over(desk)))
    (copy,) = [words(data) for name, data in files.items() if name.endswith(".pdf")]
    assert "Svaretnu" in copy and "Hemlignu" not in copy + str(files)


def test_json_and_picture_go_only_when_asked_for(browser: Device, desk: Desk) -> None:
    document = capture(picture=picture(), no_picture_reason=None)
    record = str(browser.save(document, PNG).get_json()["record_id"])
    assert desk.post(f"/kommentarer/{record}/skal", {"skal": "profanity"}).status_code == 303
    code = registered(desk, record)
    address = handed_over(desk)
    assert list(attached(mail(desk, address))) == [f"{code}.pdf"]
    desk.post("/diariet", {"leveranssatt": "eml", "bilagor": ["json", "png"]})  # type: ignore[dict-item]
    files = attached(mail(desk, address))
    assert list(files) == [f"{code}.pdf", f"{code}.json", f"{code}.png"]
    assert json.loads(files[f"{code}.json"])["comment"]["text"] == "Hej"
    assert files[f"{code}.png"].startswith(b"\x89PNG")


def test_where_no_pdf_can_be_made_the_text_goes_and_the_delivery_says_so(
    browser: Device, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes = [registered(desk, saved(browser, desk, text)) for text in (HARD, "Andra")]
    address = handed_over(desk)
    assert f"Bilaga: {codes[0]}.pdf" in desk.get(address).text
    made = make.pdfs
    monkeypatch.setattr(make, "pdfs", lambda papers, wait: [None, *made(papers[1:])])
    message = mail(desk, address)
    assert list(attached(message)) == [f"{codes[0]}.txt", f"{codes[1]}.pdf"]
    text = attached(message)[f"{codes[0]}.txt"].replace("\r\n", "\n")
    assert HARD in text and AUTHOR in text and said(message).count(letter.AS_TEXT) == 1
    page = desk.get(address).text
    assert f"gick inte att få med som PDF: {codes[0]}." in page and f"Bilaga: {codes[0]}.txt" in page
    monkeypatch.setattr(make, "pdfs", made)
    assert list(attached(mail(desk, address))) == [f"{code}.pdf" for code in codes]
    assert "gick inte att få med" not in desk.get(address).text


def test_what_is_closed_or_withheld_while_the_copies_are_made_does_not_go(
    bevara: Bevara, browser: Device, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = ("Hemlignu", "Spärradnu", "Svaretnu", "Kvarnu")
    someone = {"name": "Erik Sundmark", "url": None, "id": None}
    context = {"post": None, "answers": [{"id": "5", "author": someone, "text": texts[0], "time_shown": None}]}
    records = [saved(browser, desk, text, comment={"id": str(5 + at)}, **({"context": context} if at == 2 else {}))
               for at, text in enumerate(texts)]
    codes = [registered(desk, record) for record in records]
    address, made = handed_over(desk), make.pdfs

    def slow(papers: Any, wait: Any) -> Any:
        desk.post(f"/kommentarer/{records[0]}/skal", {"skal": "secrecy"})
        desk.post(f"/kommentarer/{records[1]}/sparra", {"by": "Anna", "reason": "Fel"})
        return made(papers)

    monkeypatch.setattr(make, "pdfs", slow)
    message = mail(desk, address)
    files = attached(message)
    assert list(files) == [f"{codes[2]}.txt", f"{codes[3]}.pdf"], "of a copy that quotes it the text, read anew"
    assert "Hemlignu" not in str(files) and "Hemlignu" not in words(files[f"{codes[3]}.pdf"])
    assert "Kan innehålla sekretess" in said(message) and codes[1] not in said(message)


def test_a_copy_that_there_is_no_room_for_goes_as_text(
    browser: Device, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = registered(desk, saved(browser, desk))
    monkeypatch.setattr(copies, "MOST_BYTES", 1000)
    assert list(attached(mail(desk, handed_over(desk)))) == [f"{code}.txt"]


def test_while_others_papers_are_made_nobody_waits_long_and_no_text_goes_in_their_stead(
    browser: Device, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = saved(browser, desk)
    code = registered(desk, record)
    address = handed_over(desk)
    monkeypatch.setattr(make, "WAIT", 0.02)
    asked = (f"{address}/e-post.eml", f"/kommentarer/{record}/lasexemplar.pdf")
    with make.one_at_a_time:
        answers = [desk.get(path) for path in asked]
        answers.append(desk.post(f"/kommentarer/{record}/polisanmalan", {"av": "Anna", "provad": "on"}))
    assert [answer.status_code for answer in answers] == [503] * 3
    assert all("Andra PDF:er görs just nu." in answer.text for answer in answers)
    assert list(attached(mail(desk, address))) == [f"{code}.pdf"]


def test_without_the_fonts_everything_goes_as_text(
    browser: Device, desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    code = registered(desk, saved(browser, desk))
    monkeypatch.setattr(make, "fonts", lambda: tmp_path)
    assert list(attached(mail(desk, handed_over(desk)))) == [f"{code}.txt"]


def test_the_list_comes_in_the_diarys_own_field_order(browser: Device, desk: Desk) -> None:
    registered(desk, saved(browser, desk))
    answer = desk.post("/diariet", {
        "leveranssatt": "eml", "till": "registrator@storkoping.se",
        "falt": "Handlingsrubrik\nReferens\n\nInkom"})
    assert answer.status_code == 303, answer.text
    message = mail(desk, handed_over(desk))
    names = re.findall(r"^(\w+): ", said(message), re.MULTILINE)
    assert names[:3] == ["Handlingsrubrik", "Referens", "Inkom"] and "Riktning" not in names
    assert message["To"] == "registrator@storkoping.se"


@pytest.mark.parametrize(("changed", "words"), [
    ({"leveranssatt": "brevduva"}, "Inget är valt"),
    ({"till": "a@b\r\nBcc: c@d"}, "e-postadress"), ({"till": "inte en adress"}, "e-postadress"),
    ({"falt": "Referens\nPersonnummer"}, "Ett av fälten är okänt."),
    ({"falt": "Referens\nReferens"}, "Ett fält står två gånger."), ({"falt": "Inkom"}, "Fältet Referens saknas."),
    ({"klockslag": "25.00"}, "klockslag"),
])
def test_a_bad_setting_is_named_and_changes_nothing(
    desk: Desk, changed: dict[str, str], words: str
) -> None:
    before = desk.get("/diariet").text
    answer = desk.post("/diariet", {"leveranssatt": "eml", **changed})
    assert answer.status_code == 422 and words in answer.text
    assert desk.get("/diariet").text == before


def test_practice_hands_over_by_file_and_says_that_it_is_practice(
    browser: Device, desk: Desk
) -> None:
    answer = browser.on_practice().save(capture(platform="practice"))
    record = str(answer.get_json()["record_id"])
    desk.post(f"/ovning/kommentarer/{record}/skal", {"skal": "profanity"})
    from tests.functional.test_registration import REGISTER
    assert desk.post(f"/ovning/kommentarer/{record}/registrering", REGISTER).status_code == 303
    message = mail(desk, handed_over(desk, "/ovning"))
    assert message["Subject"].startswith("[Övning]")
    assert "Inget är överlämnat än." in desk.get(PLACE).text


def test_more_than_a_hundred_go_in_several(
    bevara: Bevara, browser: Device, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ready, "MOST", 2)
    for _ in range(3):
        registered(desk, saved(browser, desk))
    sizes = [len(outbox.items(bevara.rooms.real_store, handed_over(desk).rpartition("/")[2]))
             for _ in range(2)]
    assert sizes == [2, 1]
