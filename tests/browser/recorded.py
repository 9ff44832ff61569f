"""Records pages through the real extension, and searches recordings for what must not be in them."""

import base64
import html
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from extension_only import Browser
from playwright.sync_api import Page

SHORTEST = 4
CODED = 7
"""Characters of base64 that no three letters of chance give."""


def record(browser: Browser, tab: Page) -> Any:
    """What the worker answers when a recording of a tab is asked for."""
    tab_id = browser.page.evaluate(
        "async (url) => (await chrome.tabs.query({})).find((tab) => tab.url === url).id", tab.url
    )
    return browser.ask({"type": "page.record", "tab_id": tab_id})


def parts(word: str) -> set[str]:
    """The word's every part of four characters, which stand in all longer ones too."""
    return {word[at : at + SHORTEST] for at in range(max(1, len(word) - SHORTEST + 1))}


def spellings(word: str) -> Iterator[str]:
    """The ways in which a word may hide in a file."""
    for turned in (word, word[::-1]):
        for part in parts(turned):
            yield part
            yield quote(part)
            yield "".join(f"%{byte:02x}" for byte in part.encode())
            yield "".join(f"\\u{ord(char):04x}" for char in part)
            yield "".join(f"&#{ord(char)};" for char in part)
            yield "".join(f"&#x{ord(char):x};" for char in part)
            yield part.encode().hex()
        for before in ("", "x", "xx"):
            coded = base64.b64encode((before + turned).encode()).decode().rstrip("=")
            whole = coded[len(before) and 4 : len(coded) - 2]
            if len(whole) >= CODED:
                yield whole


def leaks(recording: str, planted: set[str]) -> list[str]:
    """What of the planted is found, whatever the case and however escaped."""
    texts = {recording, html.unescape(recording), *_unwrapped(recording)}
    lowered = [text.lower() for text in texts]
    wanted = {each.lower() for word in planted for each in spellings(word)}
    return sorted(each for each in wanted if any(each in text for text in lowered))


def _unwrapped(recording: str) -> Iterator[str]:
    """What is wrapped in base64 in the recording."""
    for run in re.findall(r"[A-Za-z0-9+/_-]{8,}", recording):
        raw = run.replace("-", "+").replace("_", "/")
        try:
            yield base64.b64decode(raw + "=" * (-len(raw) % 4)).decode("utf-8")
        except ValueError:
            continue
