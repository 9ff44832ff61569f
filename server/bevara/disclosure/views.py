"""Make a copy to hand out: say what is masked, look at it, and have it made."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, Response, render_template, request

from bevara.diary import decide, forms
from bevara.diary.forms import PRACTICE, RECORD, Shown
from bevara.disclosure import asked, masked_copy, noted, wish
from bevara.disclosure.asked import DISCLOSURE
from bevara.disclosure.masked_copy import NotFoundInCopy, Subject
from bevara.disclosure.noted import What
from bevara.errors import BevaraError, Conflict, Invalid
from bevara.identity import names
from bevara.records.reading import make
from bevara.records.reading.paper import Block, Heading, Line, Paper
from bevara.web.answers import in_words
from bevara.web.rooms import rooms
from bevara.web.translations import N_

blueprint = Blueprint("disclosure", __name__, template_folder="templates")
PATH, MADE = "/kopia", "skapa"


@blueprint.get(RECORD + PATH)
@blueprint.get(PRACTICE + RECORD + PATH)
def page(record_id: uuid.UUID, practice: str | None = None) -> str:
    """Ask what is to be masked."""
    return _page(asked.subject(record_id, practice, DISCLOSURE), practice, {}, None, None)


@blueprint.post(RECORD + PATH)
@blueprint.post(PRACTICE + RECORD + PATH)
def copied(record_id: uuid.UUID, practice: str | None = None) -> Shown | Response:
    """Show the copy as it would be, or make it as it was shown."""
    subject, form = asked.subject(record_id, practice, DISCLOSURE), request.form.to_dict()
    paper: Paper | None = None
    try:
        paper = masked_copy.paper(subject, wish.read(form))
        if MADE in form:
            return _made(subject, paper, form)
    except (Invalid, Conflict) as error:
        return _page(subject, practice, form, paper, error), error.status
    return _page(subject, practice, form, paper, None)


def _made(subject: Subject, paper: Paper, form: dict[str, str]) -> Response:
    by = subject.viewing.by if subject.viewing else decide.name(form)
    if form.get("visad") != masked_copy.fingerprint(paper):
        raise Conflict(N_("Kopian är inte längre som den visades."),
                       next_step=N_("Se efter igen, och gör den sedan."))
    data, id_ = make.pdf(paper), str(subject.record.row.id)
    noted.note(subject.store, id_, What.COPY, data, by, wish.read(form).masks, subject.viewing)
    return Response(data, content_type="application/pdf", headers={
        "Content-Disposition": f"attachment; filename=kopia-{id_}.pdf"})


def _page(
    subject: Subject, practice: str | None, form: dict[str, str], paper: Paper | None,
    error: BevaraError | None,
) -> str:
    id_ = uuid.UUID(subject.record.row.id)
    return render_template(
        "kopia.html", base=forms.base(id_, practice), practice=practice, tab=forms.tab(),
        record=subject.record, viewing=subject.viewing, key=asked.key(), form=form,
        error=in_words(error) if error else None,
        missing=error.phrases if isinstance(error, NotFoundInCopy) else [],
        shown=_shown(paper) if paper else None,
        seen=masked_copy.fingerprint(paper) if paper else "",
        named_before=names.all_names(rooms().real_store))


def _shown(paper: Paper) -> list[dict[str, Any]]:
    return [_block(one) for one in paper.blocks]


def _block(one: Block) -> dict[str, Any]:
    if isinstance(one, Heading):
        return {"heading": one.text}
    if isinstance(one, Line):
        return {"name": one.name, "strong": one.strong, "text": one.text}
    return {"picture": True}
