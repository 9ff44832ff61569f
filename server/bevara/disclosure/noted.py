"""That something of a comment was made to be handed out: what, assessed by whom, and its SHA-256.

There is no field for who asks, and none for why: an authority may not ask more than it needs to
find and to assess (tryckfrihetsförordningen 2:18).
"""

from __future__ import annotations

import hashlib
import json
from enum import StrEnum
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection

from bevara import contract
from bevara.errors import Closed
from bevara.kernel import documents
from bevara.kernel.store import Store
from bevara.records import history, secrecy, show
from bevara.records.secrecy import Viewing
from bevara.web.translations import N_, gettext

KIND, DESK = "disclosure", "desk"


class What(StrEnum):
    """A copy for whoever asks, or a folder for the police."""

    COPY = "copy"
    POLICE = "police_report"


WORDS = {
    What.COPY: N_("Kopia att lämna ut gjord. Prövad av %(name)s. SHA-256 %(digest)s"),
    What.POLICE: N_("Mapp till polisanmälan gjord. Prövad av %(name)s. SHA-256 %(digest)s"),
}


def note(
    store: Store, record_id: str, what: What, data: bytes, by: str, masked: bool,
    viewing: Viewing | None,
) -> None:
    """Keep that `data` was made; raise `Closed` when it was closed meanwhile, `NotFound`,
    `Withheld`."""

    def job(tx: Connection) -> None:
        found, now = show.kept(tx, record_id), store.clock.now()
        if not secrecy.may_see(found.row, viewing):
            raise Closed()
        said = {"what": what.value, "by": by, "masked": masked, "at": now,
                "sha256": hashlib.sha256(data).hexdigest()}
        contract.validate("disclosure-1", said)
        documents.put(tx, KIND, f"{found.latest['capture_id']}/{uuid4()}",
                      json.dumps(said, ensure_ascii=False, sort_keys=True).encode(), DESK, now)

    store.write(job)


def words(said: dict[str, Any]) -> str:
    """Return what the comment's history says of it."""
    return gettext(WORDS[What(said["what"])]) % {"name": said["by"], "digest": said["sha256"]}


history.provide(KIND, words)
