"""How the diary's own interface is spoken with, and starting points for two systems."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from bevara.diary.channels import http, tree
from bevara.errors import Invalid
from bevara.web.translations import N_

LONGEST = 500
AUTHS = {"bearer": N_("En nyckel som visas upp (bearer)"),
         "oauth2": N_("En nyckel som byts mot en ny varje gång (OAuth2 client credentials)")}
FIELDS = {"adress": "url", "mall": "template", "pekare": "pointer", "inloggning": "auth",
          "nyckeladress": "token_url", "klient": "client", "omfang": "scope", "engang": "once"}
"""The form's fields, and what they are kept as."""


@dataclass(frozen=True)
class Rest:
    """`pointer` leads to the number in the answer; `once`: a repeated key registers nothing new."""

    url: str = ""
    template: str = ""
    pointer: str = ""
    auth: str = "bearer"
    token_url: str = ""
    client: str = ""
    scope: str = ""
    once: str = ""


def read(kept: Mapping[str, str]) -> Rest:
    """Return the settings as they were kept."""
    names = [name for name in FIELDS.values() if f"rest_{name}" in kept]
    return Rest(**{name: kept[f"rest_{name}"] for name in names})


def checked(form: Mapping[str, str]) -> dict[str, str]:
    """Return what a form says, to be kept; raise `Invalid` naming the field."""
    auth = form.get("inloggning", "")
    if auth not in AUTHS:
        raise Invalid("inloggning", N_("Inget är valt."), N_("Välj något i listan."))
    tree.read(form.get("mall", ""))
    exchanged = auth == "oauth2"
    said = Rest(
        _address(form, "adress"), form["mall"].strip(), tree.pointer(form.get("pekare", "")), auth,
        _address(form, "nyckeladress") if exchanged else "", _word(form, "klient", exchanged),
        _word(form, "omfang", False), "yes" if form.get("engang") else "")
    return {f"rest_{name}": getattr(said, name) for name in FIELDS.values()}


def as_form(rest: Rest) -> dict[str, str]:
    """Return the settings as the form's fields."""
    return {field: getattr(rest, name) for field, name in FIELDS.items()}


def _address(form: Mapping[str, str], field: str) -> str:
    found = form.get(field, "").strip()
    fault = Invalid(field, N_("Adressen går inte att använda."),
                    N_("Skriv en som börjar med https://, utan namn och lösenord."))
    try:
        parts = urlsplit(found)
        _ = parts.port
    except ValueError:
        raise fault from None
    plain = parts.scheme == "http" and http.is_loopback(parts.hostname or "")
    if (not parts.hostname or parts.username is not None or parts.fragment or len(found) > LONGEST
            or not found.isascii() or not found.isprintable() or " " in found
            or not (parts.scheme == "https" or plain)):
        raise fault
    return found


def _word(form: Mapping[str, str], field: str, needed: bool) -> str:
    found = " ".join(form.get(field, "").split())
    if (needed and not found) or len(found) > LONGEST or not found.isprintable():
        raise Invalid(field, N_("Fältet är tomt."), N_("Fyll i fältet."))
    return found


def _template(**fields: object) -> str:
    return json.dumps(fields, ensure_ascii=False, indent=2)


PRESETS: dict[str, tuple[str, Rest]] = {
    "platina": ("Platina 8.0", Rest(
        "https://platina.example.se/api/v8.0/deeds", _template(
            title="{title}", sender="{sender}", receivedDate="{received_on}",
            direction="{direction}", documentType="{document_type}", caseNumber="{case_number}",
            externalId="{reference}",
            files=[{"fileName": "{file_name}", "content": "{file_base64}"}]),
        "/diaryNumber", "oauth2", "https://platina.example.se/oauth2/token", "bevara")),
    "sif": ("Public 360 SIF", Rest(
        "https://360.example.se/Biz/v2/api/call/SI.Data.RPC/SI.Data.RPC/DocumentService/"
        "CreateDocument", _template(parameter={
            "Title": "{title}", "DocumentDate": "{received_on}", "CaseNumber": "{case_number}",
            "ExternalId": "{reference}", "UnregisteredContacts": [{"ContactName": "{sender}"}],
            "Files": [{"Title": "{file_name}", "Format": "{file_format}",
                       "Base64Data": "{file_base64}"}]}),
        "/DocumentNumber", "bearer")),
}
"""Starting points from what the vendors' documents name; none was tried against their system."""
