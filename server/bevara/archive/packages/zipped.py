"""A ZIP written as it comes: stored, with one time for every file, and no memory of what went.

The standard library keeps an object for each file until the end, 350 MB for 700,000 files; here the
list of files waits on disk. ZIP64 fields stand only where a number needs them (APPNOTE 6.3.10,
4.3.14 and 4.5.3), since older file managers read the others best.
"""

from __future__ import annotations

import hashlib
import lzma
import shutil
import struct
import tempfile
import zipfile
import zlib
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import IO

from bevara.archive.packages.parts import CHUNK, File
from bevara.errors import NotPacked

DAY = 0x21
"""1 January 1980, the first day that a ZIP can say."""
PLAIN, LARGE, UTF8, UNIX = 20, 45, 0x800, 3
MOST32, MOST16 = 0xFFFFFFFF, 0xFFFF
MODE = 0o100644 << 16
SMALL = 1 << 16
"""A piece that is hashed sooner than another thread wakes up."""
UNREADABLE = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError,
              NotImplementedError, RuntimeError, ValueError)
"""What the standard library raises for a ZIP that is changed; a name that is no UTF-8 is a
`ValueError`."""
AHEAD = 4
"""How many files may be written whose hash is not compared yet; as many are in memory."""


@contextmanager
def zip_writer(path: Path) -> Iterator[ZipWriter]:
    """Give a ZIP being written to `path`, which must not exist; it is whole when this ends well."""
    with (path.open("xb", buffering=SMALL) as file,
          tempfile.TemporaryFile(dir=path.parent) as entries,
          ThreadPoolExecutor(1) as digesting):
        writer = ZipWriter(file, entries, digesting)
        yield writer
        writer.finish()


class ZipWriter:
    """What `zip_writer` gives."""

    def __init__(
        self, file: IO[bytes], entries: IO[bytes], digesting: ThreadPoolExecutor
    ) -> None:
        self._file, self._entries, self._digesting = file, entries, digesting
        self._count, self._at = 0, 0
        self._compared: deque[Future[None]] = deque()

    def add(self, name: str, file: File) -> None:
        """Write a file; raise `NotPacked`, here or before the end, when it is not what it says."""
        if file.size >= MOST32:
            raise NotPacked(f"{name} är större än 4 GB.")
        start, named = self._at, name.encode()
        add = self._whole if file.size <= CHUNK else self._pieces
        self._entries.write(_entry(named, add(name, file), file.size, start))
        self._count += 1

    def _whole(self, name: str, file: File) -> int:
        """Write a file that is one piece, after its CRC is known; return that.

        Another thread hashes it while the next are read.
        """
        data = b"".join(islice(file.chunks(), 2))
        if len(data) <= SMALL or len(data) != file.size:
            _compare(name, file, data)
        else:
            self._compared.append(self._digesting.submit(_compare, name, file, data))
            if len(self._compared) > AHEAD:
                self._compared.popleft().result()
        crc = zlib.crc32(data)
        self._write(_head(name.encode(), crc, file.size))
        self._write(data)
        return crc

    def _pieces(self, name: str, file: File) -> int:
        """Write a file piece by piece, and its CRC into what stands before it; return that."""
        start = self._at
        self._write(_head(name.encode(), 0, file.size))
        crc = self._copy(name, file)
        end = self._file.tell()
        self._file.seek(start)
        self._file.write(_head(name.encode(), crc, file.size))
        self._file.seek(end)
        return crc

    def _copy(self, name: str, file: File) -> int:
        """Write the bytes; return their CRC. They are hashed by a thread beside this one."""
        crc, size, digest = 0, 0, hashlib.sha256()
        waiting: Future[None] | None = None
        for chunk in file.chunks():
            if waiting:
                waiting.result()
            waiting = self._digesting.submit(digest.update, chunk)
            crc, size = zlib.crc32(chunk, crc), size + len(chunk)
            self._write(chunk)
        if waiting:
            waiting.result()
        _same(name, file, size, digest.hexdigest())
        return crc

    def _write(self, data: bytes) -> None:
        self._file.write(data)
        self._at += len(data)

    def finish(self) -> None:
        """Write the list of files, with which the ZIP ends, when every file was what it said."""
        for compared in self._compared:
            compared.result()
        start, size = self._at, self._entries.tell()
        self._entries.seek(0)
        shutil.copyfileobj(self._entries, self._file, CHUNK)
        if self._count >= MOST16 or start >= MOST32 or size >= MOST32:
            self._file.write(_large_end(self._count, size, start))
        count = min(self._count, MOST16)
        self._file.write(struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, count, count,
                                     min(size, MOST32), min(start, MOST32), 0))


def _compare(name: str, file: File, data: bytes) -> None:
    _same(name, file, len(data), hashlib.sha256(data).hexdigest())


def _same(name: str, file: File, size: int, digest: str) -> None:
    if size != file.size or digest != file.sha256:
        raise NotPacked(f"{name} är inte som när den sparades.")


def _head(name: bytes, crc: int, size: int) -> bytes:
    return struct.pack("<4s5H3I2H", b"PK\3\4", PLAIN, UTF8, 0, 0, DAY, crc, size, size,
                       len(name), 0) + name


def _entry(name: bytes, crc: int, size: int, start: int) -> bytes:
    far = start >= MOST32
    extra = struct.pack("<HHQ", 1, 8, start) if far else b""
    version = LARGE if far else PLAIN
    return struct.pack("<4s2B5H3I5H2I", b"PK\1\2", version, UNIX, version, UTF8, 0, 0, DAY, crc,
                       size, size, len(name), len(extra), 0, 0, 0, MODE,
                       min(start, MOST32)) + name + extra


def _large_end(count: int, size: int, start: int) -> bytes:
    record = struct.pack("<4sQ2H2I4Q", b"PK\6\6", 44, LARGE, LARGE, 0, 0, count, count, size, start)
    return record + struct.pack("<4sIQI", b"PK\6\7", 0, start + size, 1)
