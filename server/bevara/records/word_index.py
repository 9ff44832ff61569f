"""An index of the comments' words, in a file of its own beside the store.

It is derived: it can be thrown away at any time and is made anew. It only proposes. What it names
is looked at again in the list itself, so that it never shows what has been closed or erased, and
what it has not read yet (`unindexed`) is looked through beside it. It is written after the receipt,
by `indexing`. A store over PostgreSQL needs these functions over an index of its own, and no more.

The words are kept by three letters (FTS5's trigram), folded as the list folds them: parts of
compound words are found, and *hår* is not *har*.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path

from sqlalchemy import delete, select, tuple_

from bevara.kernel import scrubbing
from bevara.kernel.store import Store
from bevara.kernel.tables import records, unindexed
from bevara.kernel.text import foldable

FILE = scrubbing.WORDS
LEAST = 3
"""Letters of the shortest word that the index knows."""
MOST = 24
"""Trigrams that are asked for; what a longer question adds is left to the list."""
BATCH, FIRST, LARGEST = 2000, 64, 1024
"""Comments read into it at once, and proposed at first and at most."""
TABLES = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS said USING fts5(words, detail=none, tokenize='trigram')",
    "CREATE TABLE IF NOT EXISTS known (n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE)",
    "CREATE TABLE IF NOT EXISTS filled (at TEXT, id TEXT, whole INTEGER NOT NULL)",
    "INSERT INTO filled SELECT '~', '', 0 WHERE NOT EXISTS (SELECT 1 FROM filled)",
)
"""`n` grows with age: the newest lie first, where FTS5 begins soonest (a million comments, a page
after 990,000: 1.5 ms against 12 ms from the other end). `filled` is the oldest read so far."""
ASKED = "SELECT known.id FROM said CROSS JOIN known ON known.n = said.rowid WHERE said MATCH ? "
NEWEST_FIRST = ASKED + "AND said.rowid > ? ORDER BY said.rowid"
OLDEST_FIRST = ASKED + "AND said.rowid < ? ORDER BY said.rowid DESC"
BEYOND = 1 << 62
"""A place beyond every comment."""
Texts = Iterable[tuple[str, str | None]]


def catch_up(store: Store) -> bool:
    """Read some of what has come, changed or gone since; return whether there was any."""
    with _writing(store) as index:
        at, id_, whole = index.execute("SELECT at, id, whole FROM filled").fetchone()
        if not whole:
            _fill(store, index, (at, id_))
            return True
        last = _follow(store, index)
    if last is not None:
        struck = delete(unindexed).where(unindexed.c.n <= last)
        store.write(lambda tx: tx.execute(struck).rowcount)
    return last is not None


def proposed(
    store: Store, words: list[str], after: str | None, ascending: bool
) -> Iterator[list[str]] | None:
    """Return the ids of comments that may hold all of `words`, some at a time, newest first or
    oldest first, from the one that follows the id `after`.

    None when the index cannot tell: it is not made yet, it does not know that id, or every word
    is too short for it. A file that is damaged raises `sqlite3.DatabaseError`.
    """
    asked = _question(words)
    path = store.folder / FILE
    if not asked or not path.exists():
        return None
    with _reading(path) as index:
        made = "SELECT 1 FROM sqlite_master WHERE name = 'filled'"
        if not index.execute(made).fetchone():
            return None
        [whole] = index.execute("SELECT whole FROM filled").fetchone()
        known = index.execute("SELECT n FROM known WHERE id = ?", (after,)).fetchone()
    if not whole or (after is not None and known is None):
        return None
    n = known[0] if known else BEYOND if ascending else -BEYOND
    return _proposed(path, OLDEST_FIRST if ascending else NEWEST_FIRST, (asked, n))


def _proposed(path: Path, query: str, values: tuple[str, int]) -> Iterator[list[str]]:
    with _reading(path) as index:
        rows = index.execute(query, values)
        size = FIRST
        while some := rows.fetchmany(size):
            yield [row[0] for row in some]
            size = min(size * 4, LARGEST)


def _question(words: list[str]) -> str:
    """Return the trigrams of the words that are long enough, as FTS5 asks for all of them."""
    folded = [foldable(word) for word in words]
    parts = dict.fromkeys(
        word[at:at + LEAST] for word in folded for at in range(len(word) - LEAST + 1))
    return " AND ".join('"' + one.replace('"', '""') + '"' for one in list(parts)[:MOST])


def _fill(store: Store, index: sqlite3.Connection, after: tuple[str, str]) -> None:
    """Read the next of the list's comments, from the newest on."""
    key = (records.c.created_at, records.c.id)
    query = (select(*key, records.c.search_text).where(tuple_(*key) < after)
             .order_by(*(column.desc() for column in key)).limit(BATCH))
    with store.read() as connection:
        rows = connection.execute(query).all()
    [oldest] = index.execute("SELECT coalesce(max(n), 0) FROM known").fetchone()
    _put(index, ((row.id, row.search_text) for row in rows), count(oldest + 1))
    last = (rows[-1].created_at, rows[-1].id) if rows else after
    index.execute("UPDATE filled SET at = ?, id = ?, whole = ?", (*last, len(rows) < BATCH))


def _follow(store: Store, index: sqlite3.Connection) -> int | None:
    """Read anew what is noted as unread; return the last note, which can be struck when the index
    has it. What changes meanwhile is noted again.

    The list is read while the index is held, so that an erasure, which empties the index last,
    never meets words that were read before it.
    """
    with store.read() as connection:
        noted = connection.execute(
            select(unindexed).order_by(unindexed.c.n).limit(BATCH)).all()
        ids = list(dict.fromkeys(row.id for row in noted))
        said = dict(connection.execute(
            select(records.c.id, records.c.search_text).where(records.c.id.in_(ids))).all())
    if not noted:
        return None
    [newest] = index.execute("SELECT coalesce(min(n), 1) FROM known").fetchone()
    _put(index, ((id_, said.get(id_)) for id_ in ids), count(newest - 1, -1))
    return int(noted[-1].n)


def _put(index: sqlite3.Connection, texts: Texts, places: Iterator[int]) -> None:
    """Let each comment be known by its words alone, at its place or at the next that is free."""
    for (id_, text), place in zip(texts, places, strict=False):
        index.execute("INSERT OR IGNORE INTO known VALUES (?, ?)", (place, id_))
        [n] = index.execute("SELECT n FROM known WHERE id = ?", (id_,)).fetchone()
        index.execute("DELETE FROM said WHERE rowid = ?", (n,))
        if text:
            index.execute("INSERT INTO said (rowid, words) VALUES (?, ?)",
                          (n, text.replace("\0", " ")))


@contextmanager
def _writing(store: Store) -> Iterator[sqlite3.Connection]:
    """Give the index in one transaction.

    It is durable before a note is struck: a power cut must not leave words unread and unnoted.
    """
    with closing(sqlite3.connect(store.folder / FILE, timeout=30, isolation_level=None)) as index:
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON"):
            index.execute(f"PRAGMA {pragma}")
        index.execute("BEGIN IMMEDIATE")
        for statement in TABLES:
            index.execute(statement)
        yield index
        index.execute("COMMIT")


@contextmanager
def _reading(path: Path) -> Iterator[sqlite3.Connection]:
    address = f"{path.resolve().as_uri()}?mode=ro"
    with closing(sqlite3.connect(address, uri=True, timeout=30)) as index:
        yield index
