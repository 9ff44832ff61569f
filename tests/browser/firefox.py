"""Drives Firefox ESR over WebDriver BiDi with a plain web socket."""

import contextlib
import itertools
import json
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import websocket

FIREFOX = shutil.which("firefox-esr") or shutil.which("firefox")
LISTENING = "WebDriver BiDi listening on "
KEYS = {"Enter": "\ue007", "Space": " ", "Escape": "\ue00c", "Tab": "\ue004", "ArrowUp": "\ue013",
        "ArrowDown": "\ue015", "Delete": "\ue017", "F6": "\ue036"}


class FirefoxError(RuntimeError):
    """Firefox refused a command."""


class Firefox:
    """One headless Firefox with a fresh profile; a context manager that ends it."""

    def __init__(self, prefs: dict[str, Any] | None = None) -> None:
        self._profile = Path(tempfile.mkdtemp(prefix="bevara-firefox-"))
        self._ids = itertools.count(1)
        self._write_prefs({**QUIET, **(prefs or {})})

    def __enter__(self) -> Self:
        self._start()
        return self

    def restart(self, prefs: dict[str, Any]) -> None:
        """Ends it and starts it anew on the same profile, with further settings."""
        self._stop()
        with (self._profile / "user.js").open("a", encoding="utf-8") as file:
            file.write(_lines(prefs))
        self._start()

    def _start(self) -> None:
        self._process = subprocess.Popen(
            [
                str(FIREFOX),
                "--headless",
                "--no-remote",
                "--profile",
                str(self._profile),
                "--remote-debugging-port=0",
                "--remote-allow-system-access",
            ],
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
        )
        self._socket = websocket.create_connection(
            self._address() + "/session", suppress_origin=True, timeout=60
        )
        self.call("session.new", capabilities={"alwaysMatch": {"acceptInsecureCerts": True}})
        self.tab = self.tabs()[0]

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop()
        shutil.rmtree(self._profile, ignore_errors=True)

    def _stop(self) -> None:
        self._socket.close()
        assert self._process.stderr is not None
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self._drained.join(10)
        self._process.stderr.close()

    def tabs(self) -> list[str]:
        """Every tab, in every window."""
        return [str(one["context"]) for one in self.call("browsingContext.getTree")["contexts"]]

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        """Sends one command and waits for its answer."""
        number = next(self._ids)
        self._socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            answer = json.loads(self._socket.recv())
            if answer.get("id") == number:
                if answer.get("type") == "error":
                    raise FirefoxError(f"{method}: {answer.get('error')}: {answer.get('message')}")
                result: dict[str, Any] = answer["result"]
                return result

    def install(self, folder: Path) -> str:
        """Loads an unpacked extension for this session and gives its id."""
        data = {"type": "path", "path": str(folder)}
        return str(self.call("webExtension.install", extensionData=data)["extension"])

    def new_tab(self, address: str | None = None) -> str:
        """Opens a tab, goes there, and makes it the current one."""
        self.tab = str(self.call("browsingContext.create", type="tab")["context"])
        if address:
            self.goto(address)
        return self.tab

    def close_tab(self, tab: str) -> None:
        self.call("browsingContext.close", context=tab)

    def goto(self, address: str, wait: str = "complete") -> None:
        self.call("browsingContext.navigate", context=self.tab, url=address, wait=wait)

    def evaluate(self, code: str) -> Any:
        """The value of an expression in the page, through JSON."""
        wrapped = f"Promise.resolve({code}).then((value) => JSON.stringify(value ?? null))"
        return json.loads(self._evaluated(wrapped)["value"])

    def run(self, code: str) -> None:
        """Runs statements in the page's own scope."""
        self._evaluated(code)

    def _evaluated(self, code: str) -> dict[str, Any]:
        answer = self.call(
            "script.evaluate", expression=code, target={"context": self.tab}, awaitPromise=True
        )
        if answer["type"] == "exception":
            raise FirefoxError(answer["exceptionDetails"]["text"])
        value: dict[str, Any] = answer["result"]
        return value

    def until(self, code: str, seconds: float = 15) -> Any:
        """Waits until an expression is truthy and gives its value."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            value = self.evaluate(code)
            if value:
                return value
            time.sleep(0.1)
        raise FirefoxError(f"never true: {code}")

    def wait(self, seconds: float) -> None:
        """Lets the page live for a while."""
        time.sleep(seconds)

    def click_at(self, x: float, y: float) -> None:
        """Presses the left mouse button at a place in the viewport, as a hand would."""
        moves = [
            {"type": "pointerMove", "x": round(x), "y": round(y)},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        self._act({"type": "pointer", "id": "mouse", "actions": moves})

    def click(self, expression: str) -> None:
        """Presses the middle of the element that an expression names."""
        box = self.evaluate(
            f"(() => {{ const e = {expression}; e.scrollIntoView({{block: 'nearest'}});"
            " const r = e.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]; })()"
        )
        self.click_at(*box)

    def press(self, key: str) -> None:
        """Presses and lets go of one key."""
        value = KEYS.get(key, key)
        steps = [{"type": "keyDown", "value": value}, {"type": "keyUp", "value": value}]
        self._act({"type": "key", "id": "keyboard", "actions": steps})

    def type(self, text: str) -> None:
        for character in text:
            self.press(character)

    def _act(self, source: dict[str, Any]) -> None:
        self.call("input.performActions", context=self.tab, actions=[source])

    def _address(self) -> str:
        assert self._process.stderr is not None
        for line in self._process.stderr:
            if LISTENING in line:
                self._drained = threading.Thread(target=self._drain, daemon=True)
                self._drained.start()
                return line.split(LISTENING, 1)[1].strip()
        raise FirefoxError("Firefox ended before it listened")

    def _drain(self) -> None:
        assert self._process.stderr is not None
        with contextlib.suppress(ValueError):
            for _ in self._process.stderr:
                pass

    def _write_prefs(self, prefs: dict[str, Any]) -> None:
        (self._profile / "user.js").write_text(_lines(prefs), encoding="utf-8")


def _lines(prefs: dict[str, Any]) -> str:
    """Gives settings as user.js writes them."""
    return "".join(f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in prefs.items())


QUIET: dict[str, Any] = {
    "app.update.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.aboutwelcome.enabled": False,
    "browser.startup.homepage_override.mstone": "ignore",
    "datareporting.policy.dataSubmissionEnabled": False,
    "toolkit.telemetry.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "extensions.getAddons.cache.enabled": False,
}


def facebook_prefs(port: int) -> dict[str, Any]:
    """Sends every https request to a loopback port, so that no test reaches the real site."""
    return {
        "network.dns.forceResolve": "127.0.0.1",
        "network.socket.forcePort": f"443={port}",
        "network.proxy.type": 0,
    }
