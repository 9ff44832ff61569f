"""Ceph's own S3 server with Object Lock: one monitor, one disk in memory, and the gateway.

Runs as plain processes of whoever runs the tests, in one folder, on free ports of this computer.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.sshd import free_port

PROGRAMS = ("ceph", "ceph-mon", "ceph-osd", "radosgw", "radosgw-admin", "monmaptool")
ACCESS, SECRET = "bevaras-nyckel", "hemlig-i-prov"
CONFIG = """
[global]
fsid = {fsid}
mon host = v2:127.0.0.1:{mon}
mon initial members = a
auth cluster required = none
auth service required = none
auth client required = none
ms mon client mode = crc
public addr = 127.0.0.1
cluster addr = 127.0.0.1
osd objectstore = memstore
memstore device bytes = 1073741824
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pgp num = 1
osd crush chooseleaf type = 0
mon allow pool size one = true
osd pool default pg autoscale mode = off
mon max pg per osd = 1000
mon data avail crit = 1
run dir = {home}
log file = {home}/$name.log
admin socket = {home}/$name.asok
pid file = {home}/$name.pid
mon data = {home}/mon
osd data = {home}/osd
[client.rgw]
rgw frontends = beast endpoint=127.0.0.1:{port}
rgw crypt require ssl = false
"""


@dataclass(frozen=True)
class Gateway:
    """A running S3 server and a user's key pair."""

    endpoint: str
    access: str
    secret: str


@contextmanager
def running(home: Path) -> Iterator[Gateway]:
    """Run the server until the end; skip, with the reason, where there is none to run."""
    missing = [name for name in PROGRAMS if shutil.which(name) is None]
    if missing:
        pytest.skip(f"Ceph is not installed: {' '.join(missing)}")
    (home / "mon").mkdir(parents=True)
    (home / "osd").mkdir()
    fsid, osd, mon, port = str(uuid.uuid4()), str(uuid.uuid4()), free_port(), free_port()
    (home / "ceph.conf").write_text(CONFIG.format(fsid=fsid, home=home, mon=mon, port=port))
    with ExitStack() as stack:
        def called(*command: str) -> None:
            done = subprocess.run([*command, "-c", home / "ceph.conf"], cwd=home, text=True,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120)
            assert done.returncode == 0, done.stdout

        def begun(*command: str) -> None:
            log = stack.enter_context((home / f"{command[0]}.out").open("wb"))
            process = subprocess.Popen([*command, "-f", "-c", home / "ceph.conf"], cwd=home,
                                       stdout=log, stderr=log)
            stack.callback(process.wait)
            stack.callback(process.kill)

        subprocess.run(["monmaptool", "--create", "--addv", "a", f"v2:127.0.0.1:{mon}", "--fsid",
                        fsid, home / "monmap"], check=True, capture_output=True)
        called("ceph-mon", "--mkfs", "-i", "a", "--monmap", str(home / "monmap"))
        begun("ceph-mon", "-i", "a")
        called("ceph", "osd", "new", osd)
        called("ceph-osd", "-i", "0", "--mkfs", "--osd-uuid", osd)
        begun("ceph-osd", "-i", "0")
        begun("radosgw", "-n", "client.rgw")
        called("radosgw-admin", "-n", "client.rgw", "user", "create", "--uid=bevara",
               "--display-name=Bevara", f"--access-key={ACCESS}", f"--secret-key={SECRET}")
        _answers(port, home / "radosgw.out")
        yield Gateway(f"http://127.0.0.1:{port}", ACCESS, SECRET)


def _answers(port: int, log: Path) -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise AssertionError(log.read_text(errors="replace"))
