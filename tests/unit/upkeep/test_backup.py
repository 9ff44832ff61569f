"""A second copy is whole or not there, opens only with its passphrase, and is made in time."""

import json
import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from bevara.config import Config
from bevara.errors import BevaraError, Busy, Invalid, NotFound, StoreFailed
from bevara.kernel import blobs
from bevara.kernel.clock import Clock
from bevara.kernel.lock import FolderLock
from bevara.upkeep import backup, backup_status, copies, retention, settings
from bevara.upkeep.backup_schedule import BackupSchedule, is_due, is_old
from bevara.upkeep.backup_status import Status
from tests.client import running
from tests.factories import blob_name
from tests.second_copy import (
    PASSPHRASE,
    SECRET,
    copied,
    files,
    filled,
    large,
    opened,
    restored,
    saved,
)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    filled(tmp_path / "data")
    return tmp_path / "data"


def test_a_copy_holds_everything_but_the_key_and_the_practice(data: Path, tmp_path: Path) -> None:
    made = copied(data, tmp_path / "place")
    assert made.parent == tmp_path / "place" / f"bevara-{(data / 'instance').read_text()}"
    assert sorted(path.name for path in made.iterdir()) == ["manifest.json", "register.sqlite"]
    assert len(files(made.parent / "blobs")) == 3
    secret = (data / "helper.key").read_bytes()
    for path in files(tmp_path / "place"):
        assert secret not in path.read_bytes()
    assert made.parent.stat().st_mode & 0o077 == 0


def test_a_copy_is_made_while_bevara_saves(tmp_path: Path) -> None:
    with running(tmp_path / "data") as bevara:
        browser = bevara.browser()
        for number in range(3):
            saved(browser, number)
            copied(tmp_path / "data", tmp_path / "place")
        saved(browser, 3)
    done = restored(tmp_path / "place", tmp_path / "new")
    assert (done.report.ok, done.report.documents) == (True, 3)


def test_a_large_picture_is_copied_once(data: Path, tmp_path: Path) -> None:
    for passphrase in (None, PASSPHRASE):
        place = tmp_path / f"place {bool(passphrase)}"
        first = copied(data, place, passphrase)
        before = {path: path.stat().st_ino for path in files(first.parent / "blobs")}
        copied(data, place, passphrase)
        assert {path: path.stat().st_ino for path in files(first.parent / "blobs")} == before


def test_nothing_is_readable_in_a_sealed_copy(data: Path, tmp_path: Path) -> None:
    made = copied(data, tmp_path / "place", PASSPHRASE)
    names = [blob_name(large(number)).removeprefix("sha256:") for number in range(3)]
    found = files(tmp_path / "place")
    assert len(found) == 5
    for path in found:
        content = path.read_bytes()
        assert SECRET.encode() not in content and b"SQLite" not in content and b"\x89PNG\r\n" not in content
        assert not any(name in str(path) or name.encode() in content for name in names)
        assert PASSPHRASE not in content
    assert restored(made.parent, tmp_path / "new", PASSPHRASE).report.ok


def test_a_sealed_picture_written_again_is_the_same_file(data: Path, tmp_path: Path) -> None:
    first = copied(data, tmp_path / "place", PASSPHRASE)
    victim = files(first.parent / "blobs")[0]
    whole = victim.read_bytes()
    victim.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    copied(data, tmp_path / "place", PASSPHRASE)
    assert victim.read_bytes() != whole, "a usual copy reads sizes only"
    copied(data, tmp_path / "place", PASSPHRASE, reread=True)
    assert victim.read_bytes() == whole
    assert restored(first.parent, tmp_path / "new", PASSPHRASE, generation=first.name).report.ok


def test_a_new_passphrase_seals_anew_and_the_old_one_opens_the_old(
    data: Path, tmp_path: Path
) -> None:
    other = b"helt andra ord om snus"
    first = copied(data, tmp_path / "place", PASSPHRASE)
    copied(data, tmp_path / "place", other)
    assert restored(tmp_path / "place", tmp_path / "a", other).report.ok
    assert restored(tmp_path / "place", tmp_path / "b", PASSPHRASE, generation=first.name).report.ok


def test_a_forgotten_passphrase_never_makes_an_open_copy(data: Path, tmp_path: Path) -> None:
    copied(data, tmp_path / "place", PASSPHRASE)
    with pytest.raises(Invalid, match="krypterade") as caught:
        copied(data, tmp_path / "place")
    assert caught.value.field == "BEVARA_BACKUP_PASSPHRASE_FILE"
    assert not any(SECRET.encode() in path.read_bytes() for path in files(tmp_path / "place"))


def test_a_damaged_register_makes_no_copy_and_the_earlier_ones_stay(
    data: Path, tmp_path: Path
) -> None:
    made = copied(data, tmp_path / "place")
    path = blobs.path_of(data / "register", blob_name(large(1)))
    whole = path.read_bytes()
    path.write_bytes(b"x")
    shutil.rmtree(made.parent / "blobs")
    with pytest.raises(StoreFailed, match="är ändrad"):
        copied(data, tmp_path / "place")
    path.write_bytes(whole)
    database = data / "register" / "bevara.sqlite"
    content = bytearray(database.read_bytes())
    content[4096 * 3:4096 * 6] = os.urandom(4096 * 3)
    database.write_bytes(content)
    with pytest.raises(StoreFailed, match="skadad"):
        copied(data, tmp_path / "place")
    assert copies.generations(made.parent) == [made]


def test_a_place_that_cannot_be_written_is_named(data: Path, tmp_path: Path) -> None:
    (tmp_path / "place").write_text("en fil")
    with pytest.raises(Invalid, match="place") as caught:
        copied(data, tmp_path / "place")
    assert caught.value.field == "backup_dir"


def test_a_bevara_that_never_started_has_nothing_to_copy(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        copied(tmp_path, tmp_path / "place")


def test_two_copies_are_not_made_at_once(data: Path, tmp_path: Path) -> None:
    (data / "copying").mkdir()
    lock = FolderLock(data / "copying")
    with pytest.raises(Busy, match="görs redan"):
        copied(data, tmp_path / "place")
    lock.release()
    copied(data, tmp_path / "place")
    assert [path.name for path in files(data / "copying")] == ["lock"]


def test_a_clock_that_goes_back_never_hides_the_newest_copy(data: Path, tmp_path: Path) -> None:
    class Slow(Clock):
        def now(self) -> str:
            return "2020-01-01T00:00:00.000Z"

    first = copied(data, tmp_path / "place")
    second = backup.make(data, tmp_path / "place", None, Slow())
    assert copies.generations(first.parent) == [first, second]


def test_the_24_newest_and_one_a_day_for_30_days_stay() -> None:
    found = [Path(f"2026-{month:02}-{day:02}T{hour:02}-00-00.000Z")
             for month in (9, 10) for day in range(1, 31) for hour in range(10)]
    stay = sorted(retention.staying(found))
    assert stay[-24:] == found[-24:]
    assert [path.name[:13] for path in stay[:5]] == [
        f"2026-10-0{day}T09" for day in range(1, 6)]
    assert len(stay) == 24 + 30 - 3


def test_pictures_that_no_copy_needs_go_with_the_last_copy_that_did(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "NEWEST", 1)
    monkeypatch.setattr(retention, "DAYS", 1)
    first = copied(data, tmp_path / "place", PASSPHRASE)
    old = set(files(first.parent / "blobs"))
    second = copied(data, tmp_path / "place", b"alldeles andra ord")
    assert copies.generations(first.parent) == [second]
    assert len(files(first.parent / "blobs")) == 3 and not old & set(files(first.parent / "blobs"))


def test_interrupted_work_is_nobodys_copy_and_goes(data: Path, tmp_path: Path) -> None:
    made = copied(data, tmp_path / "place")
    shutil.copytree(made, made.with_name(f".{made.name}.1234"))
    blob = files(made.parent / "blobs")[0]
    blob.with_name(f".{blob.name}.1234").write_bytes(b"half")
    assert copies.generations(made.parent) == [made]
    copied(data, tmp_path / "place")
    assert not [path for path in made.parent.rglob(".*")]


def test_a_copy_is_made_within_five_minutes_and_once_a_day() -> None:
    done = Status("/place", "2026-11-24T10:00:00Z", "2026-11-24T10:00:00Z", 7)
    assert is_due(Status("/place"), 0, "2026-11-24T10:00:00Z")
    assert not is_due(Status(None), 7, "2026-11-24T10:00:00Z")
    assert not is_due(done, 8, "2026-11-24T10:01:00Z"), "a burst shares copies"
    assert is_due(done, 8, "2026-11-24T10:03:00Z")
    assert not is_due(done, 7, "2026-11-24T23:59:00Z")
    assert is_due(done, 7, "2026-11-25T10:00:00Z")
    assert is_due(done, 8, "2026-11-24T09:00:00Z"), "a clock that went back holds nothing up"
    assert is_due(replace(done, problem="Nej"), 7, "2026-11-24T10:03:00Z")
    assert is_old(done, "2026-11-25T10:00:00Z") and not is_old(done, "2026-11-24T12:00:00Z")


def test_the_schedule_copies_what_is_new_and_keeps_what_failed(tmp_path: Path) -> None:
    config = Config(tmp_path / "data")
    with running(tmp_path / "data") as bevara:
        schedule = BackupSchedule(config, bevara.rooms.real_store)
        schedule.look()
        assert backup_status.read(config) == Status(None)
        place = settings.choose(config, str(tmp_path / "place"))
        saved(bevara.browser(), 1)
        schedule.look()
        status = backup_status.read(config)
        assert (status.folder, status.problem, status.tree_size) == (str(place), None, 2)
        shutil.rmtree(place)
        place.write_text("en fil")
        forget_when_tried(config)
        saved(bevara.browser(), 2)
        schedule.look()
        failed = backup_status.read(config)
        assert failed.problem and str(place) in failed.problem
        assert failed.made_at == status.made_at


def test_the_thread_copies_at_once_and_stops(tmp_path: Path) -> None:
    config = Config(tmp_path / "data", backup_dir=tmp_path / "place")
    with running(tmp_path / "data") as bevara:
        schedule = BackupSchedule(config, bevara.rooms.real_store)
        schedule.start()
        schedule._thread.join(0.1)
        for _ in range(100):
            if backup_status.read(config).made_at:
                break
            schedule._thread.join(0.1)
        schedule.stop()
        schedule._thread.join(5)
        assert not schedule._thread.is_alive() and backup_status.read(config).made_at


def forget_when_tried(config: Config) -> None:
    path = config.data_dir / backup_status.FILE
    path.write_text(json.dumps(json.loads(path.read_text()) | {"tried_at": None}))


@pytest.mark.parametrize(("text", "says"), [
    ("", "hela sökvägen"), ("kopia", "hela sökvägen"), ("{data}/kopia", "inuti"),
    ("{data}/../data", "inuti"), ("{data}/helper.key/kopia", "inuti"), ("/proc/kopia", "/proc/kopia"),
    ("/tmp/\0", "hela sökvägen"),
])
def test_a_folder_that_will_not_do_is_named(data: Path, text: str, says: str) -> None:
    with pytest.raises(Invalid, match=says) as caught:
        settings.choose(Config(data), text.format(data=data))
    assert caught.value.field == "backup_dir" and caught.value.next_step
    assert settings.folder(Config(data)) is None


def test_the_environment_decides_over_the_settings(data: Path, tmp_path: Path) -> None:
    settings.choose(Config(data), str(tmp_path / "one"))
    fixed = Config(data, backup_dir=tmp_path / "two")
    assert settings.folder(Config(data)) == tmp_path / "one"
    assert settings.folder(fixed) == tmp_path / "two"
    with pytest.raises(Invalid, match="BEVARA_BACKUP_DIR"):
        settings.choose(fixed, str(tmp_path / "three"))


def test_settings_that_cannot_be_read_are_said_to_be_so(data: Path) -> None:
    (data / "settings.json").write_text("{")
    status = backup_status.read(Config(data))
    assert status.problem and "settings.json" in status.problem


@pytest.mark.parametrize("content", [None, "", "kort"])
def test_a_passphrase_that_is_missing_or_short_is_named(
    data: Path, tmp_path: Path, content: str | None
) -> None:
    path = tmp_path / "passphrase"
    if content is not None:
        path.write_text(content)
    config = Config(data, backup_dir=tmp_path / "place", backup_passphrase_file=path)
    with pytest.raises(BevaraError) as caught:
        settings.passphrase(config)
    assert caught.value.field == "BEVARA_BACKUP_PASSPHRASE_FILE"
    problem = backup_status.attempt(config, Clock()).problem
    assert problem and not files(tmp_path / "place")


def test_the_passphrase_is_written_nowhere(data: Path, tmp_path: Path) -> None:
    path = tmp_path / "passphrase"
    path.write_bytes(PASSPHRASE + b"\n")
    config = Config(data, backup_dir=tmp_path / "place", backup_passphrase_file=path)
    assert backup_status.attempt(config, Clock()).problem is None
    for found in [*files(data), *files(tmp_path / "place")]:
        assert PASSPHRASE not in found.read_bytes()
    with opened(data):
        pass
