"""The lists that a person opens first: a line for each comment, with links to what is kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from markupsafe import Markup
from sqlalchemy import Connection, func, select

from bevara.archive.exit.layout import document_name
from bevara.kernel.tables import blobs, captures, documents, ledger_entries, records
from bevara.web import sheets

HEADS = {"id": "Kommentar", "created_at": "Sparad", "platform": "Plattform",
         "account_id": "Konto", "author_name": "Avsändare", "text": "Text",
         "permalink": "Adress", "mode": "Åtgärd", "category": "Skäl", "exit": "Beslut",
         "diary_number": "Diarienummer", "committee": "Nämnd",
         "secrecy_provision": "Sekretessmarkering"}
AT_ONCE = 500
START = """<!doctype html>
<html lang="sv"><head><meta charset="utf-8"><title>Export ur Bevara</title>
<style>body{font:1rem/1.5 sans-serif;margin:2rem}td,th{text-align:left;vertical-align:top;\
padding:.25rem 1rem .25rem 0;border-bottom:1px solid #ccc}</style></head><body>
<h1>Export ur Bevara</h1><p>LAS-MIG.txt säger vad varje fil är.</p>
<table><thead><tr><th>Sparad</th><th>Text</th><th>Dokument</th></tr></thead><tbody>
"""
END = "</tbody></table></body></html>\n"


def as_csv(connection: Connection) -> Iterator[bytes]:
    """Yield a CSV of all comments; what is closed shows what its row in the list does."""
    yield sheets.begun(HEADS.values())
    for row in _records(connection):
        yield sheets.as_lines([[str(getattr(row, name) or "") for name in HEADS]])


def as_page(connection: Connection) -> Iterator[bytes]:
    """Yield a page of all comments with links to their documents."""
    yield START.encode()
    link = Markup('<a href="{0}">{1}</a>')
    for row in _records(connection):
        links = Markup(" ").join(link.format(*one) for one in _documents(connection, row.id))
        yield Markup("<tr><td>{}</td><td>{}</td><td>{}</td></tr>\n").format(
            row.created_at, row.text or "", links).encode()
    yield END.encode()


def counts(connection: Connection) -> dict[str, int]:
    """Return how many rows the tables have that people ask for."""
    return {table.name: int(connection.execute(
        select(func.count()).select_from(table)).scalar_one())
        for table in (records, documents, blobs, ledger_entries)}


def _records(connection: Connection) -> Iterator[Any]:
    """Yield the records by time, some at a time: others are asked for between them."""
    after: tuple[str, str] = ("", "")
    while True:
        query = (select(records).where(
            (records.c.created_at > after[0])
            | ((records.c.created_at == after[0]) & (records.c.id > after[1])))
            .order_by(records.c.created_at, records.c.id).limit(AT_ONCE))
        found = connection.execute(query).all()
        if not found:
            return
        yield from found
        after = found[-1].created_at, found[-1].id


def _documents(connection: Connection, record: str) -> list[tuple[str, str]]:
    """Return the file and the kind of each document of a comment that has its content."""
    own = connection.execute(
        select(captures.c.id).where(captures.c.record_id == record)).scalars().all()
    found: list[Any] = []
    for id_ in own:
        mine = (documents.c.id == id_) | documents.c.id.between(f"{id_}/", f"{id_}0")
        found += connection.execute(
            select(documents.c.ledger_index, documents.c.kind)
            .where(mine, documents.c.body != b"")).all()
    return [(document_name(row.ledger_index, row.kind), row.kind)
            for row in sorted(found, key=lambda row: row.ledger_index)]
