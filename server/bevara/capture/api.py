"""PUT captures, their blobs, outcomes and reasons."""

from __future__ import annotations

from flask import Blueprint, Response, g, request

from bevara.capture import annotate, save_capture
from bevara.errors import HashMismatch, Invalid, TooLarge
from bevara.kernel import blobs
from bevara.web.answers import answer
from bevara.web.rooms import rooms

blueprint = Blueprint("capture_api", __name__)
DOCUMENT_LIMIT, BLOB_LIMIT = 4 << 20, 16 << 20


@blueprint.put("/blobs/<name>")
def put_blob(name: str) -> Response:
    """Hold a picture in memory until the capture that names it arrives."""
    data = request.get_data()
    if len(data) > BLOB_LIMIT:
        raise TooLarge("Bilden är större än 16 MB.")
    if blobs.name_of(data) != name:
        raise HashMismatch("Bilden kom inte fram hel.", field="sha256")
    created = rooms().ephemeral.get(name) is None
    rooms().ephemeral.put(name, data)
    return answer({"ok": True, "id": name}, 201 if created else 200)


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


@blueprint.put("/captures/<uuid:capture_id>/reason")
def put_reason(capture_id: object) -> Response:
    """Keep the moderator's reason."""
    created = annotate.put_reason(rooms().store, str(capture_id), document(), g.device_id)
    return answer({"ok": True, "id": str(capture_id)}, 201 if created else 200)


def document() -> bytes:
    """Return the request's JSON document as the bytes that came; raise what is wrong with it."""
    data = request.get_data()
    if len(data) > DOCUMENT_LIMIT:
        raise TooLarge("Dokumentet är större än 4 MB.")
    if not data:
        raise Invalid("/", "Dokumentet är tomt.")
    return data
