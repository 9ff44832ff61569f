"""The setup document: what a paired extension works from."""

from __future__ import annotations

import base64
import json
from typing import Any

from bevara import contract
from bevara.accounts import register
from bevara.config import Config
from bevara.kernel.store import Store


def document(store: Store, config: Config, instance: str) -> dict[str, Any]:
    """Return setup/1: accounts, practice page, profile and the packs, each pack signed."""
    profile = contract.load("profiles/nordmaling.json")
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
        "moderators": [],
        "packs": [_signed(store, pack) for pack in contract.packs()],
    }


def _signed(store: Store, pack: dict[str, Any]) -> dict[str, Any]:
    text = json.dumps(pack, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return {"pack": pack, "signature": base64.b64encode(store.keys.sign(text.encode())).decode()}
