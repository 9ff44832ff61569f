"""What the author of a removed comment was told in the page's name; the body's own record of it."""

from __future__ import annotations

from typing import Any

from bevara import contract
from bevara.diary import decide
from bevara.diary.decide import Form
from bevara.errors import Invalid
from bevara.kernel.store import Store
from bevara.kernel.text import storable
from bevara.web.translations import N_

WAYS = {"reply": N_("Svar på sidan"), "message": N_("Meddelande"), "other": N_("På annat sätt")}
LONGEST = 4000
RULE = "olämpligt innehåll"


def suggested(capture: dict[str, Any], category: str | None) -> str:
    """Return the guideline's text with what was done and the rule; Swedish, as the page is."""
    profile = contract.profile()
    rules = {item["id"]: item["guideline_text"] for item in profile["categories"]}
    rule = rules.get(category or "", RULE)
    text = str(profile["inform_text"])
    return (text.replace("{action}", _done(capture["action"]["kind"]))
            .replace("{rule}", rule[:1].lower() + rule[1:]))


def inform(store: Store, record_id: str, form: Form) -> None:
    """Keep what was sent, and how; raise `Invalid`, `Changed`, `NotFound`, `Withheld`."""
    text = storable(form.get("besked", "").replace("\r\n", "\n").strip())
    if not text:
        raise Invalid("besked", N_("Fältet är tomt."), N_("Skriv det som du skickade."))
    if len(text) > LONGEST:
        raise Invalid("besked", N_("Texten är för lång."), N_("Skriv kortare."))
    how = form.get("hur", "")
    if how not in WAYS:
        raise Invalid("hur", N_("Inget sätt är valt."), N_("Välj hur du skickade det."))
    said = {"text": text, "how": how, "by": decide.name(form)}
    decide.keep(store, record_id, "informed", form, lambda _tx, _now: said)


def _done(action: str) -> str:
    return {"delete": "tagit bort", "hide": "dolt"}.get(action, "hanterat")
