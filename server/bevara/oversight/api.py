"""PUT incidents."""

from __future__ import annotations

from flask import Blueprint, Response, g

from bevara.oversight import incidents
from bevara.web.answers import answer
from bevara.web.bodies import document
from bevara.web.rooms import rooms

blueprint = Blueprint("oversight_api", __name__)


@blueprint.put("/incidents/<uuid:incident_id>")
def put_incident(incident_id: object) -> Response:
    """Keep an incident."""
    created = incidents.put(rooms().store, str(incident_id), document(), g.device_id)
    return answer({"ok": True, "id": str(incident_id)}, 201 if created else 200)
