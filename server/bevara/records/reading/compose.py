"""What a reading copy says of one comment: the facts, the text, the picture, what it answers.

Other people's names are *Annan person* until whoever asks has turned them on.
"""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

from babel.dates import format_date
from PIL import Image

from bevara.errors import BevaraError
from bevara.kernel.store import Store
from bevara.records import picture
from bevara.records.reading.paper import Block, Heading, Line, Paper, Picture, lines
from bevara.records.show import Record
from bevara.web import dates
from bevara.web.pages import PLATFORMS

OTHER, UNKNOWN, NO_TEXT = "Annan person", "okänd", "Kommentar utan text"
POINTS = 0.75
"""Points for a CSS pixel (CSS Values and Units 3, 6.2)."""
WIDEST, TALLEST = 470.0, 620.0
"""Points that the page has beside its margins."""


def paper(
    store: Store, record: Record, capture: dict[str, Any], account: str, named: bool = False
) -> Paper:
    """Return the paper of a capture as whoever asks may see it. Swedish, as the comment's page."""
    comment, row = capture["comment"], record.row
    where = PLATFORMS.get(capture["platform"], capture["platform"])
    saved = _when(capture["captured_at"])
    title = f"Kommentar på {where}, sparad {saved}"
    return Paper(title, f"Läsexemplar ur Bevara. Kommentar {row.id}", _seconds(capture), [
        Heading(title, 1), *_facts(record, capture, account),
        Heading("Text"), *(lines(comment["text"]) if comment["text"] else [Line(NO_TEXT)]),
        Heading("Bild"), *_picture(store, capture),
        *_context(capture, account, named),
    ])


def _facts(record: Record, capture: dict[str, Any], account: str) -> list[Block]:
    comment, author, row = capture["comment"], capture["comment"]["author"], record.row
    said = [("Konto", account), ("Avsändare", author["name"]),
            ("Avsändarens adress", author["url"]),
            ("Tid som den visades", comment["time_shown"]),
            ("Exakt tid", _when(comment["time_exact"])),
            ("Kommentarens adress", comment["permalink"]),
            ("Kommentarens nummer på sidan", comment["id"]),
            ("Sparad", _when(capture["captured_at"])),
            ("Moderator", capture["moderator"]["name"]),
            ("Referens", row.reference), ("Diarienummer", row.diary_number)]
    return [Line(value or UNKNOWN, name) for name, value in said
            if value or name not in ("Referens", "Diarienummer")]


def _picture(store: Store, capture: dict[str, Any]) -> list[Block]:
    """Return the picture with the text as its alternative, or why there is none."""
    shot = capture["picture"]
    if not shot:
        return [Line("Bilden visas inte" if capture.get("pictures_shut") else "Utan bild")]
    try:
        data = picture.shown(store.blob(shot["blob"]))
    except BevaraError:
        return [Line("Bilden går inte att visa")]
    with Image.open(io.BytesIO(data)) as found:
        width, height = (side / shot["scale"] * POINTS for side in found.size)
    fit = min(1.0, WIDEST / width, TALLEST / height)
    said = capture["comment"]["text"] or NO_TEXT
    alt = f"Bild av kommentaren som den såg ut på sidan. Texten i den: {said}"
    return [Picture(data, alt, width * fit, height * fit)]


def _context(capture: dict[str, Any], account: str, named: bool) -> list[Block]:
    post, answers = capture["context"]["post"], capture["context"]["answers"]
    found: list[Block] = [Heading("Sammanhang")] if post or answers else []
    if post:
        found += [Line(f"{account}, inlägget", strong=True), *_said(post["text"])]
    for one in answers:
        if one.get("shut"):
            found += [Line(OTHER, strong=True), Line("Visas inte")]
            continue
        name = one["author"]["name"] if named else None
        found += [Line(name or OTHER, strong=True), *_said(one["text"])]
    return found


def _said(text: str | None) -> list[Block]:
    return [*lines(text)] if text else [Line("Utan text")]


def _when(text: str | None) -> str:
    """Return a stored time as people write it, Swedish as the rest of the paper."""
    if not text:
        return ""
    moment = dates.local(text)
    return f"{format_date(moment, 'd MMMM y', 'sv')} kl. {moment:%H.%M}"


def _seconds(capture: dict[str, Any]) -> int:
    return int(datetime.fromisoformat(capture["captured_at"]).timestamp())
