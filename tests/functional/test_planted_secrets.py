"""What the channels log in with is looked for in everything that Bevara shows, sends and writes."""

from __future__ import annotations

import base64
import io
import logging
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bevara.cli import main
from bevara.diary.delivery import outbox, settings, vault
from bevara.diary.delivery.outbox import State
from tests.client import Bevara, Desk, Device, running
from tests.functional.diary_server import TEMPLATE, TOKEN, DiaryServer
from tests.functional.test_every_route import calls_of
from tests.functional.test_registration import registered, saved
from tests.functional.test_rest import work
from tests.functional.test_smtp import free_port
from tests.second_copy import copied

PASSWORD, BEARER, CLIENT = "planterat-losen-91", "planterad-bearer-92", "planterad-klient-93"
SECRETS = (PASSWORD, BEARER, CLIENT, TOKEN)
NEEDLES = tuple(form for one in SECRETS for form in (
    one.encode(), base64.b64encode(one.encode()), base64.b64encode(f"bevara:{one}".encode()),
    base64.b64encode(f"\0bevara\0{one}".encode())))
MAIL = {"leveranssatt": "smtp", "till": "a@storkoping.se", "fran": "b@storkoping.se", "server": "localhost",
        "skydd": "starttls", "anvandare": "bevara"}


def found_in(data: bytes) -> list[bytes]:
    return [needle for needle in NEEDLES if needle in data]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[DiaryServer]:
    made = DiaryServer(tmp_path)
    yield made
    made.close()


@pytest.fixture
def chosen(
    desk: Desk, server: DiaryServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[dict[str, dict[str, str]]]:
    """Give three diaries a channel and a secret each; return their forms."""
    rest = {"leveranssatt": "rest", "adress": server.address, "mall": TEMPLATE, "pekare": "/data/0/nr"}
    said = {"": MAIL | {"port": str(free_port())}, "SN": rest | {"inloggning": "bearer"},
            "BN": rest | {"inloggning": "oauth2", "klient": "bevara",
                          "nyckeladress": server.address.replace("/deeds", "/token")}}
    for name, secret, kind in (("", PASSWORD, vault.SMTP), ("SN", BEARER, vault.DIARY),
                               ("BN", CLIENT, vault.DIARY)):
        path = tmp_path / f"secret-{secret}"
        path.write_text(secret)
        monkeypatch.setenv(kind.of(name).variable, str(path))
        if name:
            desk.post("/diariet/diarier", {"namn": name})
        answer = desk.post("/diariet", said[name] | {"diarium": name})
        assert answer.status_code == 303, answer.text
    yield said


def delivered(
    bevara: Bevara, browser: Device, desk: Desk, server: DiaryServer, mood: str
) -> None:
    """Hand one comment over to each diary, while the server answers as `mood` says."""
    server.mood = mood
    for name in ("", "SN", "BN"):
        registered(desk, saved(browser, desk, f"{mood} {name}"), diarium=name)
    assert desk.post("/leveranser", {}).status_code == 303
    work(bevara)


def pages(bevara: Bevara, browser: Device, desk: Desk, chosen: dict[str, dict[str, str]]) -> bytes:
    """Return what every route answers the desk and a paired browser, and what the forms say."""
    store = bevara.rooms.real_store
    every = [call.path for call in calls_of(bevara) if call.method == "GET" and "static" not in call.endpoint]
    every += [f"/leveranser/{row.id}{end}" for row in outbox.newest(store) for end in ("", "/e-post.eml")]
    every += [f"/diariet?diarium={name}&forval={preset}" for name in chosen for preset in ("", "sif")]
    found = [desk.get(path).data for path in every]
    for name, form in chosen.items():
        found += [desk.post("/diariet/prova", {"diarium": name}).data,
                  desk.post("/diariet", form | {"diarium": name, "klockslag": "fel"}).data]
    found += [browser.get(path).data for path in ("/api/v1/setup", "/api/v1/finns-inte")]
    return b"\n".join(found)


def written(*folders: Path) -> bytes:
    """Return every file, what is in each ZIP, and each database as SQLite reads it."""
    found = []
    for path in (path for folder in folders for path in folder.rglob("*") if path.is_file()):
        data = path.read_bytes()
        found.append(str(path).encode() + data)
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                found += [archive.read(name) for name in archive.namelist()]
        if data.startswith(b"SQLite format 3"):
            with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
                found += ["\n".join(database.iterdump()).encode()]
    return b"\n".join(found)


def test_no_secret_is_on_any_page_in_any_file_log_backup_or_command(
    bevara: Bevara, browser: Device, desk: Desk, server: DiaryServer,
    chosen: dict[str, dict[str, str]], tmp_path: Path, caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
) -> None:
    caplog.set_level(logging.DEBUG)
    for mood in ("status 401", "created"):
        delivered(bevara, browser, desk, server, mood)
    states = {State(row.state) for row in outbox.newest(bevara.rooms.real_store)}
    assert states >= {State.QUEUED, State.FAILED, State.SENT}, "there were errors to say something of"
    shown = {headers["Authorization"] for _, headers, _ in server.asked}
    assert {f"Bearer {BEARER}", f"Bearer {TOKEN}"} <= shown, "the secrets were used"
    data = bevara.rooms.config.data_dir
    copied(data, tmp_path / "place")
    monkeypatch.setenv("BEVARA_DATA_DIR", str(data))
    for command in (["doctor", "--json"], ["verify", "--json"]):
        main(command)
    said = "".join(capsys.readouterr()).encode()
    bodies = b"\n".join(body for _, _, body in server.asked)
    assert said and found_in(said + caplog.text.encode() + bodies) == []
    assert found_in(pages(bevara, browser, desk, chosen)) == []
    assert found_in(written(data, tmp_path / "place")) == []


def test_the_search_finds_what_is_planted(tmp_path: Path) -> None:
    with running(tmp_path / "data") as bevara:
        settings.add(bevara.rooms.config, BEARER)
    assert found_in(written(tmp_path)) == [BEARER.encode()]
