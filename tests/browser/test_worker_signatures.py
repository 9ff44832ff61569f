"""The worker believes an answer only when its own Bevara signed exactly it, to exactly this request."""

import io
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from extension_only import Browser, capture, saving
from running import Running, _free_port
from test_pairing import Impostor

from bevara.app import create_app
from bevara.config import Config

pytestmark = pytest.mark.browser

Answer = tuple[str, list[tuple[str, str]], bytes]


class Tampering:
    """Bevara in this process with someone in the middle, who changes answers by a function of (path, answer)."""

    def __init__(self, folder: Path) -> None:
        self.port = _free_port()
        app = create_app(Config(data_dir=folder, port=self.port))
        self.rooms = app.extensions["bevara"]
        self._inner: Any = app.wsgi_app
        self.change: Callable[[str, Answer], Answer] = lambda _path, answer: answer
        self.seen: dict[str, Answer] = {}
        self.asked: list[tuple[str, bytes]] = []

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        kept: list[Any] = []
        sent = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(sent)
        self.asked.append((environ["PATH_INFO"], sent))
        body = b"".join(self._inner(environ, lambda status, headers, exc=None: kept.extend([status, headers])))
        path = environ["PATH_INFO"]
        answer: Answer = (kept[0], list(kept[1]), body)
        kind = path.split("/")[3]
        status, headers, body = self.change(kind, answer)
        self.seen.setdefault(kind, answer)
        fixed = [(name, value) for name, value in headers if name.lower() != "content-length"]
        start(status, [*fixed, ("Content-Length", str(len(body)))])
        return [body]

    def sent(self, *kinds: str) -> list[str]:
        """The addresses of some kinds that were asked for."""
        return [path for path, _ in self.asked if path.split("/")[3] in kinds]

    def __enter__(self) -> "Tampering":
        self._server = make_server("127.0.0.1", self.port, self, WSGIServer, Quiet)  # type: ignore[arg-type]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self.rooms.close()


class Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


def test_another_program_after_pairing_gets_no_content() -> None:
    with Running() as bevara, Browser(bevara.port) as browser:
        assert browser.type_code(bevara.pairing_code()).startswith("Kopplad")
        bevara.stop()
        with Impostor(bevara.port) as fake:
            answer = browser.ask(saving(capture("Hemligt innehåll")))
            assert (answer["ok"], answer["code"], answer["spooled"]) == (False, "impostor", True)
            assert set(fake.paths) <= {"/api/v1/hello", "/api/v1/setup"}
            assert not any(b"Hemligt" in body for body in fake.bodies)
        bevara.__enter__()
        assert browser.wait_spool(0) == []


@pytest.mark.parametrize("lost", [("Två",), ("Två", "Tre")], ids=["the last receipt", "two receipts"])
def test_a_ledger_that_was_rolled_back_is_noticed(tmp_path: Path, lost: tuple[str, ...]) -> None:
    with Running() as bevara, Browser(bevara.port) as browser:
        assert browser.type_code(bevara.pairing_code()).startswith("Kopplad")
        assert browser.ask(saving(capture("Ett")))["ok"]
        bevara.stop()
        shutil.copytree(bevara.data, tmp_path / "before")
        bevara.__enter__()
        for text in lost:
            assert browser.ask(saving(capture(text)))["ok"]
        bevara.stop()
        shutil.rmtree(bevara.data)
        shutil.copytree(tmp_path / "before", bevara.data)
        bevara.__enter__()
        answer = browser.ask(saving(capture("Fyra")))
        assert (answer["ok"], answer["code"], answer["spooled"]) == (False, "ledger_changed", True)
        assert browser.type_code(bevara.pairing_code()).startswith("Kopplad"), "a person accepts it"
        assert browser.wait_spool(0) == []


@pytest.fixture(scope="module")
def middle(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tampering]:
    with Tampering(tmp_path_factory.mktemp("data")) as middle:
        yield middle


@pytest.fixture(scope="module")
def browser(middle: Tampering) -> Iterator[Browser]:
    with Browser(middle.port) as browser:
        assert browser.type_code(middle.rooms.pairing.open()).startswith("Kopplad")
        assert browser.ask(saving(capture("Före")))["ok"]
        yield browser


def without(name: str) -> Callable[[Answer], Answer]:
    return lambda answer: (answer[0], [one for one in answer[1] if one[0] != name], answer[2])


def header(name: str, old: str, new: str) -> Callable[[Answer], Answer]:
    def change(answer: Answer) -> Answer:
        return answer[0], [(key, value.replace(old, new) if key == name else value) for key, value in answer[1]], answer[2]

    return change


LIES: dict[str, Callable[[Answer], Answer]] = {
    "another body": lambda answer: (answer[0], answer[1], answer[2].replace(b":", b": ", 1)),
    "a longer body": lambda answer: (answer[0], answer[1], answer[2] + b" "),
    "another status": lambda answer: ("203 Else", answer[1], answer[2]),
    "no signature": without("Signature"),
    "no signature input": without("Signature-Input"),
    "no digest": without("Content-Digest"),
    "another type": header("Content-Type", "json", "xml"),
    "not bound to the request": header("Signature-Input", ' "signature";req;key="bevara"', ""),
    "another tag": header("Signature-Input", "bevara-1", "bevara-2"),
    "another key id": header("Signature-Input", 'keyid="', 'keyid="0'),
    "another time": header("Signature-Input", "created=1", "created=2"),
    "nonsense for a signature": header("Signature", "bevara=:", "bevara=:A"),
}


@pytest.mark.parametrize("lie", LIES)
@pytest.mark.parametrize("call", ["hello", "captures"])
def test_a_changed_answer_opens_nothing(
    middle: Tampering, browser: Browser, call: str, lie: str
) -> None:
    middle.change = lambda path, answer: LIES[lie](answer) if path == call else answer
    answer = browser.ask(saving(capture(lie)))
    middle.change = lambda _path, answer: answer
    assert (answer["ok"], answer["code"], answer["spooled"]) == (False, "impostor", True)


def test_an_old_answer_does_not_answer_a_new_request(middle: Tampering, browser: Browser) -> None:
    middle.change = lambda path, answer: middle.seen["captures"] if path == "captures" else answer
    answer = browser.ask(saving(capture("Upprepad")))
    middle.change = lambda _path, answer: answer
    assert (answer["ok"], answer["code"]) == (False, "impostor")


def test_a_refusal_is_believed_only_when_signed(middle: Tampering, browser: Browser) -> None:
    refusal = ("507 Full", [("Content-Type", "application/problem+json")], b'{"code":"disk_full"}')
    middle.change = lambda path, answer: refusal if path == "captures" else answer
    answer = browser.ask(saving(capture("Full")))
    middle.change = lambda _path, answer: answer
    assert answer["code"] == "impostor"


def test_a_ledger_that_only_grows_is_followed(browser: Browser) -> None:
    for number in range(9):
        assert browser.ask(saving(capture(f"Nummer {number}")))["ok"]
