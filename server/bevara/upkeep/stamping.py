"""Have authorities stamp the log's checkpoint with their time (RFC 3161). Off until one is named.

An authority gets the hash of the checkpoint's text and learns nothing of what is saved.
"""

from __future__ import annotations

import hashlib
import re
import urllib.request
from collections.abc import Callable
from datetime import UTC
from pathlib import Path

from cryptography.x509 import load_pem_x509_certificates
from rfc3161_client import (
    HashAlgorithm,
    PKIStatus,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)
from sqlalchemy import Connection

from bevara.errors import Invalid
from bevara.kernel import documents, ledger
from bevara.kernel.store import Store
from bevara.records.proof import stamps
from bevara.records.proof.stamps import Stamp

LARGEST, TIMEOUT = 256 << 10, 30
SHA256 = bytes.fromhex("0609608648016503040201")
Post = Callable[[str, bytes], bytes]
"""Sends a request (DER) to an address and returns the answer; raises `OSError`."""


def stamp(store: Store, authority: str, roots: Path | None, post: Post) -> Stamp:
    """Have the checkpoint of now stamped, keep the answer durably and return it.

    Raises `OSError` when the authority is out of reach, `Invalid` for an answer that is not for
    this checkpoint or not signed under `roots` (PEM).
    """
    with store.read() as connection:
        text = ledger.checkpoint(connection, store.keys, store.origin)
        size = ledger.size(connection)
    request = (TimestampRequestBuilder().data(text.encode()).hash_algorithm(HashAlgorithm.SHA256)
               .nonce(nonce=True).cert_request(cert_request=True).build())
    answer = post(authority, request.as_bytes())
    stamped_at, checked = check(answer, text.encode(), int(request.nonce or 0), roots)
    made = Stamp(text, size, authority, answer, stamped_at, checked)
    store.write(lambda tx: _keep(tx, made, store.clock.now()))
    return made


def check(
    answer: bytes, message: bytes, nonce: int, roots: Path | None
) -> tuple[str | None, bool]:
    """Return the authority's time (RFC 3339) and whether its signature leads to a root.

    An answer whose form the library does not read (`openssl ts -chain` sends one) is taken as
    unchecked when it carries this hash and this nonce. Raises `Invalid` for any other.
    """
    try:
        read = decode_timestamp_response(answer)
    except ValueError:
        return _unread(answer, message, nonce)
    if PKIStatus(read.status) != PKIStatus.GRANTED:
        raise _refused("stämplade inte")
    told = read.tst_info
    if told.message_imprint.message != hashlib.sha256(message).digest():
        raise _refused("stämplade något annat")
    if told.nonce != nonce:
        raise _refused("svarade på en annan fråga")
    at = told.gen_time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return at, _is_signed(read, message, roots)


def _is_signed(read: TimeStampResponse, message: bytes, roots: Path | None) -> bool:
    if roots is None:
        return False
    try:
        builder = VerifierBuilder()
        for root in load_pem_x509_certificates(roots.read_bytes()):
            builder = builder.add_root_certificate(root)
        verifier = builder.build()
    except (OSError, ValueError):
        raise Invalid("BEVARA_STAMP_ROOTS",
                      f"Rotcertifikaten i {roots} går inte att läsa.") from None
    try:
        return bool(verifier.verify_message(read, message))
    except (VerificationError, ValueError):
        raise _refused("är inte undertecknad under rotcertifikaten") from None


def _unread(answer: bytes, message: bytes, nonce: int) -> tuple[str | None, bool]:
    imprint = b"\x04\x20" + hashlib.sha256(message).digest()
    number = nonce.to_bytes(nonce.bit_length() // 8 + 1, "big")
    carried = b"\x02" + bytes([len(number)]) + number
    if SHA256 not in answer or imprint not in answer or carried not in answer:
        raise _refused("går inte att läsa")
    found = re.search(rb"\x18[\x0f-\x17](2\d{13})(?:\.\d+)?Z", answer[answer.index(imprint):])
    digits = found.group(1).decode() if found else ""
    return (f"{digits[:4]}-{digits[4:6]}-{digits[6:8]}T{digits[8:10]}:{digits[10:12]}:"
            f"{digits[12:]}Z" if digits else None), False


def _keep(tx: Connection, made: Stamp, now: str) -> None:
    documents.put(tx, stamps.KIND, f"{made.size}/{made.authority}", stamps.encode(made),
                  "bevara", now)


def _refused(why: str) -> Invalid:
    return Invalid("BEVARA_STAMP_URLS", f"Tidsstämpeln {why}.",
                   "Kontrollera adressen till tidsstämplaren.")


def post(address: str, request: bytes) -> bytes:
    """Send a request over HTTP (RFC 3161, 3.4); raise `OSError`."""
    asked = urllib.request.Request(  # noqa: S310 - the scheme is checked by config
        address, request, {"Content-Type": "application/timestamp-query"})
    with urllib.request.urlopen(asked, timeout=TIMEOUT) as answer:  # noqa: S310
        return bytes(answer.read(LARGEST))
