"""Which folder holds the second copy, and the passphrase that seals it.

The folder is kept in `settings.json`, the environment overrides it. The passphrase is read from
a file that the environment names, each time it is needed, and is kept nowhere else.
"""

from __future__ import annotations

import json
from pathlib import Path

from bevara.config import Config
from bevara.errors import Invalid
from bevara.kernel.keys import write_private

FILE = "settings.json"
PASSPHRASE = "BEVARA_BACKUP_PASSPHRASE_FILE"  # noqa: S105 - the name of a variable
SHORTEST = 12


def folder(config: Config) -> Path | None:
    """Return the chosen folder, or None; raise `Invalid` when the settings cannot be read."""
    if config.backup_dir:
        return config.backup_dir
    try:
        text = (config.data_dir / FILE).read_text(encoding="utf-8")
        chosen = json.loads(text)["backup_dir"]
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError):
        raise Invalid(FILE, f"Inställningarna i {config.data_dir / FILE} går inte att läsa.",
                      "Välj mappen igen på sidan Säkerhetskopia.") from None
    return Path(chosen)


def choose(config: Config, text: str) -> Path:
    """Keep `text` as the folder once it can be written in; raise `Invalid` naming what is wrong."""
    if config.backup_dir:
        raise Invalid("backup_dir", "Mappen är bestämd av IT med BEVARA_BACKUP_DIR.")
    chosen = Path(text.strip())
    check(config, chosen)
    write_private(config.data_dir / FILE, json.dumps({"backup_dir": str(chosen)}).encode())
    return chosen


def check(config: Config, chosen: Path) -> None:
    """Raise `Invalid` unless a copy can lie in `chosen`, which is made when it is missing."""
    if not chosen.is_absolute():
        raise Invalid("backup_dir", "Skriv hela sökvägen till mappen.",
                      r"Till exempel /mnt/kopia eller \\server\kopia.")
    if chosen.resolve().is_relative_to(config.data_dir.resolve()):
        raise Invalid("backup_dir", "Mappen ligger inuti Bevaras egen mapp.",
                      "Välj en plats på en annan disk eller i nätverket.")
    try:
        chosen.mkdir(parents=True, exist_ok=True)
        trial = chosen / ".bevara-prov"
        trial.write_bytes(b"")
        trial.unlink()
    except (OSError, ValueError) as error:
        raise unwritable(chosen, error) from None


def unwritable(place: Path, error: Exception) -> Invalid:
    """Return the error of a folder that cannot be written in."""
    reason = getattr(error, "strerror", None) or error
    return Invalid("backup_dir", f"Det går inte att skriva i {place} ({reason}).",
                   "Kontrollera att mappen går att nå, har plats och får skrivas i.")


def passphrase(config: Config) -> bytes | None:
    """Return the passphrase, or None when copies are not sealed; raise `Invalid`."""
    if config.backup_passphrase_file is None:
        return None
    try:
        found = config.backup_passphrase_file.read_bytes().strip()
    except OSError as error:
        raise Invalid(PASSPHRASE, f"Filen med lösenfrasen går inte att läsa ({error.strerror}).",
                      f"Kontrollera {config.backup_passphrase_file}.") from None
    if len(found) < SHORTEST:
        raise Invalid(PASSPHRASE, f"Lösenfrasen är kortare än {SHORTEST} tecken.",
                      "Välj en längre, till exempel fem ord.")
    return found
