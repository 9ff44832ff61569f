"""Lay a parcel where files have names, whole or not at all: in a folder here or over SFTP.

A file is written aside, made durable, read back and compared, and then gets its name in one step
that fails when the name is taken. What an interrupted try left aside is gone on from once it has
the hash of as many bytes of the package; a file aside is never another delivery's, since its
name holds the token.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Protocol

from bevara.archive.receivers import CHANGED, NOT_AS_SENT, OTHER_BYTES, TAKEN, Parcel
from bevara.archive.receivers.pace import Pace
from bevara.diary.channels import Passing, Permanent

if TYPE_CHECKING:
    from hashlib import _Hash as Hash

ASIDE = re.compile(r"\.bevara-(?P<name>[0-9a-f-]{36}\.(?:zip|json))-(?P<token>[0-9a-f]+)\.part")
OLD = 7 * 24 * 3600
"""Seconds after which no delivery goes on from what it left aside."""


class Shelf(Protocol):
    """Where the files lie. Raises `OSError` or what its receiver knows how to put in words."""

    def size(self, name: str) -> int | None:
        """Return a plain file's size, or None when there is none; raise `Permanent` if not plain.
        """

    def read(self, name: str, chunk: int) -> Iterator[bytes]:
        """Give a file's bytes, from where they are kept rather than from a memory of them."""

    def write(self, name: str, at: int) -> AbstractContextManager[Callable[[bytes], None]]:
        """Give what adds bytes to a file of `at` bytes, a new one if 0; they are durable after."""

    def publish(self, aside: str, name: str) -> bool:
        """Give a file its name; return whether it went, as it does not when the name is taken."""

    def remove(self, name: str) -> None:
        """Remove a file, if it is there."""

    def changed(self) -> Iterator[tuple[str, float]]:
        """Give the names that lie there, and when each was last changed."""


@dataclass(frozen=True)
class Sent:
    """One file of a delivery: what it is called there, and its bytes."""

    name: str
    size: int
    sha256: str
    token: str
    opened: Callable[[], BinaryIO]
    tells: bool
    """Whether its bytes are the progress that people see."""

    @property
    def aside(self) -> str:
        """Return what it is called until it is whole."""
        return f".bevara-{self.name}-{self.token}.part"


def lay(shelf: Shelf, parcel: Parcel, pace: Pace) -> bool:
    """Lay the package, then its note; return whether both lay there before.

    A note without its package is one whose package was taken, and nothing is laid again.
    """
    package = Sent(parcel.name, parcel.size, parcel.sha256, parcel.token,
                   lambda: parcel.path.open("rb"), True)
    note = Sent(parcel.note, len(parcel.sidecar), hashlib.sha256(parcel.sidecar).hexdigest(),
                parcel.token, lambda: io.BytesIO(parcel.sidecar), False)
    if shelf.size(package.name) is None and shelf.size(note.name) is not None:
        raise Permanent(TAKEN)
    before = _laid(shelf, package, pace)
    already = _laid(shelf, note, pace) and before
    if not already:
        _sweep(shelf, package, note)
    return already


def _laid(shelf: Shelf, sent: Sent, pace: Pace) -> bool:
    """Lay a file; return whether it lay there before."""
    before = _lies_there(shelf, sent, pace)
    if not before:
        _write(shelf, sent, pace)
        if _digest(shelf, sent.aside, pace) != sent.sha256:
            shelf.remove(sent.aside)
            raise Passing(NOT_AS_SENT)
        if not shelf.publish(sent.aside, sent.name) and not _lies_there(shelf, sent, pace):
            raise Passing(NOT_AS_SENT)
    shelf.remove(sent.aside)
    return before


def _lies_there(shelf: Shelf, sent: Sent, pace: Pace) -> bool:
    """Tell whether the file lies there; raise `Permanent` when another has its name."""
    size = shelf.size(sent.name)
    if size is None:
        return False
    if size != sent.size or _digest(shelf, sent.name, pace) != sent.sha256:
        raise Permanent(OTHER_BYTES)
    return True


def _write(shelf: Shelf, sent: Sent, pace: Pace) -> None:
    """Write the rest of a file aside; raise `Permanent` unless its bytes are what they were."""
    with sent.opened() as source:
        at, known = _goes_on(shelf, sent, source, pace)
        if sent.tells:
            pace.stood(at)
        count = pace.sent if sent.tells else pace.waited
        with shelf.write(sent.aside, at) as write:
            while data := source.read(pace.chunk):
                known.update(data)
                write(data)
                count(len(data))
        if source.tell() != sent.size or known.hexdigest() != sent.sha256:
            shelf.remove(sent.aside)
            raise Permanent(CHANGED)


def _goes_on(shelf: Shelf, sent: Sent, source: BinaryIO, pace: Pace) -> tuple[int, Hash]:
    """Return how many bytes aside can be gone on from, and their digest; `source` stands there."""
    size, known = shelf.size(sent.aside), hashlib.sha256()
    if size and size <= sent.size:
        while (left := size - source.tell()) and (data := source.read(min(left, pace.chunk))):
            known.update(data)
        if not left and _digest(shelf, sent.aside, pace) == known.hexdigest():
            return size, known
    source.seek(0)
    if size is not None:
        shelf.remove(sent.aside)
    return 0, hashlib.sha256()


def _digest(shelf: Shelf, name: str, pace: Pace) -> str:
    found = hashlib.sha256()
    for data in shelf.read(name, pace.chunk):
        found.update(data)
        pace.waited(len(data))
    return found.hexdigest()


def _sweep(shelf: Shelf, *laid: Sent) -> None:
    """Remove what other tries left aside: those of this package, and Bevara's old ones.

    Old by the receiver's own clock, which the files that were just laid tell.
    """
    there = dict(shelf.changed())
    now = max((there[one.name] for one in laid if one.name in there), default=0.0)
    for name, at in there.items():
        found = ASIDE.fullmatch(name)
        if found and (found["name"] in {one.name for one in laid} or now - at > OLD):
            shelf.remove(name)
