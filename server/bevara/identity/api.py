"""POST hello and pairing: the two calls that a browser may make before it is known."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from flask import Blueprint, Response, g, request
from sqlalchemy import Connection

from bevara import __version__, contract
from bevara.errors import BadPairing, Conflict
from bevara.identity import cors, devices, heartbeats
from bevara.identity.pairing import decode_key
from bevara.kernel import ledger, signed_note
from bevara.kernel.text import storable
from bevara.web import signatures
from bevara.web.answers import answer
from bevara.web.bodies import document, parse
from bevara.web.rooms import rooms

blueprint = Blueprint("identity_api", __name__)


@blueprint.post("/hello")
def hello() -> Response:
    """Prove who answers, and that the ledger continues what the browser last saw."""
    data = parse(document())
    contract.validate("hello-1", data)
    with rooms().store.read() as connection:
        checkpoint = ledger.checkpoint(connection, rooms().keys, rooms().store.origin)
        proof = _consistency(connection, data["last_checkpoint"])
    return answer({
        "nonce": data["nonce"],
        "helper_key": base64.b64encode(rooms().keys.public).decode(),
        "version": __version__,
        "contract": contract.version(),
        "instance": rooms().instance,
        "checkpoint": checkpoint,
        "consistency": proof,
    }, 200)


@blueprint.post("/pairing")
def pair() -> Response:
    """Register the browser whose person typed the code."""
    data = parse(document())
    contract.validate("pairing-1", data)
    key = decode_key(data["device_key"])
    signatures.check(request, signatures.read(request), key, rooms().real_store.clock,
                     rooms().config.window)
    try:
        proof = base64.b64decode(data["proof"], validate=True)
    except binascii.Error:
        raise BadPairing("Beviset går inte att läsa.", field="/proof") from None
    user = rooms().pairing.check(key, data["nonce"], proof)
    label = storable(" ".join(data["label"].split()))[:200]
    origin = cors.extension(request.headers.get("Origin"))
    id_ = devices.add(rooms().real_store, key, label, origin, user)
    return answer({"device_id": id_}, 201)


@blueprint.put("/heartbeat")
def heartbeat() -> Response:
    """Keep that the browser lives; practice has no heartbeat of its own."""
    heartbeats.keep(rooms().real_store, g.device_id, parse(document()))
    return answer({"ok": True, "id": g.device_id}, 200)


def _consistency(connection: Connection, last: Any) -> list[str] | None:
    if last is None:
        return None
    try:
        size, root = signed_note.read(last, rooms().store.origin, rooms().keys.public)
    except ValueError:
        raise Conflict("Webbläsaren minns en annan logg.", field="/last_checkpoint",
                       next_step="Be IT kontrollera om en äldre kopia har lagts tillbaka.",
                       ) from None
    now = ledger.size(connection)
    if size > now or ledger.root(connection, size) != root:
        raise Conflict("Loggen är kortare eller en annan än den webbläsaren minns.",
                       field="/last_checkpoint",
                       next_step="Be IT kontrollera om en äldre kopia har lagts tillbaka.")
    return ledger.consistency(connection, size, now)
