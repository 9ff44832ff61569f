"""What the author is told comes from the guideline, is sent by hand, and is kept as the body's own record."""

from typing import Any

import pytest

from bevara.diary import inform
from bevara.upkeep.verify import verify
from tests.client import Bevara, Desk, Device
from tests.functional.test_registration import AUTHOR, TEXT, saved

TOLD = "Vi har tagit bort din kommentar.\nHälsningar, kommunen"


def told(desk: Desk, record: str, **changes: Any) -> Any:
    form = {"besked": TOLD, "hur": "message", "av": "Sara Lind", "sett": "0"} | changes
    return desk.post(f"/kommentarer/{record}/informera", form)


def test_the_guidelines_text_is_suggested_and_quotes_nobody(browser: Device, desk: Desk) -> None:
    record = saved(browser, desk)
    page = desk.get(f"/kommentarer/{record}/informera").text
    field = page.split('id="besked"')[1].split("</textarea>")[0]
    assert "Vi har tagit bort din kommentar" in field
    assert "svordomar eller obscena ord" in field
    assert TEXT not in field and AUTHOR not in field and "{" not in field


def test_what_was_sent_is_kept_with_who_and_how(
    bevara: Bevara, browser: Device, desk: Desk
) -> None:
    record = saved(browser, desk)
    assert "Inget besked är antecknat." in desk.get(f"/kommentarer/{record}").text
    assert told(desk, record).status_code == 303
    page = desk.get(f"/kommentarer/{record}").text
    assert TOLD in page and "Avsändaren är informerad: Meddelande (Sara Lind)" in page
    assert told(desk, record, sett="1", besked="Ett till").status_code == 303
    assert TOLD in desk.get(f"/kommentarer/{record}").text
    assert verify(bevara.rooms.real_store).ok


@pytest.mark.parametrize("changes,words", [
    ({"besked": " "}, "Skriv det som du skickade."), ({"hur": "fax"}, "Välj hur du skickade det."),
    ({"av": ""}, "Fyll i fältet."), ({"besked": "x" * (inform.LONGEST + 1)}, "Skriv kortare."),
])
def test_a_bad_field_is_named_and_the_text_stays(
    browser: Device, desk: Desk, changes: dict[str, str], words: str
) -> None:
    record = saved(browser, desk)
    answer = told(desk, record, **changes)
    assert answer.status_code == 422 and words in answer.text
    assert (changes.get("besked") or TOLD) in answer.text


def test_on_a_closed_comment_nothing_of_it_is_shown(browser: Device, desk: Desk) -> None:
    record = saved(browser, desk)
    told(desk, record, besked="Hemligbesked")
    desk.post(f"/kommentarer/{record}/skal", {"skal": "secrecy"})
    page = desk.get(f"/kommentarer/{record}").text
    assert "Hemligbesked" not in page and "Avsändaren är informerad" in page


def test_who_comes_second_keeps_what_was_written(browser: Device, desk: Desk) -> None:
    record = saved(browser, desk)
    told(desk, record)
    answer = told(desk, record, besked="Mitt besked", av="Bo Ek")
    assert answer.status_code == 409 and "Mitt besked" in answer.text and "Sara Lind" in answer.text
