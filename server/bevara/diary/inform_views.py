"""The part of a record's page that says what the author was told."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, render_template

from bevara.diary import forms, inform, standing
from bevara.diary.decide import Changed
from bevara.diary.forms import PRACTICE, RECORD, Form, Shown
from bevara.diary.standing import Standing
from bevara.errors import BevaraError
from bevara.identity import names
from bevara.records import show, slots
from bevara.records.show import Record
from bevara.web.answers import in_words
from bevara.web.rooms import rooms
from bevara.web.translations import words_of

blueprint = Blueprint("inform", __name__, template_folder="templates")


def values(record: Record) -> dict[str, Any]:
    """Return what the part of a record's page shows."""
    return {"informing": shown(standing.of(record), {})}


def shown(now: Standing, form: Form) -> dict[str, Any]:
    """Return what was sent, newest last, and the form: as it was written, else as suggested."""
    sent = [one for one in now.said if one["kind"] == "informed"]
    text = "" if now.record.shut else inform.suggested(now.record.latest, now.record.row.category)
    first = {"besked": text, "hur": "", "av": "", "sett": str(now.seen)}
    return {"sent": sent, "ways": words_of(inform.WAYS), "form": first | form}


@blueprint.get(RECORD + "/informera")
@blueprint.get(PRACTICE + RECORD + "/informera")
def page(record_id: uuid.UUID, practice: str | None = None) -> str:
    """Show the part alone."""
    return _page(record_id, practice, {}, None)


@blueprint.post(RECORD + "/informera")
@blueprint.post(PRACTICE + RECORD + "/informera")
def informed(record_id: uuid.UUID, practice: str | None = None) -> Shown:
    """Keep what the author was told."""
    return forms.kept(record_id, practice, inform.inform, _page, "informera")


def _page(
    record_id: uuid.UUID, practice: str | None, form: Form, error: BevaraError | None
) -> str:
    record = show.record(rooms().store_of(practice), str(record_id))
    now = standing.of(record)
    return render_template(
        "informera.html", base=forms.base(record_id, practice), practice=practice, record=record,
        tab=forms.tab(), informing=shown(now, form), error=in_words(error) if error else None,
        changed=now.last if isinstance(error, Changed) else None,
        named_before=names.all_names(rooms().real_store))


slots.provide("informera-delar.html", values, "inform.informed", last=True)
