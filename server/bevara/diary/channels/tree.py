"""The JSON that a diary is sent: a tree whose texts hold `{field}` from a closed list."""

from __future__ import annotations

import json
import re
from typing import Any

from bevara.diary import card
from bevara.errors import Invalid
from bevara.web.translations import N_

TEMPLATE, POINTER_FIELD = "mall", "pekare"
FIELDS = {
    "direction": "Riktning", "received_on": card.RECEIVED, "precision": "Datumets säkerhet",
    "sender": card.SENDER, "title": card.TITLE, "case": "Ärende", "case_number": "Ärendenummer",
    "document_type": "Handlingstyp", "retention": "Bevaras eller gallras", "account": card.ACCOUNT,
    "diary": "Diarium", "committee": "Nämnd", "classification": "Klassificeringskod",
    "handler": "Handläggare",
}
"""Names in a template, and the card's fields that they stand for."""
OWN = ("reference", "token", "file_name", "file_format", "file_base64")
KNOWN = (*FIELDS, *OWN)
HOLE = re.compile(r"\{([^{}]*)\}")
LONGEST, DEEPEST = 20_000, 12
MADE_UP = {
    **{name: f"({words})" for name, words in FIELDS.items()}, "reference": "BV-0000-0000",
    "title": "Kommentar på Facebook, 23 november 2026, borttagen", "received_on": "2026-11-23",
    "token": "0123456789abcdef", "file_name": "BV-0000-0000.pdf",
    "file_format": "pdf", "file_base64": "(…)",
}
"""What a rehearsal fills in."""


def read(text: str) -> Any:
    """Return a template's tree; raise `Invalid` unless each `{field}` in it is known."""
    try:
        found = json.loads(text) if len(text) <= LONGEST else None
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or _depth(found) > DEEPEST:
        raise Invalid(TEMPLATE, N_("Mallen är inte JSON, eller är för stor."),
                      N_("Den ska börja med { och sluta med }."))
    if _in_keys(found) or any(name not in KNOWN for name in _holes(found)):
        raise Invalid(TEMPLATE, N_("Mallen har ett fält som inte finns."),
                      N_("Använd bara fälten i listan, och bara i värden."))
    return found


def pointer(text: str) -> str:
    """Return a JSON Pointer (RFC 6901) or ""; raise `Invalid`."""
    found = text.strip()
    bad = not found.startswith("/") or len(found) > 200 or re.search(r"~(?![01])", found)
    if found and bad:
        raise Invalid(POINTER_FIELD, N_("Det är ingen JSON-pekare."),
                      N_("Till exempel /data/diaryNumber."))
    return found


def at(tree: Any, pointer: str) -> Any:
    """Return what a pointer leads to, or None."""
    for part in pointer.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        if isinstance(tree, dict):
            tree = tree.get(name)
        elif isinstance(tree, list) and re.fullmatch(r"0|[1-9]\d{0,5}", name):
            tree = tree[int(name)] if int(name) < len(tree) else None
        else:
            return None
    return tree


def filled(template: str, said: dict[str, str]) -> Any:
    """Return the tree with its fields filled in; raise `Invalid` as `read` does."""
    return _filled(read(template), said)


def _filled(tree: Any, said: dict[str, str]) -> Any:
    if isinstance(tree, dict):
        return {name: _filled(one, said) for name, one in tree.items()}
    if isinstance(tree, list):
        return [_filled(one, said) for one in tree]
    return HOLE.sub(lambda hole: said[hole[1]], tree) if isinstance(tree, str) else tree


def _holes(tree: Any) -> list[str]:
    if isinstance(tree, dict):
        return [name for one in tree.values() for name in _holes(one)]
    if isinstance(tree, list):
        return [name for one in tree for name in _holes(one)]
    return HOLE.findall(tree) if isinstance(tree, str) else []


def _in_keys(tree: Any) -> bool:
    if isinstance(tree, dict):
        return any(HOLE.search(name) for name in tree) or any(map(_in_keys, tree.values()))
    return isinstance(tree, list) and any(map(_in_keys, tree))


def _depth(tree: Any) -> int:
    inner = tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ()
    return 1 + max(map(_depth, inner), default=0)
