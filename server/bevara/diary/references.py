"""The short reference on a card: names a saved comment to people, where an id is too long.

31 signs without I, L, O, U and Z, so that few are taken for another; the last sign is a weighted
sum modulo 31, a prime, so that every single wrong sign and every swap of two neighbours is seen.
"""

from __future__ import annotations

import hashlib
import re

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXY"
LENGTH = 7
FORM = re.compile(r"\bBV[-–\s]?([0-9A-Z]{4})[-–\s]?([0-9A-Z]{4})\b", re.IGNORECASE)
MISREAD = str.maketrans("ILO", "110")


def make(record_id: str, attempt: int = 0) -> str:
    """Return the reference of a record: always the same; `attempt` gives another when it is taken.
    """
    digest = hashlib.sha256(f"{record_id}/{attempt}".encode()).digest()
    rest, signs = int.from_bytes(digest), ""
    for _ in range(LENGTH):
        rest, one = divmod(rest, len(SIGNS))
        signs += SIGNS[one]
    signs += _check(signs)
    return f"BV-{signs[:4]}-{signs[4:]}"


def find(text: str) -> tuple[list[str], list[str]]:
    """Return the references in a text, and what looks like one but is mistyped."""
    right: list[str] = []
    wrong: list[str] = []
    for match in FORM.finditer(text):
        signs = (match[1] + match[2]).upper().translate(MISREAD)
        whole = f"BV-{signs[:4]}-{signs[4:]}"
        known = all(sign in SIGNS for sign in signs) and _check(signs[:LENGTH]) == signs[LENGTH]
        (right if known else wrong).append(whole)
    return right, wrong


def without(text: str) -> str:
    """Return the text with every reference taken out."""
    return FORM.sub(" ", text)


def _check(signs: str) -> str:
    return SIGNS[sum((at + 2) * SIGNS.index(sign) for at, sign in enumerate(signs)) % len(SIGNS)]
