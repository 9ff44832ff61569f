"""Helpers that are gone, false or too new; browsers, workers and tabs that die: never a deletion
without a receipt, never a word to a stranger, and nothing lost."""

from __future__ import annotations

import io
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import facebook_views as fv
import pytest
from facebook_extension import Moderator
from facebook_server import FacebookServer
from panel import Panel
from PIL import Image
from running import Running

from bevara.kernel.keys import Keys
from bevara.kernel.store import Store
from bevara.upkeep.verify import verify

pytestmark = [pytest.mark.faults, pytest.mark.browser]
PLANTED = "Håll god ton."
STRANGE = (250, 3, 247)


class Stranger:
    """Another program on Bevara's port: keeps what it is told, answers what it is given."""

    def __init__(self, port: int, answers: dict[str, Any]) -> None:
        self.heard: list[bytes] = []
        stranger = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                stranger.heard.append(self.rfile.read(int(self.headers.get("Content-Length", 0))))
                status, headers, body = answers.get(self.path, (200, {}, b"{}"))
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(body))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_PUT = do_POST

            def log_message(self, *_: object) -> None:
                return None

        ThreadingHTTPServer.allow_reuse_address = True
        self.server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def moderator() -> Iterator[Moderator]:
    address = "https://www.facebook.com/storkopingskommun"
    with Running(address, page_id="61550000000001") as bevara, FacebookServer() as facebook, \
            Moderator(bevara, facebook) as person:
        yield person
        bevara.go_on()


def press_delete(moderator: Moderator, number: int = 1) -> None:
    moderator.open_menu(number)
    moderator.choose("Ta bort")
    moderator.confirm()


def restart(moderator: Moderator) -> None:
    moderator.bevara.__enter__()


def kept(moderator: Moderator) -> list[str]:
    return [one["comment"]["text"] for one in moderator.captures()]


def test_a_stopped_helper_holds_the_click_and_says_what_to_do(moderator: Moderator) -> None:
    moderator.visit(fv.OWN_POST)
    moderator.bevara.stop()
    press_delete(moderator)
    said = Panel(moderator.page).wait("Kommentaren är kvar", timeout=15)
    assert "Starta Bevara" in said and "Försök igen" in said
    assert moderator.facebook.names() == []
    restart(moderator)
    Panel(moderator.page).press("Försök igen")
    assert len(moderator.wait_asked()) == 1
    assert kept(moderator) == [PLANTED]


def test_another_program_on_the_port_hears_nothing_of_the_comment(moderator: Moderator) -> None:
    moderator.visit(fv.OWN_POST)
    moderator.bevara.stop()
    stranger = Stranger(moderator.bevara.port, {})
    try:
        press_delete(moderator)
        Panel(moderator.page).wait("Kommentaren är kvar", timeout=15)
    finally:
        stranger.close()
    assert moderator.facebook.names() == []
    assert stranger.heard and not any(PLANTED.encode() in body for body in stranger.heard)


def test_an_impostor_with_old_answers_hears_nothing_of_the_comment(moderator: Moderator) -> None:
    moderator.visit(fv.OWN_POST)
    recorded = record_hello(moderator)
    moderator.bevara.stop()
    stranger = Stranger(moderator.bevara.port, {"/api/v1/hello": recorded})
    try:
        press_delete(moderator)
        Panel(moderator.page).wait("Kommentaren är kvar", timeout=15)
    finally:
        stranger.close()
    assert moderator.facebook.names() == []
    assert stranger.heard and not any(PLANTED.encode() in body for body in stranger.heard)


def record_hello(moderator: Moderator) -> tuple[int, dict[str, str], bytes]:
    """Return a true answer of the true helper, with its true signature."""
    port = moderator.bevara.port
    found = moderator.worker.evaluate(
        """async (url) => {
            const body = JSON.stringify({ nonce: "0123456789abcdef", last_checkpoint: null, contract: { major: 1, minor: 0 } });
            const answer = await fetch(url, { method: "POST", body, headers: { "Content-Type": "application/json" } });
            return [answer.status, Object.fromEntries(answer.headers), await answer.text()];
        }""",
        f"http://127.0.0.1:{port}/api/v1/hello",
    )
    headers = {name: value for name, value in found[1].items()
               if name in ("content-type", "content-digest", "signature", "signature-input")}
    assert "signature" in headers
    return found[0], headers, found[2].encode()


def test_a_helper_that_is_too_new_is_named(moderator: Moderator) -> None:
    moderator.visit(fv.OWN_POST)
    moderator.bevara.stop()
    code = ("from bevara import contract; contract.MAJOR, contract.ACCEPTS = 2, (2,);"
            "from bevara.cli import main; main(['serve'])")
    newer = subprocess.Popen([sys.executable, "-c", code], env=moderator.bevara.environment(),
                             stdout=subprocess.DEVNULL)
    try:
        moderator.bevara.wait()
        press_delete(moderator)
        said = Panel(moderator.page).wait("Kommentaren är kvar", timeout=15)
        assert "passar inte ihop" in said or "ppdatera" in said
        assert moderator.facebook.names() == [] and kept(moderator) == []
    finally:
        newer.terminate()
        newer.wait(10)
    restart(moderator)


def test_a_worker_stopped_mid_capture_loses_nothing(moderator: Moderator) -> None:
    moderator.visit(fv.OWN_POST)
    moderator.bevara.pause()
    press_delete(moderator)
    moderator.page.wait_for_timeout(1000)
    stop_workers(moderator)
    assert moderator.facebook.names() == []
    moderator.bevara.go_on()
    assert moderator.bevara.wait_documents("capture", 1, seconds=40)
    assert kept(moderator) == [PLANTED]


def stop_workers(moderator: Moderator) -> None:
    options = moderator._context.new_page()
    options.goto(f"chrome-extension://{moderator.worker.url.split('/')[2]}/options/options.html")
    session = moderator._context.new_cdp_session(options)
    session.send("ServiceWorker.enable")
    session.send("ServiceWorker.stopAllWorkers")


def test_a_closed_tab_loses_nothing_and_deletes_nothing(moderator: Moderator) -> None:
    moderator.visit(fv.OWN_POST)
    moderator.bevara.pause()
    press_delete(moderator)
    moderator.page.wait_for_timeout(1500)
    moderator._context.new_page()
    moderator.page.close()
    moderator.bevara.go_on()
    moderator.bevara.wait_documents("capture", 1, seconds=15)
    assert kept(moderator) == [PLANTED]
    assert moderator.facebook.names() == []


def test_a_tab_switched_during_the_picture_never_gives_the_wrong_picture(
    moderator: Moderator, tries: Callable[[int, int], int]
) -> None:
    seen = 0
    for number in range(tries(3, 30)):
        moderator.visit(fv.OWN_POST)
        before = len(moderator.captures())
        moderator.open_menu(1)
        moderator.choose("Ta bort")
        moderator.page.wait_for_selector(".portal [aria-modal]")
        other = moderator._context.new_page()
        other.set_content(f"<body style='background: rgb{STRANGE}'>")
        moderator.page.bring_to_front()
        moderator.page.evaluate(
            "setTimeout(() => document.querySelector(\".portal [aria-label='Ta bort']\").click())"
        )
        time.sleep(0.01 * number)
        other.bring_to_front()
        found = moderator.bevara.wait_documents("capture", before + 1, seconds=15)
        assert found[-1]["comment"]["text"] == PLANTED
        if found[-1]["picture"]:
            seen += 1
            assert STRANGE not in colours(moderator, found[-1]["picture"]["blob"]), "another tab's page"
        else:
            assert found[-1]["no_picture_reason"]
        other.close()
    assert seen, "no picture was ever taken, so none could be wrong"


def colours(moderator: Moderator, name: str) -> set[tuple[int, int, int]]:
    """Every colour in a stored picture."""
    database = moderator.bevara.data / "register" / "bevara.sqlite"
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        data = connection.execute("select body from blobs where sha256 = ?", (name,)).fetchone()[0]
    if data is None:
        data = next(moderator.bevara.data.rglob(name.removeprefix("sha256:"))).read_bytes()
    picture = Image.open(io.BytesIO(data)).convert("RGB")
    return {colour for _, colour in picture.getcolors(1 << 24) or []}


def test_two_moderators_at_once_make_one_record(moderator: Moderator) -> None:
    moderator.visit(fv.OWN_POST)
    first = moderator.page
    moderator.page = moderator._context.new_page()
    moderator.visit(fv.OWN_POST)
    second = moderator.page
    for page in (first, second):
        page.bring_to_front()
        moderator.page = page
        moderator.open_menu(1)
        moderator.choose("Ta bort")
        page.wait_for_selector(".portal [aria-modal]")
    for page in (first, second):
        page.evaluate(
            "setTimeout(() => document.querySelector(\".portal [aria-label='Ta bort']\").click())"
        )
    moderator.bevara.wait_documents("capture", 2)
    assert kept(moderator) == [PLANTED, PLANTED]
    moderator.bevara.stop()
    store = Store(moderator.bevara.data / "register", Keys(moderator.bevara.data))
    try:
        assert verify(store).ok
        with store.read() as connection:
            assert connection.exec_driver_sql("select count(*) from records").scalar() == 1
    finally:
        store.close()
    restart(moderator)
