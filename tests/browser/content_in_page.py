"""Runs the extension's reading code over a page without the extension around it."""

import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
CONTENT = ROOT / "extension" / "content"
LAST = "capture.js"

READ_ALL = """(() => bevara.finder.all().map((comment) => {
  const read = bevara.parts.read(comment);
  const owner = bevara.owner.of(comment);
  return { ...read, owner: owner.owner, state: owner.state, post: bevara.parts.post(comment, owner.owner),
    answers: bevara.parts.answers(comment) };
}))()"""


def pack(name: str = "facebook") -> dict[str, Any]:
    """The platform pack as the project ships it."""
    text = (ROOT / "shared" / "platforms" / f"{name}.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def account(*identifiers: tuple[str, str], platform: str = "facebook") -> dict[str, Any]:
    """A registered account as the extension knows it."""
    return {
        "id": "6d0f5e9e-0000-4000-8000-000000000001",
        "platform": platform,
        "name": "Storköpings kommun",
        "practice": False,
        "identifiers": [{"kind": kind, "value": value} for kind, value in identifiers],
    }


def script(accounts: list[dict[str, Any]], name: str = "facebook") -> str:
    """The reading half of the content scripts, in order, told which pack and accounts to use."""
    order = json.loads((CONTENT / "order.json").read_text(encoding="utf-8"))
    files = order[: order.index(LAST) + 1]
    code = "\n".join((CONTENT / each).read_text(encoding="utf-8") for each in files)
    setup = {"accounts": accounts, "practice_origin": "http://localhost:1"}
    return f"{code}\nbevara.pack = {json.dumps(pack(name))};\nbevara.setup = {json.dumps(setup)};\nvoid 0;"
