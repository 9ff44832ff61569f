"""The setup document: what a paired extension works from."""

from __future__ import annotations

from typing import Any

from bevara import contract
from bevara.accounts import register
from bevara.capture import screens
from bevara.config import Config
from bevara.identity import names
from bevara.kernel.store import Store
from bevara.platforms import packs
from bevara.records import list_records, withheld


def document(store: Store, practice: Store, config: Config, instance: str) -> dict[str, Any]:
    """Return setup/1: accounts, practice page, profile, what is erased and the packs dropped here.

    The extension ships every pack and judges the dropped ones itself."""
    profile = contract.profile()
    missing, late = list_records.without_reason(store)
    return {
        "instance": instance,
        "body": {"name": config.body_name},
        "contract": contract.version(),
        "practice": {
            "origin": f"http://localhost:{config.port}",
            "account": register.practice_account(config.port),
        },
        "accounts": register.all_accounts(store),
        "profile": {key: profile[key] for key in ("id", "version", "name", "forbid_early_hide")},
        "moderators": names.all_names(store),
        "without_reason": {"number": missing, "late": late},
        "erased": sorted(_shut_out(store) | _shut_out(practice)),
        "screen": screens.mode(config),
        "packs": [{"pack": one.pack, "signature": one.signature}
                  for one in packs.dropped(config.data_dir) if one.pack is not None],
    }


def _shut_out(store: Store) -> set[str]:
    with store.read() as connection:
        return withheld.shut_out(connection)
