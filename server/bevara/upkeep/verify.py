"""Read everything again and check it: rows, pictures, receipts, schemas, log and tree."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import SQLAlchemyError

from bevara.kernel.store import Store
from bevara.kernel.tables import blobs, documents, ledger_entries
from bevara.upkeep import anchor as anchoring
from bevara.upkeep import (
    check_archive,
    check_blobs,
    check_documents,
    check_ledger,
    check_records,
    check_register,
    check_schemas,
    check_withheld,
    earlier_logs,
)
from bevara.upkeep.anchor import Anchor

Check = Callable[[Store, Connection], Iterator[str]]
CHECKS: tuple[Check, ...] = (
    check_ledger.check, earlier_logs.check, check_documents.check, check_schemas.check,
    check_blobs.check, check_records.check, check_withheld.check, check_register.check,
    check_archive.check,
)


@dataclass(frozen=True)
class Report:
    """What was read, and every finding in a Swedish sentence. No finding means all is well."""

    documents: int
    blobs: int
    entries: int
    findings: list[str]
    anchored: bool = False

    @property
    def ok(self) -> bool:
        """Tell whether nothing was found."""
        return not self.findings


def verify(store: Store, anchor: Anchor | None = None) -> Report:
    """Check the whole store in one of its states; change nothing, and stop at nothing."""
    with store.read() as connection:
        return verify_state(store, connection, anchor)


def verify_state(store: Store, connection: Connection, anchor: Anchor | None = None) -> Report:
    """Check the state that a connection sees, against `anchor` too when there is one."""
    findings: list[str] = []
    counts = [0, 0, 0]
    try:
        findings += _database(connection)
        counts = [
            connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (documents, blobs, ledger_entries)
        ]
        for check in CHECKS:
            findings += check(store, connection)
        if anchor:
            findings += anchoring.check(store, connection, anchor)
    except SQLAlchemyError as error:
        findings.append(f"Databasen går inte att läsa: {error.__cause__ or error}")
    return Report(counts[0], counts[1], counts[2], findings, anchor is not None)


def _database(connection: Connection) -> Iterator[str]:
    for (line,) in connection.exec_driver_sql("PRAGMA integrity_check"):
        if line != "ok":
            yield f"Databasen: {line}"
