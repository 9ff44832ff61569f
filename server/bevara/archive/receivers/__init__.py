"""The ways to an archive. Each brings one finished package there, whole or not at all.

The package lies under its own name only when all of it was read back and had the right hash, and it
never takes another's place. Beside it, last of all, comes its note (`Parcel.note`): a package with
a note is delivered. Bringing the same parcel again changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bevara.web.translations import N_

OTHER_BYTES = N_("Hos arkivet ligger något annat under samma namn. Bevara skriver inte över det. "
                 "Fråga arkivet vad det är.")
TAKEN = N_("Hos arkivet ligger JSON-filen kvar, men inte paketet. Fråga arkivet om det är "
           "hämtat.")
NOT_AS_SENT = N_("Det som kom fram är inte det som skickades. Bevara försöker igen.")
CHANGED = N_("Leveranspaketet på datorn är inte som när det gjordes. Gör leveransen på nytt.")


class Stopped(Exception):
    """Somebody paused the delivery. What has come so far is kept, and is gone on from."""


@dataclass(frozen=True)
class Parcel:
    """A package on disk that does not change, and the note that says that it is delivered.

    `name` is safe ASCII, `<uuid>.zip`; `sha256` is lower hex; `token` is random hex.
    """

    path: Path
    name: str
    size: int
    sha256: str
    token: str
    sidecar: bytes

    @property
    def note(self) -> str:
        """Return the note's name, `<uuid>.json`."""
        return f"{self.name.removesuffix('.zip')}.json"


@dataclass(frozen=True)
class Arrived:
    """Where a package lies now, its version there, and whether all of it did so before."""

    where: str
    version: str | None
    already: bool


@dataclass(frozen=True)
class ReceiptFile:
    """A file that the archive answers with. With a `fault` (`inbox`'s codes) it was not read."""

    name: str
    body: bytes
    fault: str = ""


class Watch(Protocol):
    """Who looks on while a parcel is brought."""

    @property
    def limit(self) -> int:
        """Return the most bytes each second, or 0."""

    def moved(self, so_far: int) -> None:
        """Take note of how many bytes of the package are there; raise `Stopped` to pause."""


class Receiver(Protocol):
    """An archive. All but `settle` raise `Passing` or `Permanent`, with words for people."""

    def try_out(self) -> None:
        """See that packages could be brought, and leave nothing behind."""

    def put(self, parcel: Parcel, watch: Watch) -> Arrived:
        """Bring a parcel, going on from where an earlier try ended; `Stopped` passes through."""

    def receipts(self) -> Iterator[ReceiptFile]:
        """Give what the archive has answered (`<uuid>.kvittens.json`) that is not settled."""

    def settle(self, name: str, accepted: bool) -> None:
        """Move a read receipt to *kvitterade* or *avvisade*; nothing when it is gone.

        Raises `Passing` or `Permanent`.
        """
