"""A parcel lies at the archive whole or not at all, once, whatever way it goes there."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from bevara.archive.receivers import (
    CHANGED,
    NOT_AS_SENT,
    OTHER_BYTES,
    TAKEN,
    Arrived,
    Receiver,
    Stopped,
    answers,
    folder,
    pace,
    sftp,
)
from bevara.archive.receivers.folder import ABOUT, MARK, FolderReceiver
from bevara.archive.receivers.sftp import SftpReceiver
from bevara.diary.channels import Passing, Permanent, inbox
from tests import sshd
from tests.receiving import Looker, nothing_partial, parcel, reached, whole
from tests.sshd import Sshd

SIZE = 300_000


@dataclass(frozen=True)
class Archive:
    """A receiver, and the folder where the archive finds what it brings."""

    receiver: Receiver
    folder: Path

    def names(self, folder: str = ".") -> list[str]:
        there = self.folder / folder
        return sorted(path.name for path in there.iterdir() if path.is_file()
                      and path.name != MARK) if there.exists() else []

    def aside(self) -> list[str]:
        return [name for name in self.names() if name.startswith(".")]


def folder_archive(folder: Path) -> Archive:
    (folder / MARK).write_text(ABOUT)
    return Archive(FolderReceiver(str(folder)), folder)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sshd]:
    with sshd.running(tmp_path_factory.mktemp("sshd")) as server:
        yield server


@pytest.fixture(params=["folder", "sftp"])
def archive(request: pytest.FixtureRequest, tmp_path: Path) -> Archive:
    folder = tmp_path / "arkivet"
    folder.mkdir()
    if request.param == "folder":
        return folder_archive(folder)
    return Archive(SftpReceiver(reached(request.getfixturevalue("server"), folder)), folder)


@pytest.fixture
def here(tmp_path: Path) -> Path:
    return tmp_path / "paket"


@pytest.fixture(autouse=True)
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a parcel go in twenty steps."""
    monkeypatch.setattr(pace, "LARGEST", SIZE // 20)


def stopping_at(bytes_: int) -> Looker:
    def act(so_far: int) -> None:
        if so_far >= bytes_:
            raise Stopped

    return Looker(act=act)


def began(looker: Looker) -> int:
    """Return how many bytes were there when the first of this try came."""
    return next(so_far for so_far in looker.seen if so_far)


def test_a_parcel_arrives_whole_and_a_second_time_changes_nothing(
    archive: Archive, here: Path
) -> None:
    one, looker = parcel(here, SIZE), Looker()
    archive.receiver.try_out()
    assert archive.names() == []
    arrived = archive.receiver.put(one, looker)
    assert not arrived.already and arrived.where.endswith(one.name) and arrived.version is None
    assert looker.seen[-1] == SIZE and looker.seen == sorted(looker.seen)
    whole(archive.folder, one)
    before = {path: path.stat().st_mtime_ns for path in archive.folder.iterdir()}
    assert archive.receiver.put(one, Looker()) == replace(arrived, already=True)
    assert archive.receiver.put(replace(one, token="cd34"), Looker()).already
    assert {path: path.stat().st_mtime_ns for path in archive.folder.iterdir()} == before


@pytest.mark.parametrize("of", ["package", "note", "longer"])
def test_other_bytes_of_the_same_name_are_never_written_over(
    archive: Archive, here: Path, of: str
) -> None:
    one = parcel(here, SIZE)
    path = archive.folder / (one.note if of == "note" else one.name)
    path.write_bytes(b"x" * (SIZE + (of == "longer")))
    if of == "note":
        (archive.folder / one.name).write_bytes(one.path.read_bytes())
    before = path.read_bytes()
    for _ in range(2):
        with pytest.raises(Permanent, match=OTHER_BYTES[:20]):
            archive.receiver.put(one, Looker())
    assert path.read_bytes() == before and archive.aside() == []


def test_what_is_paused_is_gone_on_from_and_never_seen_under_its_name(
    archive: Archive, here: Path
) -> None:
    one, starts = parcel(here, SIZE), list[int]()
    for pause in (60_000, 120_000, 240_000):
        looker = stopping_at(pause)
        with pytest.raises(Stopped):
            archive.receiver.put(one, looker)
        starts.append(began(looker))
        assert len(archive.aside()) == 1 and archive.names() == archive.aside()
    looker = Looker()
    assert not archive.receiver.put(one, looker).already
    assert began(looker) >= starts[2] >= 120_000 > starts[1] >= 60_000 > starts[0]
    whole(archive.folder, one)


@pytest.mark.parametrize("harm", [
    lambda data: data[:1000] + b"?" + data[1001:], lambda data: data + b"x" * SIZE, lambda _: b""])
def test_bytes_aside_that_are_not_the_parcels_are_begun_anew(
    archive: Archive, here: Path, harm: Callable[[bytes], bytes]
) -> None:
    one = parcel(here, SIZE)
    data = one.path.read_bytes()[:100_000]
    (archive.folder / f".bevara-{one.name}-{one.token}.part").write_bytes(harm(data))
    looker = Looker()
    archive.receiver.put(one, looker)
    assert began(looker) == SIZE // 20
    whole(archive.folder, one)


def test_a_note_that_did_not_come_along_comes_the_next_time(archive: Archive, here: Path) -> None:
    one = parcel(here, SIZE)
    (archive.folder / one.name).write_bytes(one.path.read_bytes())
    assert not archive.receiver.put(one, Looker()).already
    whole(archive.folder, one)


def test_a_parcel_that_the_archive_took_is_not_brought_again(archive: Archive, here: Path) -> None:
    one = parcel(here, SIZE)
    archive.receiver.put(one, Looker())
    (archive.folder / one.name).unlink()
    with pytest.raises(Permanent, match=TAKEN[:20]):
        archive.receiver.put(one, Looker())
    assert archive.names() == [one.note]


def test_a_package_that_changed_on_the_computer_never_arrives(archive: Archive, here: Path) -> None:
    one = parcel(here, SIZE)
    one.path.write_bytes(one.path.read_bytes()[:-1] + b"?")
    with pytest.raises(Permanent, match=CHANGED[:20]):
        archive.receiver.put(one, Looker())
    one.path.write_bytes(b"kort")
    with pytest.raises(Permanent, match=CHANGED[:20]):
        archive.receiver.put(one, Looker())
    assert archive.names() == []


def test_bytes_that_are_harmed_on_the_way_are_seen_and_sent_anew(
    archive: Archive, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = parcel(here, SIZE)
    files = sftp._Files if isinstance(archive.receiver, SftpReceiver) else folder._Files
    whole_write: Any = files.write

    @contextmanager
    def harmed(shelf: Any, name: str, at: int) -> Iterator[Callable[[bytes], None]]:
        with whole_write(shelf, name, at) as write:
            yield lambda data: write(data[:-1] + bytes([data[-1] ^ 1]))

    with monkeypatch.context() as harm:
        harm.setattr(files, "write", harmed)
        with pytest.raises(Passing, match=NOT_AS_SENT[:20]):
            archive.receiver.put(one, Looker())
    assert archive.names() == []
    archive.receiver.put(one, Looker())
    whole(archive.folder, one)


def test_only_its_own_old_tries_are_swept(archive: Archive, here: Path) -> None:
    one, other = parcel(here, SIZE), parcel(here, SIZE, seed=2)
    stays = [f".bevara-{other.name}-ab12.part", ".bevara-annat.part", "bevara.part", "egen.zip"]
    goes = [f".bevara-{one.name}-ffff.part", f".bevara-{one.note}-ffff.part",
            f".bevara-{parcel(here, 10, seed=3).name}-ab12.part"]
    for name in (*stays, *goes):
        (archive.folder / name).write_bytes(b"x")
        os.utime(archive.folder / name, (1e9, 1e9) if name in (*stays[1:], goes[2]) else None)
    archive.receiver.put(one, Looker())
    assert archive.names() == sorted([*stays, one.name, one.note])


def test_receipts_are_read_bounded_and_moved_away(
    archive: Archive, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, folder = parcel(here, SIZE), archive.folder
    archive.receiver.put(one, Looker())
    good, bad = one.name.replace(".zip", ".kvittens.json"), "annan.kvittens.json"
    (folder / good).write_text('{"id": "å"}')
    (folder / bad).write_text("[]")
    (folder / "halv.kvittens.json").write_text('{"id": ')
    (folder / "stor.kvittens.json").write_bytes(b"1" * (inbox.LARGEST + 1))
    (folder / ".dold.kvittens.json").write_text("{}")
    (folder / "link.kvittens.json").symlink_to("/etc/passwd")
    found = {one.name: one for one in archive.receiver.receipts()}
    assert set(found) == {good, bad, "stor.kvittens.json", "link.kvittens.json"}
    assert found[good].body == '{"id": "å"}'.encode()
    assert (found["stor.kvittens.json"].fault, found["link.kvittens.json"].fault) == (
        inbox.OVERSIZED, inbox.LINKED)
    assert found["link.kvittens.json"].body == b""
    for name in found:
        archive.receiver.settle(name, name == good)
        archive.receiver.settle(name, name == good)
    assert [name[9:] for name in archive.names("kvitterade")] == [good]
    assert len(list((folder / "avvisade").iterdir())) == 3
    assert list(archive.receiver.receipts()) == []
    monkeypatch.setattr(answers, "PATIENCE", -1.0)
    (half,) = archive.receiver.receipts()
    assert half.body == b'{"id": ' and not half.fault
    (folder / good).write_text("{}")
    archive.receiver.settle(good, True)
    assert len(archive.names("kvitterade")) == 2


@pytest.mark.parametrize("name", ["../x.kvittens.json", "a/b.kvittens.json", "x.zip", MARK])
def test_only_a_receipt_beside_the_packages_is_moved(archive: Archive, name: str) -> None:
    with pytest.raises(ValueError, match=name):
        archive.receiver.settle(name, True)


def test_a_file_that_lies_there_while_it_comes_keeps_its_name(archive: Archive, here: Path) -> None:
    one = parcel(here, SIZE)

    def taken(so_far: int) -> None:
        if so_far == SIZE:
            (archive.folder / one.name).write_bytes(b"nagon annans")

    with pytest.raises(Permanent, match=OTHER_BYTES[:20]):
        archive.receiver.put(one, Looker(act=taken))
    assert (archive.folder / one.name).read_bytes() == b"nagon annans"


def test_nothing_partial_is_seen_under_a_name_at_any_step(archive: Archive, here: Path) -> None:
    one, steps = parcel(here, SIZE), list[int]()

    def look(so_far: int) -> None:
        steps.append(so_far)
        nothing_partial(archive.folder, one)

    arrived: Arrived = archive.receiver.put(one, Looker(act=look))
    assert len(steps) > 20 and not arrived.already


def test_a_folder_that_is_not_the_chosen_one_gets_nothing(tmp_path: Path, here: Path) -> None:
    one, folder = parcel(here, SIZE), tmp_path / "arkivet"
    receiver = FolderReceiver(str(folder))
    with pytest.raises(Passing, match="nå"):
        receiver.put(one, Looker())
    folder.mkdir()
    for attempt in (receiver.try_out, lambda: receiver.put(one, Looker()),
                    lambda: list(receiver.receipts())):
        with pytest.raises(Passing, match="inte den som valdes"):
            attempt()
    assert list(folder.iterdir()) == []


def test_a_folder_without_links_gets_its_parcel_by_name_and_overwrites_nothing(
    tmp_path: Path, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(*_: object) -> None:
        raise PermissionError(1, "no links")

    monkeypatch.setattr(os, "link", no_links)
    (tmp_path / "arkivet").mkdir()
    archive, one = folder_archive(tmp_path / "arkivet"), parcel(here, SIZE)
    archive.receiver.put(one, Looker())
    whole(archive.folder, one)
    other = parcel(here, SIZE, seed=2)

    def taken(so_far: int) -> None:
        if so_far == SIZE:
            (archive.folder / other.name).write_bytes(b"annat")

    with pytest.raises(Permanent):
        archive.receiver.put(other, Looker(act=taken))
    assert (archive.folder / other.name).read_bytes() == b"annat"


def test_a_link_under_the_packages_name_is_not_followed(archive: Archive, here: Path) -> None:
    one = parcel(here, SIZE)
    (here / "mal").write_bytes(b"")
    (archive.folder / one.name).symlink_to(here / "mal")
    with pytest.raises(Permanent):
        archive.receiver.put(one, Looker())
    (archive.folder / one.name).unlink()
    (archive.folder / f".bevara-{one.name}-{one.token}.part").symlink_to(here / "mal")
    with pytest.raises(Permanent):
        archive.receiver.put(one, Looker())
    assert (here / "mal").read_bytes() == b""
