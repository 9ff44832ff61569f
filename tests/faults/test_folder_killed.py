"""Workers killed between any two steps of a folder's delivery: none is lost, none lies there twice."""

from __future__ import annotations

import os
import random
import signal
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bevara.config import Config
from bevara.diary.channels import folder as channel
from bevara.diary.channels import inbox, place
from bevara.diary.delivery import outbox, receipts, settings, worker
from bevara.diary.delivery.outbox import State
from bevara.diary.delivery.worker import Worker
from bevara.kernel import settings as kept_settings
from bevara.kernel.keys import Keys
from bevara.kernel.store import Store
from bevara.kernel.tables import documents, records
from tests.client import running
from tests.factories import capture
from tests.faults import forked
from tests.faults.test_deliveries import MovedClock, Tries, states
from tests.functional.folders import Import
from tests.functional.test_registration import REGISTER

STEPS = ((os, "replace"), (os, "fsync"), (channel, "_write"), (channel, "_remove_earlier"),
         (outbox, "claim"), (outbox, "begin"), (outbox, "anew"), (outbox, "sent"),
         (outbox, "uncertain"), (inbox, "move"), (place, "synced"))
"""What a worker does; it is killed before or after one of these, the database's own steps aside."""
FARTHEST, ALIVE, DIES = 34, 1 << 30, (0, 1, 2, 4)
"""Steps tried, more than there are; none; and the turns that die: delivering, then collecting."""
pytestmark = pytest.mark.usefixtures("quick_copies")


def filled(folder: Path, at: Path, number: int, queue: bool = True) -> None:
    """Leave a store with so many comments, each in a delivery of its own if they are queued."""
    at.mkdir()
    with running(folder) as bevara:
        desk, store, browser = bevara.desk(), bevara.rooms.real_store, bevara.browser()
        desk.post("/diariet", {"leveranssatt": "folder", "mapp": str(at)})
        for _ in range(number):
            record = str(browser.save(capture()).get_json()["record_id"])
            desk.post(f"/kommentarer/{record}/skal", {"skal": "profanity"})
            assert desk.post(f"/kommentarer/{record}/registrering", REGISTER).status_code == 303
            if queue:
                create(store, record)
    assert kept_settings.read(folder)["diary_channel"] == settings.FOLDER


def of_all(store: Store) -> list[str]:
    with store.read() as connection:
        return [str(one) for one in connection.execute(select(records.c.id)).scalars()]


def create(store: Store, record: str) -> None:
    store.write(lambda tx: outbox.create(
        tx, settings.FOLDER, [record], store.clock.now(), "bevara.invalid"))


def picked_up(
    diary: Import, taken: list[str], fits: Callable[[], bool] = lambda: True
) -> list[dict[str, Any]]:
    """Take what lies there whole away, as an import does; return what it said of itself."""
    found = [note for note in diary.notes() if fits()]
    for note in found:
        taken.append(note["token"])
        (diary.folder / note["zip"]).unlink()
        (diary.folder / note["receipt"].replace(".kvittens", "")).unlink()
    return found


def answered(diary: Import, note: dict[str, Any], number: int) -> None:
    diary.answer(note, {note["records"][0]["reference"]: f"KS 2026/{number}"})


def take(diary: Import, chance: random.Random, taken: list[str]) -> None:
    """Take about half of what lies there whole, and answer with numbers."""
    for note in picked_up(diary, taken, lambda: chance.random() < 0.5):
        answered(diary, note, taken.index(note["token"]) + 1)


def test_no_killed_worker_loses_a_delivery_or_lays_it_there_twice_or_numbers_it_twice(
    tmp_path: Path, tries: Tries
) -> None:
    kills, data, at = tries(10, 1000), tmp_path / "data", tmp_path / "diariet"
    number, diary, taken, chance = kills * 2 // 3, Import(at), list[str](), random.Random(7)
    filled(data, at, number)
    killed = 0
    while killed < kills:
        ended = forked.ended(work_until_killed, data, killed)
        assert ended.code in (0, -signal.SIGKILL), ended.output
        take(diary, chance, taken)
        if ended.code == 0 and len(taken) == number:
            break
        killed += ended.code != 0
    assert killed >= kills // 2
    clock = MovedClock(10_000)
    store = Store(data / "register", Keys(data), clock)
    while len(taken) < number or list(at.glob("*.kvittens.json")):
        work(data, store)
        take(diary, chance, taken)
        clock.pushed += 1
        assert clock.pushed < 10_100, "lost"
    whole(store, diary, taken, number)
    store.close()


class Dead(BaseException):
    """A worker's death in this process: nothing of Bevara catches it, and nothing is tidied."""


@pytest.mark.parametrize(("takes", "answers"), [(0, 0), (0, 2), (2, 2)], ids=[
    "at once", "answers late", "takes late"])
def test_a_death_at_each_step_in_turn_loses_and_doubles_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, takes: int, answers: int
) -> None:
    data, diary, taken = tmp_path / "data", Import(tmp_path / "diariet"), list[str]()
    filled(data, diary.folder, FARTHEST, queue=False)
    left = [ALIVE]
    monkeypatch.setattr(worker, "due_day", lambda *_: None)
    for module, name in STEPS:
        monkeypatch.setattr(module, name, deadly(getattr(module, name), left, die))
    clock = MovedClock()
    store = Store(data / "register", Keys(data), clock)
    for step, record in enumerate(of_all(store)):
        create(store, record)
        due: list[dict[str, Any]] = []
        for turn in range(6):
            left[0] = step if turn in DIES else ALIVE
            with suppress(Dead):
                work(data, store)
            left[0] = ALIVE
            clock.pushed += 1
            due += picked_up(diary, taken) if turn >= takes else []
            while due and turn >= answers:
                answered(diary, due.pop(), len(taken))
    work(data, store)
    whole(store, diary, taken, FARTHEST)
    store.close()


def die() -> None:
    raise Dead


def whole(store: Store, diary: Import, taken: list[str], number: int) -> None:
    """Assert that each delivery was taken once, each comment numbered once, and nothing is left."""
    assert [token for token, times in Counter(taken).items() if times > 1] == [], "lay there twice"
    assert len(taken) == number, "lost"
    with store.read() as connection:
        rows = connection.execute(select(records.c.diary_number)).scalars().all()
        said = connection.execute(select(documents.c.id).where(
            documents.c.kind == "registration")).all()
    assert sorted(map(str, rows)) == sorted(f"KS 2026/{one}" for one in range(1, number + 1))
    assert len(said) == number, "numbered once"
    assert set(states(store).values()) == {State.SENT}, "a receipt settles what may have been sent"
    assert receipts.open_ones(store) == [], "no good receipt is set aside"
    assert not [path.name for path in diary.folder.glob(".*")], "nothing is left aside"


def work_until_killed(data: Path, seed: int) -> None:
    """Do what is due, and die before or after the step that the seed chooses."""
    left = [random.Random(seed).randrange(FARTHEST)]
    for module, name in (*STEPS, (outbox, "receipted")):
        setattr(module, name, deadly(getattr(module, name), left, kill))
    store = Store(data / "register", Keys(data), MovedClock(seed))
    work(data, store)
    store.close()


def work(data: Path, store: Store) -> None:
    made = Worker(Config(data), store, worker.SENDERS, lease=1)
    for id_ in made.look():
        made.attempt(id_)


def kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def deadly(
    step: Callable[..., Any], left: list[int], end: Callable[[], None]
) -> Callable[..., Any]:
    """Return the step, which counts down before and after it, and ends all at nought."""
    def count() -> None:
        left[0] -= 1
        if left[0] < 0:
            end()

    def stepped(*args: Any, **kwargs: Any) -> Any:
        count()
        done = step(*args, **kwargs)
        count()
        return done

    return stepped
