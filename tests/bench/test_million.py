"""A million records: the next receipt, the start, and reading the whole log again."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import time
import urllib.request
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient
from sqlalchemy import Connection, select

from bevara.kernel import ledger, merkle
from bevara.kernel.keys import Keys
from bevara.kernel.store import Store
from bevara.kernel.tables import captures, documents, ledger_entries, ledger_nodes, records
from bevara.records import list_records
from bevara.upkeep import check_ledger
from tests.bench import wire
from tests.bench.figures import Figures, alternate, milliseconds, percentile, seconds
from tests.bench.test_ack import Ours
from tests.client import running

COUNT = int(os.environ.get("BEVARA_BENCH_RECORDS", "1000000"))
ROUNDS = 150
BATCH = 50_000


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with so many records, made without their signatures and pictures."""
    folder = tmp_path_factory.mktemp("million")
    Store(folder / "register", Keys(folder)).close()
    levels: list[list[bytes]] = [[]]
    with closing(sqlite3.connect(folder / "register/bevara.sqlite", isolation_level=None)) as raw:
        raw.execute("PRAGMA journal_mode=OFF")
        raw.execute("PRAGMA synchronous=OFF")
        raw.execute("PRAGMA cache_size=-400000")
        raw.execute("BEGIN")
        for start in range(0, COUNT, BATCH):
            fill(raw, start, min(BATCH, COUNT - start), levels)
        raw.execute("COMMIT")
    return folder


@pytest.mark.usefixtures("calm")
def test_receipts_and_start(figures: Figures, full: Path) -> None:
    with wire.Paired(full) as crowded, wire.Paired() as empty:
        devices = wire.Wire(crowded), wire.Wire(empty)
        a, b = Ours(devices[0]), Ours(devices[1])
        times = alternate(lambda: a.ready(wire.parcel()), lambda: b.ready(wire.parcel()), ROUNDS)
        for device in devices:
            device.close()
    print(f"\n{COUNT} records", milliseconds(times.a), "\nempty", milliseconds(times.b))
    figures.put(f"receipt with {COUNT:,} records vs an empty store, p50", times.ratio(50),
                "<= 1.05", ROUNDS)
    started = [start_to_receipt(full) for _ in range(5)]
    print("start to first receipt", milliseconds(started))
    figures.put(f"seconds from start to first receipt with {COUNT:,} records, p50",
                percentile(started, 50), "<= 2", len(started))


@pytest.mark.usefixtures("calm")
def test_verify(figures: Figures, full: Path) -> None:
    store = Store(full / "register", Keys(full))
    with store.read() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        times = alternate(lambda: check(store, connection), lambda: bare(raw), 5, warm=1)
        size = ledger.size(connection)
    store.close()
    print("\nverify", milliseconds(times.a), "\nhashing", milliseconds(times.b))
    figures.put(f"verify of {size:,} log entries vs hashing leaves and nodes of the stored bytes",
                times.ratio(50), "<= 1.35", 5)


@pytest.mark.usefixtures("calm")
def test_queue(figures: Figures, full: Path) -> None:
    """The queue's page against Flask sending the same bytes, and a page far down against the first.
    """
    with running(full) as bevara:
        desk, store = bevara.desk(), bevara.rooms.real_store
        path = "/kommentarer?flik=alla"
        data = desk.get(path).data
        bare_page = bare_flask(data)
        times = alternate(lambda: desk.get(path).data, lambda: bare_page.get("/").data, ROUNDS)
        deep = f"{path}&efter={place(store, COUNT // 100 * 99)}"
        far = alternate(lambda: desk.get(deep).data, lambda: desk.get(path).data, ROUNDS)
    print("\nqueue page", milliseconds(times.a), "\nbare page", milliseconds(times.b))
    figures.put(f"queue page with {COUNT:,} records vs a bare Flask page of the same bytes, p50",
                times.ratio(50), "<= 2", ROUNDS)
    figures.put(f"queue page at depth {COUNT // 100 * 99:,} vs the first, p50", far.ratio(50),
                "<= 1.3", ROUNDS)


def bare_flask(data: bytes) -> FlaskClient:
    """Return a client of a Flask that sends the same bytes at once."""
    app = Flask("bare")
    app.add_url_rule("/", "page", lambda: Response(data, mimetype="text/html"))
    return app.test_client()


def place(store: Store, depth: int) -> str:
    """Return where the row stands that so many newer ones come before."""
    query = select(records).order_by(records.c.created_at.desc(), records.c.id.desc())
    with store.read() as connection:
        return list_records.place_of(connection.execute(query.offset(depth).limit(1)).one())


def start_to_receipt(folder: Path) -> float:
    """Return the seconds from the command to the first receipt."""
    paired = wire.Paired(folder)
    device, parcel = wire.Wire(paired), wire.parcel()

    def first() -> None:
        with_start(paired)
        wire.send(device.connection, device.ready(parcel))

    try:
        return seconds(first)
    finally:
        device.close()
        paired.__exit__(None, None, None)


def with_start(paired: wire.Paired) -> None:
    """Start, and wait until it answers, looking every 5 ms."""
    paired.begin()
    while True:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{paired.port}/health", timeout=5).close()
            return
        except OSError:
            time.sleep(0.005)


def check(store: Store, connection: Connection) -> None:
    """Read the whole log as `bevara verify` does."""
    assert list(check_ledger.check(store, connection)) == []


def bare(raw: object) -> None:
    """Read the entries and hash them: commitments, leaves and nodes. Nothing stored of the tree is
    read, and nothing compared.
    """
    sha256 = hashlib.sha256
    level = []
    for entry, salt in raw.execute(  # type: ignore[attr-defined]
            "select entry, salt from ledger_entries order by idx"):
        level.append(sha256(b"\0" + sha256(salt + entry.encode()).digest()).digest())
    while len(level) > 1:
        level = [sha256(b"\1" + level[at] + level[at + 1]).digest()
                 for at in range(0, len(level) - 1, 2)]


def fill(raw: sqlite3.Connection, first: int, count: int, levels: list[list[bytes]]) -> None:
    """Add `count` entries, documents and records, as fast as SQLite takes them."""
    numbers, salt = range(first, first + count), os.urandom(32)
    entries = [f'{{"at":"2026-11-24T10:00:00.000Z","device_id":"bench","id":"{n}","kind":"capture",'
               f'"sha256":"{n:064x}"}}' for n in numbers]
    sealed = [ledger.commitment(salt, entry) for entry in entries]
    add(raw, ledger_entries.name, "?,?,?,?", [(n, entry, salt, seal) for n, entry, seal
                                               in zip(numbers, entries, sealed, strict=True)])
    add(raw, ledger_nodes.name, "?,?,?", grown(levels, [merkle.leaf_hash(one) for one in sealed]))
    add(raw, documents.name, "?,?,?,?,?,?,?,?", (
        ("capture", str(n), b"{}" * 200, f"{n:064x}", "bench", "2026", n, None) for n in numbers))
    add(raw, records.name, placeholders(records), (record(n) for n in numbers))
    add(raw, captures.name, "?,?,?,?", ((str(n), str(n), "2026", "2026") for n in numbers))


def grown(levels: list[list[bytes]], leaves: list[bytes]) -> list[tuple[int, int, bytes]]:
    """Return the new nodes (level, pos, hash) after `leaves`; `levels` is kept up to date."""
    made = [(0, len(levels[0]) + at, value) for at, value in enumerate(leaves)]
    levels[0] += leaves
    height = 0
    while len(levels[height]) > 1:
        below, height = levels[height], height + 1
        if height == len(levels):
            levels.append([])
        above = levels[height]
        fresh = [(height, at, merkle.node_hash(below[2 * at], below[2 * at + 1]))
                 for at in range(len(above), len(below) // 2)]
        made += fresh
        above += [value for _, _, value in fresh]
    return made


def placeholders(table: object) -> str:
    """Return a question mark for each column."""
    return ",".join("?" for _ in table.c)  # type: ignore[attr-defined]


def record(number: int) -> tuple[object, ...]:
    """Return a row of the list."""
    values = {"id": str(number), "platform": "facebook", "comment_id": str(number),
              "author_name": "Tobias Rehn", "text": f"Kommentar {number}", "mode": "delete",
              "created_at": f"2026-01-01T00:00:00.{number:07}Z", "action": "delete",
              "complete": 1, "possible_secrecy": 0, "search_text": f"kommentar {number}"}
    return tuple(values.get(column.name) for column in records.c)


def add(
    raw: sqlite3.Connection, table: str, marks: str, rows: Iterable[tuple[object, ...]]
) -> None:
    """Insert many rows."""
    raw.executemany(f"insert into {table} values ({marks})", rows)
