"""Words are found by the index, by the list, and by both half-way, with one answer."""

from __future__ import annotations

import random
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bevara.kernel import scrubbing
from bevara.records import list_records, withhold, word_index
from bevara.records.indexing import Indexing
from bevara.records.list_records import Filters
from tests.client import Bevara, Device
from tests.factories import capture

WORDS = ("hår", "har", "simhallsbygget", "bygg", "Ångström", "e\u0301te", "éte", "100 %", 'han sa "nej"', "😡😡😡", "å\0ä")


def say(browser: Device, text: str) -> str:
    return str(browser.save(capture(text)).get_json()["record_id"])


def read_all(bevara: Bevara) -> None:
    while word_index.catch_up(bevara.rooms.real_store):
        pass


def found(bevara: Bevara, words: str, tab: str = "alla") -> list[str]:
    """Return the ids on every page of a search, forwards, having checked them backwards."""
    store, filters = bevara.rooms.real_store, Filters(words=words)
    page = list_records.page(store, tab, filters)
    pages = [[row.id for row in page.rows]]
    while page.after:
        page = list_records.page(store, tab, filters, after=page.after)
        pages.append([row.id for row in page.rows])
    for before in reversed(pages[:-1]):
        page = list_records.page(store, tab, filters, before=page.before or "")
        assert [row.id for row in page.rows] == before
    return [id_ for page in pages for id_ in page]


def index_of(bevara: Bevara) -> Path:
    return Path(bevara.rooms.real_store.folder / word_index.FILE)


def asked(bevara: Bevara, words: str) -> bool:
    """Tell whether the index answers."""
    return word_index.proposed(bevara.rooms.real_store, words.split(), None, False) is not None


def test_letters_are_not_exchanged_and_parts_of_words_are_found(bevara: Bevara, browser: Device) -> None:
    ids = {word: say(browser, f"Något om {word} i dag") for word in WORDS}
    read_all(bevara)
    assert asked(bevara, "hår") and not asked(bevara, "hå")
    assert found(bevara, "hår") == [ids["hår"]] and found(bevara, "har") == [ids["har"]]
    assert found(bevara, "BYGG") == [ids["bygg"], ids["simhallsbygget"]]
    assert found(bevara, "hallsbyg") == [ids["simhallsbygget"]]
    assert found(bevara, "ångström") == [ids["Ångström"]]
    assert found(bevara, "éte") == found(bevara, "e\u0301te") == [ids["éte"], ids["e\u0301te"]]
    assert found(bevara, "ete") == []
    assert found(bevara, 'sa "nej"') == [ids['han sa "nej"']]
    assert found(bevara, "😡😡😡") == [ids["😡😡😡"]]
    assert found(bevara, "dag % om") == [ids["100 %"]]
    assert found(bevara, "bygg saknas") == [] and found(bevara, "x" * 5000) == []


def test_what_is_unread_is_found_beside_it_and_in_order(bevara: Bevara, browser: Device) -> None:
    ids = [say(browser, f"Kommentar om plogning {number}") for number in range(60)]
    read_all(bevara)
    ids += [say(browser, f"Kommentar om plogning {number}") for number in range(60, 125)]
    assert asked(bevara, "plogning")
    assert found(bevara, "plogning") == ids[::-1]
    assert found(bevara, "plogning", "saknar-skal") == ids
    read_all(bevara)
    assert found(bevara, "plogning") == ids[::-1]
    assert found(bevara, "plogning", "saknar-skal") == ids


def test_a_page_that_was_unread_leads_on_when_it_has_been_read(bevara: Bevara, browser: Device) -> None:
    say(browser, "plogning")
    read_all(bevara)
    ids = [say(browser, "plogning") for _ in range(60)]
    store, filters = bevara.rooms.real_store, Filters(words="plogning")
    first = list_records.page(store, "alla", filters)
    read_all(bevara)
    second = list_records.page(store, "alla", filters, after=first.after or "")
    assert [row.id for row in first.rows + second.rows][:60] == ids[::-1]


def test_what_is_closed_or_withheld_is_not_found_from_that_moment(bevara: Bevara, browser: Device) -> None:
    closed, withheld = say(browser, "hemlighet ett"), say(browser, "hemlighet två")
    read_all(bevara)
    store = bevara.rooms.real_store
    assert found(bevara, "hemlighet") == [withheld, closed]
    withhold.from_desk(store, withheld, "Anna Berg", "Sparad av misstag")
    browser.save(capture("hemlighet ett", possible_secrecy=True))
    assert withheld not in found(bevara, "hemlighet")
    read_all(bevara)
    assert withheld not in found(bevara, "hemlighet")
    with sqlite3.connect(index_of(bevara)) as index:
        kept = index.execute("SELECT count(*) FROM said WHERE said MATCH '\"två\"'").fetchone()
    index.close()
    assert kept == (0,)


def test_an_erasure_leaves_no_word_in_the_file_and_it_is_made_anew(bevara: Bevara, browser: Device) -> None:
    say(browser, "planteratord bredvid")
    say(browser, "annat")
    read_all(bevara)
    assert b"planteratord" in index_of(bevara).read_bytes()
    bevara.rooms.real_store.scrub()
    for file in index_of(bevara).parent.glob(f"{word_index.FILE}*"):
        assert not any(part in file.read_bytes() for part in (b"planteratord", b"annat", b"lan"))
    assert not asked(bevara, "annat") and len(found(bevara, "annat")) == 1
    read_all(bevara)
    assert asked(bevara, "annat") and len(found(bevara, "planteratord")) == 1


def test_an_erasure_waits_for_words_that_are_being_read(
    bevara: Bevara, browser: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(browser, "annat")
    read_all(bevara)
    id_, store, put = say(browser, "planteratord"), bevara.rooms.real_store, word_index._put
    erasing = threading.Thread(target=store.scrub)

    def slowly(index: sqlite3.Connection, texts: word_index.Texts, places: Iterator[int]) -> None:
        withhold.from_desk(store, id_, "Anna Berg", "Sparad av misstag")
        erasing.start()
        erasing.join(0.3)
        put(index, texts, places)

    monkeypatch.setattr(word_index, "_put", slowly)
    assert word_index.catch_up(store)
    erasing.join()
    for file in index_of(bevara).parent.glob(f"{word_index.FILE}*"):
        assert b"planteratord" not in file.read_bytes()


@pytest.mark.parametrize("damage", [b"", b"no database at all" * 400, None])
def test_a_damaged_file_costs_no_answer_and_is_made_anew(
    bevara: Bevara, browser: Device, damage: bytes | None
) -> None:
    id_ = say(browser, "plogning")
    read_all(bevara)
    if damage is None:
        index_of(bevara).unlink()
    else:
        index_of(bevara).write_bytes(damage)
    assert found(bevara, "plogning") == [id_]
    thread = Indexing(bevara.rooms.real_store)
    thread.start()
    end = time.monotonic() + 15
    while not usable(bevara) and time.monotonic() < end:
        time.sleep(0.05)
    thread.stop()
    assert usable(bevara) and found(bevara, "plogning") == [id_]


def usable(bevara: Bevara) -> bool:
    try:
        return asked(bevara, "plogning")
    except sqlite3.DatabaseError:
        return False


def test_nothing_is_scrubbed_that_is_not_there(tmp_path: Path) -> None:
    scrubbing.empty(tmp_path / "nothing.sqlite")
    assert list(tmp_path.iterdir()) == []


def test_whatever_is_written_the_index_and_the_list_agree(bevara: Bevara, browser: Device) -> None:
    chance, ids = random.Random(7), []
    parts = ["sim", "hall", "bygge", "hår", "har", "Å", "ö", " ", "-", "snö", "plog", "ning", "\n", "é", "%", "_"]
    store = bevara.rooms.real_store
    for _ in range(12):
        ids += [say(browser, "".join(chance.choices(parts, k=8))) for _ in range(5)]
        if chance.random() < 0.5:
            read_all(bevara)
        if chance.random() < 0.4:
            id_ = ids.pop(chance.randrange(len(ids)))
            withhold.from_desk(store, id_, "Anna Berg", "Sparad av misstag")
        for _ in range(6):
            word = "".join(chance.choices(parts, k=2)).strip() or "sim"
            expected = [row.id for row in listed(bevara) if all(
                one.casefold() in row.search_text for one in word.split())]
            assert found(bevara, word) == expected, word


def listed(bevara: Bevara) -> list[object]:
    page = list_records.page(bevara.rooms.real_store)
    rows = list(page.rows)
    while page.after:
        page = list_records.page(bevara.rooms.real_store, after=page.after)
        rows += page.rows
    return rows
