"""Look at what Bevara stands on, and say it in plain Swedish with the next step."""

from __future__ import annotations

import base64
import json
import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from pathlib import Path

from cryptography import x509
from sqlalchemy.exc import SQLAlchemyError

from bevara import __version__
from bevara.config import Config
from bevara.errors import BevaraError, Invalid
from bevara.identity import loopback
from bevara.kernel.clock import Clock
from bevara.kernel.keys import Keys
from bevara.upkeep import backup_status, copies, disks, settings, stamp_schedule
from bevara.upkeep.erasure import everywhere
from bevara.web.dates import when

GOOD, LOOK, BAD = "bra", "se efter", "fel"
SQLITE = (3, 37)
LITTLE, TOO_LITTLE = 1 << 30, 100 << 20
SCRUB = "select value from meta where key = 'scrub'"
LATEST_STAMP = "select max(received_at) from documents where kind = 'stamp' and id like ?"


@dataclass(frozen=True)
class Line:
    """One thing that was looked at: `state` is bra, se efter or fel."""

    state: str
    about: str
    says: str
    next_step: str | None = None


def examine(config: Config, clock: Clock) -> list[Line]:
    """Return a line for each thing looked at. Changes nothing, and works while Bevara runs."""
    return [
        *_versions(), *_folder(config.data_dir), *_network(config.data_dir),
        *_encryption(config.data_dir), *_second_copy(config, clock), *_erasures(config),
        *_port(config), *_certificate(config),
        *_clock(config.data_dir, clock), *_stamps(config),
    ]


def _versions() -> Iterator[Line]:
    says = f"Bevara {__version__}, Python {sys.version.split()[0]}, SQLite {sqlite3.sqlite_version}"
    if sqlite3.sqlite_version_info < SQLITE:
        yield Line(BAD, "Versioner", f"{says}. SQLite är för gammalt.",
                   "Be IT uppdatera Python: SQLite 3.37 eller senare följer med.")
    else:
        yield Line(GOOD, "Versioner", f"{says}.")


def _folder(folder: Path) -> Iterator[Line]:
    if not folder.is_dir():
        yield Line(LOOK, "Mapp", f"{folder} finns inte än.", "Starta Bevara: bevara serve.")
        return
    if not os.access(folder, os.W_OK):
        yield Line(BAD, "Mapp", f"Bevara får inte skriva i {folder}.",
                   "Be IT ge ditt konto skrivrätt till mappen.")
        return
    free = shutil.disk_usage(folder).free
    gigabytes = f"{free / (1 << 30):.1f}".replace(".", ",")
    says = f"{folder} går att skriva i. {gigabytes} GB är ledigt."
    if free < LITTLE:
        yield Line(BAD if free < TOO_LITTLE else LOOK, "Mapp", says, "Frigör plats på disken.")
    else:
        yield Line(GOOD, "Mapp", says)


def _network(folder: Path) -> Iterator[Line]:
    synced, network = disks.synced_by(folder), disks.is_network(folder)
    move = "Flytta mappen till datorns egen disk med BEVARA_DATA_DIR. Kopian får ligga i nätverket."
    if synced:
        yield Line(BAD, "Plats",
                   f"Mappen ligger i {synced}, som synkas. Databasen kan bli förstörd.", move)
    elif network:
        yield Line(BAD, "Plats", "Mappen ligger i nätverket. Databasen kan bli förstörd där.", move)
    elif network is None:
        yield Line(LOOK, "Plats", "Systemet säger inte om mappen ligger i nätverket.",
                   "Kontrollera att mappen ligger på datorns egen disk.")
    else:
        yield Line(GOOD, "Plats", "Mappen ligger på datorns egen disk och synkas inte.")


def _encryption(folder: Path) -> Iterator[Line]:
    answer = disks.is_encrypted(folder)
    if answer:
        yield Line(GOOD, "Diskkryptering", "Disken är krypterad.")
    elif answer is None:
        yield Line(LOOK, "Diskkryptering", "Okänt: systemet säger inte om disken är krypterad.",
                   "Fråga IT.")
    else:
        yield Line(LOOK, "Diskkryptering",
                   "Ingen diskkryptering syns. Den som får tag i datorn kan läsa allt.",
                   "Be IT slå på diskkryptering (BitLocker, FileVault eller LUKS).")


def _second_copy(config: Config, clock: Clock) -> Iterator[Line]:
    about, status = "Säkerhetskopia", backup_status.read(config)
    choose = "Välj en mapp på sidan Säkerhetskopia, eller ange BEVARA_BACKUP_DIR."
    try:
        sealed = "krypterad" if settings.passphrase(config) else "inte krypterad"
    except BevaraError as error:
        yield Line(BAD, about, error.detail, error.next_step)
        return
    if status.folder is None:
        says = status.problem or "Allt ligger bara på den här datorn."
        yield Line(BAD if status.problem else LOOK, about, says, choose)
        return
    place = Path(status.folder)
    if not place.is_dir() or not os.access(place, os.W_OK):
        yield Line(BAD, about, f"{place} går inte att nå eller skriva i.",
                   "Kontrollera nätverket, eller välj en annan mapp.")
    elif status.problem:
        yield Line(BAD, about, f"Den senaste blev inte av. {status.problem}")
    elif status.made_at is None:
        yield Line(LOOK, about, f"Ingen kopia finns än i {place}.", "Kör bevara backup.")
    elif _age(status.made_at, clock) > timedelta(hours=26):
        yield Line(BAD, about, f"Den senaste är från {when(status.made_at)}.",
                   "Starta Bevara, eller kör bevara backup.")
    elif disks.is_same_disk(place, config.data_dir):
        yield Line(LOOK, about, f"{place} ligger på samma disk som det den ska skydda.",
                   "Välj en plats på en annan disk eller i nätverket.")
    else:
        yield Line(GOOD, about,
                   f"Den senaste är från {when(status.made_at)} ({sealed}), i {place}.")


def _erasures(config: Config) -> Iterator[Line]:
    """Say where what is erased may still lie, and why; nothing when nothing is erased."""
    about = "Radering"
    try:
        number = len(everywhere.erased(config))
    except SQLAlchemyError:
        yield Line(BAD, about, "Det går inte att läsa vad som är raderat.", "Kör bevara verify.")
        return
    if not number:
        return
    waiting = everywhere.pending(config)
    for one in waiting:
        yield Line(BAD, about, f"Det som är raderat kan finnas kvar i {one.place}. {one.problem}")
    for one in everywhere.outcomes(config):
        if one.lost:
            yield Line(GOOD, about, f"Kopian i {one.place} är förstörd, enligt {one.lost.by}.")
    if any(_said(config.data_dir, SCRUB, store=store) for store in copies.STORES):
        yield Line(BAD, about, "Databasens fil är inte omskriven än efter en radering.",
                   "Starta om Bevara.")
    elif not waiting:
        yield Line(GOOD, about, f"{number} raderade kommentarer finns inte i någon känd kopia.")


def _age(made_at: str, clock: Clock) -> timedelta:
    return datetime.fromisoformat(clock.now()) - datetime.fromisoformat(made_at)


A_MONTH = timedelta(days=30)


def _port(config: Config) -> Iterator[Line]:
    about, key = f"Port {config.port}", config.data_dir / "helper.key"
    try:
        answer = _hello(config)
    except ConnectionRefusedError:
        yield Line(LOOK, about, "Inget svarar: Bevara är inte igång.", "Starta det: bevara serve.")
        return
    except (OSError, ValueError, HTTPException, Invalid):
        answer = {}
    known = base64.b64encode(Keys(config.data_dir).public).decode() if key.exists() else None
    if known and answer.get("helper_key") == known:
        yield Line(GOOD, about, f"Bevara {answer.get('version')} svarar.")
    else:
        yield Line(BAD, about, "Ett annat program, eller en annan Bevara, svarar.",
                   "Stäng det, eller be IT välja en annan port med BEVARA_PORT.")


def _hello(config: Config) -> dict[str, object]:
    """Return what the program on the port says of itself; raise what failed."""
    asked = {"nonce": os.urandom(16).hex(), "last_checkpoint": None,
             "contract": {"major": 1, "minor": 0}}
    with closing(loopback.reach(config, 5)) as connection:
        connection.request("POST", "/api/v1/hello", json.dumps(asked), {
            "Content-Type": "application/json", **loopback.host_header(config)})
        said = json.loads(connection.getresponse().read(65536))
    return said if isinstance(said, dict) else {}


def _certificate(config: Config) -> Iterator[Line]:
    if not config.shared:
        return
    about = "Certifikat"
    try:
        until = x509.load_der_x509_certificate(
            loopback.first_of(config.shared.certificate)).not_valid_after_utc
    except (OSError, ValueError):
        yield Line(BAD, about, f"{config.shared.certificate} går inte att läsa.",
                   "Lägg dit certifikatet med dess kedja (PEM).")
        return
    says = f"Gäller till {when(until.isoformat())}."
    if until < datetime.now(UTC) + A_MONTH:
        yield Line(LOOK, about, says, "Byt certifikatet och starta om Bevara.")
    else:
        yield Line(GOOD, about, says)


def _clock(data_dir: Path, clock: Clock) -> Iterator[Line]:
    now, latest = datetime.fromisoformat(clock.now()), _latest(data_dir)
    says = f"Datorns klocka är {when(clock.now())}."
    if now < datetime(2025, 1, 1, tzinfo=UTC):
        yield Line(BAD, "Klocka", says, "Ställ klockan. Bevara sparar tiden som datorn säger.")
    elif latest and datetime.fromisoformat(latest) - now > timedelta(minutes=2):
        yield Line(BAD, "Klocka",
                   f"{says} Det senast sparade är från {when(latest)}: den har gått bakåt.",
                   "Ställ klockan efter internet.")
    else:
        yield Line(GOOD, "Klocka", says)


def _stamps(config: Config) -> Iterator[Line]:
    about = "Tidsstämplar"
    if not config.stamp_urls:
        yield Line(GOOD, about, "Avslagna. BEVARA_STAMP_URLS slår på dem.")
    for authority in config.stamp_urls:
        latest = _said(config.data_dir, LATEST_STAMP, f"%/{authority}")
        says = (f"På, från {authority}. Den senaste kom {when(latest)}." if latest
                else f"På, från {authority}. Ingen har kommit än.")
        asked = stamp_schedule.read(config).get(authority, stamp_schedule.Waiting())
        if asked.problem:
            yield Line(BAD, about, f"{says} Senaste felet: {asked.problem}",
                       "Kontrollera adressen och nätverket. Bevara försöker igen av sig självt.")
        else:
            yield Line(GOOD if latest else LOOK, about, says,
                       None if latest else "Bevara ber om den första när något är sparat.")


def _latest(data_dir: Path) -> str | None:
    return _said(data_dir, "select max(received_at) from documents")


def _said(
    data_dir: Path, question: str, *values: str, store: str = "register"
) -> str | None:
    path = (data_dir / store / "bevara.sqlite").absolute()
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as database:
            row = database.execute(question, values).fetchone()
            return str(row[0]) if row and row[0] else None
    except sqlite3.Error:
        return None
