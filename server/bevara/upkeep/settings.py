"""Which folder holds the second copy, and the passphrase that seals it.

The folder is kept in `settings.json`, the environment overrides it. The passphrase is read from
a file that the environment names, each time it is needed, and is kept nowhere else.
"""

from __future__ import annotations

from pathlib import Path

from bevara.config import Config
from bevara.errors import Invalid
from bevara.kernel import settings
from bevara.upkeep import places

SETTING = "backup_dir"
PASSPHRASE = "BEVARA_BACKUP_PASSPHRASE_FILE"  # noqa: S105 - the name of a variable
SHORTEST = 12


def folder(config: Config) -> Path | None:
    """Return the chosen folder, or None; raise `Invalid` when the settings cannot be read."""
    if config.backup_dir:
        return config.backup_dir
    chosen = settings.read(config.data_dir).get(SETTING)
    return Path(chosen) if chosen else None


def choose(config: Config, text: str) -> Path:
    """Keep `text` as the folder once it can be written in; raise `Invalid` naming what is wrong."""
    if config.backup_dir:
        raise Invalid("backup_dir", "Mappen är bestämd av IT med BEVARA_BACKUP_DIR.")
    chosen = Path(text.strip())
    check(config, chosen)
    places.forget(config.data_dir, chosen)
    settings.change(config.data_dir, **{SETTING: str(chosen)})
    return chosen


def check(config: Config, chosen: Path) -> None:
    """Raise `Invalid` unless a copy can lie in `chosen`, which is made when it is missing."""
    if not chosen.is_absolute() or "\0" in str(chosen):
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
    except OSError as error:
        raise unwritable(chosen, error) from None


def unwritable(place: Path, error: OSError) -> Invalid:
    """Return the error of a folder that cannot be written in."""
    return Invalid("backup_dir", f"Det går inte att skriva i {place} ({error.strerror}).",
                   "Kontrollera att mappen går att nå, har plats och får skrivas i.")


def passphrase(config: Config) -> bytes | None:
    """Return the passphrases, one a line, or None when copies are not sealed; raise `Invalid`.

    The first seals new copies. Those after it only open the earlier ones.
    """
    if config.backup_passphrase_file is None:
        return None
    try:
        found = config.backup_passphrase_file.read_bytes().strip()
    except OSError as error:
        raise Invalid(PASSPHRASE, f"Filen med lösenfrasen går inte att läsa ({error.strerror}).",
                      f"Kontrollera {config.backup_passphrase_file}.") from None
    if min(map(len, found.split(b"\n"))) < SHORTEST:
        raise Invalid(PASSPHRASE, f"Lösenfrasen är kortare än {SHORTEST} tecken.",
                      "Välj en längre, till exempel fem ord.")
    return found
