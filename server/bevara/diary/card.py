"""What a registrar copies by hand: the card of one comment, and a table of all that wait."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row

from bevara.diary.proposal import CASES, DIRECTIONS, PRECISIONS, RETENTIONS
from bevara.web import sheets
from bevara.web.translations import N_

Field = tuple[str, str]
REFERENCE, RECEIVED = N_("Referens"), N_("Inkom")
SENDER, TITLE, ACCOUNT = N_("Avsändare"), N_("Handlingsrubrik"), N_("Konto")
ORDER = (REFERENCE, "Riktning", RECEIVED, "Datumets säkerhet", SENDER, TITLE, "Ärende",
         "Ärendenummer", "Handlingstyp", "Bevaras eller gallras", ACCOUNT, "Diarium", "Nämnd",
         "Klassificeringskod", "Handläggare")
"""The names of `fields` as they come when a diary has no order of its own."""
CASE_OF_YEAR = "Borttagna kommentarer i sociala medier"


def fields(reference: str, proposal: dict[str, Any], account: str) -> list[Field]:
    """Return names and values in the order that a diary asks for them; nothing of the comment.

    The protected ones stand there only when whoever asks may see them.

    Swedish in every language: the values are for the diary.
    """
    case = proposal["case"]
    year = proposal["received_on"][:4]
    kind = f"{CASE_OF_YEAR} {year}" if case["kind"] == "collective" else CASES[case["kind"]]
    return [
        (REFERENCE, reference), (N_("Riktning"), DIRECTIONS[proposal["direction"]]),
        (RECEIVED, proposal["received_on"]),
        (N_("Datumets säkerhet"), PRECISIONS[proposal["precision"]]),
        (SENDER, proposal["sender"]), (TITLE, proposal["title"]),
        (N_("Avsändare, skyddad"), proposal.get("protected_sender") or ""),
        (N_("Handlingsrubrik, skyddad"), proposal.get("protected_title") or ""),
        (N_("Diarium"), proposal.get("diary") or ""),
        (N_("Nämnd"), proposal.get("committee") or ""),
        (N_("Klassificeringskod"), proposal.get("classification") or ""),
        (N_("Handläggare"), proposal.get("handler") or ""),
        (N_("Ärende"), kind), (N_("Ärendenummer"), case["number"] or ""),
        (N_("Handlingstyp"), proposal["document_type"]),
        (N_("Bevaras eller gallras"), RETENTIONS[proposal["retention"]]), (ACCOUNT, account),
    ]


def table(rows: Iterable[Row[Any]], accounts: dict[str, str]) -> bytes:
    """Return a CSV with one row per comment, the number's cell left empty."""
    return sheets.as_csv(
        [REFERENCE, "Diarienummer", RECEIVED, SENDER, TITLE, ACCOUNT],
        ([row.reference or "", "", row.received_on or "", row.public_sender or "",
          row.public_title or "", accounts.get(row.account_id, "")] for row in rows))
