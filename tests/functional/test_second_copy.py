"""The second copy in time, doctor, and the commands as people and programs run them."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bevara.config import Config
from bevara.kernel.clock import Clock
from bevara.upkeep import backup_status, copies, disks, doctor
from bevara.upkeep.backup_schedule import LOOK, BackupSchedule
from tests.client import Bevara, Desk, running
from tests.factories import capture
from tests.second_copy import PASSPHRASE, filled

ROOT = Path(__file__).parents[2]
START = datetime(2026, 11, 24, 10, tzinfo=UTC)


class Held(Clock):
    """A clock that stands still until it is moved."""

    seconds = 0.0

    def now(self) -> str:
        text = (START + timedelta(seconds=self.seconds)).isoformat(timespec="milliseconds")
        return text.replace("+00:00", "Z")


def test_every_capture_is_copied_within_five_minutes(tmp_path: Path) -> None:
    data, place = tmp_path / "data", tmp_path / "place"
    with running(data) as bevara:
        browser, store = bevara.browser(), bevara.rooms.real_store
        clock = store.clock = Held()
        schedule = BackupSchedule(Config(data, backup_dir=place), store)
        saved: dict[int, float] = {}
        waited: list[float] = []
        for minute in range(20):
            clock.seconds = minute * LOOK
            schedule.look()
            size = backup_status.read(Config(data, backup_dir=place)).tree_size or 0
            for index in [index for index in saved if index < size]:
                waited.append(clock.seconds - saved.pop(index))
            clock.seconds += 1 + minute % 7 * 8
            if minute < 14:
                receipt = browser.save(capture(str(minute))).get_json()
                saved[receipt["ledger_index"]] = clock.seconds
    assert len(waited) == 14 and not saved
    assert max(waited) <= 300


def test_a_copy_is_made_each_day_when_nothing_happens(tmp_path: Path) -> None:
    data, place = tmp_path / "data", tmp_path / "place"
    with running(data) as bevara:
        clock = bevara.rooms.real_store.clock = Held()
        schedule = BackupSchedule(Config(data, backup_dir=place), bevara.rooms.real_store)
        for hour in range(73):
            clock.seconds = hour * 3600
            schedule.look()
    home = next(place.glob("bevara-b*"))
    days = [path.name[:10] for path in copies.generations(home)]
    assert days == ["2026-11-24", "2026-11-25", "2026-11-26", "2026-11-27"]


def test_the_pages_say_where_the_copy_lies(bevara: Bevara, desk: Desk, tmp_path: Path) -> None:
    assert "Allt ligger bara på den här datorn" in desk.get("/").text
    assert "Allt ligger bara på den här datorn" in desk.get("/sakerhetskopia").text
    refused = desk.post("/sakerhetskopia", {"backup_dir": "relativ"})
    assert refused.status_code == 422 and "hela sökvägen" in refused.text
    place = tmp_path / "place"
    assert desk.post("/sakerhetskopia", {"backup_dir": str(place)}).status_code == 303
    shown = desk.get("/sakerhetskopia").text
    assert str(place) in shown and "Senaste säkerhetskopia" in shown
    assert "Allt ligger bara på den här datorn" not in desk.get("/").text
    assert desk.post("/sakerhetskopia/nu").status_code == 303
    assert len(copies.generations(next(place.glob("bevara-b*")))) == 2
    for path in sorted(place.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    desk.post("/sakerhetskopia/nu")
    assert "Säkerhetskopian blev inte av" in desk.get("/").text


def said(config: Config, about: str) -> doctor.Line:
    return next(line for line in doctor.examine(config, Clock()) if line.about.startswith(about))


@pytest.mark.parametrize(("answer", "state", "words"), [
    (True, "bra", "Disken är krypterad."), (False, "se efter", "Ingen diskkryptering syns"),
    (None, "se efter", "Okänt"),
])
def test_doctor_says_what_the_system_tells_of_encryption(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: bool | None, state: str, words: str
) -> None:
    monkeypatch.setattr(disks, "is_encrypted", lambda folder: answer)
    line = said(Config(tmp_path), "Diskkryptering")
    assert line.state == state and words in line.says


@pytest.mark.parametrize("name", ["OneDrive - Storköpings kommun", "Dropbox", "Google Drive",
                                  "Nextcloud", "iCloudDrive"])
def test_doctor_warns_of_synced_folders(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name / "Bevara"
    folder.mkdir(parents=True)
    line = said(Config(folder), "Plats")
    assert line.state == "fel" and name in line.says and "BEVARA_DATA_DIR" in str(line.next_step)


@pytest.mark.parametrize("kind", ["nfs4", "cifs", "fuse.sshfs"])
def test_doctor_knows_network_mounts(tmp_path: Path, kind: str) -> None:
    table = tmp_path / "mountinfo"
    table.write_text(f"1 0 0:1 / / rw - ext4 /dev/vda1 rw\n2 1 0:2 / {tmp_path} rw - {kind} srv rw\n")
    found = disks.mount(tmp_path / "Bevara", table)
    assert found and found.kind in disks.NETWORK
    assert disks.mount(Path("/"), table).kind == "ext4"  # type: ignore[union-attr]


def test_doctor_knows_who_answers_on_the_port(tmp_path: Path) -> None:
    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", 0))
        port = stranger.getsockname()[1]
        assert "inte igång" in said(Config(tmp_path, port), "Port").says
        stranger.listen()
        stranger.settimeout(0.1)
        line = said(Config(tmp_path, port), "Port")
    assert line.state == "fel" and "annat program" in line.says


def test_doctor_sees_a_clock_that_went_back(tmp_path: Path) -> None:
    filled(tmp_path / "data", 1)
    clock = Held()
    clock.seconds = -400 * 24 * 3600
    lines = doctor.examine(Config(tmp_path / "data"), clock)
    line = next(one for one in lines if one.about == "Klocka")
    assert line.state == "fel" and "bakåt" in line.says


def bevara(data: Path, *command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "server"), "BEVARA_DATA_DIR": str(data),
                   "BEVARA_PORT": "47999", **variables}
    return subprocess.run([sys.executable, "-m", "bevara", *command], env=environment,
                          capture_output=True, text=True, check=False)


def test_the_commands_as_they_are_run(tmp_path: Path) -> None:
    data, place, new = tmp_path / "data", tmp_path / "place", tmp_path / "new"
    filled(data, 1)
    secret = tmp_path / "passphrase"
    secret.write_bytes(PASSPHRASE)
    sealed = {"BEVARA_BACKUP_PASSPHRASE_FILE": str(secret)}
    made = bevara(data, "backup", "--to", str(place), "--json", **sealed)
    assert json.loads(made.stdout)["ok"] and made.returncode == 0, made.stderr
    refused = bevara(new, "restore", str(place))
    assert refused.returncode == 1 and "krypterad" in refused.stderr and not new.exists()
    done = bevara(new, "restore", str(place), "--json", **sealed)
    assert json.loads(done.stdout)["report"]["findings"] == [] and done.returncode == 0
    checked = bevara(new, "verify", "--json")
    assert json.loads(checked.stdout)["ok"] and checked.returncode == 0
    looked = bevara(new, "doctor", "--json")
    lines = json.loads(looked.stdout)["lines"]
    assert {"Versioner", "Mapp", "Plats", "Diskkryptering", "Säkerhetskopia", "Klocka"} <= {
        line["about"] for line in lines}
    assert all(line["state"] in ("bra", "se efter", "fel") for line in lines)
    assert PASSPHRASE.decode() not in made.stdout + done.stdout + looked.stdout


@pytest.mark.parametrize("command", ["", "backup", "restore", "doctor", "verify"])
def test_help_is_swedish(tmp_path: Path, command: str) -> None:
    shown = bevara(tmp_path, *filter(None, [command]), "--help").stdout
    assert shown.startswith("Så skrivs det: bevara")
    for english in ("usage", "options", "show ", "positional", "FOLDER", "FILE", "exit"):
        assert english not in shown, english
    unknown = bevara(tmp_path, *filter(None, [command]), "--okänd")
    assert unknown.returncode == 2 and unknown.stderr.startswith("Kommandot går inte att förstå")


@pytest.mark.parametrize("beside", [True, False])
def test_a_copy_on_the_same_disk_is_never_called_safe(
    bevara: Bevara, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, beside: bool
) -> None:
    monkeypatch.setattr(disks, "is_same_disk", lambda *_: beside)
    place = tmp_path / "place"
    place.mkdir()
    assert desk.post("/sakerhetskopia", {"backup_dir": str(place)}).status_code == 303
    for path, words in [("/", "ligger på samma disk som det den ska skydda."),
                        ("/sakerhetskopia", "Går disken sönder försvinner båda.")]:
        page = desk.get(path).text
        assert (words in page) is beside and ("note is-safe" in page) is not beside
