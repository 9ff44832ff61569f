"""PUT captures, their blobs, outcomes and reasons."""

from __future__ import annotations

from flask import Blueprint, Response, g, request

from bevara.capture import annotate, save_capture, screens
from bevara.errors import HashMismatch
from bevara.kernel import pictures
from bevara.web.answers import answer
from bevara.web.bodies import document
from bevara.web.rooms import rooms

blueprint = Blueprint("capture_api", __name__)


@blueprint.put("/blobs/<name>")
def put_blob(name: str) -> Response:
    """Hold a picture in memory until the capture that names it arrives."""
    data = request.get_data()
    if f"sha256:{g.sha256}" != name:
        raise HashMismatch("Bilden kom inte fram hel.", field="sha256")
    pictures.check(data, request.mimetype)
    created = rooms().ephemeral.put(name, data, g.device_id)
    return answer({"ok": True, "id": name}, 201 if created else 200)


@blueprint.put("/screens/<uuid:screen_id>")
def put_screen(screen_id: object) -> Response:
    """Picture the screen and hold the picture in memory, when that is switched on."""
    taken, found = screens.put(rooms().config, rooms().store.clock, rooms().ephemeral,
                               str(screen_id), document())
    return answer(found, 201 if taken else 200)


@blueprint.delete("/screens/<uuid:screen_id>")
def delete_screen(screen_id: object) -> Response:
    """Forget a picture of the screen."""
    screens.drop(rooms().ephemeral, str(screen_id))
    return answer({"ok": True, "id": str(screen_id)}, 200)


@blueprint.put("/captures/<uuid:capture_id>")
def put_capture(capture_id: object) -> Response:
    """Store a capture; the answer is its receipt."""
    created, receipt = save_capture.save(
        rooms().store, rooms().ephemeral, str(capture_id), document(), g.device_id
    )
    return answer(receipt, 201 if created else 200)


@blueprint.put("/captures/<uuid:capture_id>/outcomes/<uuid:outcome_id>")
def put_outcome(capture_id: object, outcome_id: object) -> Response:
    """Keep what was seen after the click."""
    created = annotate.put_outcome(
        rooms().store, str(capture_id), str(outcome_id), document(), g.device_id
    )
    return answer({"ok": True, "id": str(outcome_id)}, 201 if created else 200)


@blueprint.put("/outcomes/<uuid:outcome_id>")
def put_comment_outcome(outcome_id: object) -> Response:
    """Keep what was seen of a comment whose capture the browser does not know."""
    created = annotate.put_comment_outcome(
        rooms().store, str(outcome_id), document(), g.device_id
    )
    return answer({"ok": True, "id": str(outcome_id)}, 201 if created else 200)


@blueprint.put("/captures/<uuid:capture_id>/reason")
def put_reason(capture_id: object) -> Response:
    """Keep the moderator's reason."""
    created = annotate.put_reason(rooms().store, str(capture_id), document(), g.device_id)
    return answer({"ok": True, "id": str(capture_id)}, 201 if created else 200)

