"""A checkpoint is believed only whole, from this ledger, and by this key."""

import base64
from pathlib import Path

import pytest

from bevara.kernel import signed_note
from bevara.kernel.keys import Keys, verify


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


def test_the_examples_of_the_specifications() -> None:
    """The notes in C2SP's signed-note (with its key) and tlog-checkpoint (without)."""
    key = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
    name, mark, text = key.split("+")
    public = base64.b64decode(text)[1:]
    assert signed_note.verifier_key(name, public) == key
    signature = base64.b64decode(
        "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=")
    assert signature[:4].hex() == mark
    assert verify(public, signature[4:], b"This is an example message.\n")
    checkpoint = (
        "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
        "\u2014 example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5"
        "/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n")
    with pytest.raises(ValueError, match="another key"):
        signed_note.read(checkpoint, "example.com/behind-the-sofa", public)


def test_a_checkpoint_is_built_as_the_specification_writes_it(tmp_path: Path) -> None:
    keys = Keys(tmp_path)
    text = signed_note.sign(keys, "example.com/behind-the-sofa", 20852163, bytes(32))
    body, line = text.split("\n\n")
    assert body.split("\n") == ["example.com/behind-the-sofa", "20852163", "A" * 43 + "="]
    blob = base64.b64decode(line.rstrip("\n").split(" ")[2])
    assert len(blob) == 68 and verify(keys.public, blob[4:], (body + "\n").encode())
