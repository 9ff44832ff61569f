"""Where Bevara keeps its data, which port it listens on, and which of the two ways it stands."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from bevara.errors import Invalid

DEFAULT_PORT = 47470
ONE, SHARED = "en dator", "gemensam"
ANYWHERE = "0.0.0.0"  # noqa: S104 -- a shared Bevara answers the network; IT may narrow it
HTTPS_PORT = 443
_HOST = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")


@dataclass(frozen=True)
class Shared:
    """*Gemensam*: the names people write (the first is the desk's own), the certificate with its
    chain and its key (PEM), and the address to listen on.
    """

    hosts: tuple[str, ...]
    certificate: Path
    key: Path
    listen: str = ANYWHERE


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
    shared: Shared | None = None
    password_memory: int = 65536
    """KiB that one try of a password takes (argon2id, RFC 9106's second choice). No setting: only
    tests make it less."""

    @property
    def window(self) -> int:
        """Return the seconds that a signature is good for, either way."""
        return 300 if self.shared else 60

    @classmethod
    def from_env(cls) -> Config:
        """Read the BEVARA_* variables; raise `Invalid` naming a bad one."""
        folder = os.environ.get("BEVARA_DATA_DIR") or platformdirs.user_data_dir("Bevara", False)
        return cls(
            Path(folder), _port(), os.environ.get("BEVARA_BODY", "Kommunen"),
            _path("BEVARA_BACKUP_DIR"), _path("BEVARA_BACKUP_PASSPHRASE_FILE"),
            _addresses("BEVARA_STAMP_URLS"), _path("BEVARA_STAMP_ROOTS"), _shared(),
        )


def _shared() -> Shared | None:
    mode = os.environ.get("BEVARA_MODE", ONE).strip().lower()
    if mode == ONE:
        return None
    if mode != SHARED:
        raise Invalid("BEVARA_MODE", f"BEVARA_MODE kan inte vara {mode!r}.",
                      f"Skriv {ONE!r} eller {SHARED!r}.")
    return Shared(_hosts(), _file("BEVARA_CERTIFICATE", "certifikatet med dess kedja"),
                  _file("BEVARA_CERTIFICATE_KEY", "certifikatets nyckel"),
                  os.environ.get("BEVARA_LISTEN", ANYWHERE))


def _hosts() -> tuple[str, ...]:
    found = tuple(os.environ.get("BEVARA_HOSTS", "").lower().split())
    wrong = [one for one in found if not _HOST.fullmatch(one)]
    if wrong or not found:
        said = f"{wrong[0]!r} är inget värdnamn." if wrong else "Värdnamnet saknas."
        raise Invalid("BEVARA_HOSTS", f"Gemensam: {said}",
                      "Skriv i BEVARA_HOSTS det som står i adressfältet, utan https:// och port.")
    return found


def _file(name: str, what: str) -> Path:
    found = _path(name)
    if found is None or not found.is_file():
        said = f"{found} finns inte." if found else f"{name} är inte satt."
        raise Invalid(name, f"Gemensam behöver https: {said}",
                      f"Ange i {name} den fil (PEM) som har {what}.")
    return found


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
    if not text.isascii() or not text.isdigit() or not (
            1024 <= int(text) <= 65535 or int(text) == HTTPS_PORT):
        raise Invalid("BEVARA_PORT", f"Porten {text!r} går inte att använda.",
                      "Ange ett tal mellan 1024 och 65535.")
    return int(text)
