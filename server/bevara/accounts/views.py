"""The accounts: the list, each one's page, and the list that is published."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.wrappers import Response as Answer

from bevara.accounts import (
    applications,
    documentation,
    people,
    public_list,
    questions,
    register,
)
from bevara.accounts.documentation import Round
from bevara.accounts.people import People
from bevara.errors import Conflict, Invalid
from bevara.records import list_records
from bevara.web import dates, sheets
from bevara.web.answers import in_words
from bevara.web.navigation import ADMINISTRATOR, INFORMATION_OFFICER, MANAGER, Link
from bevara.web.pages import PLATFORMS
from bevara.web.rooms import rooms
from bevara.web.todo import Line
from bevara.web.translations import N_, gettext, ngettext

blueprint = Blueprint("accounts", __name__, template_folder="templates")
ACCOUNTS = Link("/konton", N_("Konton"))


@blueprint.get("/konton")
def listing() -> str:
    """List the accounts, with a form to add one."""
    return _page(None)


@blueprint.post("/konton")
def add() -> Answer | tuple[str, int]:
    """Add an account, or show what was wrong beside what was typed."""
    store, form = rooms().real_store, request.form
    address, name, question = (form.get(field, "") for field in ("address", "name", "question"))
    try:
        if question:
            questions.add(store, question, address, name)
        else:
            register.add(store, address, name)
    except (Invalid, Conflict) as error:
        return _page(error), error.status
    return redirect("/konton", 303)


def _page(error: Invalid | Conflict | None) -> str:
    store = rooms().real_store
    return render_template(
        "konton.html", accounts=_rows(),
        questions=questions.waiting(store), needed=documentation.administrators_needed(),
        times=documentation.times_a_year(),
        error=in_words(error) if error else None, form=request.form)


def _rows() -> list[dict[str, Any]]:
    """Return the accounts with their people, when it is documented next and if that is soon."""
    store = rooms().real_store
    added, said, rounds = register.added(store), people.of_each(store), documentation.of_each(store)
    return [_row(one, added, said, rounds) for one in register.all_accounts(store)]


def _row(
    account: dict[str, Any], added: dict[str, str], said: dict[str, list[People]],
    rounds: dict[str, list[Round]],
) -> dict[str, Any]:
    mine = rounds.get(account["id"], [])
    due = documentation.next_day(added[account["id"]], mine)
    return {**account, "said": said.get(account["id"], []), "rounds": mine, "due": due,
            "people": said.get(account["id"], [People()])[-1],
            "is_time": documentation.is_time(due)}


@blueprint.post("/konton/fragor/<uuid:question_id>/inte-vart")
def not_ours(question_id: uuid.UUID) -> Answer:
    """Keep that a page is not the body's own, whatever someone answered."""
    questions.decide(rooms().real_store, str(question_id), questions.NOT_OURS)
    return redirect("/konton", 303)


def todo() -> list[Line]:
    """Offer the pages that may be the body's own, accounts to document, and applications."""
    store = rooms().real_store
    waiting = len(questions.waiting(store))
    soon = sum(one["is_time"] for one in _rows())
    asked = sum(one.state in applications.ASKED for one in applications.listed(store))
    officers = frozenset({INFORMATION_OFFICER, ADMINISTRATOR})
    return [
        Line(waiting, ngettext("sida kan vara kommunens", "sidor kan vara kommunens", waiting),
             ACCOUNTS.path),
        Line(soon, ngettext("konto att dokumentera", "konton att dokumentera", soon),
             ACCOUNTS.path, officers),
        Line(asked, ngettext("ansökan om konto att svara på", "ansökningar om konton att svara på",
                             asked), f"{ACCOUNTS.path}/ansokningar", officers | {MANAGER}),
    ]


@blueprint.get("/konton/<uuid:account_id>")
def account(account_id: uuid.UUID) -> str:
    """Show one account: what it is, who answers for it, and what has happened to it."""
    return _account(str(account_id), None)


@blueprint.post("/konton/<uuid:account_id>/personer")
def put_people(account_id: uuid.UUID) -> Answer | tuple[str, int]:
    """Keep who answers for an account, or show what was wrong beside what was typed."""
    form = request.form
    said = People(form.get("owner", ""), form.get("stand_in", ""),
                  tuple(form.get("administrators", "").splitlines()), "login_kept" in form)
    try:
        people.put(rooms().real_store, str(account_id), said)
    except Invalid as error:
        return _account(str(account_id), error, said), error.status
    return redirect(f"/konton/{account_id}", 303)


@blueprint.post("/konton/<uuid:account_id>/dokumentation")
def put_documentation(account_id: uuid.UUID) -> Answer | tuple[str, int]:
    """Keep that an account was documented, or show what was wrong beside what was typed."""
    form = request.form
    try:
        documentation.note(rooms().real_store, str(account_id), form.get("on", ""),
                           form.get("place", ""), form.get("by", ""))
    except Invalid as error:
        return _account(str(account_id), error), error.status
    return redirect(f"/konton/{account_id}#dokumentation", 303)


def _account(id_: str, error: Invalid | None, typed: People | None = None) -> str:
    store = rooms().real_store
    _, added_at, moments = register.account(store, id_)
    shown = next(one for one in _rows() if one["id"] == id_)
    return render_template(
        "konto.html", account=shown, added_at=added_at, typed=typed or shown["people"],
        history=_history(moments, shown["said"], shown["rounds"]),
        saved=list_records.number(store, list_records.Filters(account=id_)), form=request.form,
        needed=documentation.administrators_needed(), today=dates.today().isoformat(),
        error=in_words(error) if error else None)


def _history(
    moments: list[dict[str, Any]], said: list[People], rounds: list[Round]
) -> list[dict[str, Any]]:
    """Return what has happened to an account, newest first."""
    more = [{"kind": "people", "at": one.at, "said": one} for one in said]
    more += [{"kind": "documented", "at": one.at, "said": one} for one in rounds]
    return sorted([*moments, *more], key=lambda moment: str(moment["at"]), reverse=True)


@blueprint.get("/konton/forteckning")
def public() -> str:
    """Show the list that the body publishes of its accounts, and offer it as files."""
    return render_template("forteckning.html", lines=_public())


@blueprint.get("/konton/forteckning.<any(csv, html):kind>")
def public_file(kind: str) -> Response:
    """Send the list as a file."""
    lines = _public()
    csv = kind == "csv"
    data = sheets.as_csv(public_list.HEADS, lines) if csv else public_list.as_html(lines)
    return Response(data, content_type=f"text/{kind}; charset=utf-8", headers={
        "Content-Disposition": f"attachment; filename=konton.{kind}"})


def _public() -> list[tuple[str, str, str]]:
    platforms = {code: gettext(word) for code, word in PLATFORMS.items()}
    return public_list.rows(register.all_accounts(rooms().real_store), platforms)
