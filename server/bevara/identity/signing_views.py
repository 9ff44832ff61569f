"""Sign in and out, and choose a password: only where Bevara is shared."""

from __future__ import annotations

from flask import Blueprint, g, redirect, render_template, request
from werkzeug.wrappers import Response

from bevara.errors import BevaraError, Invalid, NotFound
from bevara.identity import users
from bevara.identity.guard import cookie_name, set_cookie
from bevara.identity.passwords import TooMany, check_chosen
from bevara.identity.users import User
from bevara.web.answers import in_words
from bevara.web.rooms import rooms
from bevara.web.translations import N_
from bevara.web.views import own_path

blueprint = Blueprint("signing", __name__, template_folder="templates")
Shown = str | tuple[str, int] | Response


@blueprint.before_request
def only_shared() -> None:
    """On one computer there is nothing to sign in to."""
    if not rooms().config.shared:
        raise NotFound()


@blueprint.get("/logga-in")
def enter() -> Shown:
    """Ask for name and password; lead on who is signed in already."""
    return redirect("/", 303) if "session" in g else _enter(None)


@blueprint.post("/logga-in")
def sign_in() -> Shown:
    """Let a user in. What is wrong is not told apart, so that no name can be found out."""
    name, text = request.form.get("name", ""), request.form.get("password", "")
    folded, address = users.folded(name), request.remote_addr or ""
    try:
        rooms().passwords.guess(folded, address)
        user, kept = users.named(rooms().real_store, name)
        if not rooms().passwords.fits(kept, text) or user is None:
            raise Invalid("password", N_("Namnet eller lösenordet stämmer inte."),
                          N_("Be en administratör om en ny adress om du har glömt lösenordet."))
    except (Invalid, TooMany) as error:
        return _enter(error), error.status
    rooms().passwords.right(folded, address)
    return _let_in(user, own_path(request.args.get("till", "/")))


@blueprint.post("/logga-ut")
def sign_out() -> Response:
    """End this session."""
    cookie = request.cookies.get(cookie_name(), "")
    rooms().sessions.end(cookie)
    users.log(rooms().real_store, "signed_out", g.user.id, g.name)
    answer = redirect("/logga-in", 303)
    answer.delete_cookie(cookie_name(), secure=True, httponly=True, samesite="Strict")
    return answer


@blueprint.get("/valj-losenord/<key>")
def choose(key: str) -> Shown:
    """Let the person whom a one-time address is for choose a password."""
    return _choose(_invited(key), None)


@blueprint.post("/valj-losenord/<key>")
def chosen(key: str) -> Shown:
    """Keep the password, end what was begun with an older one, and let the person in."""
    user = _invited(key)
    try:
        check_chosen(request.form.get("password", ""), request.form.get("again", ""), user.name)
    except Invalid as error:
        return _choose(user, error), error.status
    if rooms().sessions.use(key) != user.id:
        raise NotFound(USED)
    _keep(user, request.form["password"])
    return _let_in(user, "/")


@blueprint.get("/losenord")
def own() -> str:
    """Ask for the old password and a new one."""
    return _own(None)


@blueprint.post("/losenord")
def change() -> Shown:
    """Keep the new password; every other session of the user ends."""
    user: User = g.user
    folded, address, store = users.folded(user.name), request.remote_addr or "", rooms().real_store
    try:
        check_chosen(request.form.get("password", ""), request.form.get("again", ""), user.name)
        rooms().passwords.guess(folded, address)
        if not rooms().passwords.fits(users.password(store, user.id), request.form.get("old", "")):
            raise Invalid("old", N_("Det gamla lösenordet stämmer inte."))
    except (Invalid, TooMany) as error:
        return _own(error), error.status
    rooms().passwords.right(folded, address)
    _keep(user, request.form["password"], request.cookies.get(cookie_name(), ""))
    return redirect("/losenord?klart=1", 303)


USED = N_("Adressen är redan använd eller för gammal.")


def _invited(key: str) -> User:
    id_ = rooms().sessions.invited(key)
    user = users.find(rooms().real_store, id_) if id_ else None
    if user is None or user.closed_at:
        raise NotFound(USED, next_step=N_("Be en administratör om en ny."))
    return user


def _keep(user: User, text: str, but: str = "") -> None:
    users.set_password(rooms().real_store, user.id, rooms().passwords.hashed(text), user.name)
    rooms().sessions.end_all_of(user.id, but)


def _let_in(user: User, path: str) -> Response:
    store = rooms().real_store
    users.log(store, "signed_in", user.id, user.name)
    return set_cookie(redirect(path, 303), rooms().sessions.begin(user.id, store.clock.now()))


def _enter(error: BevaraError | None) -> str:
    return render_template("logga-in.html", error=in_words(error) if error else None,
                           name=request.form.get("name", ""), asked=request.full_path.rstrip("?"))


def _choose(user: User, error: Invalid | None) -> str:
    return render_template("losenord.html", user=user, old=False, done=False,
                           error=in_words(error) if error else None)


def _own(error: BevaraError | None) -> str:
    return render_template("losenord.html", user=g.user, old=True,
                           done="klart" in request.args and not error,
                           error=in_words(error) if error else None)
