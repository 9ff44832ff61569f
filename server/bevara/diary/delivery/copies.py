"""What goes with each comment that is handed over: its reading copy, and what else is asked for.

The reading copy is a PDF. Where none can be made, or none that there is room for, its text goes.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bevara.diary.card import Field
from bevara.errors import BevaraError, NotMade, PressBusy
from bevara.kernel.store import Store
from bevara.records import picture
from bevara.records.reading import make
from bevara.records.reading.paper import Paper

OTHER, UNKNOWN = "Annan person", "(okänd)"
MOST_BYTES = 15_000_000
"""All files of one delivery, so that a mail server takes it; pictures beyond it are left out."""
PDF, TEXT = "application/pdf", "text/plain"
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class File:
    """A file's name says the reference and nothing else."""

    name: str
    media_type: str
    data: bytes


def pressed(papers: Sequence[Paper], wait: float | None = None) -> list[bytes | None]:
    """Return a PDF for each paper, all made by one process; None for each that cannot be.

    Raises `PressBusy` when others' papers take longer than `wait`.
    """
    if not papers:
        return []
    try:
        return make.pdfs(papers, wait=wait)
    except PressBusy:
        raise
    except NotMade as error:
        log.warning("no reading copy was made: %s", error.detail)
        return [None] * len(papers)


def reading_copy(
    reference: str, capture: dict[str, Any], fields: list[Field], pdf: bytes | None, room: int
) -> File:
    """Return the PDF when there is one and room for it, else the text, which always goes."""
    if pdf is not None and len(pdf) <= room:
        return File(f"{reference}.pdf", PDF, pdf)
    return File(f"{reference}.txt", TEXT, _as_text(capture, fields).encode())


def others(
    store: Store, reference: str, capture: dict[str, Any], extras: tuple[str, ...], room: int
) -> list[File]:
    """Return JSON and PNG where `extras` ask for them and there is room."""
    found: list[File] = []
    if "json" in extras:
        data = json.dumps(_without_others(capture), ensure_ascii=False, indent=1, sort_keys=True)
        found.append(File(f"{reference}.json", "application/json", data.encode()))
    if "png" in extras and (png := _png(store, capture)):
        found.append(File(f"{reference}.png", "image/png", png))
    kept = []
    for file in found:
        room -= len(file.data)
        if room >= 0:
            kept.append(file)
    return kept


def _as_text(capture: dict[str, Any], fields: list[Field]) -> str:
    """Return the comment as text, every character as it was shown; people around it unnamed."""
    comment, author = capture["comment"], capture["comment"]["author"]
    head = [f"{name}: {value}" for name, value in fields]
    facts = [
        ("Avsändarens namn på sidan", author["name"]), ("Avsändarens adress", author["url"]),
        ("Tid enligt sidan", comment["time_exact"] or comment["time_shown"]),
        ("Kommentarens adress", comment["permalink"]), ("Sparad", capture["captured_at"]),
        ("Kommentarens nummer på sidan", comment["id"]),
    ]
    body = [f"{name}: {value or UNKNOWN}" for name, value in facts]
    text = ["TEXT", "", comment["text"] or "", ""]
    return "\n".join([*head, "", *body, "", *text, *_context(capture)])


def _context(capture: dict[str, Any]) -> list[str]:
    post, answers = capture["context"]["post"], capture["context"]["answers"]
    found = ["SAMMANHANG", "", "Inlägget:", post["text"] or "", ""] if post else []
    for answer in answers:
        found += [f"{OTHER}:", answer["text"] or "(visas inte)", ""]
    return found


def _without_others(capture: dict[str, Any]) -> dict[str, Any]:
    answers = [{**one, "author": dict.fromkeys(one["author"])}
               for one in capture["context"]["answers"]]
    return {**capture, "context": {**capture["context"], "answers": answers}}


def _png(store: Store, capture: dict[str, Any]) -> bytes | None:
    if not capture["picture"]:
        return None
    try:
        return picture.shown(store.blob(capture["picture"]["blob"]))
    except BevaraError:
        return None
