"""An archive that is reached over SFTP (SSH File Transfer Protocol, version 3).

A name is given with `hardlink@openssh.com`, which fails
when the name is taken; a server without it has to rename. The name of a file is as durable as the
server makes it: SFTP has no way to ask for more than `fsync@openssh.com` of the file itself.
"""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from bevara.archive.receivers import Arrived, Parcel, ReceiptFile, Watch, answers
from bevara.archive.receivers.laying import lay
from bevara.archive.receivers.pace import Pace
from bevara.archive.receivers.requests import Requests
from bevara.archive.receivers.settings import Settings
from bevara.archive.receivers.ssh import connected, words
from bevara.diary.channels import Passing, Permanent, inbox
from bevara.diary.channels.inbox import Odd
from bevara.web.translations import N_

if TYPE_CHECKING:
    from paramiko import SFTPClient

NOT_PLAIN = N_("På arkivets server ligger en länk eller något annat än en fil under paketets namn.")


class SftpReceiver:
    """A directory on the archive's server."""

    def __init__(self, how: Settings) -> None:
        self._how = how

    def try_out(self) -> None:
        """Log in, and write and remove an empty file."""
        with self._opened() as files:
            trial = ".bevara-prov"
            files.remove(trial)
            with files.write(trial, 0):
                pass
            files.remove(trial)

    def put(self, parcel: Parcel, watch: Watch) -> Arrived:
        """Lay the parcel in the directory."""
        with self._opened() as files:
            already = lay(files, parcel, Pace(watch))
            return Arrived(f"sftp://{self._how.host}/{files.path(parcel.name)}", None, already)

    def receipts(self) -> Iterator[ReceiptFile]:
        """Give the receipts that lie in the directory, when the connection is closed again.

        Some servers let a user in once at a time, and whoever reads a receipt settles it.
        """
        with self._opened() as files:
            found = list(answers.read([name for name, _ in files.changed()], files.contents))
        yield from found

    def settle(self, name: str, accepted: bool) -> None:
        """Move a receipt into the directory beside."""
        with self._opened() as files, suppress(FileNotFoundError):
            files.move(answers.checked(name), inbox.TAKEN if accepted else inbox.REFUSED)

    @contextmanager
    def _opened(self) -> Iterator[_Files]:
        """Give the directory; an error of it, or of the way there, is `Passing` or `Permanent`."""
        with connected(self._how) as client:
            try:
                yield _Files(client, self._how.directory)
            except (OSError, EOFError) as error:
                raise Passing(words(error)) from error


class _Files:
    """The directory as a `Shelf`."""

    def __init__(self, client: SFTPClient, directory: str) -> None:
        self._client, self._directory = client, directory.rstrip("/")

    def path(self, name: str) -> str:
        """Return where a file lies."""
        return f"{self._directory}/{name}" if self._directory else name

    def size(self, name: str) -> int | None:
        try:
            seen = self._client.lstat(self.path(name))
        except FileNotFoundError:
            return None
        if not stat.S_ISREG(seen.st_mode or 0):
            raise Permanent(NOT_PLAIN)
        return int(seen.st_size or 0)

    def read(self, name: str, chunk: int) -> Iterator[bytes]:
        with self._client.open(self.path(name), "rb") as file:
            size, asked = int(file.stat().st_size or 0), Requests(self._client)
            for start in range(0, size, chunk):
                data = b"".join(asked.read(file.handle, start, min(chunk, size - start)))
                yield data

    @contextmanager
    def write(self, name: str, at: int) -> Iterator[Callable[[bytes], None]]:
        asked, place = Requests(self._client), at
        with self._client.open(self.path(name), "r+b" if at else "wxb") as file:
            def write(data: bytes) -> None:
                nonlocal place
                asked.write(file.handle, place, data)
                place += len(data)

            yield write
            asked.finish()
            with suppress(OSError):
                self._extended("fsync@openssh.com", file.handle)

    def publish(self, aside: str, name: str) -> bool:
        """Link the file to its name, or rename it where the server has no links."""
        before, after = self.path(aside), self.path(name)
        with suppress(OSError):
            self._extended("hardlink@openssh.com", before.encode(), after.encode())
            return True
        # Renaming is not to overwrite (draft-ietf-secsh-filexfer-02, 6.5), but some servers do.
        if self.size(name) is not None:
            return False
        try:
            self._client.rename(before, after)
        except OSError:
            if self.size(name) is not None:
                return False
            self._client.posix_rename(before, after)
        return True

    def remove(self, name: str) -> None:
        with suppress(FileNotFoundError):
            self._client.remove(self.path(name))

    def changed(self) -> Iterator[tuple[str, float]]:
        for one in self._client.listdir_attr(self._directory or "."):
            yield one.filename, float(one.st_mtime or 0)

    def contents(self, name: str) -> bytes:
        """Return a plain file's bytes; raise `Odd` for anything else."""
        seen = self._client.lstat(self.path(name))
        if not stat.S_ISREG(seen.st_mode or 0):
            raise Odd(inbox.LINKED)
        if (seen.st_size or 0) > inbox.LARGEST:
            raise Odd(inbox.OVERSIZED)
        with self._client.open(self.path(name), "rb") as file:
            data: bytes = file.read(inbox.LARGEST + 1)
        if len(data) > inbox.LARGEST:
            raise Odd(inbox.OVERSIZED)
        return data

    def move(self, name: str, to: str) -> None:
        """Move a file into a directory beside, which is made when it is missing."""
        try:
            seen = self._client.lstat(self.path(to))
        except FileNotFoundError:
            self._client.mkdir(self.path(to))
        else:
            if not stat.S_ISDIR(seen.st_mode or 0):
                raise NotADirectoryError(to)
        self._client.rename(self.path(name), self.path(f"{to}/{answers.settled_name(name)}"))

    def _extended(self, name: str, *arguments: bytes) -> None:
        """Ask what only some servers can; raise `OSError` when it does not go."""
        from paramiko.sftp import CMD_EXTENDED

        self._client._request(CMD_EXTENDED, name, *arguments)
