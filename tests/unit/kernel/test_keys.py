"""The key is made once, is read by its owner only, and signs as RFC 8032 says."""

from pathlib import Path

from bevara.kernel.keys import Keys, keyid, verify, write_private


def test_the_key_is_made_once_and_kept_private(tmp_path: Path) -> None:
    first, second = Keys(tmp_path), Keys(tmp_path)
    assert first.public == second.public
    assert (tmp_path / "helper.key").stat().st_mode & 0o777 == 0o600
    assert first.keyid == keyid(first.public) and len(first.keyid) == 64


def test_a_signature_is_for_one_message_and_one_key(tmp_path: Path) -> None:
    keys = Keys(tmp_path)
    signature = keys.sign(b"message")
    assert verify(keys.public, signature, b"message")
    assert not verify(keys.public, signature, b"messagf")
    assert not verify(bytes(32), signature, b"message")
    assert not verify(keys.public, signature[:-1], b"message")
    assert not verify(b"short", signature, b"message")


def test_the_first_vector_of_rfc_8032() -> None:
    public = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
    signature = bytes.fromhex(
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9"
        "b46bd25bf5f0595bbe24655141438e7a100b")
    assert verify(public, signature, b"")


def test_a_private_file_replaces_what_a_crash_left(tmp_path: Path) -> None:
    (tmp_path / "token.new").write_bytes(b"half")
    write_private(tmp_path / "token.txt", b"whole")
    assert (tmp_path / "token.txt").read_bytes() == b"whole"
    assert not (tmp_path / "token.new").exists()
