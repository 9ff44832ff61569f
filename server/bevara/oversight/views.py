"""The page of what someone must look at."""

from __future__ import annotations

import uuid

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from bevara.accounts import register
from bevara.oversight import overrides, review
from bevara.records import list_records, tabs
from bevara.web.rooms import rooms
from bevara.web.todo import Line
from bevara.web.translations import N_, gettext, ngettext

blueprint = Blueprint("oversight", __name__, template_folder="templates")
WITHOUT_SAVING = {"danger": N_("Akut fara"), "not_working": N_("Bevara fungerar inte"),
                  "other": N_("Annat")}


@blueprint.get(review.PATH)
def listing() -> str:
    """List what must not pass unseen, oldest first, and what was looked at last."""
    store = rooms().real_store
    known = {item["id"]: item["name"] for item in register.all_accounts(store)}
    return render_template(
        "att-kontrollera.html", incidents=review.incidents(store), unknown=review.unknown(store),
        undecided=review.undecided(store),
        checked=review.checked(store), names=known, tabs=tabs.shown(),
        overrides=overrides.count(store, overrides.this_year(store)),
        counts=list_records.counts(store),
        without_saving={code: gettext(words) for code, words in WITHOUT_SAVING.items()})


@blueprint.post(f"{review.PATH}/<uuid:what>")
def check(what: uuid.UUID) -> Response:
    """Keep that someone has looked."""
    review.check(rooms().real_store, str(what), request.form.get("note", "").strip())
    return redirect(review.PATH, 303)


def todo() -> list[Line]:
    """Offer what someone must look at, and what two people must decide on."""
    with rooms().real_store.read() as connection:
        waiting = review.number_to_check(connection, rooms().real_store.clock.now())
        undecided = review.number_undecided(connection)
    words = ngettext("avvikelse att kontrollera", "avvikelser att kontrollera", waiting)
    shut = ngettext("spärrad kommentar att radera eller häva spärren för",
                    "spärrade kommentarer att radera eller häva spärren för", undecided)
    return [Line(waiting, words, review.PATH),
            Line(undecided, shut, f"{review.PATH}#sparrade")]
