"""What the system tells about the disk under a folder: encrypted, in the network, synced.

Every answer may be None: the system does not tell, and nobody guesses. Only the Linux answers
have been tried on real machines.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

NETWORK = ("nfs", "nfs4", "cifs", "smb3", "smbfs", "afpfs", "webdav", "davfs", "fuse.davfs",
           "fuse.sshfs", "9p", "afs", "ceph", "fuse.glusterfs", "fuse.rclone")
SYNCED = ("onedrive", "dropbox", "google drive", "googledrive", "nextcloud", "owncloud",
          "icloud", "mobile documents", "com~apple~clouddocs", "box sync")
LOCKED = "(New-Object -ComObject Shell.Application).NameSpace($args[0]).Self" \
    ".ExtendedProperty('System.Volume.BitLockerProtection')"


@dataclass(frozen=True)
class Mount:
    """What lies under a folder on Linux."""

    kind: str
    source: str


def is_encrypted(folder: Path) -> bool | None:
    """Tell whether the disk under `folder` is encrypted, where the system says."""
    if sys.platform == "win32":
        return _bitlocker(folder.absolute().drive)
    if sys.platform == "darwin":
        said = _run("fdesetup", "status")
        return None if said is None else "FileVault is On" in said
    found = mount(folder)
    return None if found is None else _crypt(Path(found.source))


def is_network(folder: Path) -> bool | None:
    """Tell whether `folder` lies on another computer, where the system says."""
    if sys.platform == "win32":
        import ctypes

        drive = folder.absolute().drive
        return drive.startswith("\\\\") or ctypes.windll.kernel32.GetDriveTypeW(f"{drive}\\") == 4
    found = mount(folder)
    return None if found is None else found.kind in NETWORK


def synced_by(folder: Path) -> str | None:
    """Return the part of the path that a sync program looks after, or None."""
    for part in folder.absolute().parts:
        if part.casefold().startswith(SYNCED):
            return part
    return None


def is_same_disk(one: Path, other: Path) -> bool:
    """Tell whether two folders lie on one file system."""
    return os.stat(one).st_dev == os.stat(other).st_dev


def mount(folder: Path, table: Path = Path("/proc/self/mountinfo")) -> Mount | None:
    """Return the Linux mount that holds `folder` (proc(5)), or None."""
    try:
        lines = table.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return None
    path, best, length = folder.resolve(), None, -1
    for line in lines:
        left, _, right = line.partition(" - ")
        point = Path(_unescape(left.split()[4]))
        if path.is_relative_to(point) and len(point.parts) >= length:
            best, length = Mount(*right.split()[:2]), len(point.parts)
    return best


def _unescape(text: str) -> str:
    return re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), text)


def _crypt(device: Path, blocks: Path = Path("/sys/class/block")) -> bool | None:
    """Tell whether a block device is dm-crypt, or rests on nothing but dm-crypt."""
    name = device.resolve().name
    if not device.is_absolute() or not (blocks / name).exists():
        return None
    if _uuid(blocks / name).startswith("CRYPT-"):
        return True
    below = list((blocks / name / "slaves").glob("*"))
    return bool(below) and all(_crypt(Path("/dev") / path.name, blocks) for path in below)


def _uuid(block: Path) -> str:
    try:
        return (block / "dm" / "uuid").read_text()
    except OSError:
        return ""


def _bitlocker(drive: str) -> bool | None:
    """Ask the shell, which tells without an administrator what manage-bde tells only to one."""
    said = _run("powershell", "-NoProfile", "-Command", f"& {{{LOCKED}}} '{drive}'")
    answer = (said or "").strip()
    return {"1": True, "3": True, "5": True, "2": False}.get(answer)


def _run(*command: str) -> str | None:
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=20,
                              check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return None
