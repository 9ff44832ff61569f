"""GET setup; PUT what the extension learns about accounts."""

from __future__ import annotations

import hashlib

from flask import Blueprint, Response, g, request
from werkzeug.wrappers import Response as Answer

from bevara.accounts import register, setup
from bevara.web.answers import answer
from bevara.web.bodies import document
from bevara.web.rooms import rooms

blueprint = Blueprint("accounts_api", __name__)


@blueprint.get("/setup")
def get_setup() -> Answer:
    """Answer with everything that a paired extension needs to know, or 304 when it knows it."""
    found = answer(setup.document(
        rooms().real_store, rooms().practice_store, rooms().config, rooms().instance), 200)
    found.set_etag(hashlib.sha256(found.get_data()).hexdigest())
    return found.make_conditional(request)


@blueprint.put("/accounts/<uuid:account_id>/identifiers")
def put_identifiers(account_id: object) -> Response:
    """Keep what an account was seen to be called."""
    created = register.learn_identifiers(
        rooms().store, str(account_id), document(), g.device_id
    )
    return answer({"ok": True, "id": str(account_id)}, 201 if created else 200)


@blueprint.put("/account-questions/<uuid:question_id>")
def put_question(question_id: object) -> Response:
    """Keep the moderator's answer to whose page it is."""
    created = register.answer_question(
        rooms().store, str(question_id), document(), g.device_id
    )
    return answer({"ok": True, "id": str(question_id)}, 201 if created else 200)
