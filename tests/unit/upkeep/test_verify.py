"""Verify names what was changed, and finds nothing where nothing was."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bevara.capture import save_capture
from bevara.kernel import blobs
from bevara.kernel.ephemeral import Ephemeral
from bevara.kernel.keys import Keys
from bevara.kernel.store import Store
from bevara.upkeep.verify import verify
from tests.factories import PNG, attachment, blob_name, capture, encoded, picture

LARGE = PNG + bytes(100_000)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "register", Keys(tmp_path))
    for number in range(5):
        waiting = Ephemeral()
        document = capture(f"Kommentar {number}")
        if number == 1:
            document |= {"picture": picture(PNG)}
            document["comment"]["attachments"] = [attachment(LARGE)]
            waiting.put(blob_name(PNG), PNG)
            waiting.put(blob_name(LARGE), LARGE)
        save_capture.save(store, waiting, document["capture_id"], encoded(document), "device")
    yield store
    store.close()


def test_what_is_whole_gives_no_finding(store: Store) -> None:
    report = verify(store)
    assert report.ok and (report.documents, report.blobs, report.entries) == (5, 2, 5)


TAMPERING = {
    "innehållet är ändrat": "update documents set body = cast(replace(body, 'Kommentar 2', 'Kommentar 9') as blob)",
    "inte läsbart": "update documents set body = 'text' where ledger_index = 2",
    "loggen säger något annat": "update documents set ledger_index = 3 where ledger_index = 2",
    "post 2 är ändrad": "update ledger_entries set entry = replace(entry, 'device', 'other') where idx = 2",
    "post 4 är ändrad": "update ledger_entries set salt = zeroblob(32) where idx = 4",
    "post 1 saknas": "delete from ledger_entries where idx = 1",
    "dokumentet saknas": "delete from documents where ledger_index = 3",
    "trädet stämmer inte": "update ledger_nodes set hash = zeroblob(32) where level = 1 and pos = 0",
    "kvittot stämmer inte med loggen": "delete from ledger_entries where idx = 4",
    "bilden är ändrad": "update blobs set body = zeroblob(10) where body is not null",
    "saknas.": "delete from blobs where body is not null",
    "kvittot går inte att läsa": "update documents set receipt = '{' where ledger_index = 0",
    "kvittot saknas": "update documents set receipt = null where ledger_index = 0",
}


@pytest.mark.parametrize("finding", TAMPERING)
def test_a_change_in_the_database_is_named(store: Store, finding: str) -> None:
    with store.engine.begin() as tx:
        tx.exec_driver_sql(TAMPERING[finding])
    report = verify(store)
    assert any(finding in line for line in report.findings), report.findings


def test_two_rows_that_changed_places_are_named(store: Store) -> None:
    with store.engine.begin() as tx:
        tx.exec_driver_sql("update ledger_entries set idx = 99 where idx = 1")
        tx.exec_driver_sql("update ledger_entries set idx = 1 where idx = 2")
        tx.exec_driver_sql("update ledger_entries set idx = 2 where idx = 99")
    assert not verify(store).ok


def test_a_changed_or_missing_file_is_named(store: Store) -> None:
    path = blobs.path_of(store.folder, blob_name(LARGE))
    path.write_bytes(LARGE[:-1] + b"x")
    assert any("bilden är ändrad" in line for line in verify(store).findings)
    path.unlink()
    assert any("går inte att läsa" in line for line in verify(store).findings)
    path.mkdir()
    assert not verify(store).ok


def test_a_record_that_lost_its_capture_is_named(store: Store) -> None:
    with store.engine.begin() as tx:
        tx.exec_driver_sql("update records set text = 'Något annat' where text = 'Kommentar 3'")
    assert any("listan" in line for line in verify(store).findings)
