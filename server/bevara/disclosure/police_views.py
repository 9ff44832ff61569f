"""The page of a police report: what is in the folder, and who has assessed secrecy."""

from __future__ import annotations

import uuid

from flask import Blueprint, Response, render_template, request

from bevara.diary import decide, forms
from bevara.diary.forms import PRACTICE, RECORD, Shown
from bevara.disclosure import asked, noted, police
from bevara.disclosure.asked import POLICE
from bevara.disclosure.masked_copy import Subject
from bevara.disclosure.noted import What
from bevara.errors import BevaraError, Invalid
from bevara.identity import names
from bevara.web.answers import in_words
from bevara.web.rooms import rooms
from bevara.web.translations import N_

blueprint = Blueprint("police", __name__, template_folder="templates")
PATH, ASSESSED = "/polisanmalan", "provad"


@blueprint.get(RECORD + PATH)
@blueprint.get(PRACTICE + RECORD + PATH)
def page(record_id: uuid.UUID, practice: str | None = None) -> str:
    """Say what is in the folder."""
    return _page(asked.subject(record_id, practice, POLICE), practice, {}, None)


@blueprint.post(RECORD + PATH)
@blueprint.post(PRACTICE + RECORD + PATH)
def made(record_id: uuid.UUID, practice: str | None = None) -> Shown | Response:
    """Make the folder, and keep that it was made."""
    subject, form = asked.subject(record_id, practice, POLICE), request.form.to_dict()
    try:
        by = subject.viewing.by if subject.viewing else decide.name(form)
        if ASSESSED not in form:
            raise Invalid(ASSESSED, N_("Frågan om sekretess är inte prövad."),
                          N_("Pröva den, och kryssa för."))
    except Invalid as error:
        return _page(subject, practice, form, error), error.status
    data = police.folder(subject, by)
    noted.note(subject.store, str(record_id), What.POLICE, data, by, False, subject.viewing)
    return Response(data, content_type="application/zip", headers={
        "Content-Disposition": f"attachment; filename=polisanmalan-{record_id}.zip"})


def _page(
    subject: Subject, practice: str | None, form: dict[str, str], error: BevaraError | None
) -> str:
    return render_template(
        "polisanmalan.html", base=forms.base(uuid.UUID(subject.record.row.id), practice),
        practice=practice, tab=forms.tab(), viewing=subject.viewing, key=asked.key(), form=form,
        error=in_words(error) if error else None,
        named_before=names.all_names(rooms().real_store))
