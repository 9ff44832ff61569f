"""The settings page where each account gets what its proposals begin as."""

from __future__ import annotations

import uuid

from flask import Blueprint, redirect, render_template, request

from bevara.accounts import register
from bevara.diary import account_templates, proposal
from bevara.diary.account_templates import Template
from bevara.diary.forms import Shown
from bevara.errors import BevaraError, Invalid
from bevara.web.answers import in_words
from bevara.web.navigation import Link
from bevara.web.rooms import rooms
from bevara.web.translations import N_, words_of

blueprint = Blueprint("diary_templates", __name__, template_folder="templates")
TEMPLATES = Link("/diariemallar", N_("Diariemallar"))
ONE = f"{TEMPLATES.path}/<uuid:account_id>"


@blueprint.get(TEMPLATES.path)
def listed() -> str:
    """List the accounts and how their proposals begin."""
    store = rooms().real_store
    known = account_templates.everything(store)
    return render_template(
        "diariemallar.html", year=account_templates.year_now(store), saved="sparat" in request.args,
        rows=[(one, known.get(one["id"])) for one in register.all_accounts(store)],
        cases=words_of(proposal.CASES))


@blueprint.get(ONE)
def one(account_id: uuid.UUID) -> str:
    """Show an account's template."""
    return _one(account_id, {}, None)


@blueprint.post(ONE)
def change(account_id: uuid.UUID) -> Shown:
    """Keep an account's template."""
    form = request.form.to_dict()
    try:
        account_templates.change(rooms().real_store, str(account_id), form)
    except Invalid as error:
        return _one(account_id, form, error), error.status
    return redirect(f"{TEMPLATES.path}?sparat=1", 303)


def _one(account_id: uuid.UUID, form: dict[str, str], error: BevaraError | None) -> str:
    store = rooms().real_store
    account, _, _ = register.account(store, str(account_id))
    template = account_templates.everything(store).get(str(account_id), Template())
    cases = {id_: words for id_, words in words_of(proposal.CASES).items() if id_ != "existing"}
    return render_template(
        "diariemall.html", account=account, form=account_templates.as_form(template) | form,
        directions=words_of(proposal.DIRECTIONS), retentions=words_of(proposal.RETENTIONS),
        cases=cases, year=account_templates.year_now(store),
        error=in_words(error) if error else None)
