"""A comment is registered through a diary's interface once, and whatever answers is not trusted."""

from __future__ import annotations

import base64
import json
import socket
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bevara.diary.channels import Passing, Permanent, http, rest
from bevara.diary.delivery import outbox, rest_settings, settings, vault, worker
from bevara.diary.delivery.outbox import State
from bevara.diary.delivery.worker import Worker
from bevara.kernel import settings as kept
from bevara.records import secrecy, show
from tests.client import Bevara, Desk, Device
from tests.functional.diary_server import TEMPLATE, TOKEN, DiaryServer
from tests.functional.folders import queued
from tests.functional.test_registration import AUTHOR, registered, saved
from tests.papers import words
from tests.second_copy import copied

SECRET, NUMBER = "planterad-nyckel-47", "KS 2026/00123:7"


@pytest.fixture
def server(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[DiaryServer]:
    made = DiaryServer(tmp_path, getattr(request, "param", False))
    yield made
    made.close()


def form(server: DiaryServer, **changes: str) -> dict[str, str]:
    return {"leveranssatt": "rest", "adress": server.address, "mall": TEMPLATE, "pekare": "/data/0/nr",
            "inloggning": "bearer", "nummerform": "KS #/#:#"} | changes


@pytest.fixture
def chosen(server: DiaryServer, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DiaryServer:
    """Choose the server at the desk, its key in a file that the environment names."""
    (tmp_path / "key").write_text(SECRET + "\n")
    monkeypatch.setenv(vault.DIARY.variable, str(tmp_path / "key"))
    answer = desk.post("/diariet", form(server))
    assert answer.status_code == 303, answer.text
    return server


def work(bevara: Bevara, trust: str | None = None) -> None:
    made = Worker(bevara.rooms.config, bevara.rooms.real_store,
                  worker.SENDERS | {settings.REST: partial(rest.send, trust=trust)})
    for id_ in made.look():
        made.attempt(id_)


def row(bevara: Bevara, id_: str) -> Any:
    return outbox.read(bevara.rooms.real_store, id_)


def number_of(bevara: Bevara, record: str) -> str | None:
    return show.record(bevara.rooms.real_store, record).row.diary_number


def test_a_comment_is_sent_once_as_the_template_says_and_its_number_comes_back(
    bevara: Bevara, browser: Device, desk: Desk, chosen: DiaryServer, tmp_path: Path,
    caplog: pytest.LogCaptureFixture
) -> None:
    record = saved(browser, desk, 'Punkten "{token}"')
    code = registered(desk, record, rubrik='Rubrik "{reference}"')
    id_ = queued(desk)
    for _ in range(2):
        work(bevara)
    (sent,) = chosen.sent()
    assert sent["title"] == 'Rubrik "{reference}"' and sent["meta"] == {"ref": code, "list": ["2026-11-22", 7]}
    assert 'Punkten "{token}"' in words(base64.b64decode(sent["file"]["data"]))
    assert sent["file"]["name"] == f"{code}.pdf"
    ((_, headers, _),) = chosen.asked
    assert headers["Authorization"] == f"Bearer {SECRET}"
    assert headers["Idempotency-Key"] == row(bevara, id_).token
    assert number_of(bevara, record) == NUMBER and State(row(bevara, id_).state) is State.SENT
    assert f"Diarienummer {NUMBER} ({worker.BY})" in desk.get(f"/kommentarer/{record}").text
    copied(tmp_path / "data", tmp_path / "place")
    pages = "".join(desk.get(path).text for path in ("/diariet", f"/leveranser/{id_}", "/kontroll"))
    pages += desk.post("/diariet/prova").text
    pages += desk.post("/diariet", form(chosen, mall="{")).text
    files = b"".join(path.read_bytes() for folder in ("data", "place")
                     for path in (tmp_path / folder).rglob("*") if path.is_file())
    assert SECRET not in pages + caplog.text and SECRET.encode() not in files
    assert "(hemlig)" in pages


def test_each_comment_goes_alone(
    bevara: Bevara, browser: Device, desk: Desk, chosen: DiaryServer
) -> None:
    for at in range(3):
        registered(desk, saved(browser, desk, f"Text {at}"))
    queued(desk)
    work(bevara)
    assert len(chosen.sent()) == 3 and len({one["meta"]["ref"] for one in chosen.sent()}) == 3


def test_a_key_is_exchanged_for_one_that_lasts_for_the_request(
    bevara: Bevara, browser: Device, desk: Desk, chosen: DiaryServer
) -> None:
    answer = desk.post("/diariet", form(
        chosen, inloggning="oauth2", klient="bevara", omfang="deeds.write",
        nyckeladress=chosen.address.replace("/deeds", "/token")))
    assert answer.status_code == 303, answer.text
    registered(desk, saved(browser, desk))
    id_ = queued(desk)
    work(bevara)
    (_, asked, body), (_, headers, _) = chosen.asked
    assert asked["Authorization"] == "Basic " + base64.b64encode(f"bevara:{SECRET}".encode()).decode()
    assert body == b"grant_type=client_credentials&scope=deeds.write"
    assert headers["Authorization"] == f"Bearer {TOKEN}" and State(row(bevara, id_).state) is State.SENT


@pytest.mark.parametrize(("mood", "after", "problem"), [
    ("status 302", State.FAILED, rest.MOVED), ("status 401", State.FAILED, rest.REFUSED),
    ("status 422", State.FAILED, "(svar 422)"), ("status 503", State.QUEUED, "(svar 503)"),
    ("status 429", State.QUEUED, "(svar 429)"), ("status 500", State.UNCERTAIN, "svarade 500"),
    ("cut", State.UNCERTAIN, rest.CUT_OFF), ("garbage", State.UNCERTAIN, rest.CUT_OFF),
    ("dripping_head", State.UNCERTAIN, rest.CUT_OFF), ("drip", State.SENT, rest.UNREADABLE),
    ("huge", State.SENT, rest.UNREADABLE), ("page", State.SENT, rest.UNREADABLE),
    ("broken", State.SENT, rest.UNREADABLE), ("deep", State.SENT, rest.UNREADABLE),
    ("other", State.SENT, rest.UNREADABLE),
])
def test_each_answer_leads_to_its_state_and_no_number_is_guessed(
    bevara: Bevara, browser: Device, desk: Desk, chosen: DiaryServer, monkeypatch: pytest.MonkeyPatch,
    mood: str, after: State, problem: str
) -> None:
    monkeypatch.setattr(http, "WHOLE", 0.4)
    record = saved(browser, desk)
    registered(desk, record)
    id_, chosen.mood = queued(desk), mood
    work(bevara)
    work(bevara)
    found = row(bevara, id_)
    assert (State(found.state), len(chosen.asked)) == (after, 1) and problem in found.problem
    assert number_of(bevara, record) is None
    assert problem in desk.get(f"/leveranser/{id_}").text


@pytest.mark.parametrize("number", ["SN 2026/1", "KS 2026/1:1\nKS", "", "<b>KS 2026/1:1</b>", "K" * 500, True, [1]])
def test_a_number_that_does_not_fit_is_not_kept(
    bevara: Bevara, browser: Device, desk: Desk, chosen: DiaryServer, number: Any
) -> None:
    record = saved(browser, desk)
    registered(desk, record)
    id_, chosen.number = queued(desk), number
    work(bevara)
    assert number_of(bevara, record) is None and State(row(bevara, id_).state) is State.SENT
    assert row(bevara, id_).problem in (worker.UNFIT, rest.UNREADABLE)


def test_a_number_that_another_comment_has_is_not_kept(
    bevara: Bevara, browser: Device, desk: Desk, chosen: DiaryServer
) -> None:
    first, second = saved(browser, desk, "Ett"), saved(browser, desk, "Två")
    registered(desk, first)
    queued(desk)
    work(bevara)
    registered(desk, second)
    id_ = queued(desk)
    work(bevara)
    assert (number_of(bevara, first), number_of(bevara, second)) == (NUMBER, None)
    assert row(bevara, id_).problem == worker.UNFIT


def test_what_a_diary_promises_to_register_once_is_asked_again(
    bevara: Bevara, browser: Device, desk: Desk, chosen: DiaryServer
) -> None:
    desk.post("/diariet", form(chosen, engang="yes"))
    record = saved(browser, desk)
    registered(desk, record)
    id_, chosen.mood = queued(desk), "cut"
    work(bevara)
    assert State(row(bevara, id_).state) is State.QUEUED and len(chosen.registered) == 1
    bevara.clock.offset = 61
    work(bevara)
    assert (len(chosen.asked), len(chosen.registered)) == (2, 1) and number_of(bevara, record) == NUMBER


@pytest.mark.parametrize(("once", "after"), [("", State.UNCERTAIN), ("yes", State.SENT)])
def test_a_worker_that_is_gone_leaves_it_to_a_person_unless_a_repeat_is_safe(
    bevara: Bevara, browser: Device, desk: Desk, chosen: DiaryServer, once: str, after: State
) -> None:
    desk.post("/diariet", form(chosen) | ({"engang": once} if once else {}))
    registered(desk, saved(browser, desk))
    store, id_ = bevara.rooms.real_store, queued(desk)
    taken = outbox.claim(store, id_)
    assert taken
    outbox.begin(store, taken)
    bevara.clock.offset = outbox.LEASE + 1
    work(bevara)
    assert State(row(bevara, id_).state) is after and len(chosen.asked) == (1 if once else 0)


def test_of_what_may_be_secret_only_a_pointer_is_sent(
    bevara: Bevara, browser: Device, desk: Desk, chosen: DiaryServer
) -> None:
    code = registered(desk, saved(browser, desk, "Hemlignu", possible_secrecy=True),
                      rubrik="Rubriknu", avsandare="Namnetnu")
    id_ = queued(desk)
    work(bevara)
    (sent,) = chosen.sent()
    assert sent["meta"]["ref"] == code and sent["title"] == sent["by"] == secrecy.PUBLIC
    written = json.dumps(sent) + base64.b64decode(sent["file"]["data"]).decode() + desk.get(f"/leveranser/{id_}").text
    for word in ("Hemlignu", "Rubriknu", "Namnetnu", AUTHOR):
        assert word not in written


def test_a_diary_of_its_own_is_never_shown_the_key_of_another(
    bevara: Bevara, browser: Device, desk: Desk, chosen: DiaryServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.post("/diariet/diarier", {"namn": "ÅN"})
    assert desk.post("/diariet", form(chosen, diarium="ÅN", nummerform="")).status_code == 303
    registered(desk, saved(browser, desk), diarium="ÅN")
    id_ = queued(desk)
    work(bevara)
    assert State(row(bevara, id_).state) is State.FAILED and chosen.asked == []
    assert "BEVARA_DIARY_SECRET_FILE__C5N" in desk.get("/diariet?diarium=%C3%85N").text
    (tmp_path / "own").write_text("egen-nyckel")
    monkeypatch.setenv("BEVARA_DIARY_SECRET_FILE__C5N", str(tmp_path / "own"))
    desk.post(f"/leveranser/{id_}/svar", {"svar": "skicka-igen"})
    work(bevara)
    ((_, headers, _),) = chosen.asked
    assert headers["Authorization"] == "Bearer egen-nyckel"


def test_a_rehearsal_shows_the_request_and_asks_nobody(desk: Desk, chosen: DiaryServer) -> None:
    page = desk.post("/diariet/prova").text
    assert "Det fungerar. Inget skickades." in page and "POST http://localhost" in page
    assert "BV-0000-0000" in page and SECRET not in page and chosen.asked == []


@pytest.mark.parametrize("address", [
    "https://169.254.169.254/x", "https://[fe80::1]/x", "https://[::ffff:169.254.1.1]/", "https://0.0.0.0/",
    "https://[fd00:ec2::254]/", "https://224.0.0.1/", "https://255.255.255.255/"])
def test_addresses_where_clouds_keep_keys_are_refused(address: str) -> None:
    with pytest.raises(Permanent, match="ansluter"):
        http.checked(address)


def test_the_address_that_was_checked_is_the_one_that_is_asked(
    chosen: DiaryServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, looked = socket.getaddrinfo, list[str]()

    def changing(host: str, *args: Any, **options: Any) -> Any:
        looked.append(host)
        target = "127.0.0.1" if looked.count("localhost") == 1 else "169.254.169.254"
        return found(target if host == "localhost" else host, *args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", changing)
    with http.opened(chosen.address) as call:
        assert call.post(b"{}", "application/json", {}).status == 201
    assert looked.count("localhost") == 1
    with pytest.raises(Permanent, match="ansluter"):
        http.checked(chosen.address)


def test_a_name_that_leads_elsewhere_than_here_needs_tls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_options: [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.1", 80))])
    with pytest.raises(Permanent, match="https"):
        http.checked("http://localhost/")


@pytest.mark.parametrize("server", [True], indirect=True)
def test_a_certificate_that_is_not_trusted_is_refused_before_anything_is_sent(
    bevara: Bevara, browser: Device, desk: Desk, chosen: DiaryServer
) -> None:
    registered(desk, saved(browser, desk))
    id_ = queued(desk)
    work(bevara)
    assert State(row(bevara, id_).state) is State.FAILED and row(bevara, id_).problem == http.NOT_TRUSTED
    assert chosen.asked == []
    desk.post(f"/leveranser/{id_}/svar", {"svar": "skicka-igen"})
    work(bevara, chosen.trust)
    assert State(row(bevara, id_).state) is State.SENT


def test_a_server_that_is_gone_is_asked_again(
    bevara: Bevara, browser: Device, desk: Desk, chosen: DiaryServer
) -> None:
    registered(desk, saved(browser, desk))
    id_ = queued(desk)
    kept.change(bevara.rooms.config.data_dir, diary_rest_url="http://localhost:9/deeds")
    work(bevara)
    assert State(row(bevara, id_).state) is State.QUEUED and row(bevara, id_).problem == rest.NO_ANSWER
    assert not row(bevara, id_).begun
    with pytest.raises(Passing):
        rest.send(*_letter(bevara, id_))


def _letter(bevara: Bevara, id_: str) -> Any:
    from bevara.diary.delivery import letter

    how = settings.read(bevara.rooms.config)
    return letter.compose(bevara.rooms.real_store, row(bevara, id_), how, {}), how, lambda *_: None


@pytest.mark.parametrize(("changes", "words"), [
    ({"adress": "http://diariet.example.se/"}, "https://"), ({"adress": "https://a:b@diariet.se/"}, "https://"),
    ({"adress": "file:///etc/passwd"}, "https://"), ({"adress": "https://x\r\ny/"}, "https://"),
    ({"adress": "https://diariet.se:99999/"}, "https://"), ({"mall": "[]"}, "Mallen"), ({"mall": "{"}, "Mallen"),
    ({"mall": '{"a": "{text}"}'}, "ett fält som inte finns"), ({"mall": '{"{title}": 1}'}, "ett fält som inte finns"),
    ({"mall": '{"a":' * 13 + "1" + "}" * 13}, "Mallen"), ({"pekare": "data"}, "JSON-pekare"),
    ({"pekare": "/a~2"}, "JSON-pekare"), ({"inloggning": "annat"}, "Inget är valt"),
    ({"inloggning": "oauth2", "klient": "x"}, "https://"),
])
def test_a_bad_setting_is_named_and_changes_nothing(
    desk: Desk, server: DiaryServer, changes: dict[str, str], words: str
) -> None:
    before = desk.get("/diariet").text
    answer = desk.post("/diariet", form(server, **changes))
    assert answer.status_code == 422 and words in answer.text
    assert desk.get("/diariet").text == before


@pytest.mark.parametrize("id_", rest_settings.PRESETS)
def test_a_preset_fills_the_form_says_that_it_is_not_tried_and_can_be_kept(desk: Desk, id_: str) -> None:
    page, (_, preset) = desk.get(f"/diariet?forval={id_}").text, rest_settings.PRESETS[id_]
    assert "ej provad mot leverantörens system" in page and preset.url in page
    answer = desk.post("/diariet", {"leveranssatt": "rest", **rest_settings.as_form(preset)})
    assert answer.status_code == 303, answer.text
    assert settings.read(desk.bevara.rooms.config).rest == preset
