"""Whole processes whose clock is a day off, or past 2038: nothing is refused, and the log keeps the order."""

import json
import os
import re
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.bench.wire import Paired, Wire, parcel, send

DAY = 86_400
AFTER_2038 = int(datetime(2038, 1, 20, tzinfo=UTC).timestamp())
LIBRARY = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
pytestmark = [pytest.mark.faults, pytest.mark.skipif(
    LIBRARY is None, reason="the Debian package faketime is not installed")]


class Shifted(Paired):
    """`bevara serve` and its browser on a computer whose clock is `offset` seconds off."""

    offset = 0

    def environment(self) -> dict[str, str]:
        return {**super().environment(), **faked(self.offset)}

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run another of Bevara's commands on the same computer."""
        return subprocess.run([sys.executable, "-m", "bevara", *command], env=self.environment(),
                              capture_output=True, text=True, check=False)


class ShiftedWire(Wire):
    """Its extension, which signs by the same clock."""

    def __init__(self, computer: Shifted) -> None:
        super().__init__(computer)
        self.offset = computer.offset

    def sign(
        self, method: str, path: str, body: bytes, media_type: str, **changes: str
    ) -> dict[str, str]:
        created = str(int(time.time()) + self.offset)
        return super().sign(method, path, body, media_type, **{"created": created, **changes})


def faked(offset: int) -> dict[str, str]:
    """Return the variables that move a process's clock; the command `faketime` would outlive it."""
    return {"LD_PRELOAD": str(LIBRARY), "FAKETIME": f"{offset:+d}",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1"}


@pytest.fixture(scope="module", autouse=True)
def works() -> None:
    shown = subprocess.run([sys.executable, "-c", "import time; print(time.time())"],
                           env={**os.environ, **faked(DAY)}, capture_output=True, text=True,
                           check=False).stdout
    if not re.match(r"\d", shown) or abs(float(shown) - time.time() - DAY) > 60:
        pytest.skip("faketime does not work here")


def test_serve_starts_saves_and_verifies_whatever_the_clock_says() -> None:
    """One register, opened by one clock after the other."""
    computer, saved = Shifted(), []
    computer.__enter__()
    for offset in [0, -DAY, DAY, AFTER_2038 - int(time.time()), 0]:
        computer.stop()
        computer.offset = offset
        computer.__enter__()
        wire, one = ShiftedWire(computer), parcel(2000)
        receipt = send(wire.connection, wire.ready(one))
        saved.append(receipt["capture_id"])
        at = datetime.fromisoformat(receipt["received_at"]).timestamp()
        assert abs(at - time.time() - offset) < 60, "the process really has that clock"
        wire.close()
        beside = computer.run("verify", "--json")
        assert json.loads(beside.stdout)["ok"], beside.stdout + beside.stderr
    assert in_order(computer) == saved
    checked = computer.run("verify", "--json")
    assert json.loads(checked.stdout)["ok"], checked.stdout + checked.stderr
    lines = json.loads(computer.run("doctor", "--json").stdout)["lines"]
    clock = next(line for line in lines if line["about"] == "Klocka")
    assert clock["state"] == "fel" and "bakåt" in clock["says"], "what was saved in 2038 is said"
    computer.__exit__(None, None, None)


def in_order(computer: Shifted) -> list[str]:
    database = computer.data / "register" / "bevara.sqlite"
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        rows = connection.execute(
            "select id from documents where kind = 'capture' order by ledger_index").fetchall()
    return [row[0] for row in rows]


def test_a_browser_whose_clock_is_another_than_the_helper_s_is_refused_with_why() -> None:
    computer = Shifted()
    computer.offset = DAY
    with computer:
        wire = ShiftedWire(computer)
        wire.offset = 0
        first = wire.ready(parcel(2000))[0]
        wire.connection.request("PUT", first.path, first.body, first.headers)
        reply = wire.connection.getresponse()
        assert (reply.status, json.loads(reply.read())["code"]) == (401, "stale_signature")
        wire.close()
