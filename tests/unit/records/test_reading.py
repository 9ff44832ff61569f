"""A reading copy holds every character, or its number in a frame, and nothing in it is obeyed."""

from __future__ import annotations

import io
import random
import time
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from PIL import Image

from bevara.errors import NotMade
from bevara.records.reading import make, press, runs
from bevara.records.reading.paper import Heading, Line, Paper, Picture, lines

HOSTILE = [
    "Hej på dig, åäö ÅÄÖ é", "Två\nrader\n\n\noch en till  ", "\n\ninledd av tomma rader",
    "👩\u200d👩\u200d👧 ☹️ 1️⃣ 🇸🇪 👍🏽", "\u202eslutna\u202c \u2066ord\u2069", "e\u0301o\u0308 Z\u0351\u036b\u0343",
    "a\u200bb\u200cc\ufeffd", "\x01\x7f\x85", "\ue000\U000f0000\U0010ffff\u0378", "سلام עולם ሰላም สวัสดี",
    "中文 日本語 한국어", "#emph[x] $x^2$ <script> \\ ` = # // /* */ @x", '#read("/etc/passwd")',
    "x" * 5000, "\t", " ", "\u2028\u2029", "\ufffd", "Ordmed\u00admjukt",
]


def paper(text: str, *more: Any) -> Paper:
    return Paper("Läsexemplar", "fot", 1_700_000_000, [
        Heading("Kommentar", 1), Line("Anna", "Namn"), Heading("Text"), *lines(text), *more])


def picture() -> bytes:
    held = io.BytesIO()
    Image.new("RGB", (40, 20), "#123456").save(held, "PNG")
    return held.getvalue()


def opened(data: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(data))


def said(data: bytes) -> str:
    """Return the text that stands after the heading Text, as a reader of the file gets it."""
    with opened(data) as document:
        found = [one for one in press.elements(document.Root.StructTreeRoot)
                 if str(one.S) in ("/H2", "/P")]
        texts = [(str(one.S), str(one.ActualText)) for one in found]
    return "".join(text for _, text in texts[texts.index(("/H2", "Text")) + 1:])


@pytest.fixture(scope="module")
def made() -> list[bytes]:
    found = make.pdfs([paper(text) for text in HOSTILE])
    return [one for one in found if one is not None]


def test_every_character_comes_back(made: list[bytes]) -> None:
    assert [said(one) for one in made] == HOSTILE


def test_the_same_paper_is_the_same_file(made: list[bytes]) -> None:
    assert make.pdf(paper(HOSTILE[3])) == made[3]


def test_it_has_what_pdf_a_2a_asks_for(made: list[bytes]) -> None:
    """The structure only: no validator is at hand."""
    with opened(make.pdf(paper("Hej", Picture(picture(), "Bild av kommentaren", 30, 30)))) as document:
        root = document.Root
        with document.open_metadata() as known:
            assert (known["pdfaid:part"], known["pdfaid:conformance"]) == ("2", "A")
            assert known["dc:title"] == "Läsexemplar"
        assert root.OutputIntents and root.MarkInfo.Marked and str(root.Lang) == "sv-SE"
        alts = [str(one.Alt) for one in press.elements(root.StructTreeRoot) if "/Alt" in one]
        assert alts == ["Bild av kommentaren"]
        for page in document.pages:
            for font in page.Resources.Font.values():
                below = font.get("/DescendantFonts", [font])[0]
                known_as = below.get("/FontDescriptor", {})
                assert str(below.Subtype) == "/Type3" or "/FontFile2" in known_as or "/FontFile3" in known_as
            for image in page.get("/Resources").get("/XObject", {}).values():
                assert "/Interpolate" not in image or not image.Interpolate


def test_what_cannot_be_drawn_is_shown_by_its_number() -> None:
    found = runs.of("a\u202eb\U0010ffff")
    assert found == [("t", "a"), ("l", "U+202E"), ("t", "b"), ("l", "U+10FFFF")]


def test_any_text_comes_back(tries: Callable[[int, int], int]) -> None:
    chooser = random.Random(7)
    kinds = [lambda: chr(chooser.randrange(32, 0x2500)), lambda: chr(chooser.randrange(0x1F300, 0x1FAFF)),
             lambda: chooser.choice("\n\t #$[]{}\\"), lambda: chr(chooser.randrange(0xE000, 0x11000))]
    texts = ["".join(chooser.choice(kinds)() for _ in range(60)).rstrip("\n") or "x"
             for _ in range(tries(40, 2000))]
    found = make.pdfs([paper(text) for text in texts])
    assert [said(one) if one else None for one in found] == texts


def test_a_long_comment_takes_seconds_and_a_paper_that_hangs_is_given_up() -> None:
    begun = time.monotonic()
    make.pdf(paper("x " * 100_000))
    assert time.monotonic() - begun < 30
    assert make.pdfs([paper("x " * 200_000), paper("Hej")], seconds=0.05)[0] is None
    assert make.pdfs([paper("Hej")] * 3, altogether=0) == [None] * 3


def test_without_its_fonts_there_is_no_copy(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.setattr(make, "fonts", lambda: tmp_path)
    with pytest.raises(NotMade, match="Typsnitten"):
        make.pdf(paper("Hej"))
