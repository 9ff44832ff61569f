"""Where the extension lies on this computer, and where this browser takes it in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parents[3] / "extension"


@dataclass(frozen=True)
class Taking:
    """How a browser takes the extension in: its kind, its page and what to choose there."""

    kind: str
    page: str
    chosen: str | None


def taking(user_agent: str) -> Taking:
    """Return how the browser that says `user_agent` takes the extension in.

    `chosen` is a folder (a file in Firefox), None where Bevara is installed without the extension.
    """
    here = FOLDER.is_dir()
    if "Firefox/" in user_agent:
        return Taking("firefox", "about:debugging#/runtime/this-firefox",
                      str(FOLDER / "manifest.json") if here else None)
    kind = "edge" if "Edg/" in user_agent else "chrome"
    return Taking(kind, f"{kind}://extensions", str(FOLDER) if here else None)
