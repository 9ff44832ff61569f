"""Every text of the pages exists in Swedish and in English."""

import re
from pathlib import Path

import pytest
from scripts import translations

from bevara.web.translations import english

WANTED = translations.wanted()
TEMPLATES = [path for path in sorted(translations.SERVER.rglob("*.html"))
             if "practice" not in path.parts]
VALUE = re.compile(r"%\((\w+)\)")
SPOKEN = re.compile(r"""\b(?:alt|title|placeholder|aria-label)=("[^"]*"|'[^']*')""")
SAME_EVERYWHERE = {"Bevara"}


@pytest.mark.parametrize("room", sorted(WANTED))
def test_no_text_lacks_english_and_none_is_left_over(room: str) -> None:
    known = {message.id[0] if isinstance(message.id, (list, tuple)) else message.id: message.string
             for message in translations.catalogue(room) if message.id}
    texts = {text if isinstance(text, str) else text[0] for text in WANTED[room]}
    assert known.keys() == texts, "run scripts/translations.py"
    assert not [text for text, string in known.items() if not string or not all(string)]


def test_a_translation_names_the_same_values_and_every_room_says_the_same() -> None:
    seen: dict[str, object] = {}
    for room in WANTED:
        for message in translations.catalogue(room):
            if not message.id:
                continue
            text = message.id if isinstance(message.id, str) else message.id[0]
            for form in [message.string] if isinstance(message.string, str) else message.string:
                assert set(VALUE.findall(form)) == set(VALUE.findall(text)), text
            assert seen.setdefault(text, message.string) == message.string, (room, text)
    assert len(english()) == len(seen)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_says_nothing_that_cannot_be_translated(path: Path) -> None:
    assert not words_outside(path.read_text(encoding="utf-8"))


def test_a_bare_word_is_found() -> None:
    assert words_outside("<p>Hej {{ name }}</p>") == ["Hej"]
    assert words_outside('<img alt="Bild">') == ["Bild"]
    assert not words_outside('<p class="ord">{{ _("Hej") }}{% trans %}Hej{% endtrans %}</p>')


def test_no_two_rooms_have_a_template_of_the_same_name() -> None:
    names = [path.name for path in TEMPLATES]
    assert len(names) == len(set(names))


def words_outside(source: str) -> list[str]:
    """Return the words that stand in a template outside what is translated."""
    text = re.sub(r"\{%-?\s*trans.*?endtrans\s*-?%\}|\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", "", source,
                  flags=re.DOTALL)
    spoken = " ".join(said.strip("\"'") for said in SPOKEN.findall(text))
    bare = re.sub(r"<!doctype[^>]*>|<[^>]*>|&\w+;", " ", text) + " " + spoken
    return [word for word in re.findall(r"[^\W\d_]{2,}", bare) if word not in SAME_EVERYWHERE]
