"""Pictures of the screen, held in memory until the capture that names them arrives."""

from __future__ import annotations

import json
from typing import Any

from bevara import contract
from bevara.capture import screen
from bevara.capture.screen import Mode, NoScreen
from bevara.config import Config
from bevara.errors import Conflict, Invalid
from bevara.kernel import blobs, settings
from bevara.kernel.clock import Clock
from bevara.kernel.ephemeral import Ephemeral
from bevara.web.bodies import parse

MODES: tuple[Mode, ...] = ("off", "window", "screen")
SETTING = "screen"


def mode(config: Config) -> Mode:
    """Return what is pictured: nothing, the browser's window or its whole screen."""
    found = settings.read(config.data_dir).get(SETTING)
    return found if found in MODES else "off"


def choose(config: Config, wanted: str) -> None:
    """Keep what is to be pictured; raise `Invalid`."""
    if wanted not in MODES:
        raise Invalid(SETTING, "Välj av, webbläsarens fönster eller hela skärmen.")
    if wanted != "off" and not screen.installed():
        raise Invalid(SETTING, "Delen som tar bild av skärmen är inte installerad.",
                      "Be IT installera bevara[screen].")
    settings.change(config.data_dir, **{SETTING: wanted})


def put(
    config: Config, clock: Clock, ephemeral: Ephemeral, screen_id: str, body: bytes
) -> tuple[bool, dict[str, Any]]:
    """Return (taken now, the answer); the same call again gives the same answer.

    Raises `Invalid`, `Conflict` (the number belongs to another capture) and `Quota`.
    """
    asked = parse(body)
    contract.validate("screen-1", asked)
    known = ephemeral.get(_key(screen_id))
    if known:
        held = json.loads(known)
        if held["capture_id"] != asked["capture_id"]:
            raise Conflict("Bilden hör till en annan kommentar.", field="/capture_id")
        return False, _answer(screen_id, held["screen"], None)
    try:
        return True, _answer(screen_id, _take(config, clock, ephemeral, screen_id, asked), None)
    except NoScreen as error:
        return False, _answer(screen_id, None, error.reason)


def drop(ephemeral: Ephemeral, screen_id: str) -> None:
    """Forget a picture, also one that is being taken in another thread."""
    ephemeral.put(_cancelled(screen_id), b"")
    _forget(ephemeral, screen_id)


def _take(
    config: Config, clock: Clock, ephemeral: Ephemeral, screen_id: str, asked: dict[str, Any]
) -> dict[str, Any]:
    of = mode(config)
    if of == "off":
        raise NoScreen("off")
    now = clock.now()
    # The number inside makes every picture's bytes, and so its name, its own.
    taken = screen.take(of, asked["window"], {"Bevara-Screen": screen_id, "Creation Time": now})
    name = blobs.name_of(taken.data)
    held: dict[str, Any] = {
        "id": screen_id, "blob": name, "media_type": "image/png", "width": taken.width,
        "height": taken.height, "of": of, "taken_at": now,
    }
    ephemeral.put(name, taken.data)
    ephemeral.put(_key(screen_id),
                  json.dumps({"capture_id": asked["capture_id"], "screen": held}).encode())
    if ephemeral.get(_cancelled(screen_id)) is not None:
        _forget(ephemeral, screen_id)
        raise NoScreen("cancelled")
    return held


def _forget(ephemeral: Ephemeral, screen_id: str) -> None:
    known = ephemeral.get(_key(screen_id))
    if known:
        ephemeral.drop(json.loads(known)["screen"]["blob"])
        ephemeral.drop(_key(screen_id))


def _answer(
    screen_id: str, held: dict[str, Any] | None, reason: str | None
) -> dict[str, Any]:
    return {"ok": True, "id": screen_id, "screen": held, "reason": reason}


def _key(screen_id: str) -> str:
    return f"screen:{screen_id}"


def _cancelled(screen_id: str) -> str:
    return f"screen-cancelled:{screen_id}"
