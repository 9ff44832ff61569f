"""What was practised leaves from the page *Arkiv* and arrives at real servers, whole and readable."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bevara.archive.delivery import receipts, rows
from bevara.archive.delivery.wired import wired
from bevara.archive.packages import check
from bevara.archive.receivers import s3_client, settings, ways
from bevara.archive.receivers.settings import Settings
from tests import radosgw, sshd
from tests.client import Bevara, running
from tests.factories import PNG, capture, picture
from tests.receiving import reached

FORM = {"arkivbildare": "Kommunstyrelsen", "arkivbildare_kod": "ORG:2120001234", "form": "sip",
        "overenskommelse": "KS 2026/12", "arkiv": "Stadsarkivet"}


@dataclass(frozen=True)
class Archive:
    """A server that packages come to, looked into past Bevara."""

    how: Settings
    fetch: Callable[[str], bytes]
    answer: Callable[[str, bytes], object]


@pytest.fixture
def bevara(tmp_path: Path) -> Iterator[Bevara]:
    with running(tmp_path / "data") as bevara:
        yield bevara


@pytest.fixture(params=["sftp", "s3"])
def archive(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Archive]:
    if request.param == "sftp":
        folder = tmp_path / "arkivet"
        folder.mkdir()
        with sshd.running(tmp_path / "sshd") as server:
            yield Archive(reached(server, folder), lambda name: (folder / name).read_bytes(),
                          lambda name, body: (folder / name).write_bytes(body))
        return
    with radosgw.running(tmp_path / "rgw") as gateway:
        (tmp_path / "secret").write_text(gateway.secret)
        monkeypatch.setenv(settings.S3_SECRET.variable, str(tmp_path / "secret"))
        how = Settings(settings.S3, endpoint=gateway.endpoint, bucket="arkivet",
                       access_key=gateway.access, lock_years=1)
        client = s3_client.opened(how)
        client.create_bucket(Bucket="arkivet", ObjectLockEnabledForBucket=True)
        yield Archive(
            replace(how), lambda name: client.get_object(
                Bucket="arkivet", Key=name)["Body"].read(),
            lambda name, body: client.put_object(Bucket="arkivet", Key=name, Body=body))


def test_a_trial_delivery_arrives_opens_and_is_answered(
    bevara: Bevara, archive: Archive, tmp_path: Path
) -> None:
    desk, practice = bevara.desk(), bevara.rooms.practice_store
    chosen = desk.post("/mottagare", settings.as_form(archive.how) | FORM | {"typer": "kept"})
    assert chosen.status_code == 303, chosen.text
    assert desk.post("/mottagare/prova", {}).status_code == 200
    bevara.browser().on_practice().save(
        capture("Övningsord 🙂", platform="practice", picture=picture()), PNG)
    answer = desk.post("/arkiv", {"gor": "prov", "av": "Karin Öst"})
    id_ = answer.headers["Location"].rpartition("/")[2]
    wired(bevara.rooms.config, bevara.rooms.real_store).all_due(practice)
    row = rows.read(practice, id_)
    assert (row.state, row.problem) == (rows.State.SENT, None)
    package = tmp_path / f"{id_}.zip"
    package.write_bytes(archive.fetch(f"{id_}.zip"))
    assert hashlib.sha256(package.read_bytes()).hexdigest() == row.sha256
    assert list(check.problems(package)) == []
    opens_without_bevara(package, tmp_path / "ut")
    note = json.loads(archive.fetch(f"{id_}.json"))
    assert (note["sha256"], note["status"]) == (row.sha256, "TEST")
    archive.answer(note["kvittens"]["fil"], json.dumps({
        "token": note["token"], "sha256": note["sha256"], "mottaget": "ja",
        "arkivnummer": "SE-1-77", "datum": "2026-11-29"}).encode())
    receiver = ways.opened(settings.read(bevara.rooms.config))
    assert receiver and receipts.collect([practice], receiver) == 1
    assert "SE-1-77" in desk.get(answer.headers["Location"]).text


def opens_without_bevara(package: Path, folder: Path) -> None:
    """Unpack as a file manager does; find the text, the picture and the reading copy."""
    if shutil.which("unzip"):
        subprocess.run(["unzip", "-q", str(package), "-d", str(folder)], check=True)
    else:
        with zipfile.ZipFile(package) as found:
            found.extractall(folder)
    (text,) = folder.rglob("meddelande.txt")
    assert text.read_text() == "Övningsord 🙂"
    assert (text.parent / "skarmdump.png").read_bytes() == PNG
    assert (text.parent / "handling.pdf").read_bytes().startswith(b"%PDF-1.")
    assert (text.parent / "bevis.zip").is_file()
