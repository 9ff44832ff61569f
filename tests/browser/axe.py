"""Asks axe-core what a page does that a person with a screen reader or a keyboard trips over."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

LOOK = "([within, wanted]) => axe.run(within ? { include: [within] } : document, wanted)"
AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def bring(page: Page) -> None:
    """Let every document that the page opens from now on have axe already; `faults` is quicker then."""
    if AXE.exists():
        page.add_init_script(f"if (window === top) {{ {AXE.read_text(encoding='utf-8')} }}")


def faults(page: Page, skip: tuple[str, ...] = (), within: str = "") -> list[str]:
    """Every fault on the page, or `within` one element of it, as `rule: element`; none is a page without known faults.

    A frame has no script of its own to run axe in: what was captured is never looked into.
    The script is evaluated by the browser's own tools, so that the page's policy stays as it is.
    """
    if not AXE.exists():
        pytest.skip("axe-core is not installed: npm ci")
    page.wait_for_load_state("load")
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(AXE.read_text(encoding="utf-8") + "; true")
    wanted = {"runOnly": RULES, "rules": {name: {"enabled": False} for name in skip},
              "resultTypes": ["violations"], "iframes": False}
    found: dict[str, Any] = page.evaluate(LOOK, [within, wanted])
    return [
        f"{one['id']}: {node['html'][:160]} {node.get('failureSummary', '')}"
        for one in found["violations"]
        for node in one["nodes"]
    ]
