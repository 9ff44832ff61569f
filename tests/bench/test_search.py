"""Words among a million comments: the index against reading them all, and what a receipt pays for it."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from itertools import cycle

import pytest

from bevara.kernel.keys import Keys
from bevara.kernel.store import Store
from bevara.kernel.tables import records
from bevara.records import list_records, word_index
from bevara.records.list_records import Filters
from tests.bench import wire
from tests.bench.figures import Figures, alternate, milliseconds
from tests.bench.test_ack import Ours
from tests.bench.test_million import COUNT, add, placeholders

ROUNDS = 60
WORDS = ("plogning", "simhall", "skolskjuts", "sophämtning", "detaljplan", "fritidsgård", "bredband",
         "hårt", "halka", "återvinning", "äldreboende", "förskola", "belysning", "cykelväg")
ASKED = ("xylofonverkstad", "hår", "simhallsbygge", "skolskjuts vinter 77", "finns inte alls")
"""Rare, common, part of a compound, several, and none: what people look for."""
WITHOUT = ("from bevara.records.indexing import Indexing; from bevara.cli import main; "
           "Indexing.start = Indexing.stop = lambda self: None; main(['serve'])")


class Unindexed(wire.Paired):
    """One that keeps no index."""

    def begin(self) -> None:
        self._process = subprocess.Popen([sys.executable, "-c", WITHOUT], env=self.environment(),
                                         stdout=self._said, stderr=self._said)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store whose list alone has so many comments, and their index."""
    folder = tmp_path_factory.mktemp("search")
    Store(folder / "register", Keys(folder)).close()
    with closing(sqlite3.connect(folder / "register/bevara.sqlite", isolation_level=None)) as raw:
        raw.execute("BEGIN")
        add(raw, records.name, placeholders(records), (spoken(n) for n in range(COUNT)))
        raw.execute("DELETE FROM unindexed")
        raw.execute("COMMIT")
    found = Store(folder / "register", Keys(folder))
    began = time.monotonic()
    while word_index.catch_up(found):
        pass
    size = (found.folder / word_index.FILE).stat().st_size
    print(f"\n{COUNT} comments read in {time.monotonic() - began:.0f} s, {size / 1e6:.0f} MB")
    yield found
    found.close()


def spoken(number: int) -> tuple[object, ...]:
    """Return a row of the list whose text is a Swedish sentence or two."""
    one, two = WORDS[number % len(WORDS)], WORDS[number * 7 % 13]
    text = f"När blir det bättre {one} och {two} i vinter? Nummer {number} i kön, sa de."
    text += " Vi väntar på simhallsbygget." if number % 9973 == 0 else ""
    text += " Xylofonverkstaden är stängd." if number == COUNT // 2 else ""
    values = {"id": str(number), "platform": "facebook", "author_name": "Tobias Rehn", "text": text,
              "mode": "delete", "created_at": f"2026-01-01T00:00:00.{number:07}Z",
              "action": "delete", "complete": 1, "possible_secrecy": 0,
              "search_text": text.casefold()}
    return tuple(values.get(column.name) for column in records.c)


@pytest.mark.usefixtures("calm")
def test_newest_fifty(figures: Figures, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    proposed, ours, theirs = word_index.proposed, cycle(ASKED), cycle(ASKED)

    def scanned(word: str) -> list[str]:
        monkeypatch.setattr(word_index, "proposed", lambda *_: None)
        found = ids(store, word)
        monkeypatch.setattr(word_index, "proposed", proposed)
        return found

    assert all(ids(store, word) == scanned(word) for word in ASKED)
    times = alternate(lambda: ids(store, next(ours)), lambda: scanned(next(theirs)), ROUNDS)
    print("\nindex", milliseconds(times.a), "\nscan", milliseconds(times.b))
    figures.put(f"newest 50 that hold words among {COUNT:,} comments vs a LIKE scan, p95",
                times.ratio(95), "<= 0.10", ROUNDS)


@pytest.mark.usefixtures("calm")
def test_depth(figures: Figures, store: Store) -> None:
    number = COUNT // 100
    deep = f"2026-01-01T00:00:00.{number:07}Z_{number}"
    times = alternate(lambda: ids(store, "vinter", deep), lambda: ids(store, "vinter"), ROUNDS)
    print("\ndeep", milliseconds(times.a), "\nfirst", milliseconds(times.b))
    figures.put(f"search page at depth {COUNT - number:,} vs the first, p50", times.ratio(50),
                "<= 1.3", ROUNDS)


@pytest.mark.usefixtures("calm")
def test_the_receipt(figures: Figures) -> None:
    with wire.Paired() as with_index, Unindexed() as without:
        devices = wire.Wire(with_index), wire.Wire(without)
        a, b = Ours(devices[0]), Ours(devices[1])
        times = alternate(lambda: a.ready(wire.parcel()), lambda: b.ready(wire.parcel()), 300)
        for device in devices:
            device.close()
    print("\nwith an index", milliseconds(times.a), "\nwithout", milliseconds(times.b))
    figures.put("receipt with the index of words vs without, p50", times.ratio(50), "<= 1.05", 300)


def ids(store: Store, words: str, after: str = "") -> list[str]:
    """Return the page's ids."""
    page = list_records.page(store, "alla", Filters(words=words), after=after)
    return [str(row.id) for row in page.rows]
