"""Set papers as PDF/A-2a and PDF/UA-1: a process of its own, so that no comment holds Bevara up.

Run as `python -m bevara.records.reading.press FONTS`. Each line of standard input is one paper as
JSON; each is answered by one line of JSON with the PDF or why there is none. Nothing is written to
disk.
"""

from __future__ import annotations

import base64
import io
import json
import re
import sys
from importlib import resources
from typing import Any

import pikepdf
import typst

from bevara.records.reading import runs
from bevara.records.reading.runs import LABEL, Run

STANDARDS = ["a-2a", "ua-1"]
MOST_UNPRINTABLE = 50
"""Characters of one paper that the fonts seem to have and yet cannot draw."""
UNDRAWN = re.compile(r'the (?:text|character) "?(.+?)"? could not be displayed', re.DOTALL)
TAGS = {"heading": ("/H1", "/H2"), "line": ("/P", "/P")}
Paper = dict[str, Any]


class NotWhole(Exception):
    """The file does not hold every paragraph, so that it is no copy."""


def main() -> None:
    """Answer each line of standard input."""
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False,
                        font_paths=[sys.argv[1]])
    for line in sys.stdin.buffer:
        try:
            answer = {"pdf": base64.b64encode(pdf(json.loads(line), fonts)).decode()}
        except Exception as error:  # whatever a hostile text can make a typesetter do
            answer = {"failed": type(error).__name__}
        sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n")
        sys.stdout.buffer.flush()


def pdf(paper: Paper, fonts: Any) -> bytes:
    """Return the paper as a PDF, the same bytes each time; raise when it would not be whole."""
    unprintable: frozenset[str] = frozenset()
    while True:
        try:
            return _exact(_set(paper, fonts, unprintable), paper)
        except typst.TypstError as error:
            found = UNDRAWN.search(str(error))
            more = unprintable | frozenset(found[1] if found else "")
            if more == unprintable or len(more) > MOST_UNPRINTABLE:
                raise
            unprintable = more


def _set(paper: Paper, fonts: Any, unprintable: frozenset[str]) -> bytes:
    source = (resources.files("bevara.records.reading") / "card.typ").read_bytes()
    blocks = [_block(one, unprintable) for one in paper["blocks"]]
    known = runs.known()
    said = {"title": paper["title"], "foot": paper["foot"], "blocks": blocks,
            "families": known["families"], "emoji": known["emoji_family"]}
    files = {"main.typ": source, "record.json": json.dumps(said).encode()}
    made = typst.compile(  # type: ignore[call-overload]
        files, font_paths=fonts, pdf_standards=STANDARDS, timestamp=paper["at"])
    assert isinstance(made, bytes)
    return made


def _block(one: dict[str, Any], unprintable: frozenset[str]) -> dict[str, Any]:
    """Return a block as the paper reads it; a picture as numbers, since typst takes no other file.
    """
    if one["kind"] == "line":
        return {**one, "rtl": runs.rtl(one["text"]), "runs": _seen(one["text"], unprintable)}
    if one["kind"] == "picture":
        return {**one, "data": [*base64.b64decode(one["data"])]}
    return one


def _seen(text: str, unprintable: frozenset[str]) -> list[Run]:
    """Return the runs of a paragraph; of one that would show nothing, every character's number."""
    found = runs.of(text.replace("\n", ""), unprintable)
    if any(kind == LABEL or said.strip() for kind, said in found):
        return found
    return [(LABEL, runs.label(one)) for one in text]


def _exact(made: bytes, paper: Paper) -> bytes:
    """Give each paragraph its exact text (/ActualText, ISO 32000-1, 14.9.4).

    Readers differ in what they make of emoji, marks and writing from right to left, and a framed
    code point is not the character. Raises `NotWhole` unless every block has an element.
    """
    wanted = [(TAGS[one["kind"]][one.get("level", 1) - 1], one["exact"])
              for one in paper["blocks"] if one["kind"] in TAGS]
    with pikepdf.open(io.BytesIO(made)) as document:
        found = [one for one in elements(document.Root.StructTreeRoot)
                 if str(one.S) in ("/H1", "/H2", "/P")]
        if [str(one.S) for one in found] != [tag for tag, _ in wanted]:
            raise NotWhole
        for element, (_, text) in zip(found, wanted, strict=True):
            element["/ActualText"] = pikepdf.String(text)
        out = io.BytesIO()
        document.save(out, deterministic_id=True)
    return out.getvalue()


def elements(root: Any) -> list[Any]:
    """Return a structure tree's elements in reading order."""
    found, waiting = [], [root]
    while waiting:
        one = waiting.pop()
        if isinstance(one, pikepdf.Dictionary) and "/S" in one:
            found.append(one)
        kids: Any = one.get("/K", []) if isinstance(one, pikepdf.Dictionary) else []
        kids = kids if isinstance(kids, pikepdf.Array) else [kids]
        waiting += [kid for kid in reversed(list(kids)) if isinstance(kid, pikepdf.Dictionary)]
    return found


if __name__ == "__main__":
    main()
