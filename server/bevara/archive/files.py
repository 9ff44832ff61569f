"""The files of one comment in a package: what a person reads, what was saved, and the proof."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import nh3
from sqlalchemy import Connection, select

from bevara.archive.packages.parts import File, held
from bevara.kernel import blobs
from bevara.kernel.store import Store
from bevara.kernel.tables import blobs as kept
from bevara.kernel.text import storable
from bevara.records.proof import bundle
from bevara.records.proof.bundle import ENDINGS
from bevara.records.secrecy import Viewing

PDF, TEXT, DATA, MARKUP, PROOF = (
    "handling.pdf", "meddelande.txt", "meddelande.json", "kod.html", "bevis.zip")
PICTURE, SCREEN, ATTACHED = "skarmdump", "fonster", "bilaga"
SHELL = """<!doctype html>
<html lang="sv"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'">
<title>Sidans egen kod för kommentaren</title></head><body>
{}
</body></html>
"""
TAGS = {"a", "abbr", "b", "bdi", "blockquote", "br", "code", "div", "em", "i", "li", "ol", "p",
        "pre", "s", "small", "span", "strong", "sub", "sup", "time", "u", "ul"}
"""Nothing that runs, fetches, hides or fills in anything."""
ATTRIBUTES = {"*": {"dir", "lang", "title"}, "time": {"datetime"}}


def files(
    store: Store, record_id: str, capture: dict[str, Any], body: bytes, pdf: bytes | None,
    viewing: Viewing | None,
) -> Iterator[File]:
    """Yield the files of a record's newest capture, whose exact bytes are `body`.

    Raises as `bundle.make` does for what may not leave.
    """
    if pdf is not None:
        yield held(PDF, "application/pdf", pdf)
    yield held(TEXT, "text/plain", _text(capture).encode())
    yield held(DATA, "application/json", body)
    if capture["comment"]["fragment"]:
        yield held(MARKUP, "text/html", markup(capture["comment"]["fragment"]).encode())
    with store.read() as connection:
        yield from _pictures(connection, store, capture)
    yield held(PROOF, "application/zip", bundle.make(store, record_id, viewing))


def markup(fragment: str) -> str:
    """Return the page's own code with nothing in it that a browser would run or fetch."""
    clean = nh3.clean(storable(fragment), tags=TAGS, attributes=ATTRIBUTES, link_rel=None)
    return SHELL.format(clean)


def _text(capture: dict[str, Any]) -> str:
    return storable(capture["comment"]["text"] or "")


def _pictures(connection: Connection, store: Store, capture: dict[str, Any]) -> Iterator[File]:
    shots = [(PICTURE, capture["picture"]), (SCREEN, capture.get("screen")),
             *((f"{ATTACHED}-{number}", one)
               for number, one in enumerate(capture["comment"]["attachments"], 1))]
    for name, shot in shots:
        if shot and shot["blob"]:
            yield from _picture(connection, store, name, shot)


def _picture(
    connection: Connection, store: Store, name: str, shot: dict[str, Any]
) -> Iterator[File]:
    row = connection.execute(select(kept).where(kept.c.sha256 == shot["blob"])).first()
    if row is None:
        return
    source = bytes(row.body) if row.body is not None else blobs.path_of(store.folder, row.sha256)
    ending = ENDINGS.get(shot["media_type"], "bin")
    yield File(f"{name}.{ending}", shot["media_type"], row.size,
               row.sha256.removeprefix("sha256:"), source)
