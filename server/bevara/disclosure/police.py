"""A folder for the police: cover sheet, reading copy, pictures and proof, as one ZIP.

It is made anew and kept nowhere; the ledger has its SHA-256 and who assessed secrecy. What the
comment may be in law is the police's to say: the cover sheet says what was saved and when.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from babel.dates import format_datetime

from bevara import contract
from bevara.disclosure.masked_copy import Subject
from bevara.errors import BevaraError, NotMade, PressBusy
from bevara.records import picture
from bevara.records.proof import bundle
from bevara.records.reading import compose, make
from bevara.records.reading.paper import Block, Heading, Line, Paper, Picture
from bevara.web import dates

CHECK = "Kontrollera sekretess innan du lämnar ut."
PHONE = "Polisens nummer är 114 14. Vid akut fara: 112."
CHANGED = ("bevis.zip har allt som sparades, och visar om något är ändrat sedan dess. "
           "Hur det kontrolleras står i README.txt i den.")
COVER, COPY, PROOF = "forsattsblad", "lasexemplar", "bevis.zip"
Files = dict[str, bytes]


def folder(subject: Subject, by: str) -> bytes:
    """Return the ZIP; raise `Closed` or `Withheld` when the proof holds what may not leave."""
    store, id_ = subject.store, str(subject.record.row.id)
    files = {PROOF: bundle.make(store, id_, subject.viewing), **_pictures(subject)}
    files |= _sheet(COPY, compose.paper(store, subject.record, subject.capture, subject.account))
    now = store.clock.now()
    return _zipped(_sheet(COVER, _cover(subject, files, by, now)) | files, now)


def _cover(subject: Subject, files: Mapping[str, bytes], by: str, now: str) -> Paper:
    row, capture = subject.record.row, subject.capture
    title = "Underlag till polisanmälan"
    practice = "Övning. " if subject.store.folder.name == "practice" else ""
    return Paper(title, f"{practice}Polisanmälan ur Bevara. Kommentar {row.id}", _seconds(now), [
        Heading(title, 1), Line(CHECK, strong=True), Line(f"{practice}{PHONE}"),
        Heading("Kommentaren"),
        *(Line(str(value), name) for name, value in _facts(subject, capture) if value),
        Heading("Sammanställd"), Line(_when(now), "Tid"), Line(by, "Prövad av"),
        Heading("Det här är med"), *_listed(files), Line(CHANGED)])


def _facts(subject: Subject, capture: dict[str, Any]) -> list[tuple[str, str | None]]:
    row, comment = subject.record.row, capture["comment"]
    names = {one["id"]: one["sv"] for one in contract.load("categories.json")["categories"]}
    return [("Konto", subject.account), ("Referens", row.reference),
            ("Diarienummer", row.diary_number), ("Avsändare", comment["author"]["name"]),
            ("Avsändarens adress", comment["author"]["url"]),
            ("Avsändarens nummer på sidan", comment["author"]["id"]),
            ("Kommentarens adress", comment["permalink"]),
            ("Kommentarens nummer på sidan", comment["id"]),
            ("Tid som den visades", comment["time_shown"]),
            ("Sparad", _when(capture["captured_at"])),
            ("Varför togs den bort", names.get(row.category or ""))]


def _listed(files: Mapping[str, bytes]) -> Iterator[Block]:
    for name in sorted(files):
        yield Line(f"SHA-256 {hashlib.sha256(files[name]).hexdigest()}", name)


def _pictures(subject: Subject) -> Files:
    """Return the pictures drawn anew; those that cannot be shown are in the proof as they came."""
    capture = subject.capture
    attached = capture["comment"]["attachments"]
    shots = [("kommentaren", capture["picture"]), ("skarmdump", capture.get("screen")),
             *((f"bilaga-{number}", one) for number, one in enumerate(attached, 1))]
    found: Files = {}
    for name, shot in shots:
        if shot and shot["blob"]:
            try:
                found[f"bilder/{name}.png"] = picture.shown(subject.store.blob(shot["blob"]))
            except BevaraError:
                continue
    return found


def _sheet(name: str, paper: Paper) -> Files:
    """Return a paper as PDF, or as text when no PDF can be made."""
    try:
        return {f"{name}.pdf": make.pdf(paper)}
    except PressBusy:
        raise
    except NotMade:
        return {f"{name}.txt": "\n".join(map(_text, paper.blocks)).encode()}


def _text(one: Block) -> str:
    if isinstance(one, Heading):
        return f"\n{one.text}\n"
    return "" if isinstance(one, Picture) else one.exact


def _zipped(files: Files, now: str) -> bytes:
    made, at = io.BytesIO(), dates.local(now).timetuple()[:6]
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            item = zipfile.ZipInfo(f"polisanmalan/{name}", at)
            item.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(item, data)
    return made.getvalue()


def _when(text: str) -> str:
    return format_datetime(dates.local(text), "d MMMM y 'kl.' HH.mm", locale="sv")


def _seconds(now: str) -> int:
    return int(datetime.fromisoformat(now).timestamp())
