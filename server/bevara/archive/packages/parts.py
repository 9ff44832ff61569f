"""What a package is made of, whatever its form: who delivers to whom, the items and their files.

Everything a writer may say of a comment stands here. What it says is the same for the same parts,
byte for byte: no clock, no random number and no folder's order enters a package.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

CHUNK = 1 << 20


EXITS = {"register": "Registreras", "keep": "Hålls ordnad", "minor": "Uppenbart av liten betydelse"}
"""What was decided, as a package says it."""


class Status(StrEnum):
    """What a package is, in the words of E-ARK SIP's `RECORDSTATUS` (requirement SIP4)."""

    TEST = "TEST"
    NEW = "NEW"
    REPLACEMENT = "REPLACEMENT"


@dataclass(frozen=True)
class Agent:
    """A body or a person. `code` is an identity code with its prefix, `ORG:2120000001`, or ""."""

    name: str
    code: str = ""


@dataclass(frozen=True)
class Header:
    """One delivery of one archival creator (arkivbildare).

    `id` is the package's UUID and the name of its folder; `created` is a stored time; `checkpoint`
    is the signed state of the log when it was packed. `replaces` is the id of the package that a
    `REPLACEMENT` corrects.
    """

    id: str
    created: str
    creator: Agent
    submitter: Agent
    status: Status
    version: str
    checkpoint: str
    contact: str = ""
    preservation: Agent = Agent("")
    agreement: str = ""
    reference_code: str = ""
    replaces: str = ""


@dataclass(frozen=True)
class File:
    """A file of an item: bytes in memory, or a file on disk that does not change.

    `sha256` is lower hex. A writer reads the bytes anew and refuses others than it says.
    """

    name: str
    media_type: str
    size: int
    sha256: str
    source: Path | bytes

    def chunks(self) -> Iterator[bytes]:
        """Return the bytes, at most a megabyte at a time."""
        if isinstance(self.source, bytes):
            yield self.source
            return
        with self.source.open("rb", buffering=0) as opened:
            while found := opened.read(CHUNK):
                yield found


@dataclass(frozen=True)
class Event:
    """What happened to the comment, as PREMIS tells it. `kind` is one of `EVENTS`."""

    kind: str
    at: str
    detail: str
    agent: str = ""


EVENTS = ("captured", "receipt", "removed", "hidden", "outcome", "reason", "assessed", "secrecy",
          "decided", "registered", "packed")


@dataclass(frozen=True)
class Item:
    """A saved comment (handling) in a package; its `id` is the name of its folder.

    `number` is the diary number when it is registered, `provision` that of a *sekretessmarkering*.
    `title` and `sender` are what the diary may show; `author` is the name on the page. Days are
    ISO dates, times are stored times, and "" is what is not known.
    """

    id: str
    reference: str
    number: str
    title: str
    sender: str
    author: str
    platform: str
    account: str
    address: str
    document_type: str
    classification: str
    direction: str
    exit: str
    received_on: str
    published: str
    captured: str
    retention: str
    possible_secrecy: bool
    provision: str
    provision_on: str
    provision_by: str
    events: tuple[Event, ...]
    files: tuple[File, ...]


def held(name: str, media_type: str, data: bytes) -> File:
    """Return a file of bytes in memory."""
    return File(name, media_type, len(data), hashlib.sha256(data).hexdigest(), data)
