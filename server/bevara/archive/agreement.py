"""What the body and its archive have agreed: who delivers, under what number, in which form.

Kept with what else is switched on at the desk. Nothing here is law: a municipality's archive
authority decides it (arkivlagen 1990:782, 7-8 and 16 §§).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bevara.archive.packages.parts import Agent
from bevara.config import Config
from bevara.errors import Invalid
from bevara.kernel import settings
from bevara.kernel.text import storable
from bevara.web.translations import N_

PREFIX, LONGEST = "archive_agreement_", 200
CODE = re.compile(r"(ORG|VAT|HSA):[A-Za-z0-9-]{1,40}")
"""An identity code with the prefixes of FGS Paketstruktur 1.2, which E-ARK's notes carry on."""
SIP, BAG, PLAIN = "sip", "bag", "zip"
FORMS = {SIP: N_("FGS Paketstruktur 2.0 (E-ARK SIP)"), BAG: N_("BagIt"),
         PLAIN: N_("ZIP med CSV och innehållsförteckning")}
TYPES = {"registered": N_("Diarieförda kommentarer"),
         "kept": N_("Kommentarer som hålls ordnade"),
         "minor": N_("Uppenbart av liten betydelse"),
         "accounts": N_("Förteckningen över konton, med när de dokumenterades")}
"""Document types by how they were decided on, each with an archival original in one place."""
FROM_BEVARA = ("kept", "minor", "accounts")
"""The types whose archival original Bevara delivers at first start; the diary delivers the other.
"""


@dataclass(frozen=True)
class Agreement:
    """`creator` is the archival creator of what no committee is named for."""

    creator: Agent
    submitter: Agent
    preservation: Agent
    contact: str = ""
    agreement: str = ""
    reference_code: str = ""
    form: str = PLAIN
    from_bevara: tuple[str, ...] = FROM_BEVARA


LINES = {"arkivbildare": "creator", "arkivbildare_kod": "creator_code",
         "avsandare": "submitter", "avsandare_kod": "submitter_code",
         "arkiv": "preservation", "arkiv_kod": "preservation_code", "kontakt": "contact",
         "overenskommelse": "agreement", "referenskod": "reference_code"}
"""The form's fields and what they are kept as."""
CODES = ("arkivbildare_kod", "avsandare_kod", "arkiv_kod")
NEEDED = ("arkivbildare",)


def read(config: Config) -> Agreement:
    """Return what is agreed; at first start the body delivers a plain ZIP. Raises `Invalid`."""
    kept = settings.read(config.data_dir)
    known = {name.removeprefix(PREFIX): said for name, said in kept.items()
             if name.startswith(PREFIX)}
    creator = Agent(known.get("creator") or config.body_name, known.get("creator_code", ""))
    submitter = Agent(known.get("submitter") or creator.name,
                      known.get("submitter_code") or creator.code)
    return Agreement(
        creator, submitter,
        Agent(known.get("preservation", ""), known.get("preservation_code", "")),
        known.get("contact", ""), known.get("agreement", ""), known.get("reference_code", ""),
        known.get("form", PLAIN), tuple(known.get("types", " ".join(FROM_BEVARA)).split()))


def as_form(config: Config) -> dict[str, str]:
    """Return what is kept as the form's fields."""
    found = read(config)
    return {
        "arkivbildare": found.creator.name, "arkivbildare_kod": found.creator.code,
        "avsandare": found.submitter.name, "avsandare_kod": found.submitter.code,
        "arkiv": found.preservation.name, "arkiv_kod": found.preservation.code,
        "kontakt": found.contact, "overenskommelse": found.agreement,
        "referenskod": found.reference_code, "form": found.form,
    }


def change(config: Config, form: Mapping[str, str], types: list[str]) -> Agreement:
    """Keep what a form says; raise `Invalid` naming the field, and change nothing."""
    values = {name: _line(form, field) for field, name in LINES.items()}
    if form.get("form") not in FORMS:
        raise Invalid("form", N_("Inget är valt."), N_("Välj något i listan."))
    values |= {"form": form["form"], "types": " ".join(one for one in TYPES if one in types)}
    settings.change(config.data_dir, **{PREFIX + name: said for name, said in values.items()})
    return read(config)


def _line(form: Mapping[str, str], field: str) -> str:
    found = storable(" ".join(form.get(field, "").split()))
    if field in NEEDED and not found:
        raise Invalid(field, N_("Fältet är tomt."), N_("Fyll i fältet."))
    if len(found) > LONGEST:
        raise Invalid(field, N_("Texten är för lång."), N_("Skriv kortare."))
    if field in CODES and found and not CODE.fullmatch(found):
        raise Invalid(field, N_("Det ser inte ut som en identitetskod."),
                      N_("Till exempel ORG:2120001234."))
    return found
