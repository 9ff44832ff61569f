"""What a channel logs in with: from a file that the environment names, else the system's key store.

Read each time it is needed and kept nowhere else. The key store (Windows Credential Manager, the
Secret Service on Linux) is asked through the optional package keyring.
"""

from __future__ import annotations

import importlib
import os
import string
from dataclasses import dataclass
from pathlib import Path

from bevara.errors import Invalid
from bevara.web.translations import N_

SIGNS = frozenset(string.ascii_uppercase + string.digits)
SERVICE = "Bevara"
"""The name that the key store knows Bevara by."""


@dataclass(frozen=True)
class Secret:
    """Where a secret is: the variable that names its file, and its user name in the key store."""

    variable: str
    entry: str
    what: str

    def of(self, diary: str) -> Secret:
        """Return where the secret of a diary with settings of its own is: it shares no other's."""
        if not diary:
            return self
        suffix = "".join(one if one in SIGNS else f"_{ord(one):X}" for one in diary.upper())
        return Secret(f"{self.variable}_{suffix}", f"{self.entry}@{diary}", self.what)

    @property
    def missing(self) -> Invalid:
        """Return the error of a secret that cannot be read."""
        return Invalid(self.variable, self.what,
                       f"Be IT att ange en fil med {self.variable}, eller spara hemligheten i "
                       f"datorns nyckelring som {SERVICE}, {self.entry}.")


SMTP = Secret("BEVARA_SMTP_PASSWORD_FILE", "smtp",
              N_("E-postserverns lösenord går inte att läsa."))
DIARY = Secret("BEVARA_DIARY_SECRET_FILE", "diary",
               N_("Nyckeln till diariets gränssnitt går inte att läsa."))


def read(secret: Secret) -> str:
    """Return a secret; raise `Invalid` when there is none, or none that fits on one line."""
    named = os.environ.get(secret.variable)
    found = _of_file(Path(named)) if named else _of_key_store(secret.entry)
    if not found or not found.isprintable():
        raise secret.missing
    return found


def _of_file(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        return ""


def _of_key_store(entry: str) -> str:
    """Return what the key store has, or nothing when it or the package is not there."""
    try:
        store = importlib.import_module("keyring")
    except ImportError:
        return ""
    try:
        return store.get_password(SERVICE, entry) or ""
    except store.errors.KeyringError:
        return ""
