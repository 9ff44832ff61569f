"""Where Bevara keeps its data and which port it listens on."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from bevara.errors import Invalid

DEFAULT_PORT = 47470


@dataclass(frozen=True)
class Config:
    """The settings of one running Bevara. `data_dir` is created at start."""

    data_dir: Path
    port: int = DEFAULT_PORT
    body_name: str = "Kommunen"
    backup_dir: Path | None = None
    backup_passphrase_file: Path | None = None
    stamp_urls: tuple[str, ...] = ()
    stamp_roots: Path | None = None

    @classmethod
    def from_env(cls) -> Config:
        """Read the BEVARA_* variables; raise `Invalid` naming a bad one."""
        folder = os.environ.get("BEVARA_DATA_DIR") or platformdirs.user_data_dir("Bevara", False)
        return cls(
            Path(folder), _port(), os.environ.get("BEVARA_BODY", "Kommunen"),
            _path("BEVARA_BACKUP_DIR"), _path("BEVARA_BACKUP_PASSPHRASE_FILE"),
            _addresses("BEVARA_STAMP_URLS"), _path("BEVARA_STAMP_ROOTS"),
        )


def _path(name: str) -> Path | None:
    text = os.environ.get(name)
    return Path(text) if text else None


def _addresses(name: str) -> tuple[str, ...]:
    found = tuple(os.environ.get(name, "").split())
    for one in found:
        if not one.startswith(("https://", "http://")):
            raise Invalid(name, f"{one!r} är ingen adress.",
                          "Skriv hela adresser med mellanslag emellan.")
    return found


def _port() -> int:
    text = os.environ.get("BEVARA_PORT", str(DEFAULT_PORT))
    if not text.isascii() or not text.isdigit() or not 1024 <= int(text) <= 65535:
        raise Invalid("BEVARA_PORT", f"Porten {text!r} går inte att använda.",
                      "Ange ett tal mellan 1024 och 65535.")
    return int(text)
