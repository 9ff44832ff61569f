"""What came with a capture is said as it was: a picture of a part is no picture of the whole."""

from __future__ import annotations

import pytest

from bevara.records import what_came
from bevara.records.what_came import GOOD, UNSURE, Part
from tests.factories import capture, picture


def of_picture(marks: list[str]) -> Part:
    document = capture(picture=picture() | {"marks": marks})
    return next(part for part in what_came.parts(document) if part.name == "Bild")


def test_a_whole_picture_is_good() -> None:
    assert of_picture([]) == Part(GOOD, "Bild", "1 × 1")


@pytest.mark.parametrize(("mark", "said"), [
    ("cut", "avklippt"), ("covered", "låg över"), ("maybe_covered", "kan ha legat över")])
def test_a_picture_that_lacks_something_says_what(mark: str, said: str) -> None:
    found = of_picture([mark])
    assert found.state == UNSURE and said in found.words
