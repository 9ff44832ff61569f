"""A running Bevara of its own: a fresh data folder, a free port, the real command line."""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import Any, Self

ROOT = Path(__file__).resolve().parents[2]

REGISTER = """
import json, sys
from bevara.accounts import register
from bevara.app import open_rooms
from bevara.config import Config
from bevara.kernel.clock import Clock
rooms = open_rooms(Config.from_env(), Clock())
account = register.add(rooms.real_store, sys.argv[1], "Storköpings kommun")
if sys.argv[2]:
    body = {"identifiers": [{"kind": "page_id", "value": sys.argv[2]}]}
    register.learn_identifiers(rooms.real_store, account, json.dumps(body).encode(), "test")
rooms.close()
"""


class Running:
    """`bevara serve` in a process of its own; a context manager that ends it."""

    def __init__(self, address: str = "", page_id: str | None = None) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="bevara-test-")
        self.data = Path(self._folder.name)
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 -- closed when it ends
        self.port = _free_port()
        self._register(address, page_id)

    def __enter__(self) -> Self:
        self.begin()
        self.wait()
        return self

    def begin(self) -> None:
        """Starts the process without waiting for it."""
        command = [sys.executable, "-m", "bevara", "serve"]
        self._process = subprocess.Popen(
            command, env=self.environment(), stdout=self._said, stderr=self._said
        )

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
        self._said.close()
        self._folder.cleanup()

    def output(self) -> bytes:
        """Everything it has said so far."""
        return os.pread(self._said.fileno(), 10_000_000, 0)

    def stop(self) -> None:
        """Ends the process and waits for it."""
        self._process.terminate()
        self._process.wait(15)

    def pause(self) -> None:
        """Makes it deaf without ending it."""
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Undoes `pause`."""
        self._process.send_signal(signal.SIGCONT)

    def environment(self) -> dict[str, str]:
        """What a command needs to find this Bevara."""
        return {
            **os.environ,
            "PYTHONPATH": str(ROOT / "server"),
            "BEVARA_DATA_DIR": str(self.data),
            "BEVARA_PORT": str(self.port),
        }

    def pairing_code(self) -> str:
        """A fresh code, as `bevara pair` prints it."""
        command = [sys.executable, "-m", "bevara", "pair"]
        printed = subprocess.run(
            command, env=self.environment(), capture_output=True, text=True, check=True
        )
        return next(word for word in printed.stdout.split() if word.count("-") == 2)

    def invitation(self) -> str:
        """A fresh address that signs its reader in, as `bevara open` prints it."""
        printed = subprocess.run(
            [sys.executable, "-m", "bevara", "open"], env=self.environment(), capture_output=True, text=True, check=True
        )
        return printed.stdout.strip()

    def documents(self, kind: str, practice: bool = False) -> list[dict[str, Any]]:
        """Every stored document of one kind, oldest first, read beside the running process."""
        database = self.data / ("practice" if practice else "register") / "bevara.sqlite"
        question = "select body from documents where kind = ? order by ledger_index"
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
            rows = connection.execute(question, (kind,)).fetchall()
        return [json.loads(row[0]) for row in rows]

    def blob_size(self, name: str) -> int:
        """Bytes of a stored picture."""
        database = self.data / "register" / "bevara.sqlite"
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
            return int(connection.execute("select size from blobs where sha256 = ?", (name,)).fetchone()[0])

    def wait_documents(
        self, kind: str, count: int, practice: bool = False, seconds: float = 10
    ) -> list[dict[str, Any]]:
        """Waits until so many documents of a kind are stored."""
        end = time.monotonic() + seconds
        while len(found := self.documents(kind, practice)) < count and time.monotonic() < end:
            time.sleep(0.1)
        return found

    def _register(self, address: str, page_id: str | None) -> None:
        if address:
            command = [sys.executable, "-c", REGISTER, address, page_id or ""]
            subprocess.run(command, env=self.environment(), check=True)

    def wait(self) -> None:
        for _ in range(600):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health", timeout=1)
                return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError("Bevara did not start")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
