"""A picture of the screen: what was on it, only when it is on, and gone with its capture."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageGrab

from bevara.capture import screen, screens
from bevara.capture.screen import NoScreen
from bevara.errors import Invalid
from bevara.kernel.ephemeral import Ephemeral
from bevara.records.proof import bundle
from bevara.upkeep.verify import verify
from tests import factories
from tests.client import Bevara, Device, problem
from tests.proving import checked, files_of
from tests.virtual_screen import Screen, page

WIDTH, HEIGHT = 1280, 480
WHOLE = {"left": 0, "top": 0, "width": WIDTH, "height": HEIGHT, "scale": 1}


@pytest.fixture
def display(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Screen]:
    """A painted screen that the helper stands before."""
    with Screen(tmp_path / "screen", WIDTH, HEIGHT) as found:
        for name in ("WAYLAND_DISPLAY", "XDG_SESSION_TYPE"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("DISPLAY", found.name)
        found.paint(page(WIDTH, HEIGHT))
        yield found


def on(bevara: Bevara, mode: str = "screen") -> None:
    screens.choose(bevara.rooms.config, mode)


def ask(
    browser: Device, capture_id: str, window: dict[str, float] = WHOLE, id_: str | None = None
) -> tuple[str, int, dict[str, Any]]:
    id_ = id_ or factories.new_id()
    answer = browser.put(f"screens/{id_}", {"capture_id": capture_id, "window": window})
    return id_, answer.status_code, json.loads(answer.data)


def pixels(bevara: Bevara, name: str) -> Image.Image:
    data = bevara.rooms.ephemeral.get(name) or bevara.rooms.real_store.blob(name)
    assert name == "sha256:" + hashlib.sha256(data).hexdigest()
    return Image.open(io.BytesIO(data))


def test_it_is_off_until_it_is_switched_on(
    bevara: Bevara, browser: Device, display: Screen
) -> None:
    assert json.loads(browser.get("/api/v1/setup").data)["screen"] == "off"
    _, status, answer = ask(browser, factories.new_id())
    assert (status, answer["screen"], answer["reason"]) == (200, None, "off")
    on(bevara, "window")
    assert json.loads(browser.get("/api/v1/setup").data)["screen"] == "window"
    with pytest.raises(Invalid):
        on(bevara, "everything")


def test_the_picture_has_the_pixels_that_the_screen_shows(
    bevara: Bevara, browser: Device, display: Screen
) -> None:
    on(bevara)
    for seed in range(3):
        display.paint(page(WIDTH, HEIGHT, seed))
        _, status, answer = ask(browser, factories.new_id())
        taken = pixels(bevara, answer["screen"]["blob"])
        assert status == 201 and taken.mode == "RGB"
        assert taken.tobytes() == page(WIDTH, HEIGHT, seed).tobytes()
        assert taken.tobytes() == ImageGrab.grab(xdisplay=display.name).convert("RGB").tobytes()
        assert (answer["screen"]["width"], answer["screen"]["height"]) == taken.size


def test_it_is_written_only_with_the_capture_that_names_it(
    bevara: Bevara, browser: Device, display: Screen, tmp_path: Path
) -> None:
    on(bevara)
    document = factories.capture()
    _, _, answer = ask(browser, document["capture_id"])
    name = answer["screen"]["blob"]
    assert not list(bevara.rooms.config.data_dir.rglob(name.removeprefix("sha256:")))
    saved = browser.save(document | {"screen": answer["screen"], "no_screen_reason": None})
    assert saved.status_code == 201 and json.loads(saved.data)["screen"] is True
    assert bevara.rooms.ephemeral.get(name) is None
    assert pixels(bevara, name).size == (WIDTH, HEIGHT)
    assert verify(bevara.rooms.real_store).ok
    proof = bundle.make(bevara.rooms.real_store, document["capture_id"])
    assert f"files/{name.removeprefix('sha256:')}.png" in files_of(proof)
    assert checked(proof, tmp_path, bevara.rooms.keys.public.hex()).code == 0
    with bevara.rooms.real_store._writer._engine.begin() as tx:
        tx.exec_driver_sql("delete from blobs where sha256 = ?", (name,))
    assert any(name in one for one in verify(bevara.rooms.real_store).findings)


def test_a_capture_whose_picture_is_forgotten_is_saved_and_the_receipt_says_so(
    bevara: Bevara, browser: Device, display: Screen
) -> None:
    on(bevara)
    document = factories.capture()
    _, _, answer = ask(browser, document["capture_id"])
    bevara.rooms.ephemeral.drop(answer["screen"]["blob"])
    saved = browser.save(document | {"screen": answer["screen"], "no_screen_reason": None})
    assert saved.status_code == 201 and json.loads(saved.data)["screen"] is False
    assert verify(bevara.rooms.real_store).ok


def test_a_cancelled_picture_leaves_no_trace(
    bevara: Bevara, browser: Device, display: Screen
) -> None:
    on(bevara)
    id_, _, answer = ask(browser, factories.new_id())
    data = bevara.rooms.ephemeral.get(answer["screen"]["blob"])
    assert data
    for _ in range(2):
        assert browser.send("DELETE", f"/api/v1/screens/{id_}", b"").status_code == 200
    assert bevara.rooms.ephemeral.get(answer["screen"]["blob"]) is None
    assert not [path for path in bevara.rooms.config.data_dir.rglob("*")
                if path.is_file() and data[-200:] in path.read_bytes()]
    _, status, again = ask(browser, factories.new_id(), id_=id_)
    assert (status, again["reason"]) == (200, "cancelled")


def test_the_same_call_again_gives_the_same_picture_and_another_comment_does_not_get_it(
    bevara: Bevara, browser: Device, display: Screen
) -> None:
    on(bevara)
    capture_id = factories.new_id()
    id_, status, first = ask(browser, capture_id)
    display.paint(page(WIDTH, HEIGHT, 7))
    _, again, second = ask(browser, capture_id, id_=id_)
    assert (status, again) == (201, 200) and first == second
    other = browser.put(f"screens/{id_}", {"capture_id": factories.new_id(), "window": WHOLE})
    assert problem(other) == (409, "conflict", "/capture_id")


def test_equal_screens_of_two_comments_are_two_pictures(
    bevara: Bevara, browser: Device, display: Screen
) -> None:
    on(bevara)
    first, second = (ask(browser, factories.new_id()) for _ in range(2))
    assert first[2]["screen"]["blob"] != second[2]["screen"]["blob"]
    browser.send("DELETE", f"/api/v1/screens/{first[0]}", b"")
    assert bevara.rooms.ephemeral.get(second[2]["screen"]["blob"])


@pytest.mark.parametrize(("mode", "window", "box"), [
    ("screen", {"left": 700, "top": 20, "width": 400, "height": 300, "scale": 1},
     (640, 0, 1280, 480)),
    ("screen", {"left": -10, "top": 0, "width": 400, "height": 300, "scale": 1}, (0, 0, 640, 480)),
    ("window", {"left": 700, "top": 20, "width": 400, "height": 300, "scale": 1},
     (700, 20, 1100, 320)),
    ("window", {"left": 500, "top": 20, "width": 300, "height": 300, "scale": 1},
     (500, 20, 800, 320)),
    ("window", {"left": 350, "top": 10, "width": 200, "height": 150, "scale": 2},
     (700, 20, 1100, 320)),
    ("window", {"left": -8, "top": -8, "width": 656, "height": 496, "scale": 1},
     (0, 0, 648, 480)),
])
def test_two_monitors_and_dense_pixels(
    bevara: Bevara, browser: Device, display: Screen, mode: str, window: dict[str, float],
    box: tuple[int, int, int, int],
) -> None:
    display.split()
    on(bevara, mode)
    _, _, answer = ask(browser, factories.new_id(), window)
    taken = pixels(bevara, answer["screen"]["blob"])
    assert taken.tobytes() == page(WIDTH, HEIGHT).crop(box).tobytes()
    assert answer["screen"]["of"] == mode


def test_a_window_that_is_nowhere_is_not_pictured(
    bevara: Bevara, browser: Device, display: Screen
) -> None:
    for mode in ("window", "screen"):
        on(bevara, mode)
        away = {"left": 5000, "top": 0, "width": 400, "height": 300, "scale": 1}
        assert ask(browser, factories.new_id(), away)[2]["reason"] == "window_not_found"


def test_monitors_to_the_left_of_the_first_are_found() -> None:
    monitors = [{"left": -1920, "top": -200, "width": 3840, "height": 1280},
                {"left": 0, "top": 0, "width": 1920, "height": 1080},
                {"left": -1920, "top": -200, "width": 1920, "height": 1080}]
    window = {"left": -1800.4, "top": 10, "width": 800, "height": 600, "scale": 1.0}
    assert screen.area_of("screen", window, monitors) == monitors[2]
    assert screen.area_of("window", window, monitors)["left"] == -1800
    with pytest.raises(NoScreen):
        screen.area_of("screen", window, monitors[:1])


def test_no_display_is_said(
    bevara: Bevara, browser: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    on(bevara)
    for name in ("WAYLAND_DISPLAY", "XDG_SESSION_TYPE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DISPLAY", ":9999")
    assert ask(browser, factories.new_id())[2]["reason"] == "no_display"
    monkeypatch.delenv("DISPLAY")
    assert ask(browser, factories.new_id())[2]["reason"] == "no_display"


def test_wayland_a_blank_screen_and_a_missing_part_are_said(
    bevara: Bevara, browser: Device, display: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    on(bevara)
    display.paint(Image.new("RGB", (WIDTH, HEIGHT)))
    assert ask(browser, factories.new_id())[2]["reason"] == "blank"
    monkeypatch.setenv("XDG_SESSION_TYPE", "wayland")
    assert ask(browser, factories.new_id())[2]["reason"] == "wayland"
    monkeypatch.setattr(screen, "PARTS", ("bevara_is_not_a_part",))
    assert ask(browser, factories.new_id())[2]["reason"] == "not_installed"
    with pytest.raises(Invalid, match="inte installerad"):
        on(bevara)


def test_a_picture_that_is_cancelled_while_it_is_taken_is_forgotten(
    bevara: Bevara, display: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    on(bevara)
    waiting, id_, take = Ephemeral(), factories.new_id(), screen.take

    def slow(*arguments: Any) -> screen.Taken:
        screens.drop(waiting, id_)
        return take(*arguments)

    monkeypatch.setattr(screens.screen, "take", slow)
    body = factories.encoded({"capture_id": factories.new_id(), "window": WHOLE})
    store = bevara.rooms.real_store
    taken, answer = screens.put(bevara.rooms.config, store.clock, waiting, id_, body)
    assert (taken, answer["reason"]) == (False, "cancelled")
    assert [key for key in waiting._items if not key.startswith("screen-cancelled:")] == []


def test_the_desk_switches_it_on_with_a_warning_and_shows_what_came(
    bevara: Bevara, browser: Device, display: Screen
) -> None:
    desk = bevara.desk()
    shown = desk.get("/skarmdump").text
    assert "Andra fönster kan visa hemligheter." in shown and 'value="off" checked' in shown
    assert desk.post("/skarmdump", {"screen": "all"}).status_code == 422
    assert desk.post("/skarmdump", {"screen": "screen"}).status_code == 303
    assert 'value="screen" checked' in desk.get("/skarmdump").text
    document = factories.capture()
    _, _, answer = ask(browser, document["capture_id"])
    record = json.loads(browser.save(document | {"screen": answer["screen"]}).data)["record_id"]
    page_text = desk.get(f"/kommentarer/{record}").text
    assert "Hela skärmen, 1280 × 480" in page_text
    digest = answer["screen"]["blob"].removeprefix("sha256:")
    assert desk.get(f"/kommentarer/{record}/bild/{digest}").content_type == "image/png"
    without = factories.capture(screen=None, no_screen_reason="no_display")
    record = json.loads(browser.save(without).data)["record_id"]
    assert "Ingen skärm hittades" in desk.get(f"/kommentarer/{record}").text
