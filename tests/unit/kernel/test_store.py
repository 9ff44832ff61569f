"""A write is durable when it returns, is whole or not at all, and has one process at a time."""

import errno
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert, select

from bevara.errors import Busy, Conflict, Invalid, NotFound, Quota, StoreFailed
from bevara.kernel import blobs, documents, ephemeral, ledger, tables
from bevara.kernel.ephemeral import Ephemeral
from bevara.kernel.keys import Keys
from bevara.kernel.store import Store
from bevara.upkeep import check_ledger
from tests import older

ROOT = Path(__file__).parents[3]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "register", Keys(tmp_path))
    yield store
    store.close()


def remember(key: str, value: str = "x") -> object:
    return lambda tx: tx.execute(insert(tables.meta).values(key=key, value=value)) and None


def known(store: Store) -> set[str]:
    with store.read() as connection:
        return {row.key for row in connection.execute(select(tables.meta.c.key))} - {"origin"}


def test_many_writers_at_once_lose_nothing(store: Store) -> None:
    threads = [threading.Thread(target=store.write, args=(remember(str(number)),))
               for number in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert known(store) == {str(number) for number in range(40)}


def test_a_refused_write_leaves_nothing_and_stops_nobody(store: Store) -> None:
    def half(tx: Connection) -> None:
        tx.execute(insert(tables.meta).values(key="half", value="x"))
        raise Invalid("field", "no")

    def broken(tx: Connection) -> None:
        tx.execute(insert(tables.meta).values(key="broken", value="x"))
        raise ZeroDivisionError

    start = threading.Barrier(3)
    found: list[object] = []

    def submit(job: object) -> None:
        start.wait()
        try:
            store.write(job)  # type: ignore[arg-type]
            found.append("ok")
        except (Invalid, ZeroDivisionError) as error:
            found.append(type(error))

    threads = [threading.Thread(target=submit, args=(job,))
               for job in (half, broken, remember("whole"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, found)) == sorted(map(str, [Invalid, ZeroDivisionError, "ok"]))
    assert known(store) == {"whole"}
    assert not store.failed


def test_another_process_is_told_that_the_folder_is_taken(store: Store) -> None:
    with pytest.raises(Busy, match="redan igång"):
        Store(store.folder, store.keys)
    code = ("import sys; from pathlib import Path; from bevara.kernel.store import Store;"
            "from bevara.kernel.keys import Keys; from bevara.errors import Busy\n"
            f"try: Store(Path({str(store.folder)!r}), Keys(Path({str(store.folder.parent)!r})))\n"
            "except Busy: sys.exit(7)")
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT / "server", check=False)
    assert done.returncode == 7


def test_the_folder_is_free_when_the_store_is_closed(tmp_path: Path) -> None:
    for _ in range(2):
        store = Store(tmp_path / "register", Keys(tmp_path))
        store.close()


def test_a_ledger_is_named_by_its_key_and_folder(store: Store) -> None:
    assert store.origin == f"bevara.local/{store.keys.keyid[:16]}/register"


def test_documents_are_written_once(store: Store) -> None:
    first = store.write(lambda tx: documents.put(tx, "capture", "1", b"a", "d", "now"))
    again = store.write(lambda tx: documents.put(tx, "capture", "1", b"a", "d", "later"))
    assert (first.created, again.created) == (True, False)
    with pytest.raises(Conflict):
        store.write(lambda tx: documents.put(tx, "capture", "1", b"b", "d", "now"))
    with store.read() as connection:
        assert ledger.size(connection) == 1


def test_small_blobs_are_rows_and_large_ones_files(store: Store) -> None:
    small, large = b"s" * blobs.IN_DATABASE, b"l" * (blobs.IN_DATABASE + 1)
    for data in (small, large, large):
        store.write(lambda tx, data=data: blobs.put(tx, store.folder, blobs.name_of(data), data))  # type: ignore[misc]
    assert not blobs.path_of(store.folder, blobs.name_of(small)).exists()
    assert blobs.path_of(store.folder, blobs.name_of(large)).read_bytes() == large
    assert store.blob(blobs.name_of(small)) == small
    assert store.blob(blobs.name_of(large)) == large
    with pytest.raises(NotFound):
        store.blob("sha256:" + "0" * 64)


def test_what_a_crash_left_beside_the_rows_is_removed_at_start(tmp_path: Path) -> None:
    store = Store(tmp_path / "register", Keys(tmp_path))
    data = b"l" * 100_000
    store.write(lambda tx: blobs.put(tx, store.folder, blobs.name_of(data), data))
    stray = blobs.path_of(store.folder, "sha256:" + "a" * 64)
    stray.parent.mkdir(parents=True, exist_ok=True)
    stray.write_bytes(b"x")
    (stray.parent / "half.12345678.new").write_bytes(b"x")
    store.close()
    store = Store(tmp_path / "register", Keys(tmp_path))
    try:
        assert not stray.exists() and not list(stray.parent.glob("*.new"))
        assert store.blob(blobs.name_of(data)) == data
    finally:
        store.close()


def test_what_waits_in_memory_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr(ephemeral.time, "monotonic", lambda: now)
    waiting = Ephemeral(seconds=60, cap=10)
    waiting.put("a", b"12345")
    with pytest.raises(Quota):
        waiting.put("b", b"123456")
    assert waiting.get("a") == b"12345"
    now = 1061.0
    assert waiting.get("a") is None
    waiting.put("b", b"1234567890")
    waiting.drop("b")
    assert waiting.get("b") is None


def test_what_is_sent_again_counts_once() -> None:
    waiting = Ephemeral(cap=10)
    for _ in range(3):
        waiting.put("a", b"123456789")
    assert waiting.get("a") == b"123456789"


def test_the_log_goes_on_from_what_is_stored_after_a_refused_entry(store: Store) -> None:
    def refused(tx: Connection) -> None:
        ledger.append(tx, {"n": "refused"})
        raise Invalid("field", "no")

    for number in range(40):
        if number % 3 == 0:
            with pytest.raises(Invalid):
                store.write(refused)
        leaf = store.write(lambda tx, n=number: ledger.append(tx, {"n": n}))  # type: ignore[misc]
        with store.read() as connection:
            assert leaf.index == number
            assert leaf.root == ledger.root(connection, number + 1)
            assert list(check_ledger.check(store, connection)) == []


def test_a_picture_whose_job_is_refused_leaves_no_file(store: Store) -> None:
    data = b"l" * 100_000
    name = blobs.name_of(data)

    def refused(tx: Connection) -> None:
        blobs.put(tx, store.folder, name, data)
        raise Invalid("field", "no")

    with pytest.raises(Invalid):
        store.write(refused, {name: data})
    assert not [path for path in (store.folder / "blobs").rglob("*") if path.is_file()]


def test_a_refusal_never_takes_a_file_that_another_job_has_kept(store: Store) -> None:
    data = b"l" * 100_000
    name = blobs.name_of(data)
    start = threading.Barrier(8)

    def submit(number: int) -> None:
        def job(tx: Connection) -> None:
            blobs.put(tx, store.folder, name, data)
            if number % 2:
                raise Invalid("field", "no")

        start.wait()
        with suppress(Invalid):
            store.write(job, {name: data})

    threads = [threading.Thread(target=submit, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.blob(name) == data


def test_a_failing_disk_in_the_callers_thread_stops_everything(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_handle: int) -> None:
        raise OSError(errno.EIO, "broken")

    data = b"l" * 100_000
    name = blobs.name_of(data)
    with monkeypatch.context() as patched:
        patched.setattr(blobs.os, "fsync", broken)
        with pytest.raises(StoreFailed):
            store.write(lambda tx: blobs.put(tx, store.folder, name, data), {name: data})
    assert store.failed
    with pytest.raises(StoreFailed):
        store.write(remember("later"))  # type: ignore[arg-type]


def test_a_tree_of_the_first_version_is_kept_when_its_table_is_made_anew(tmp_path: Path) -> None:
    store = Store(tmp_path / "register", Keys(tmp_path))
    store.write(lambda tx: [ledger.append(tx, {"number": number}) for number in range(11)])
    with store.engine.begin() as tx:
        root = ledger.root(tx, 11)
        for statement in (
            "create table old (level integer, pos integer, hash blob, primary key (level, pos))",
            "insert into old select * from ledger_nodes order by hash",
            "drop table ledger_nodes", "alter table old rename to ledger_nodes",
            *older.STATEMENTS,
            "update alembic_version set version_num = '0004'",
        ):
            tx.exec_driver_sql(statement)
    store.close()
    store = Store(tmp_path / "register", Keys(tmp_path))
    with store.read() as connection:
        assert ledger.root(connection, 11) == root
        made = connection.exec_driver_sql("select sql from sqlite_master where name = 'ledger_nodes'")
        assert "WITHOUT ROWID" in made.scalar_one().upper()
    store.close()
