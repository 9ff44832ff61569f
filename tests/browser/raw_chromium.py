"""Drives Chromium over its own protocol with a plain web socket, and touches no page until it is told to.

A page that a debugger is attached to prepares no other in advance (PrerenderingDisabledByDevTools), and Playwright
attaches to all of them.
"""

import itertools
import json
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import websocket


class RawChromium:
    """A Chromium on a profile; a context manager that ends it. `page` is a session with one tab's document."""

    def __init__(self, profile: Path, flags: list[str]) -> None:
        self._active = profile / "DevToolsActivePort"
        self._command = ["/usr/bin/chromium", *flags, f"--user-data-dir={profile}", "--remote-debugging-port=0",
                         "--remote-allow-origins=*", "about:blank"]
        self._ids = itertools.count(1)
        self.page = ""

    def __enter__(self) -> Self:
        self._active.unlink(missing_ok=True)
        self._process = subprocess.Popen(self._command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until(lambda: self._active.exists() and self._active.read_text().count("\n") == 1, 30)
        port, path = self._active.read_text().split("\n")
        self._socket = websocket.create_connection(f"ws://127.0.0.1:{port}{path}", timeout=60)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.call("Browser.close", session="")
        self._socket.close()
        self._process.wait(15)

    def call(self, method: str, session: str | None = None, **params: Any) -> dict[str, Any]:
        """Sends one command to the page, or to the browser, and waits for its answer."""
        number, to = next(self._ids), self.page if session is None else session
        said = {"id": number, "method": method, "params": params}
        self._socket.send(json.dumps({**said, "sessionId": to} if to else said))
        while True:
            answer = json.loads(self._socket.recv())
            if answer.get("id") == number:
                assert "error" not in answer, answer
                return dict(answer["result"])

    def targets(self) -> list[dict[str, Any]]:
        """Every document and worker that the browser has."""
        return list(self.call("Target.getTargets", session="", filter=[{}])["targetInfos"])

    def attach(self, found: Callable[[dict[str, Any]], bool]) -> str:
        """A session with the first target that fits."""
        target = until(lambda: next((one for one in self.targets() if found(one)), None), 20)
        return str(self.call("Target.attachToTarget", session="", targetId=target["targetId"], flatten=True)["sessionId"])

    def evaluate(self, code: str, session: str | None = None) -> Any:
        """What a piece of code gives, in the page or in a session."""
        said = self.call("Runtime.evaluate", session=session, expression=code, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in said, said
        return said["result"].get("value")

    def until(self, code: str, session: str | None = None) -> Any:
        """Waits until a piece of code gives something true, and gives it."""
        return until(lambda: self.evaluate(code, session), 20)

    def click(self, selector: str) -> None:
        """Clicks in the middle of an element with the mouse."""
        place = until(lambda: self.evaluate(f"""(() => {{ const one = document.querySelector({json.dumps(selector)});
          if (!one) return null; one.scrollIntoView({{ block: "center" }}); const r = one.getBoundingClientRect();
          return [r.x + r.width / 2, r.y + r.height / 2]; }})()"""), 15)
        for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=place[0], y=place[1], button="left", clickCount=1)


def until(found: Callable[[], Any], seconds: float = 10) -> Any:
    """Waits until something is so, and gives it."""
    end = time.monotonic() + seconds
    while not (value := found()):
        assert time.monotonic() < end, "it never came"
        time.sleep(0.1)
    return value
