"""What a request may use: the stores, the keys, and which store the address means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import current_app, request

from bevara.config import Config
from bevara.kernel.ephemeral import Ephemeral
from bevara.kernel.keys import Keys
from bevara.kernel.store import Store

if TYPE_CHECKING:
    from bevara.identity.pairing import Pairing
    from bevara.identity.passwords import Passwords
    from bevara.identity.sessions import Sessions


@dataclass(frozen=True)
class Rooms:
    """Everything that one running Bevara holds."""

    config: Config
    keys: Keys
    instance: str
    real_store: Store
    practice_store: Store
    ephemeral: Ephemeral
    pairing: Pairing
    sessions: Sessions
    passwords: Passwords
    control_token: str

    @property
    def store(self) -> Store:
        """Return the practice store for `localhost`, else the real one."""
        return self.practice_store if is_practice() else self.real_store

    def store_of(self, practice: str | None) -> Store:
        """Return the practice store when the desk's address says so, else the real one."""
        return self.practice_store if practice else self.real_store

    def close(self) -> None:
        """Close both stores."""
        self.real_store.close()
        self.practice_store.close()


def rooms() -> Rooms:
    """Return the running Bevara's rooms."""
    found: Rooms = current_app.extensions["bevara"]
    return found


def is_practice() -> bool:
    """Tell whether the request came to the practice address, which *gemensam* has none of."""
    return request.host.partition(":")[0] == "localhost" and not rooms().config.shared
