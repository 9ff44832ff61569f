"""The practice page and the requests that it makes."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, jsonify, redirect, render_template, request
from werkzeug.wrappers import Response as Answer

from bevara.practice.thread import Thread
from bevara.web.rooms import is_practice

blueprint = Blueprint("practice", __name__, url_prefix="/torget", template_folder="templates",
                      static_folder="static", static_url_path="/static")


def thread() -> Thread:
    """Return the running practice thread."""
    found: Thread = current_app.extensions.setdefault("bevara_practice", Thread())
    return found


@blueprint.before_app_request
def show_at_root() -> Answer | None:
    """Send a reader of any other practice address to the page."""
    known = request.path.startswith(("/torget/", "/static/", "/api/", "/health", "/control/"))
    return redirect("/torget/") if is_practice() and not known else None


@blueprint.get("/")
def page() -> str:
    """Show the page."""
    return render_template("torget.html")


@blueprint.get("/thread")
def comments() -> Response:
    """Answer with the comments that stand."""
    return jsonify(comments=thread().shown())


@blueprint.get("/requests")
def requests() -> Response:
    """Answer with every request that arrived."""
    return jsonify(requests=thread().requests())


@blueprint.post("/api")
def act() -> Response:
    """Delete, hide or restore a comment."""
    state = thread().act(request.form.get("op", ""), request.form.get("comment_id", ""))
    return jsonify(ok=True, state=state)


@blueprint.post("/reset")
def reset() -> Response:
    """Start over."""
    thread().reset()
    return jsonify(ok=True)
