"""A form about one comment: where it lies, and how what it says is kept or given back."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from flask import redirect, request
from werkzeug.wrappers import Response as Answer

from bevara.diary.decide import Changed
from bevara.errors import BevaraError, Conflict, Invalid
from bevara.kernel.store import Store
from bevara.records import tabs
from bevara.web.rooms import rooms

RECORD = "/kommentarer/<uuid:record_id>"
PRACTICE = "/<any(ovning):practice>"
Shown = str | tuple[str, int] | Answer
Form = dict[str, str]
Job = Callable[[Store, str, Form], None]
Page = Callable[[uuid.UUID, str | None, Form, BevaraError | None], str]


def kept(record_id: uuid.UUID, practice: str | None, job: Job, page: Page, part: str) -> Shown:
    """Do the job and lead back to `part` of the comment; what cannot be kept is shown by `page`
    with what was written.
    """
    form = request.form.to_dict()
    try:
        job(rooms().store_of(practice), str(record_id), form)
    except Changed as error:
        form.pop("sett", None)
        return page(record_id, practice, form, error), error.status
    except (Invalid, Conflict) as error:
        return page(record_id, practice, form, error), error.status
    return redirect(f"{base(record_id, practice)}?flik={tab()}#{part}", 303)


def base(record_id: uuid.UUID, practice: str | None) -> str:
    """Return the path of the comment's page."""
    return f"{place(practice)}/kommentarer/{record_id}"


def place(practice: str | None) -> str:
    """Return what the paths begin with: nothing, or practice's own."""
    return "/ovning" if practice else ""


def tab() -> str:
    """Return the tab that the reader came from."""
    asked = request.args.get("flik", "")
    return asked if asked in tabs.ORDER else "alla"
