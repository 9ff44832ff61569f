"""What an SFTP server is known by, as an archive may say it."""

from __future__ import annotations

import base64
import hashlib
import re
from itertools import pairwise

FINGERPRINT = re.compile(r"SHA256:[A-Za-z0-9+/]{43}=?")


def fingerprint(key: bytes) -> str:
    """Return what `ssh-keygen -l` says of a public key."""
    return "SHA256:" + base64.b64encode(hashlib.sha256(key).digest()).decode().rstrip("=")


def pinned(text: str) -> tuple[str, str] | None:
    """Return the type, if it is said, and the fingerprint of a host key in settings, or None.

    It is said as a line of a public key or of known_hosts, or as a fingerprint.
    """
    for kind, data in pairwise([*text.split(), ""]):
        if FINGERPRINT.fullmatch(kind):
            return "", kind.rstrip("=")
        if kind.startswith(("ssh-", "ecdsa-sha2-")) and data:
            try:
                return kind, fingerprint(base64.b64decode(data, validate=True))
            except ValueError:
                return None
    return None
