"""Reads and presses Bevara's panel on the gate's own page, in any browser.

The content scripts run in the page's world there, so the page's stand-in remembers the closed shadow roots.
"""

import json
from typing import Any

from panel import Waiting

READ = """(() => {
  const root = window.__roots?.get("%s");
  const box = root?.host.isConnected ? root.querySelector(".box,.save") : null;
  const words = (node) => { const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT), out = [];
    while (walker.nextNode()) if (walker.currentNode.nodeValue.trim()) out.push(walker.currentNode.nodeValue.trim());
    return out; };
  const label = (one) => words(one).filter((word) => ![...one.querySelectorAll("kbd")].some((key) => key.textContent === word)).join(" ");
  const named = (name) => [...(box?.querySelectorAll("button,label") ?? [])].find((one) => label(one) === name);
  return { root, box, words, label, named };
})()"""


class Panel(Waiting):
    """The closed shadow root of one page with a host of the given name."""

    def __init__(self, page: Any, host: str = "bevara-panel") -> None:
        self.page = page
        self._read = READ % host

    def text(self) -> str:
        """What the panel says, in one line."""
        said: str = self.page.evaluate(
            f"(() => {{ const {{ box, words }} = {self._read}; return box ? words(box).join(' ') : ''; }})()")
        return said

    def buttons(self) -> list[str]:
        """The names of the buttons, in order."""
        found: list[str] = self.page.evaluate(
            f"(() => {{ const {{ box, label }} = {self._read};"
            " return [...(box?.querySelectorAll('button') ?? [])].map(label); })()")
        return found

    def press(self, name: str) -> None:
        """Clicks the button or radio label with exactly this name, with the mouse."""
        place = self.page.evaluate(
            f"(() => {{ const {{ named }} = {self._read}; const one = named({json.dumps(name)});"
            " if (!one) return null; const r = one.getBoundingClientRect();"
            " return [r.x + r.width / 2, r.y + r.height / 2]; })()")
        assert place, f"no {name!r} among {self.buttons()}"
        self.page.mouse.click(*place)

    def focus(self, name: str) -> None:
        """Puts the keyboard on the button with this name."""
        self.page.evaluate(f"{self._read}.named({json.dumps(name)}).focus()")
