"""What a saved comment carries of others: the comments it answers, and those in its pictures.

What is withheld or erased is shown on no page and sent in no proof, however long it stays in the
capture (the erasure's own page names the records, so that they can be withheld and erased too).
What is closed is shown in no quotation either, and a picture takes the strictest mark of anything
in it: then it is shown to those who may see what is closed, as their viewing of this comment.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, select

from bevara.capture import record_ids, save_capture
from bevara.errors import Closed, Withheld
from bevara.kernel.store import Store
from bevara.kernel.tables import captures, documents, records
from bevara.records import secrecy
from bevara.records.secrecy import Viewing
from bevara.records.show import Record
from bevara.web.translations import N_

Capture = dict[str, Any]


def shown(
    store: Store, record: Record, capture: Capture, viewing: Viewing | None = None
) -> Capture:
    """Return the capture as a page may show it: of what is shut, only that it was there."""
    with store.read() as connection:
        answers = [_answer(connection, capture, one) for one in capture["context"]["answers"]]
        found = {**capture, "context": {**capture["context"], "answers": answers}}
        if _viewed(record, viewing) or not _closed_pictures(connection, record, capture):
            return found
    return _without_pictures(found)


def refuse(
    connection: Connection, record: Record, capture: Capture, viewing: Viewing | None = None
) -> None:
    """Raise `Withheld` when the capture quotes what is withheld or erased, `Closed` when it holds
    something of a closed comment and nobody is let in to look."""
    if any(_shut(connection, capture, one) for one in capture["context"]["answers"]):
        raise Withheld("Kommentaren svarar på en som är spärrad eller raderad.",
                       next_step="Spärra den här också, eller vänta tills spärren är hävd.")
    if not _viewed(record, viewing) and _closed_pictures(connection, record, capture):
        raise Closed(N_("Något av en annan kommentar som kan innehålla sekretess följer med."))


def _viewed(record: Record, viewing: Viewing | None) -> bool:
    return viewing is not None and viewing.record_id == record.row.id


def _answer(connection: Connection, capture: Capture, answered: dict[str, Any]) -> dict[str, Any]:
    if _shut(connection, capture, answered):
        return _nothing(answered) | {"shut": "withheld"}
    if record_ids.closed_ones(connection, capture["platform"], capture["account_id"],
                              answered["id"]):
        return _nothing(answered) | {"shut": "closed"}
    return answered


def _shut(connection: Connection, capture: Capture, answered: dict[str, Any]) -> bool:
    return bool(record_ids.same_comment(
        connection, capture["platform"], capture["account_id"], answered["id"]))


def _nothing(answered: dict[str, Any]) -> dict[str, Any]:
    return {**answered, "text": None, "time_shown": None,
            "author": dict.fromkeys(answered["author"])}


def _closed_pictures(connection: Connection, record: Record, capture: Capture) -> bool:
    """Tell whether anything of another, closed comment may stand in the pictures or markup."""
    return any(_together(capture, other)
               for other in _closed_captures(connection, record, capture["platform"]))


def _closed_captures(
    connection: Connection, record: Record, platform: str
) -> Iterator[Capture]:
    rows = connection.execute(
        select(documents.c.body).join(captures, captures.c.id == documents.c.id)
        .join(records, records.c.id == captures.c.record_id)
        .where(documents.c.kind == "capture", secrecy.CLOSED, records.c.platform == platform,
               records.c.id != record.row.id)).scalars()
    yield from (json.loads(body) for body in rows if body)


def _together(capture: Capture, other: Capture) -> bool:
    """Tell whether a closed capture is quoted here, answers this comment, shares a picture with it,
    or may stand in its picture of the window because both are of one post."""
    mine, theirs = capture["comment"], other["comment"]
    if _answers(capture, theirs["id"]) or _answers(other, mine["id"]):
        return True
    if save_capture.all_names(capture) & save_capture.all_names(other):
        return True
    return bool(capture.get("screen")) and _post(capture) == _post(other) is not None


def _answers(capture: Capture, id_: str | None) -> bool:
    return id_ is not None and (capture["comment"]["parent_id"] == id_ or any(
        one["id"] == id_ for one in capture["context"]["answers"]))


def _post(capture: Capture) -> str | None:
    post = capture["context"]["post"] or {}
    found: str | None = capture["comment"]["post_id"] or post.get("id")
    return found


def _without_pictures(capture: Capture) -> Capture:
    comment = capture["comment"]
    attachments = [{**one, "blob": None} for one in comment["attachments"]]
    return {**capture, "picture": None, "screen": None, "pictures_shut": True,
            "comment": {**comment, "fragment": None, "attachments": attachments}}
