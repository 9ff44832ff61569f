"""A checkpoint is believed only whole, from this ledger, and by this key."""

from pathlib import Path

import pytest

from bevara.kernel import signed_note
from bevara.kernel.keys import Keys


@pytest.fixture
def note(tmp_path: Path) -> tuple[str, bytes]:
    keys = Keys(tmp_path)
    return signed_note.sign(keys, "bevara.local/a", 7, bytes(32)), keys.public


def test_what_was_signed_is_read(note: tuple[str, bytes]) -> None:
    text, public = note
    assert text.startswith("bevara.local/a\n7\nAAAA")
    assert text.count("\n") == 5 and "\n\n\u2014 bevara.local/a " in text
    assert signed_note.read(text, "bevara.local/a", public) == (7, bytes(32))


@pytest.mark.parametrize("old,new", [
    ("\n7\n", "\n8\n"), ("bevara.local/a\n7", "bevara.local/b\n7"), ("AAAA", "BAAA"),
    ("\u2014 bevara.local/a", "\u2014 bevara.local/b"), ("\n\n", "\n"), ("\u2014", "-"),
    ("\n7\n", "\n7\nextra\n"),
])
def test_a_changed_note_is_refused(note: tuple[str, bytes], old: str, new: str) -> None:
    text, public = note
    assert old in text
    with pytest.raises(ValueError):
        signed_note.read(text.replace(old, new, 1), "bevara.local/a", public)


def test_another_key_or_ledger_is_refused(note: tuple[str, bytes], tmp_path: Path) -> None:
    text, public = note
    (tmp_path / "other").mkdir()
    with pytest.raises(ValueError):
        signed_note.read(text, "bevara.local/a", Keys(tmp_path / "other").public)
    with pytest.raises(ValueError):
        signed_note.read(text, "bevara.local/b", public)


@pytest.mark.parametrize("text", ["", "\n\n", "a\nb\nc\n\n\u2014 a b\n", "x" * 10_000])
def test_nonsense_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        signed_note.read(text, "bevara.local/a", bytes(32))
