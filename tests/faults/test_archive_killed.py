"""Packages on their way to a folder or over SFTP: senders die, networks fail, and none is half there."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from bevara.archive.receivers import Parcel, folder, pace, settings, sftp, ssh
from bevara.archive.receivers.folder import ABOUT, MARK
from bevara.archive.receivers.settings import Settings
from bevara.diary.channels import Passing
from tests import proxy, sshd
from tests.faults.sender import Job, bring, killed_at_any_moment
from tests.faults.test_deliveries import Tries
from tests.receiving import Looker, nothing_partial, parcel, reached, whole
from tests.sshd import Sshd

SIZE, STEP = 400_000, 16 << 10


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sshd]:
    with sshd.running(tmp_path_factory.mktemp("sshd")) as server:
        yield server


@pytest.fixture(params=[settings.FOLDER, settings.SFTP])
def reach(request: pytest.FixtureRequest) -> Callable[[Path], Settings]:
    """Give how a folder is reached, each way."""
    if request.param == settings.FOLDER:
        return lambda place: Settings(settings.FOLDER, str(place))
    server = request.getfixturevalue("server")
    return lambda place: reached(server, place)


def archive(place: Path) -> Path:
    place.mkdir()
    (place / MARK).write_text(ABOUT)
    return place


def place_of(job: Job) -> Path:
    return Path(job.how.folder or job.how.directory)


def test_a_sender_killed_at_any_moment_leaves_nothing_half_and_the_next_brings_it_once(
    tmp_path: Path, tries: Tries, reach: Callable[[Path], Settings]
) -> None:
    count = tries(30, 1000)

    def job(number: int) -> Job:
        return Job(parcel(tmp_path / "paket", SIZE, seed=number),
                   reach(archive(tmp_path / f"arkivet-{number}")), step=STEP)

    died = killed_at_any_moment(
        count, job, lambda one: nothing_partial(place_of(one), one.parcel),
        lambda one: whole(place_of(one), one.parcel))
    assert died >= count // 3, "most die on the way"


class Dead(BaseException):
    """A sender's death in this process: nothing of Bevara catches it."""


STEPS = ("size", "read", "write", "publish", "remove", "changed")


def test_a_death_at_one_step_after_the_other_leaves_nothing_half(
    tmp_path: Path, reach: Callable[[Path], Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "LARGEST", SIZE // 4)
    left = [1 << 30]
    for files in (folder._Files, sftp._Files):
        for name in STEPS:
            monkeypatch.setattr(files, name, deadly(getattr(files, name), left))
    one, step, lived = parcel(tmp_path / "paket", SIZE), 0, False
    while not lived:
        job = Job(one, reach(archive(tmp_path / f"arkivet-{step}")))
        left[0] = step
        with suppress(Dead):
            bring(job)
            lived = True
        nothing_partial(place_of(job), one)
        left[0] = 1 << 30
        bring(job)
        whole(place_of(job), one)
        step += 1 if job.how.kind == settings.FOLDER else 7
    assert step > 20


def deadly(step: Callable[..., Any], left: list[int]) -> Callable[..., Any]:
    """Return the step, before and after which its process may die."""
    def count() -> None:
        left[0] -= 1
        if left[0] < 0:
            raise Dead

    def stepped(*arguments: Any) -> Any:
        count()
        done = step(*arguments)
        count()
        return done

    return stepped


def test_a_network_that_is_cut_again_and_again_brings_it_whole_and_not_all_of_it_anew(
    tmp_path: Path, server: Sshd, tries: Tries
) -> None:
    chance, one = random.Random(5), parcel(tmp_path / "paket", 3_000_000)
    for number in range(tries(1, 20)):
        place = archive(tmp_path / f"arkivet-{number}")
        with proxy.between(server.port, lambda: chance.randrange(20_000, 1_500_000)) as network:
            how, attempts = reached(server, place, port=network.port), 0
            while attempts < 60 and not _arrives(one, how):
                nothing_partial(place, one)
                attempts += 1
            assert network.cuts >= 3, "it was cut in the middle"
            assert network.sent < 2.5 * one.size, "what had come was gone on from"
        whole(place, one)


def test_a_slow_network_takes_its_time_and_a_silent_one_is_given_up(
    tmp_path: Path, server: Sshd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ssh, "SILENCE", 0.5)
    one, place = parcel(tmp_path / "paket", SIZE), archive(tmp_path / "arkivet")
    with proxy.between(server.port, delay=0.01) as network:
        how = reached(server, place, port=network.port)
        assert _arrives(one, how)
        whole(place, one)
        other = parcel(tmp_path / "paket", SIZE, seed=2)

        def fall_silent(so_far: int) -> None:
            network.delay = 2.0 * (so_far > 0)

        monkeypatch.setattr(pace, "LARGEST", STEP)
        with pytest.raises(Passing):
            bring(Job(other, how), Looker(act=fall_silent))
        nothing_partial(place, other)
        network.delay = 0.0
        assert _arrives(other, how)
    whole(place, one, other)


def _arrives(one: Parcel, how: Settings) -> bool:
    try:
        bring(Job(one, how))
    except Passing:
        return False
    return True

