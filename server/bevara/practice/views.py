"""The practice page and the requests that it makes."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, jsonify, render_template, request

from bevara.practice.thread import Thread

blueprint = Blueprint("practice", __name__, url_prefix="/torget", template_folder="templates",
                      static_folder="static", static_url_path="/static")


def thread() -> Thread:
    """Return the running practice thread."""
    found: Thread = current_app.extensions.setdefault("bevara_practice", Thread())
    return found


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
