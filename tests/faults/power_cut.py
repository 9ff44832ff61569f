"""What a disk may hold after a power cut: built from the calls that a process really made.

A write is on disk once its file is synced; a name is on disk once its folder is synced. Anything
else may be there or not, write by write (the model of "All File Systems Are Not Created Equal",
2014, without any order between calls).
"""

from __future__ import annotations

import os
import random
import re
from dataclasses import dataclass, field
from pathlib import Path

CALLS = (
    "openat,write,pwrite64,fsync,fdatasync,rename,renameat2,unlink,unlinkat,ftruncate,mkdir,close"
)
_LINE = re.compile(r"^(\d+)\s+(\w+)\((.*)\)\s+= (-?\d+)(.*)$")
_UNFINISHED = re.compile(r"^(\d+)\s+(.*) <unfinished \.\.\.>$")
_RESUMED = re.compile(r"^(\d+)\s+<\.\.\. (\w+) resumed>(.*)$")
_HANDLE = re.compile(r"^(?:AT_FDCWD|\d+)<([^>]*)>")
_STRING = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')


@dataclass
class File:
    """Bytes on disk, and what was written since the last sync."""

    disk: bytearray = field(default_factory=bytearray)
    pending: list[tuple[int, bytes | None]] = field(default_factory=list)

    def sync(self) -> None:
        """Put every pending write on disk."""
        self.disk = self.image(1.0, random.Random(0))
        self.pending = []

    def image(self, share: float, chooser: random.Random) -> bytearray:
        """Return the bytes after a cut in which `share` of the pending writes got through."""
        data = bytearray(self.disk)
        for offset, change in self.pending:
            if share < 1 and chooser.random() >= share:
                continue
            if change is None:
                del data[offset:]
                data.extend(bytes(offset - len(data)))
            else:
                data.extend(bytes(max(0, offset - len(data))))
                data[offset:offset + len(change)] = change
        return data


class Disk:
    """The folder `root` as the calls of one trace have left it."""

    def __init__(self, root: Path) -> None:
        self.root = str(root)
        self.names: dict[str, File] = {}
        self.durable: dict[str, File] = {}
        self.folders: set[str] = set()
        self._ends: dict[tuple[str, str], int] = {}
        self.acknowledged: set[int] = set()

    def inside(self, path: str) -> bool:
        """Tell whether the path matters; shared memory is made anew at each start."""
        return path.startswith(self.root + "/") and not path.endswith("-shm")

    def apply(self, call: str, text: str) -> None:
        """Do what one call of the trace did."""
        handle = _HANDLE.match(text)
        path = _plain(handle[1]) if handle else ""
        strings = [_bytes(one) for one in _STRING.findall(text)]
        if call == "write" and strings and strings[0].startswith(b"ack "):
            self.acknowledged.add(int(strings[0].split()[1]))
        elif call in ("write", "pwrite64") and self.inside(path):
            self._write(call, path, strings[0], text)
        elif call in ("fsync", "fdatasync") and path.startswith(self.root):
            self._sync(path)
        elif call == "openat" and strings:
            self._open(strings[0].decode(), text)
        elif call == "ftruncate" and self.inside(path):
            self._file(path).pending.append((int(text.rsplit(", ", 1)[1]), None))
        elif call.startswith("rename"):
            self._rename(strings[0].decode(), strings[1].decode())
        elif call.startswith("unlink"):
            self.names.pop(strings[0].decode(), None)
        elif call == "mkdir":
            self.folders.add(strings[0].decode())

    def write_to(self, folder: Path, share: float, chooser: random.Random) -> None:
        """Write what the disk may hold after a cut; `share` of what was not synced got through."""
        names = dict(self.durable)
        for path in set(self.names) | set(self.durable):
            if self.names.get(path) is self.durable.get(path) or chooser.random() >= share:
                continue
            names.pop(path, None)
            if path in self.names:
                names[path] = self.names[path]
        for known in [self.root, *self.folders]:
            (folder / os.path.relpath(known, self.root)).mkdir(parents=True, exist_ok=True)
        for path, file in names.items():
            target = folder / os.path.relpath(path, self.root)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(file.image(share, chooser))

    def _file(self, path: str) -> File:
        return self.names.setdefault(path, File())

    def _open(self, path: str, text: str) -> None:
        if not self.inside(path):
            return
        if "O_CREAT" in text:
            self._file(path)
        if "O_TRUNC" in text or "O_EXCL" in text:
            self._ends[path, ""] = 0

    def _write(self, call: str, path: str, data: bytes, text: str) -> None:
        if call == "pwrite64":
            offset = int(text.rsplit(", ", 1)[1])
        else:
            offset = self._ends.get((path, ""), 0)
            self._ends[path, ""] = offset + len(data)
        self._file(path).pending.append((offset, data))

    def _sync(self, path: str) -> None:
        if path in self.names:
            self.names[path].sync()
            return
        inside = [one for one in set(self.names) | set(self.durable) if os.path.dirname(one) == path]
        for one in inside:
            if one in self.names:
                self.durable[one] = self.names[one]
            else:
                del self.durable[one]

    def _rename(self, old: str, new: str) -> None:
        if old in self.names:
            self.names[new] = self.names.pop(old)


def _bytes(escaped: str) -> bytes:
    return bytes.fromhex(escaped.replace("\\x", ""))


def _plain(path: str) -> str:
    return _bytes(path).decode() if path.startswith("\\x") else path


def steps(log: Path) -> list[tuple[str, str]]:
    """Return the successful calls of a trace in the order in which they ended."""
    found, waiting = [], {}
    for line in log.read_text(errors="replace").splitlines():
        unfinished, resumed = _UNFINISHED.match(line), _RESUMED.match(line)
        if unfinished:
            waiting[unfinished[1]] = unfinished[2]
            continue
        if resumed:
            line = f"{resumed[1]} {waiting.pop(resumed[1], '')}{resumed[3]}"
        whole = _LINE.match(line)
        if whole and int(whole[4]) >= 0:
            found.append((whole[2], whole[3]))
    return found
