"""The guideline that Bevara works after, to be read."""

from __future__ import annotations

from flask import Blueprint, render_template

from bevara import contract
from bevara.web.navigation import Link
from bevara.web.translations import N_, gettext

blueprint = Blueprint("profile", __name__, template_folder="templates")
GUIDELINE = Link("/riktlinje", N_("Kommunens riktlinje"))
PARTS = {"content": N_("innehållet"), "author": N_("avsändaren")}
KINDS = {"hide": N_("dölja"), "delete": N_("ta bort"), "case": N_("ärenden"),
         "secrecy": N_("det som kan vara sekretess")}


@blueprint.get(GUIDELINE.path)
def guideline() -> str:
    """Show the profile: its source, its rules and its categories."""
    profile = contract.profile()
    names = {item["id"]: item["sv"] for item in contract.load("categories.json")["categories"]}
    two = ", ".join(gettext(names[id_]) for id_ in profile["rules"]["two_assessors"])
    return render_template(
        "riktlinje.html", profile=profile, listed=_listed, two_assessors=two)


def _listed(codes: list[str]) -> str:
    """Return codes of the profile as words in a row."""
    return ", ".join(gettext((PARTS | KINDS).get(code, code)) for code in codes)
