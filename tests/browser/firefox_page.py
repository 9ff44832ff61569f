"""A tab in Firefox with the few words of Playwright's page that the gate's tests use."""

import json
import time
from typing import Any

from firefox import Firefox, FirefoxError

FIND = r"""((selector) => {
  let found = [document];
  for (const part of selector.split(" >> ")) {
    const text = /^text='(.*)'$/.exec(part), nth = /^nth=(-?\d+)$/.exec(part);
    const plain = (one) => one.textContent.replace(/\s+/g, " ").trim();
    if (nth) found = [found.at(Number(nth[1]))].filter(Boolean);
    else if (text) found = found.flatMap((one) => [...one.querySelectorAll("*")]).filter((one) =>
      plain(one) === text[1] && ![...one.children].some((child) => plain(child) === text[1]));
    else found = found.flatMap((one) => [...one.querySelectorAll(part)]);
  }
  return found[0] ?? null;
})"""
BOX = """((element) => { if (!element) return null;
  element.scrollIntoView({ block: "nearest" });
  const { x, y, width, height } = element.getBoundingClientRect();
  return width && height ? { x, y, width, height } : null; })"""
BUTTONS = {"left": 0, "middle": 1, "right": 2}
PATIENCE = 10000


class Mouse:
    """The pointer of one tab; every event it makes is a trusted one."""

    def __init__(self, firefox: Firefox, tab: str) -> None:
        self._firefox, self._tab = firefox, tab

    def move(self, x: float, y: float) -> None:
        self._act({"type": "pointerMove", "x": round(x), "y": round(y)})

    def down(self, button: str = "left") -> None:
        self._act({"type": "pointerDown", "button": BUTTONS[button]})

    def up(self, button: str = "left") -> None:
        self._act({"type": "pointerUp", "button": BUTTONS[button]})

    def click(self, x: float, y: float, button: str = "left") -> None:
        self._act({"type": "pointerMove", "x": round(x), "y": round(y)},
                  {"type": "pointerDown", "button": BUTTONS[button]},
                  {"type": "pointerUp", "button": BUTTONS[button]})

    def _act(self, *steps: dict[str, Any]) -> None:
        source = {"type": "pointer", "id": "mouse", "actions": list(steps)}
        self._firefox.call("input.performActions", context=self._tab, actions=[source])


class Keyboard:
    """The keyboard of one tab."""

    def __init__(self, firefox: Firefox) -> None:
        self._firefox = firefox

    def press(self, key: str) -> None:
        self._firefox.press(key)


class Locator:
    """One element, looked up each time."""

    def __init__(self, page: "FirefoxPage", selector: str) -> None:
        self._page, self._selector = page, selector

    def bounding_box(self) -> dict[str, float]:
        return self._page.box(self._selector)


class FirefoxPage:
    """A tab of its own in a shared Firefox."""

    def __init__(self, firefox: Firefox) -> None:
        self._firefox = firefox
        self.tab = firefox.new_tab()
        self.mouse = Mouse(firefox, self.tab)
        self.keyboard = Keyboard(firefox)
        self._scripts: list[str] = []
        self.set_viewport_size({"width": 1000, "height": 700})

    def close(self) -> None:
        for one in self._scripts:
            self._firefox.call("script.removePreloadScript", script=one)
        self._firefox.close_tab(self.tab)

    def add_init_script(self, code: str) -> None:
        """Runs code in every document of this tab before the document's own scripts."""
        made = self._firefox.call("script.addPreloadScript", contexts=[self.tab],
                                  functionDeclaration=f"() => {{ {code}\n }}")
        self._scripts.append(str(made["script"]))

    def goto(self, address: str) -> None:
        self._firefox.goto(address)

    def set_viewport_size(self, size: dict[str, int]) -> None:
        self._firefox.call("browsingContext.setViewport", context=self.tab, viewport=size)

    def evaluate(self, code: str, arg: Any = None) -> Any:
        """The value of a script, or of the function that it gives, through JSON."""
        return self._firefox.evaluate(
            f"(async () => {{ const made = (0, eval)({json.dumps(code)});"
            f" return typeof made === 'function' ? made({json.dumps(arg)}) : made; }})()")

    def wait_for_timeout(self, ms: float) -> None:
        time.sleep(ms / 1000)

    def wait_for_function(self, code: str, arg: Any = None, timeout: float = PATIENCE) -> Any:
        """Waits until a script gives something true."""
        end = time.monotonic() + timeout / 1000
        while time.monotonic() < end:
            if value := self.evaluate(code, arg):
                return value
            time.sleep(0.05)
        raise FirefoxError(f"never true: {code}")

    def wait_for_selector(self, selector: str) -> None:
        self.box(selector)

    def locator(self, selector: str) -> Locator:
        return Locator(self, selector)

    def box(self, selector: str) -> dict[str, float]:
        """The place of an element, once it is shown and lies still."""
        code = f"{BOX}({FIND}({json.dumps(selector)}))"
        before = None
        end = time.monotonic() + PATIENCE / 1000
        while time.monotonic() < end:
            now = self.evaluate(code)
            if now and now == before:
                found: dict[str, float] = now
                return found
            before = now
            time.sleep(0.02)
        raise FirefoxError(f"never shown: {selector}")

    def click(self, selector: str, button: str = "left") -> None:
        self.mouse.click(*self._middle(selector), button)

    def hover(self, selector: str) -> None:
        self.mouse.move(*self._middle(selector))

    def focus(self, selector: str) -> None:
        self.box(selector)
        self.evaluate(f"{FIND}({json.dumps(selector)}).focus()")

    def fill(self, selector: str, text: str) -> None:
        self.focus(selector)
        self.evaluate(f"{FIND}({json.dumps(selector)}).value = {json.dumps(text)}")

    def add_style_tag(self, content: str) -> None:
        self.evaluate("(css) => void document.head.append(Object.assign("
                      "document.createElement('style'), { textContent: css }))", content)

    def _middle(self, selector: str) -> tuple[float, float]:
        box = self.box(selector)
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
