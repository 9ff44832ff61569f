"""OpenSSH's own server, run by whoever runs the tests, for one folder."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

PROGRAM = shutil.which("sshd") or shutil.which("sshd", path="/usr/sbin")
RUN = Path("/run/sshd")
"""Root's sshd separates its privileges there, and does not begin without it."""


@dataclass(frozen=True)
class Sshd:
    """A running server: who may log in, with which key, and the server's own keys by their type."""

    port: int
    user: str
    key_file: Path
    host_keys: dict[str, str]
    home: Path


@contextmanager
def running(home: Path, without: str = "") -> Iterator[Sshd]:
    """Run a server until the end; skip, with the reason, where there is none to run.

    `without` are the requests that it refuses, as `sftp-server -P` takes them.
    """
    if PROGRAM is None:
        pytest.skip("openssh-server is not installed")
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o700)
    with suppress(OSError):
        RUN.mkdir(mode=0o755, exist_ok=True)
    if os.getuid() == 0 and not RUN.is_dir():
        pytest.skip("/run/sshd is missing")
    user, port = pwd.getpwuid(os.getuid()).pw_name, free_port()
    for name, kind in (("host-ed25519", "ed25519"), ("host-rsa", "rsa"), ("client", "ed25519")):
        subprocess.run(["ssh-keygen", "-q", "-t", kind, "-N", "", "-f", home / name], check=True)
    shutil.copy(home / "client.pub", home / "keys")
    (home / "config").write_text(f"""
Port {port}
ListenAddress 127.0.0.1
HostKey {home}/host-ed25519
HostKey {home}/host-rsa
PidFile {home}/pid
AuthorizedKeysFile {home}/keys
StrictModes no
UsePAM no
PasswordAuthentication no
PermitRootLogin prohibit-password
AllowUsers {user}
MaxStartups 200
Subsystem sftp internal-sftp
ForceCommand internal-sftp {f'-P {without}' if without else ''}
""")
    with (home / "log").open("wb") as log:
        server = subprocess.Popen([PROGRAM, "-D", "-e", "-f", home / "config"], stderr=log)
    try:
        answers(port, server, home / "log")
        keys = {kind: (home / f"host-{kind}.pub").read_text() for kind in ("ed25519", "rsa")}
        yield Sshd(port, user, home / "client", keys, home)
    finally:
        server.terminate()
        server.wait(10)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def answers(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until somebody listens; skip when the server could not begin."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        if server.poll() is not None:
            pytest.skip(f"sshd does not run here: {log.read_text(errors='replace')[-300:]}")
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.02)
    raise AssertionError(log.read_text(errors="replace"))
