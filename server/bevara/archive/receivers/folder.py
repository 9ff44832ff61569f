"""An archive that is a folder: on this computer, or on a network disk that it has mounted."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from bevara.archive.receivers import Arrived, Parcel, ReceiptFile, Watch, answers
from bevara.archive.receivers.laying import lay
from bevara.archive.receivers.pace import Pace
from bevara.diary.channels import Passing, Permanent, inbox, place
from bevara.diary.channels.place import Purpose
from bevara.web.translations import N_

MARK = "bevara-arkivmapp.txt"
ABOUT = """\
Här lämnar Bevara leveranspaket till arkivet.

En leverans är två filer: UUID.zip (paketet) och UUID.json. Leveransen är hel när JSON-filen finns.
Samma UUID är samma paket, och Bevara skriver aldrig över ett. Filer vars namn börjar med .bevara-
är på väg: låt dem ligga.

Svara med en fil som heter UUID.kvittens.json. Vad den ska säga står i UUID.json, under kvittens.
Skriv den under ett annat namn och byt namn när den är färdig. Svar som är inlästa flyttas till
kvitterade, de som inte kan tas emot till avvisade.
Ta inte bort den här filen.
"""
ARCHIVE = Purpose(
    MARK, ABOUT, N_("Arkivmappen går inte att nå."),
    N_("Arkivmappen är inte den som valdes. Välj den igen under Arkiv och mottagare."),
    N_("Det är fullt där arkivmappen ligger."), N_("Bevara får inte skriva i arkivmappen."),
    N_("Arkivmappen svarade med fel."), N_(r"Till exempel /mnt/arkivet eller \\server\arkivet."),
    N_("Välj mappen där arkivet hämtar."))
NOT_PLAIN = N_("I arkivmappen ligger en länk eller något annat än en fil under paketets namn.")
NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL, errno.EMLINK)
PLAIN = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


class FolderReceiver:
    """The folder that was chosen, found again by its mark."""

    def __init__(self, folder: str) -> None:
        self._folder = folder

    def try_out(self) -> None:
        """See that the folder is there and can be written in."""
        place.try_out(self._folder, ARCHIVE)

    def put(self, parcel: Parcel, watch: Watch) -> Arrived:
        """Lay the parcel in the folder."""
        with self._opened() as folder:
            already = lay(_Files(folder), parcel, Pace(watch))
            return Arrived(str(folder / parcel.name), None, already)

    def receipts(self) -> Iterator[ReceiptFile]:
        """Give the receipts that lie in the folder."""
        with self._opened() as folder:
            yield from answers.read(inbox.names(folder), lambda name: inbox.contents(folder / name))

    def settle(self, name: str, accepted: bool) -> None:
        """Move a receipt into the folder beside."""
        to = inbox.TAKEN if accepted else inbox.REFUSED
        with self._opened() as folder:
            try:
                inbox.move(folder / answers.checked(name), to, answers.settled_name(name))
            except FileNotFoundError:
                return

    @contextmanager
    def _opened(self) -> Iterator[Path]:
        """Give the folder; an error of it is `Passing`."""
        try:
            yield place.opened(self._folder, ARCHIVE)
        except OSError as error:
            raise Passing(place.words(error, ARCHIVE)) from error


@dataclass(frozen=True)
class _Files:
    """The folder as a `Shelf`."""

    folder: Path

    def size(self, name: str) -> int | None:
        try:
            seen = (self.folder / name).lstat()
        except FileNotFoundError:
            return None
        if not stat.S_ISREG(seen.st_mode):
            raise Permanent(NOT_PLAIN)
        return seen.st_size

    def read(self, name: str, chunk: int) -> Iterator[bytes]:
        handle = os.open(self.folder / name, os.O_RDONLY | PLAIN)
        with open(handle, "rb", buffering=0) as file:
            if hasattr(os, "posix_fadvise"):
                os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
            while data := file.read(chunk):
                yield data

    @contextmanager
    def write(self, name: str, at: int) -> Iterator[Callable[[bytes], None]]:
        made = 0 if at else os.O_CREAT | os.O_EXCL
        handle = os.open(self.folder / name, os.O_WRONLY | made | PLAIN, 0o666)
        with open(handle, "wb") as file:
            file.seek(at)

            def write(data: bytes) -> None:
                file.write(data)

            yield write
            file.flush()
            os.fsync(handle)
        place.synced(self.folder)

    def publish(self, aside: str, name: str) -> bool:
        """Link the file to its name, or rename it where there are no links, as on FAT."""
        before, after = self.folder / aside, self.folder / name
        try:
            os.link(before, after)
        except FileExistsError:
            return False
        except OSError as error:
            if error.errno not in NO_LINKS:
                raise
            if os.path.lexists(after):
                return False
            os.rename(before, after)
        place.synced(self.folder)
        return True

    def remove(self, name: str) -> None:
        (self.folder / name).unlink(missing_ok=True)

    def changed(self) -> Iterator[tuple[str, float]]:
        with os.scandir(self.folder) as found:
            for one in found:
                with suppress(FileNotFoundError):
                    yield one.name, one.stat(follow_symlinks=False).st_mtime
