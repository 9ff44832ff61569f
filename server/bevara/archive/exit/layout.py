"""What an export consists of, and how its rows are written.

A folder, not a ZIP: it opens in every file manager, and a hundred gigabytes need no second copy.
"""

from __future__ import annotations

import base64
import json
from typing import Any

from sqlalchemy import Column, LargeBinary, Table

from bevara.kernel import tables

FORMAT = "bevara-export/1"
MANIFEST, SIGNATURE, LOG = "kontrollsummor-sha256.txt", "kontrollsummor.sig", "logg.json"
ROWS, DOCUMENTS, PICTURES = "tabeller", "dokument", "bilder"
LIST, PAGE, README, SCRIPT, PROOF = (
    "kommentarer.csv", "index.html", "LAS-MIG.txt", "kontrollera_export.py", "kontrollera.py")
DERIVED = ("ledger_nodes", "unindexed")
"""Tables that are made anew of the others."""
LEFT_OUT = {"devices": ("public_key",), "users": ("password",)}
"""Keys and hashes of passwords: browsers pair again, and users choose new passwords."""
IN_FILES = {"documents": "body", "blobs": "body"}
"""Columns whose bytes lie in a file that the row names."""
NAMED = "file"
ENDINGS = ((b"\x89PNG", "png"), (b"\xff\xd8\xff", "jpg"), (b"GIF8", "gif"), (b"RIFF", "webp"))


def exported() -> list[Table]:
    """Return the tables, those first that others refer to."""
    return [one for one in tables.metadata.sorted_tables if one.name not in DERIVED]


def columns(table: Table) -> list[Column[Any]]:
    """Return the columns of a table's rows."""
    out = (*LEFT_OUT.get(table.name, ()), IN_FILES.get(table.name))
    return [column for column in table.c if column.name not in out]


def row_written(table: Table, row: Any, file: str | None) -> bytes:
    """Return a row as one line of JSON; bytes are base64."""
    said = {column.name: _shown(column, getattr(row, column.name)) for column in columns(table)}
    if table.name in IN_FILES:
        said[NAMED] = file
    return json.dumps(said, ensure_ascii=False, sort_keys=True).encode() + b"\n"


def row_read(table: Table, line: bytes) -> tuple[dict[str, Any], str | None]:
    """Return a row's values and the file that it names; raise `ValueError`."""
    said = json.loads(line)
    if not isinstance(said, dict):
        raise ValueError("not a row")
    file = said.pop(NAMED, None)
    wanted = {column.name: column for column in columns(table)}
    if said.keys() != wanted.keys() or not isinstance(file, str | None):
        raise ValueError("other columns")
    return {name: _kept(wanted[name], value) for name, value in said.items()}, file


def document_name(index: int, kind: str) -> str:
    """Return where a document's exact bytes lie, by its place in the log."""
    return f"{DOCUMENTS}/{index // 1000:06}/{index}-{kind}.json"


def ending(head: bytes) -> str:
    """Return the ending of a picture's file by its first bytes."""
    return next((name for start, name in ENDINGS if head.startswith(start)), "bin")


def _shown(column: Column[Any], value: Any) -> Any:
    if isinstance(column.type, LargeBinary) and value is not None:
        return base64.b64encode(value).decode()
    return value


def _kept(column: Column[Any], value: Any) -> Any:
    if isinstance(column.type, LargeBinary) and value is not None:
        return base64.b64decode(value, validate=True)
    return value
