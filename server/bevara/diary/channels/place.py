"""A folder that a counterpart reads: chosen once, marked, and never made by itself.

The mark is a text that says what the folder is for. A folder without it is another one, such as
the empty place where a network disk is not mounted: nothing is written there.
"""

from __future__ import annotations

import errno
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bevara.config import Config
from bevara.diary.channels import Passing
from bevara.errors import Invalid
from bevara.kernel.keys import sync_folder
from bevara.web.translations import N_

FIELD, MARK = "mapp", "bevara-leveransmapp.txt"
ABOUT = """\
Här lämnar Bevara det som ska registreras.

En leverans är två filer: bevara-TOKEN.zip och bevara-TOKEN.json. Leveransen är hel när
JSON-filen finns. Samma TOKEN är samma leverans.

Svara med en fil som heter bevara-TOKEN.kvittens.json:
{"token": "TOKEN", "sha256": "zip-filens SHA-256, som den står i JSON-filen",
 "numbers": {"BV-XXXX-XXXX": "KS 2026/00123:7"}}

Skriv svaret under ett annat namn och byt namn när det är färdigt. Svar som är inlästa flyttas till
kvitterade, de som inte kan tas emot till avvisade. Ta inte bort den här filen.
"""
GONE = N_("Leveransmappen går inte att nå.")
OTHER = N_("Leveransmappen är inte den som valdes. Välj den igen under Diarium och leveranssätt.")
FULL = N_("Det är fullt där leveransmappen ligger.")
READ_ONLY = N_("Bevara får inte skriva i leveransmappen.")
FAULTY = N_("Leveransmappen svarade med fel.")
FULL_ERRORS, BARRED_ERRORS = (errno.ENOSPC, errno.EDQUOT), (errno.EACCES, errno.EPERM, errno.EROFS)
GONE_ERRORS = (errno.ENOENT, errno.ENOTDIR, errno.ETIMEDOUT, errno.EHOSTDOWN, errno.EHOSTUNREACH,
               errno.ENETUNREACH)
NOT_OFFERED = (errno.EINVAL, errno.ENOTSUP)


@dataclass(frozen=True)
class Purpose:
    """What a folder is for: its mark with the text in it, and the sentences about it."""

    mark: str
    about: str
    gone: str
    other: str
    full: str
    read_only: str
    faulty: str
    example: str
    where: str


DIARY = Purpose(MARK, ABOUT, GONE, OTHER, FULL, READ_ONLY, FAULTY,
                N_(r"Till exempel /mnt/diariet eller \\server\diariet."),
                N_("Välj mappen där diariets inläsning hämtar."))


def choose(config: Config, text: str, purpose: Purpose = DIARY) -> str:
    """Mark the folder `text` as the one to deliver in; raise `Invalid` naming what is wrong."""
    if not text.strip():
        raise Invalid(FIELD, N_("Mappen saknas."), N_("Skriv hela sökvägen till den."))
    chosen = Path(text.strip())
    if not chosen.is_absolute() or "\0" in text:
        raise Invalid(FIELD, N_("Sökvägen är inte hel."),
                      purpose.example)
    try:
        _checked(config, chosen, purpose)
        _try(chosen)
        (chosen / purpose.mark).write_text(purpose.about, encoding="utf-8")
        synced(chosen)
    except OSError as error:
        raise Invalid(FIELD, words(error, purpose),
                      N_("Kontrollera mappen, eller välj en annan.")) from None
    return str(chosen)


def opened(folder: str, purpose: Purpose = DIARY) -> Path:
    """Return the folder when it is there and is the chosen one; raise `Passing`."""
    place = Path(folder)
    try:
        place.stat()
        if not (place / purpose.mark).is_file():
            raise Passing(purpose.other)
    except OSError as error:
        raise Passing(words(error, purpose)) from error
    return place


def try_out(folder: str, purpose: Purpose = DIARY) -> None:
    """Write and remove an empty file there; raise `Passing` when that does not go."""
    place = opened(folder, purpose)
    try:
        _try(place)
    except OSError as error:
        raise Passing(words(error, purpose)) from error


def words(error: OSError, purpose: Purpose = DIARY) -> str:
    """Return a plain sentence for an error of the folder."""
    for codes, said in ((FULL_ERRORS, purpose.full), (BARRED_ERRORS, purpose.read_only),
                        (GONE_ERRORS, purpose.gone)):
        if error.errno in codes:
            return said
    return purpose.faulty


def synced(place: Path) -> None:
    """Make renames in the folder durable, where its file system offers that."""
    try:
        sync_folder(place)
    except OSError as error:
        if error.errno not in NOT_OFFERED:
            raise


def _checked(config: Config, chosen: Path, purpose: Purpose) -> None:
    if not chosen.is_dir():
        raise Invalid(FIELD, N_("Mappen finns inte."),
                      N_("Skapa den först, och välj den sedan."))
    here, own = chosen.resolve(), config.data_dir.resolve()
    if here.is_relative_to(own) or own.is_relative_to(here):
        raise Invalid(FIELD, N_("Mappen ligger inuti Bevaras egen mapp, eller runt den."),
                      purpose.where)


def _try(place: Path) -> None:
    trial = place / f".bevara-prov-{secrets.token_hex(4)}"
    try:
        trial.write_bytes(b"")
    finally:
        with suppress(OSError):
            os.unlink(trial)
