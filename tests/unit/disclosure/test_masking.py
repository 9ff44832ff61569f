"""A phrase is masked however it is written, to the end of its letters, and nothing of it is left."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable

import pytest
import regex

from bevara.disclosure.masking import LEFT_OUT, MASK, Masker, folded, masked
from bevara.records.reading.paper import Heading, Line, Paper, Picture, lines


def of(text: str, *phrases: str) -> str:
    return Masker(phrases).text(text)


@pytest.mark.parametrize(("text", "phrase", "after"), [
    ("Ring Åsa nu", "åsa", f"Ring {MASK} nu"),
    ("Ring A\u030asa nu", "Åsa", f"Ring {MASK} nu"),
    ("Ring ÅSA nu", "a\u030asa", f"Ring {MASK} nu"),
    ("Straße 5", "STRASSE", f"{MASK} 5"),
    ("en \ufb01lm", "film", f"en {MASK}"),
    ("Ａｎｎａ!", "anna", f"{MASK}!"),
    ("An\u200bn\u00ada\u202e B", "anna", f"{MASK}\u202e B"),
    ("An\x7fna", "anna", MASK),
    ("Anna\n\t Berg", "anna berg", MASK),
    ("Anna\u00a0Berg", "Anna   Berg", MASK),
    ("e\u0301", "e", MASK),
    ("👩‍👩‍👧 x", "👩", f"{MASK} x"),
    ("👍🏽", "👍", MASK),
    ("ananan", "anan", MASK),
    ("abab cd", "ab", f"{MASK} cd"),
    ("q\u0323\u0307 q\u0307\u0323", "q\u0307\u0323", f"{MASK} {MASK}"),
    ("se https://x.se/%C3%85sa%20Berg?a nu", "Åsa Berg", f"se {MASK} nu"),
    ("https://x.se/A+B%21", "a b", MASK),
])
def test_it_is_found_however_it_is_written(text: str, phrase: str, after: str) -> None:
    masker = Masker([phrase])
    assert (masker.text(text), masker.missing) == (after, [])


@pytest.mark.parametrize(("text", "phrase"), [("Asa", "Åsa"), ("Åsa", "Asa"), ("hår", "har"), ("Hej", "\u200b"),
                                              ("Hej", "hejsan")])
def test_what_is_not_there_is_said_to_be_missing(text: str, phrase: str) -> None:
    masker = Masker([phrase])
    assert (masker.text(text), masker.missing) == (text, [phrase])


def test_the_length_of_what_is_masked_is_not_seen() -> None:
    assert of("Bo är här", "bo") == of("Bo-Alexander är här", "bo-alexander")


def test_a_phrase_goes_on_from_line_to_line_of_a_paper_and_pictures_are_left_out() -> None:
    paper = Paper("Om Åsa", "Fot Åsa", 0, [
        Heading("Om Åsa", 1), Line("https://x.se/asa", "Adress"), Heading("Text"),
        *lines("Ring Åsa\n\nBerg i dag\nnu"), Picture(b"asa", "Åsa", 1, 1), Line("Åsa", strong=True)])
    masker = Masker(["Åsa Berg", "Åsa"])
    found = masked(paper, masker)
    assert masker.missing == [] and "sa" not in repr(found).replace("/asa", "").replace(MASK, "")
    assert f"Ring {MASK} i dag\n" in [one.text for one in found.blocks if isinstance(one, Line)]
    assert Line(LEFT_OUT) in found.blocks and Heading("Text") in found.blocks


def test_what_stands_only_in_bevaras_own_words_has_not_been_found() -> None:
    masker = Masker(["bo"])
    found = masked(Paper("På Facebook", "F", 0, [Heading("På Facebook", 1), Line("Hej")]), masker)
    assert masker.missing == ["bo"] and found.title == f"På Face{MASK}ok"


def test_a_paper_without_it_is_as_it_was() -> None:
    paper = Paper("T", "F", 0, [Heading("T", 1), *lines("a\n\n\nb\n" + "c " * 30_000)])
    assert masked(paper, Masker(["finns inte"])) == paper


def test_no_text_keeps_a_phrase_that_was_masked(tries: Callable[[int, int], int]) -> None:
    chance, letters = random.Random(5), "aAåÅ\u030a\u0301ßﬁ \n\u200b\u00a0eé👩\u200d%"
    for _ in range(tries(400, 20_000)):
        text = "".join(chance.choices(letters, k=30))
        start = chance.randrange(25)
        phrase = chance.choice((str, str.upper, str.lower))(text[start:start + 5])
        after = unicodedata.normalize(chance.choice(("NFC", "NFD")), text)
        if not (wanted := folded(phrase).text.strip()) or regex.match(r"\p{M}", wanted):
            continue
        left = of(after, phrase).split(MASK)
        assert all(wanted not in folded(part).text for part in left), (text, phrase)
