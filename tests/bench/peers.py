"""What Bevara is measured against: the bare floor, and Flask without signatures and checks."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import sqlite3
import statistics
import sys
import time
from pathlib import Path

from sqlalchemy import Connection

from bevara.kernel import blobs, documents
from bevara.kernel.ephemeral import Ephemeral
from bevara.kernel.keys import Keys
from bevara.kernel.store import Store


class Floor:
    """The least that is durable: a hash, a file with its fsyncs, a commit in WAL FULL."""

    def __init__(self, folder: Path, caller: int = 0) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder / str(caller)
        self.folder.mkdir()
        self.db = sqlite3.connect(folder / "floor.sqlite", isolation_level=None,
                                  check_same_thread=False, timeout=30)
        for line in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL",
                     "create table if not exists kept(id text primary key, body blob)"):
            self.db.execute(line)

    def keep(self, data: bytes, body: bytes) -> None:
        """Keep `data` as a file and `body` as a row; both are on disk on return."""
        name = hashlib.sha256(data + secrets.token_bytes(8)).hexdigest()
        write_file(self.folder / name, data)
        self.db.execute("insert into kept values (?, ?)", (name, body))

    def close(self) -> None:
        """Let go of the database."""
        self.db.close()


def write_file(path: Path, data: bytes) -> None:
    """Write, fsync, rename, fsync the folder."""
    temporary = path.with_suffix(".new")
    with temporary.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)
    handle = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def fsync_cost(folder: Path, times: int = 20) -> float:
    """Return the seconds that an fsync of 8 KB at a file's end takes here and now, the median."""
    took = []
    with (folder / "fsync").open("wb", buffering=0) as file:
        for _ in range(times):
            file.write(bytes(8192))
            started = time.perf_counter()
            os.fsync(file.fileno())
            took.append(time.perf_counter() - started)
    return statistics.median(took)


def plain_flask(folder: Path, port: int) -> None:
    """Serve the same two PUTs over the same store: nothing is signed, nothing is validated."""
    import waitress
    from flask import Flask, jsonify, request

    from bevara.web.listener import SERVING

    app, waiting = Flask("plain"), Ephemeral()
    store = Store(folder / "register", Keys(folder))

    @app.put("/blobs/<name>")
    def put_blob(name: str) -> object:
        waiting.put(name, request.get_data())
        return jsonify(ok=True)

    @app.put("/captures/<id_>")
    def put_capture(id_: str) -> object:
        body = request.get_data()
        name = json.loads(body)["picture"]["blob"]
        picture = waiting.get(name)

        def job(tx: Connection) -> str:
            blobs.put(tx, store.folder, name, picture or b"")
            return documents.put(tx, "capture", id_, body, "device", store.clock.now()).sha256

        kept = store.write(job, {name: picture or b""})
        waiting.drop(name)
        return jsonify(sha256=kept)

    waitress.serve(app, host="127.0.0.1", port=port, **SERVING)


if __name__ == "__main__":
    plain_flask(Path(sys.argv[1]), int(sys.argv[2]))
