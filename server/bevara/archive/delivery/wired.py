"""A `Sync` that goes by what is chosen at the desk, each time anew."""

from __future__ import annotations

from bevara.accounts import register
from bevara.archive import agreement
from bevara.archive.delivery.sync import Sync, Way
from bevara.archive.receivers import settings, ways
from bevara.config import Config
from bevara.kernel.store import Store


def wired(config: Config, real: Store) -> Sync:
    """Return it for the Bevara of `config`, whose accounts are in `real`."""
    def way() -> Way:
        how = settings.read(config)
        return Way(ways.opened(how), how.paused, how.limit, how.may_carry_secret)

    return Sync(way, lambda: agreement.read(config), lambda: register.names(real, config.port))
