"""A planted word is looked for in everything that Bevara writes, and found there until it is erased."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bevara.cli import main
from bevara.config import Config
from bevara.kernel.clock import Clock
from bevara.records import withhold, word_index
from bevara.records.proof import bundle
from bevara.upkeep import backup, copies, stamping
from bevara.upkeep.erasure import approvals, everywhere, service
from bevara.upkeep.erasure.approvals import Approvals
from bevara.upkeep.verify import verify
from tests.authority import Authority
from tests.client import Bevara, Device, running
from tests.erasing import LARGE, NEEDLES, SMALL, WORD, found_in, found_sealed, planted
from tests.factories import blob_name
from tests.second_copy import PASSPHRASE, saved


def holds(path: Path) -> bool:
    return any(needle in path.read_bytes() for needle in NEEDLES)


def columns(data: Path, store: str) -> set[str]:
    """Return every column of every table where something planted stands, as SQLite reads it."""
    found = set()
    with closing(sqlite3.connect(f"file:{data / store / 'bevara.sqlite'}?mode=ro", uri=True)) as db:
        db.text_factory = bytes
        names = [row[0].decode() for row in db.execute(
            "select name from sqlite_master where type = 'table'")]
        for table in names:
            rows = db.execute(f"select * from {table}")
            for row in rows:
                found |= {f"{table}.{column[0]}" for column, value in
                          zip(rows.description, row, strict=True) if isinstance(value, bytes)
                          and any(needle in value for needle in NEEDLES)}
    return found


def erase(bevara: Bevara, config: Config, record: str, practice: bool) -> None:
    """Erase as two people do."""
    rooms, waiting = bevara.rooms, Approvals()
    store = rooms.practice_store if practice else rooms.real_store
    withhold.from_desk(store, record, "Anna Berg", "Sparad av misstag")
    keys = service.begin(store, waiting, practice, record, approvals.ERASE)
    for key, name in zip(keys, ("Anna Berg", "Bo Ek"), strict=True):
        service.approve(store, rooms.ephemeral, config, waiting, key, name)


def left_behind(data: Path) -> None:
    """Leave the readable snapshot of a copy that was killed."""
    (data / "copying").mkdir(exist_ok=True)
    shutil.copy(data / "register" / "bevara.sqlite-wal", data / "copying" / "register.sqlite-wal")


def waiting_picture(browser: Device) -> str:
    """Send a picture again whose capture never comes, so that it waits in memory."""
    name = blob_name(LARGE)
    assert browser.put(f"blobs/{name}", LARGE, media_type="image/png").status_code in (200, 201)
    return name


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is missing")
def test_it_is_everywhere_before_and_nowhere_afterwards(tmp_path: Path) -> None:
    data, clear, sealed = tmp_path / "data", tmp_path / "clear", tmp_path / "sealed"
    phrase = tmp_path / "phrase"
    phrase.write_bytes(PASSPHRASE)
    config = Config(data, backup_passphrase_file=phrase)
    (tmp_path / "authority").mkdir()
    with Authority(tmp_path / "authority") as authority, running(data) as bevara:
        browser, store = bevara.browser(), bevara.rooms.real_store
        saved(browser, 1)
        receipt, practised = planted(browser), planted(browser.on_practice())
        assert stamping.stamp(store, authority.url, authority.roots, stamping.post).checked
        for place, passphrase in ((clear, None), (sealed, PASSPHRASE)):
            backup.make_all(data, place, passphrase, Clock())
        picture_name = waiting_picture(browser)
        left_behind(data)
        for one in (store, bevara.rooms.practice_store):
            while word_index.catch_up(one):
                pass

        for name in ("register", "practice"):
            assert columns(data, name) >= {
                "documents.body", "records.text", "records.search_text", "records.author_name",
                "records.author_url", "records.moderator", "blobs.body"}
            assert holds(data / name / "bevara.sqlite-wal"), "the log of the database"
            assert holds(data / name / word_index.FILE), "the index of words"
            assert any(holds(path) for path in (data / name / "blobs").rglob("*")
                       if path.is_file()), "large pictures"
        assert holds(data / "copying" / "register.sqlite-wal")
        homes = [path for place in (clear, sealed) for path in sorted(place.iterdir())]
        assert [home.name.endswith("-ovning") for home in homes] == [False, True] * 2
        assert all(found_in(home) for home in homes[:2])
        assert all(found_sealed(home, PASSPHRASE) for home in homes[2:])
        assert found_in(sealed) == [], "nothing can be read in a sealed copy"
        bundle_file = tmp_path / "bevis.zip"
        bundle_file.write_bytes(bundle.make(store, receipt["record_id"]))
        assert found_in(tmp_path) and holds_zip(bundle_file)

        erase(bevara, config, receipt["record_id"], practice=False)
        assert columns(data, "register") == set() and columns(data, "practice")
        erase(bevara, config, practised["record_id"], practice=True)

        assert everywhere.pending(config) == []
        assert found_in(data, clear, sealed) == []
        for name in ("register", "practice"):
            assert columns(data, name) == set()
            assert not holds(data / name / "bevara.sqlite-wal")
        for home in homes:
            assert copies.generations(home)
        assert all(found_sealed(home, PASSPHRASE) == [] for home in homes)
        assert bevara.rooms.ephemeral.get(picture_name) is None
        assert bevara.rooms.ephemeral.get(blob_name(SMALL)) is None
        for one in (store, bevara.rooms.practice_store):
            assert verify(one).findings == []
    assert found_in(data, clear, sealed) == []
    with running(data) as bevara:
        assert WORD not in bevara.desk().get("/kommentarer?flik=alla").text


def holds_zip(path: Path) -> bool:
    return any(str(path) in line for line in found_in(path.parent))


def test_a_proof_is_not_written_where_an_erasure_would_miss_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "data"
    with running(data) as bevara:
        receipt = planted(bevara.browser())
    monkeypatch.setenv("BEVARA_DATA_DIR", str(data))
    monkeypatch.chdir(data)
    for extra in ([], ["--out", str(data / "x.zip")], ["--out", "register/x.zip"]):
        assert main(["proof", receipt["record_id"], *extra]) == 1
        assert "Bevaras egen mapp" in capsys.readouterr().err
    assert not list(data.rglob("*.zip"))
    assert main(["proof", receipt["record_id"], "--out", str(tmp_path / "x.zip")]) == 0
