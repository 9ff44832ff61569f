"""Mail goes through a real server once, over TLS and logged in; what became of it is never guessed."""

from __future__ import annotations

import email
import email.policy
import socket
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("aiosmtpd")
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from bevara.diary.channels import Permanent, eml, smtp
from bevara.diary.delivery import outbox, settings, vault, worker
from bevara.diary.delivery.outbox import State
from bevara.diary.delivery.worker import Worker
from bevara.kernel import settings as kept
from tests.client import Bevara, Desk, Device
from tests.functional.test_registration import WAITING, registered, saved
from tests.papers import words

USER, SECRET = "bevara", "planterat-losenord-47"
pytestmark = pytest.mark.filterwarnings(
    "ignore::DeprecationWarning", "ignore:Requiring AUTH:UserWarning",
    "ignore::pytest.PytestUnraisableExceptionWarning")


class Server:
    """A mail server on loopback; `mood` says how it answers a message."""

    def __init__(self, folder: Path, security: str) -> None:
        certificate = folder / "server.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
             "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", certificate.with_suffix(".key"),
             "-out", certificate], check=True, capture_output=True)
        self.trust, self.taken, self.mood = str(certificate), list[bytes](), "250 OK"
        self.security = security
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate, certificate.with_suffix(".key"))
        tls: dict[str, Any] = ({"ssl_context": context, "auth_require_tls": False} if security == "tls" else
                               {"tls_context": context, "require_starttls": True, "auth_require_tls": True})
        self.controller = Controller(self, hostname="127.0.0.1", port=0, auth_required=True,
                                     authenticator=self.login, **tls)

    def login(self, _server: Any, _session: Any, _envelope: Any, _how: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        return AuthResult(success=(data.login, data.password) == (USER.encode(), SECRET.encode()), handled=False)

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:
        if self.mood == "cut":
            self.taken.append(envelope.content)
            server.transport.abort()
            return "250 OK"
        if self.mood.startswith("250"):
            self.taken.append(envelope.content)
        return self.mood


@pytest.fixture
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    made = Server(tmp_path, getattr(request, "param", "starttls"))
    made.controller.port = free_port()
    made.controller.start()
    yield made
    made.controller.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def chosen(server: Server, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Server:
    """Choose the server at the desk, its password in a file that the environment names."""
    secret = tmp_path / "secret"
    secret.write_text(SECRET + "\n")
    monkeypatch.setenv(vault.SMTP.variable, str(secret))
    answer = desk.post("/diariet", {
        "leveranssatt": "smtp", "till": "registrator@storkoping.se", "fran": "bevara@storkoping.se",
        "server": "localhost", "port": str(server.controller.port), "skydd": server.security, "anvandare": USER})
    assert answer.status_code == 303, answer.text
    return server


def worker_of(bevara: Bevara, trust: str) -> Worker:
    def send(found: Any, how: Any, begin: Any) -> None:
        smtp.send(eml.message(found, how, draft=False), how, begin, trust)

    return Worker(bevara.rooms.config, bevara.rooms.real_store, {settings.SMTP: send})


def queued(desk: Desk) -> str:
    answer = desk.post("/leveranser", {})
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"].rpartition("/")[2]


def state(bevara: Bevara, id_: str) -> State:
    return State(outbox.read(bevara.rooms.real_store, id_).state)


@pytest.mark.parametrize("server", ["starttls", "tls"], indirect=True)
def test_a_mail_arrives_once_whole_and_leaves_no_password_anywhere(
    bevara: Bevara, browser: Device, desk: Desk, chosen: Server, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    code = registered(desk, saved(browser, desk, "Punkten\n.\n..två"))
    assert "Skicka nu" in desk.get(WAITING).text
    id_, sender = queued(desk), worker_of(bevara, chosen.trust)
    for _ in range(3):
        for due in sender.look():
            sender.attempt(due)
    assert len(chosen.taken) == 1 and state(bevara, id_) is State.SENT
    message: Any = email.message_from_bytes(chosen.taken[0], policy=email.policy.SMTP)
    assert message["Message-ID"] == f"<{id_}@storkoping.se>" and message["From"] == "bevara@storkoping.se"
    (copy,) = message.iter_attachments()
    assert copy.get_filename() == f"{code}.pdf" and "Punkten\n.\n" in words(copy.get_content()).replace("\n\n", "\n")
    pages = desk.get("/diariet").text + desk.get(f"/leveranser/{id_}").text + caplog.text
    files = b"".join(path.read_bytes() for path in (tmp_path / "data").rglob("*") if path.is_file())
    assert SECRET not in pages and SECRET.encode() not in files + chosen.taken[0]


@pytest.mark.parametrize(("mood", "after"), [
    ("451 Later", State.QUEUED), ("554 No", State.FAILED), ("cut", State.UNCERTAIN)])
def test_each_answer_leads_to_its_state_and_only_a_passing_one_is_tried_again(
    bevara: Bevara, browser: Device, desk: Desk, chosen: Server, mood: str, after: State
) -> None:
    registered(desk, saved(browser, desk))
    id_, sender = queued(desk), worker_of(bevara, chosen.trust)
    chosen.mood = mood
    sender.attempt(id_)
    assert state(bevara, id_) is after
    sender.attempt(id_)
    chosen.mood, bevara.clock.offset = "250 OK", 61
    sender.attempt(id_)
    assert state(bevara, id_) is (State.SENT if after is State.QUEUED else after)
    assert len(chosen.taken) == (0 if after is State.FAILED else 1)
    if after is State.UNCERTAIN:
        assert "Kan ha skickats" in desk.get(f"/leveranser/{id_}").text
        assert "Kan ha skickats" in desk.get("/leveranser").text
        desk.post(f"/leveranser/{id_}/svar", {"svar": "kom-fram"})
        assert state(bevara, id_) is State.SENT


def test_a_wrong_password_or_an_untrusted_server_is_refused_before_anything_is_sent(
    bevara: Bevara, browser: Device, desk: Desk, chosen: Server, tmp_path: Path
) -> None:
    registered(desk, saved(browser, desk))
    id_, how = queued(desk), settings.read(bevara.rooms.config)
    with pytest.raises(Permanent, match="inte betrott"):
        smtp.try_out(how)
    worker_of(bevara, chosen.trust)
    (tmp_path / "secret").write_text("fel")
    worker_of(bevara, chosen.trust).attempt(id_)
    assert state(bevara, id_) is State.FAILED and chosen.taken == []
    assert "inloggningen" in desk.get(f"/leveranser/{id_}").text


def test_trying_out_sends_nothing(bevara: Bevara, chosen: Server) -> None:
    smtp.try_out(settings.read(bevara.rooms.config), chosen.trust)
    assert chosen.taken == []


def test_a_paused_channel_sends_nothing_until_it_goes_on(
    bevara: Bevara, browser: Device, desk: Desk, chosen: Server
) -> None:
    registered(desk, saved(browser, desk))
    id_, sender = queued(desk), worker_of(bevara, chosen.trust)
    assert desk.post("/diariet/paus", {"pausa": "1"}).status_code == 303
    assert sender.look() == []
    sender.attempt(id_)
    assert chosen.taken == [] and state(bevara, id_) is State.QUEUED
    desk.post("/diariet/paus", {})
    for due in sender.look():
        sender.attempt(due)
    assert len(chosen.taken) == 1


def test_a_server_that_is_gone_is_asked_again_with_growing_pauses(
    bevara: Bevara, browser: Device, desk: Desk, chosen: Server
) -> None:
    registered(desk, saved(browser, desk))
    id_, sender = queued(desk), worker_of(bevara, chosen.trust)
    kept.change(bevara.rooms.config.data_dir, diary_port=str(free_port()))
    for waited in (0, 61, 61 + 121):
        bevara.clock.offset = waited
        sender.attempt(id_)
    assert outbox.read(bevara.rooms.real_store, id_).attempt == 3
    assert [outbox.pause(number) for number in (1, 2, 3, 9, 50)] == [60, 120, 240, 15360, 21600]


def test_the_days_batch_is_made_once_at_its_hour_and_what_is_urgent_at_once(
    bevara: Bevara, browser: Device, desk: Desk, chosen: Server
) -> None:
    assert worker.due_day("2026-11-24T13:59:00Z", "15:00") is None
    assert worker.due_day("2026-11-24T14:00:00Z", "15:00") == "2026-11-24"
    assert worker.due_day("2026-11-28T15:00:00Z", "15:00") is None, "a Saturday"
    desk.post("/diariet", {
        "leveranssatt": "smtp", "till": "registrator@storkoping.se", "fran": "bevara@storkoping.se",
        "server": "localhost", "port": str(chosen.controller.port), "skydd": "tls", "anvandare": USER,
        "klockslag": "23.59"})
    registered(desk, saved(browser, desk))
    registered(desk, saved(browser, desk, possible_secrecy=True))
    sender = worker_of(bevara, chosen.trust)
    (urgent,) = sender.look()
    assert len(outbox.items(bevara.rooms.real_store, urgent)) == 1
