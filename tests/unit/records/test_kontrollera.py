"""The script's own Ed25519 is RFC 8032's, and agrees with the library on good and tampered."""

import hashlib
import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bevara.kernel.keys import verify
from bevara.records.proof import kontrollera
from bevara.records.proof.kontrollera import is_signed

# RFC 8032, section 7.1: TEST 1, 2, 3 and SHA(abc), as public key, message and signature.
VECTORS = [
    ("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
     "d25bf5f0595bbe24655141438e7a100b"),
    ("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
     "387b2eaeb4302aeeb00d291612bb0c00"),
    ("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
     "4a7c15e9716ed28dc027beceea1ec40a"),
    ("ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
     hashlib.sha512(b"abc").hexdigest(),
     "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e030"
     "3dca179c138ac17ad9bef1177331a704"),
]


@pytest.mark.parametrize("public,message,signature", VECTORS)
def test_the_vectors_of_the_rfc(public: str, message: str, signature: str) -> None:
    key, said, by = (bytes.fromhex(text) for text in (public, message, signature))
    assert is_signed(key, by, said) and verify(key, by, said)
    larger = (int.from_bytes(by[32:], "little") + kontrollera.L).to_bytes(32, "little")
    assert not is_signed(key, by[:32] + larger, said)
    assert not is_signed(key, by, said + b"x") and not is_signed(key, by[:-1], said)


def test_it_agrees_with_the_library(tries: Callable[[int, int], int]) -> None:
    chance = random.Random(8032)
    for _ in range(tries(100, 3000)):
        private = Ed25519PrivateKey.from_private_bytes(chance.randbytes(32))
        parts = [bytearray(private.public_key().public_bytes_raw()),
                 bytearray(private.sign(b"m" * 20)), bytearray(b"m" * 20)]
        if chance.random() < 0.8:
            part = chance.choice(parts)
            part[chance.randrange(len(part))] ^= 1 << chance.randrange(8)
        public, signature, message = map(bytes, parts)
        assert is_signed(public, signature, message) == verify(public, signature, message)


@pytest.mark.parametrize("public", ["00" * 32, "01" + "00" * 31, "ff" * 32, "ee" + "ff" * 30 + "7f"])
def test_odd_keys_do_not_crash_it(public: str) -> None:
    assert is_signed(bytes.fromhex(public), bytes(64), b"") in (True, False)


def test_it_is_written_for_python_3_8() -> None:
    import ast

    script = Path(kontrollera.__file__).read_text(encoding="utf-8")
    ast.parse(script, feature_version=(3, 8))
    assert not re.search(r"removeprefix|removesuffix|randbytes|strict=|datetime\.UTC|bit_count", script)
    used = set(re.findall(r"^(?:import|from) (\w+)", script, re.MULTILINE))
    assert used == {"__future__", "argparse", "base64", "hashlib", "json", "re", "sys", "zipfile",
                    "datetime", "pathlib", "typing"}
