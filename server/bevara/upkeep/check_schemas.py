"""Check what browsers and the desk said against the schema that it names, or its kind's, for ever.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, select

from bevara import contract
from bevara.errors import BevaraError, UnsupportedContract
from bevara.identity import heartbeats
from bevara.kernel.store import Store
from bevara.kernel.tables import documents, meta
from bevara.web.bodies import parse

NAMED = {"incident": {"incident/1": "incident-1"}}
"""Kinds whose documents name their version. A version that was once taken is never left out."""
KINDS = {"outcome": "outcome-1", "reason": "reason-1", "account_question": "account-question-1",
         "assessment": "assessment-1", "decision": "decision-1", "registration": "registration-1",
         "secrecy": "secrecy-1", "viewing": "viewing-1", "breach": "breach-1",
         "handover": "handover-1", "informed": "informed-1", "disclosure": "disclosure-1",
         "name_search": "name-search-1", "archive": "archive-1"}
OF_A_COMMENT = "comment-outcome-1"


def check(_: Store, connection: Connection) -> Iterator[str]:
    """Yield the documents and heartbeats that do not follow their schema, and in which field.

    Captures are read as a whole with their receipts (`check_documents`).
    """
    kinds = [*NAMED, *KINDS]
    for row in connection.execute(select(documents).where(documents.c.kind.in_(kinds))):
        if isinstance(row.body, bytes) and row.body != b"":
            yield from _document(row.kind, row.id, row.body)
    for key, value in _heartbeats(connection):
        yield from _heartbeat(key, value)


def _document(kind: str, id_: str, body: bytes) -> Iterator[str]:
    try:
        data = parse(body)
        contract.validate(schema_of(kind, data), data)
    except BevaraError as error:
        yield f"{kind} {id_}: {error.field or '/schema'} {error.detail}"


def schema_of(kind: str, data: dict[str, Any]) -> str:
    """Return the schema that a document follows; raise `UnsupportedContract`."""
    if kind == "outcome" and "comment_id" in data:
        return OF_A_COMMENT
    schema = NAMED[kind].get(str(data.get("schema"))) if kind in NAMED else KINDS[kind]
    if schema is None:
        raise UnsupportedContract("Bevara känner inte till den här sortens dokument.")
    return schema


def _heartbeats(connection: Connection) -> Iterator[tuple[str, str]]:
    for row in connection.execute(select(meta).where(
            meta.c.key.startswith(heartbeats.PREFIX))):
        yield row.key, row.value


def _heartbeat(key: str, value: str) -> Iterator[str]:
    try:
        said = json.loads(value)
        contract.validate("heartbeat-1", said | {"at": said["seen"]})
    except BevaraError as error:
        yield f"{key}: {error.field} {error.detail}"
    except (ValueError, TypeError, KeyError):
        yield f"{key}: innehållet är inte läsbart."
