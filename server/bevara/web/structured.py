"""The few shapes of RFC 8941 and RFC 9421 that Bevara's signatures use."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass

REQUEST_COMPONENTS = (
    '("@method" "@authority" "@path" "@query" "content-type" "content-digest")'
)
ANSWER_COMPONENTS = '("@status" "content-type" "content-digest" "signature";req;key="bevara")'
UNBOUND_COMPONENTS = '("@status" "content-type" "content-digest")'
_INPUT = re.compile(
    r'bevara=(?P<params>(?P<components>\([^()]*\))'
    r';created=(?P<created>\d{1,12});keyid="(?P<keyid>[0-9a-f]{64})";nonce="(?P<nonce>[\w-]{8,80})"'
    r';alg="ed25519";tag="bevara-1")'
)
_SIGNATURE = re.compile(r"bevara=:(?P<value>[A-Za-z0-9+/=]{88}):")


@dataclass(frozen=True)
class SignatureInput:
    """What a request's Signature-Input says, and the parameters exactly as they came."""

    params: str
    created: int
    keyid: str


def read_input(header: str) -> SignatureInput | None:
    """Return the signature's parameters, or None unless they are exactly Bevara's."""
    found = _INPUT.fullmatch(header)
    if found is None or found["components"] != REQUEST_COMPONENTS:
        return None
    return SignatureInput(found["params"], int(found["created"]), found["keyid"])


def read_signature(header: str) -> bytes | None:
    """Return the 64 signature bytes, or None."""
    found = _SIGNATURE.fullmatch(header)
    if found is None:
        return None
    try:
        return base64.b64decode(found["value"], validate=True)
    except binascii.Error:
        return None


def wrap(data: bytes) -> str:
    """Return bytes as a structured field: base64 between colons."""
    return f":{base64.b64encode(data).decode()}:"


def base_of(lines: list[tuple[str, str]], params: str) -> bytes:
    """Return the signature base of RFC 9421, section 2.5."""
    text = "".join(f"{name}: {value}\n" for name, value in lines)
    return f'{text}"@signature-params": {params}'.encode()
