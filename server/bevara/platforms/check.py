"""Reads stored and recorded pages with packs and says where they differ from what is expected."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bevara import contract
from bevara.errors import Invalid
from bevara.platforms import packs
from bevara.platforms.chromium import Reader

EXTENSION = Path(__file__).parents[3] / "extension"
LAST = "classify.js"
"""The last content script that reading needs, as in the extension's own `trial/trial.html`."""
LARGEST = 30_000_000
"""Bytes of a recorded page."""
RECORDED = re.compile(r'<meta name="bevara-page" content="1 (\S+) ')
PRACTICE = "practice"
"""The pack of the practice page, which lies on no other host."""
STEPS = (None, "step", "final")
"""What a press is written as in expected results."""


@dataclass(frozen=True)
class Result:
    """One page read with one pack: what is wrong, or what was found where nothing is expected."""

    page: str
    pack: str
    wrong: str | None
    found: dict[str, Any] | None = None


@dataclass(frozen=True)
class Recorded:
    """A recorded page, the host it says that it came from, and its expected results."""

    path: Path
    html: str
    host: str | None
    expected: dict[str, Any] | None


def folder(data_dir: Path) -> Path:
    """Return the folder whose recorded pages are always read."""
    return packs.folder(data_dir) / "pages"


def beside(page: Path) -> Path:
    """Return the file with the expected results of a recorded page."""
    return page.with_suffix(".expected.json")


def collect(paths: Iterable[Path]) -> list[Recorded]:
    """Return the pages among files and folders. Raises `Invalid` for one that cannot be read."""
    files: list[Path] = []
    for path in paths:
        if not path.exists():
            raise Invalid("files", f"{path} finns inte.")
        files += sorted(path.rglob("*.htm*")) if path.is_dir() else [path]
    return [_recorded(path) for path in dict.fromkeys(files)]


def _recorded(path: Path) -> Recorded:
    try:
        if path.stat().st_size > LARGEST:
            raise Invalid("files", f"{path} är för stor.")
        html = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise Invalid("files", f"{path} går inte att läsa som en sida.",
                      "Ange html-filer eller mappar med html-filer.") from None
    host = RECORDED.search(html[:5000])
    expected = packs.read(beside(path)) if beside(path).exists() else None
    return Recorded(path, html, host[1] if host else None, expected)


def known(data_dir: Path) -> list[dict[str, Any]]:
    """Return the packs to try: those that ship, and those that are dropped and whole."""
    dropped = [one.pack for one in packs.dropped(data_dir) if one.pack and not one.problem]
    return [*contract.packs(), *dropped]


def run(every: list[dict[str, Any]], pages: list[Recorded]) -> list[Result]:
    """Read every pack's own pages, and each recorded page with the packs that it concerns."""
    code = _code()
    wanted = [(page, pack) for page in pages for pack in _concerned(page, every)]
    for page, pack in wanted:
        _checked(page, pack)
    with Reader() as reader:
        return [*(result for pack in every for result in _own(reader, code, pack)),
                *(_read(reader, code, page, pack) for page, pack in wanted)]


def _code() -> str:
    try:
        order = json.loads((EXTENSION / "content/order.json").read_text(encoding="utf-8"))
        names = [f"content/{name}" for name in order[: order.index(LAST) + 1]]
        return "\n".join((EXTENSION / name).read_text(encoding="utf-8")
                         for name in [*names, "trial/reading.js"])
    except OSError:
        raise Invalid("extension", "Tillägget hittas inte, och det är det som läser sidorna.",
                      "Kör kommandot från Bevaras källkod, där mappen extension finns.") from None


def _concerned(page: Recorded, every: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Packs that the expected results name, else those of the page's host, else all platforms'."""
    named = (page.expected or {}).get("pack")
    if named is not None:
        found = [pack for pack in every if pack["id"] == named]
        if not found:
            raise Invalid("pack", f"{beside(page.path)} gäller ett okänt stöd: {named!s:.40}.")
        return found
    of_host = [pack for pack in every if page.host in pack["hosts"]]
    return of_host or [pack for pack in every if pack["id"] != PRACTICE]


def _checked(page: Recorded, pack: dict[str, Any]) -> None:
    """Raise `Invalid` when the expected results are not written as a pack writes its own."""
    if page.expected is None:
        return
    rest = {name: _first(value) for name, value in page.expected.items() if name != "pack"}
    wrong = packs.problem({**pack, "expected": [{"name": "x", "html": "", **rest}]})
    if wrong:
        raise Invalid("expected", f"{beside(page.path)} följer inte formatet. {wrong}")


def _first(value: Any) -> Any:
    """Return as many rows as a pack's own pages may hold; a recorded page may be longer."""
    return value[:40] if isinstance(value, list) else value


def _address(pack: dict[str, Any]) -> str:
    host = pack["hosts"][0]
    return f"http{'' if host == 'localhost' else 's'}://{host}/"


def _title(pack: dict[str, Any]) -> str:
    return f"{pack['name']['sv']} {pack['version']}"


def _own(reader: Reader, code: str, pack: dict[str, Any]) -> list[Result]:
    pages = pack.get("expected") or []
    question = f"bevara.reading.run({json.dumps(pack)}, {json.dumps(pages)})"
    found = reader.ask(_address(pack), "<!doctype html><body></body>", code, question)
    return [Result(one["name"], _title(pack), one["wrong"]) for one in found]


def _read(reader: Reader, code: str, page: Recorded, pack: dict[str, Any]) -> Result:
    expected = {"presses": [], **page.expected} if page.expected else None
    question = f"bevara.reading.here({json.dumps(pack)}, {json.dumps(expected)})"
    found = reader.ask(_address(pack), page.html, code, question)
    if expected is not None:
        return Result(page.path.name, _title(pack), found["wrong"])
    presses = [one for one in found["presses"] if one["step"] in STEPS and one["label"]]
    facts = {"pack": pack["id"], "comments": found["comments"], "presses": presses}
    return Result(page.path.name, _title(pack), None, facts)
