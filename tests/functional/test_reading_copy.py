"""The reading copy of a comment is downloaded from its page, and of what is closed there is none."""

from __future__ import annotations

from typing import Any

import pytest

from bevara.upkeep.verify import verify
from tests.client import Bevara, Desk, Device
from tests.factories import capture
from tests.papers import words

TEXT, OTHER = "Ordagrantnu 😀\nRad två", "Erik Sundmark"
CONTEXT = {"post": {"id": "1", "owner": {"name": "Storby", "url": None, "id": "1"}, "text": "Budget",
                    "permalink": None},
           "answers": [{"id": "9", "author": {"name": OTHER, "url": None, "id": None},
                        "text": "Hur blir det?", "time_shown": None}]}


@pytest.fixture
def record(browser: Device) -> str:
    answer = browser.save(capture(TEXT, context=CONTEXT))
    return str(answer.get_json()["record_id"])


def copy(desk: Desk, record: str, query: str = "") -> Any:
    return desk.get(f"/kommentarer/{record}/lasexemplar.pdf{query}")


def test_it_says_what_was_shown_and_names_nobody_else(
    bevara: Bevara, desk: Desk, record: str
) -> None:
    assert f"/kommentarer/{record}/lasexemplar.pdf" in desk.get(f"/kommentarer/{record}").text
    answer = copy(desk, record)
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.headers["Content-Disposition"] == f"attachment; filename=lasexemplar-{record}.pdf"
    said = words(answer.data)
    assert "Ordagrantnu 😀\n" in said and "Rad två" in said and "Avsändare: Tobias Rehn" in said
    assert "Annan person" in said and "Hur blir det?" in said and OTHER not in said
    assert OTHER in words(copy(desk, record, "?namn=1").data)
    assert copy(desk, record).data == answer.data and verify(bevara.rooms.real_store).ok


def test_of_a_closed_comment_there_is_none(desk: Desk, record: str) -> None:
    desk.post(f"/kommentarer/{record}/skal", {"skal": "secrecy"})
    answer = copy(desk, record)
    assert answer.status_code == 403 and "Ordagrantnu" not in answer.text
    assert "lasexemplar" not in desk.get(f"/kommentarer/{record}").text


def test_of_a_withheld_comment_there_is_none(desk: Desk, record: str) -> None:
    desk.post(f"/kommentarer/{record}/sparra", {"by": "Anna", "reason": "Fel"})
    answer = copy(desk, record)
    assert answer.status_code in (403, 409, 410, 451) and b"%PDF" not in answer.data


def test_practice_has_its_own(browser: Device, desk: Desk) -> None:
    practised = browser.on_practice().save(capture("Övat", platform="practice")).get_json()["record_id"]
    answer = desk.get(f"/ovning/kommentarer/{practised}/lasexemplar.pdf")
    assert answer.status_code == 200 and "Övat" in words(answer.data)
