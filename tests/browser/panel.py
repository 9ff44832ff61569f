"""Reads and presses things inside closed shadow roots, such as Bevara's panel, through Chromium's own tools.

`Panel(page).text()` is what the panel says, `press("Försök igen")` clicks there with the real mouse, and
`focus("Svordomar")` puts the keyboard there. The page's scripts cannot do any of this.
"""

import time
from typing import Any

from playwright.sync_api import CDPSession, Page


class Waiting:
    """What a view of the panel can wait for."""

    page: Any

    def text(self) -> str:
        """What the panel says, in one line."""
        raise NotImplementedError

    def wait(self, words_: str, timeout: float = 8) -> str:
        """Waits until the panel says `words_` and gives the whole text."""
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            text = self.text()
            if words_ in text:
                return text
            self.page.wait_for_timeout(50)
        raise AssertionError(f"the panel never said {words_!r}; it says {self.text()!r}")

    def wait_gone(self, timeout: float = 8) -> None:
        """Waits until there is no panel."""
        end = time.monotonic() + timeout
        while self.text() and time.monotonic() < end:
            self.page.wait_for_timeout(50)
        assert not self.text(), self.text()


class Panel(Waiting):
    """A view into every closed shadow root of one page with a host of the given name."""

    def __init__(self, page: Page, host: str = "bevara-panel") -> None:
        self.page = page
        self.host = host
        self.cdp: CDPSession = page.context.new_cdp_session(page)

    def root(self) -> dict[str, Any] | None:
        """The closed shadow root, as the DOM domain describes it, or None when there is no panel."""
        document = self.cdp.send("DOM.getDocument", {"depth": -1, "pierce": True})["root"]
        host = next((one for one in walk(document) if one.get("localName") == self.host), None)
        roots = (host or {}).get("shadowRoots") or []
        return roots[0] if roots else None

    def text(self) -> str:
        """What the visible part of the panel says, in one line."""
        root = self.root()
        box = next((one for one in walk(root) if has_class(one, "box")), None) if root else None
        return " ".join(words(box)) if box else ""

    def buttons(self) -> list[str]:
        """The names of the buttons, in order."""
        root = self.root()
        return (
            [label(one) for one in walk(root) if one.get("localName") == "button"] if root else []
        )

    def press(self, name: str) -> None:
        """Clicks the button or radio label with exactly this name, with the mouse."""
        node = self._find(name)
        model = self.cdp.send("DOM.getBoxModel", {"nodeId": self._id(node)})["model"]["content"]
        x, y = sum(model[0::2]) / 4, sum(model[1::2]) / 4
        self.page.mouse.click(x, y)

    def focus(self, name: str) -> None:
        """Puts the keyboard focus on the button with this name."""
        self.cdp.send("DOM.focus", {"nodeId": self._id(self._find(name))})

    def _find(self, name: str) -> dict[str, Any]:
        root = self.root()
        for one in walk(root) if root else []:
            if one.get("localName") in ("button", "label") and label(one) == name:
                return one
        raise AssertionError(f"no {name!r} among {self.buttons()}")

    def _id(self, node: dict[str, Any]) -> int:
        ids = self.cdp.send(
            "DOM.pushNodesByBackendIdsToFrontend", {"backendNodeIds": [node["backendNodeId"]]}
        )["nodeIds"]
        return int(ids[0])


def walk(node: dict[str, Any] | None) -> list[dict[str, Any]]:
    """A node and everything in it, shadow roots too."""
    if not node:
        return []
    found = [node]
    for child in [*node.get("shadowRoots", []), *node.get("children", [])]:
        found.extend(walk(child))
    return found


def words(node: dict[str, Any] | None) -> list[str]:
    """The text pieces under a node."""
    return [
        one["nodeValue"].strip()
        for one in walk(node)
        if one.get("nodeType") == 3 and one["nodeValue"].strip()
    ]


def label(node: dict[str, Any]) -> str:
    """A control's name without its shortcut key."""
    kept = [one for one in walk(node) if one.get("localName") == "kbd"]
    hidden = {text for one in kept for text in words(one)}
    return " ".join(word for word in words(node) if word not in hidden)


def has_class(node: dict[str, Any], name: str) -> bool:
    """True when the element carries the class."""
    attributes = node.get("attributes", [])
    classes = dict(zip(attributes[0::2], attributes[1::2], strict=False)).get("class", "")
    return name in classes.split()
