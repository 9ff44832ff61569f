"""What a proposal begins as, account by account: the diary, its words, and the year's case.

Each change is a document with every account's template, so that it is known later what stood there.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, select

from bevara.accounts import register
from bevara.diary import proposal
from bevara.errors import Invalid
from bevara.kernel import documents as kept
from bevara.kernel.store import Store
from bevara.kernel.tables import documents
from bevara.web import dates
from bevara.web.translations import N_

KIND, DESK, MOST_YEARS = "diary_templates", "desk", 50
YEAR = re.compile(r"(20\d\d)[ :]+(\S.*)")
Form = proposal.Form


@dataclass(frozen=True)
class Template:
    """`cases` are the numbers of the collective cases, by the year they are for."""

    diary: str = ""
    committee: str = ""
    document_type: str = proposal.DOCUMENT_TYPE
    classification: str = ""
    handler: str = ""
    direction: str = "received"
    retention: str = "keep"
    case: str = "collective"
    cases: tuple[tuple[str, str], ...] = ()

    def form(self, year: str) -> dict[str, str]:
        """Return the fields of a proposal's form that the template fills."""
        number = dict(self.cases).get(year, "") if self.case == "collective" else ""
        return {
            "diarium": self.diary, "namnd": self.committee, "handlingstyp": self.document_type,
            "klassificering": self.classification, "handlaggare": self.handler,
            "riktning": self.direction, "bevaras": self.retention, "arende": self.case,
            "arendenummer": number,
        }


def everything(store: Store) -> dict[str, Template]:
    """Return the templates by account."""
    with store.read() as connection:
        return read(connection)


def read(connection: Connection) -> dict[str, Template]:
    """Return them as one transaction sees them."""
    body = connection.execute(select(documents.c.body).where(documents.c.kind == KIND)
                              .order_by(documents.c.ledger_index.desc()).limit(1)).scalar()
    found = json.loads(body)["templates"] if body else {}
    return {account: _made(said) for account, said in found.items()}


def change(store: Store, account: str, form: Form) -> None:
    """Keep an account's template; raise `Invalid` naming a field, `NotFound`."""
    made = _of_form(form)

    def job(tx: Connection) -> None:
        register.must_exist(tx, account)
        now = store.clock.now()
        said = {id_: asdict(one) for id_, one in (read(tx) | {account: made}).items()}
        body = json.dumps({"templates": said, "at": now}, ensure_ascii=False)
        kept.put(tx, KIND, str(uuid4()), body.encode(), DESK, now)

    store.write(job)


def as_form(template: Template) -> dict[str, str]:
    """Return a template as its form's fields."""
    cases = "\n".join(f"{year} {number}" for year, number in template.cases)
    return template.form("") | {"samlingsarenden": cases}


def suggested(
    capture: dict[str, Any], account: str | None, closed: bool, template: Template | None
) -> dict[str, str]:
    """Return a proposal's form for a capture, closed or not, as the account's template has it."""
    first = proposal.suggested(capture, account, closed)
    filled = first | (template or Template()).form(first["inkom"][:4])
    own = proposal.is_own(capture, account)
    return filled | ({"riktning": first["riktning"]} if own else {})


def _of_form(form: Form) -> Template:
    def line(field: str, longest: int = 200) -> str:
        return proposal.line(form, field, longest, needed=False)

    return Template(
        line("diarium"), line("namnd"), line("handlingstyp") or proposal.DOCUMENT_TYPE,
        line("klassificering"), line("handlaggare"),
        proposal.one_of(form, "riktning", proposal.DIRECTIONS),
        proposal.one_of(form, "bevaras", proposal.RETENTIONS),
        proposal.one_of(form, "arende", {"collective": "", "new": ""}),
        _cases(form.get("samlingsarenden", "")))


def _cases(text: str) -> tuple[tuple[str, str], ...]:
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    found = [YEAR.fullmatch(line) for line in lines]
    pairs = [(one[1], one[2]) for one in found if one and len(one[2]) <= 60]
    if len(pairs) != len(lines) or len(dict(pairs)) != len(lines) or len(lines) > MOST_YEARS:
        raise Invalid("samlingsarenden", N_("En rad är felskriven, eller ett år står två gånger."),
                      N_("Skriv året och numret, till exempel 2026 KS 2026/00123."))
    return tuple(sorted(pairs))


def _made(said: dict[str, Any]) -> Template:
    return Template(**{**said, "cases": tuple((year, number) for year, number in said["cases"])})


def year_now(store: Store) -> str:
    """Return the Swedish year, which a collective case is asked for."""
    return str(dates.local_day(store.clock.now()).year)
