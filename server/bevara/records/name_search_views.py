"""The page *Sök på avsändare*: a form, and the answer to it that no address leads to."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request
from sqlalchemy import Row

from bevara.accounts import register
from bevara.errors import Invalid
from bevara.identity import names
from bevara.records import name_search
from bevara.web.answers import in_words
from bevara.web.rooms import rooms
from bevara.web.translations import words_of

blueprint = Blueprint("name_search", __name__)
PATH = "/kommentarer/sok-avsandare"


@blueprint.get(PATH)
def page() -> str:
    """Ask for whom, why, and who asks."""
    return _page(None, None)


@blueprint.post(PATH)
def found() -> str | tuple[str, int]:
    """Show what was found, and keep that somebody looked; or what lacks, beside what was typed."""
    form = request.form
    try:
        rows = name_search.find(rooms().real_store, form.get("namn", ""), form.get("av", ""),
                                form.get("andamal", ""))
    except Invalid as error:
        return _page(None, error), error.status
    return _page(rows, None)


def _page(rows: list[Row[Any]] | None, error: Invalid | None) -> str:
    store = rooms().real_store
    return render_template(
        "sok-avsandare.html", rows=rows and rows[:name_search.SHOWN],
        searched=rows is not None, more=len(rows or ()) > name_search.SHOWN,
        purposes=words_of(name_search.PURPOSES), form=request.form, names=register.names(
            store, rooms().config.port), named_before=names.all_names(store),
        error=in_words(error) if error else None)
