"""What goes with each comment that is handed over: its text to read, and what else is asked for."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from bevara.diary.card import Field
from bevara.errors import BevaraError
from bevara.kernel.store import Store
from bevara.records import picture, quoted
from bevara.records.show import Record

OTHER, UNKNOWN = "Annan person", "(okänd)"
MOST_BYTES = 15_000_000
"""All files of one delivery, so that a mail server takes it; pictures beyond it are left out."""


@dataclass(frozen=True)
class File:
    """A file's name says the reference and nothing else."""

    name: str
    media_type: str
    data: bytes


def of(store: Store, record: Record, fields: list[Field], extras: tuple[str, ...]) -> list[File]:
    """Return the reading copy of a record, then JSON and PNG where `extras` ask for them."""
    capture = quoted.shown(store, record, record.latest)
    reference = record.row.reference
    files = [File(f"{reference}.txt", "text/plain", _reading_copy(capture, fields).encode())]
    if "json" in extras:
        data = json.dumps(_without_others(capture), ensure_ascii=False, indent=1, sort_keys=True)
        files.append(File(f"{reference}.json", "application/json", data.encode()))
    if "png" in extras and (png := _png(store, capture)):
        files.append(File(f"{reference}.png", "image/png", png))
    return files


def _reading_copy(capture: dict[str, Any], fields: list[Field]) -> str:
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
