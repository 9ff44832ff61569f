"""Where packages go: the receiver that was chosen, and what it needs to be reached.

Kept with what else is switched on at the desk. What a receiver logs in with is not (`vault`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from bevara.archive.receivers.host_key import pinned
from bevara.config import Config
from bevara.diary.delivery.vault import Secret
from bevara.errors import Invalid
from bevara.kernel import settings
from bevara.web.translations import N_

PREFIX = "archive_receiver_"
NONE, FILE, FOLDER, SFTP, S3 = "none", "file", "folder", "sftp", "s3"
KINDS = {NONE: N_("Inget än"), FILE: N_("En fil som ni själva lämnar till arkivet"),
         FOLDER: N_("Mapp på nätverket"), SFTP: N_("SFTP-server"),
         S3: N_("S3-lagring med skrivskydd")}
UNLOCKED, GOVERNANCE, COMPLIANCE = "none", "governance", "compliance"
LOCKS = {UNLOCKED: N_("Inget skrivskydd"), GOVERNANCE: N_("Skrivskydd som en behörig kan häva"),
         COMPLIANCE: N_("Skrivskydd som ingen kan häva (kräver beslut)")}
HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
LOOPBACK = ("127.0.0.1", "::1", "localhost")
LONGEST, MEGABYTE, FASTEST, YES = 500, 1_000_000, 10_000, "yes"
WHOLE = {
    "port": (65535, N_("Porten är inte ett tal mellan 1 och 65535."),
             N_("Skriv till exempel 22.")),
    "ar": (100, N_("Antalet år är inte ett tal mellan 1 och 100."), N_("Skriv till exempel 10."))}
"""The fields that are whole numbers from 1, the most, and what is said of others."""


SFTP_SECRET = Secret("BEVARA_ARCHIVE_SFTP_PASSWORD_FILE", "archive-sftp",
                     N_("Lösenordet till arkivets server går inte att läsa."))
S3_SECRET = Secret("BEVARA_ARCHIVE_S3_SECRET_FILE", "archive-s3",
                   N_("Den hemliga nyckeln till arkivets lagring går inte att läsa."))


@dataclass(frozen=True)
class Settings:
    """The archive's receiver. `limit` is bytes each second, 0 for as fast as it goes.

    `host_key` is a line of a public key or a fingerprint (`SHA256:…`). `key_file` is the private
    key that logs in; without one the password in the vault does. `secret_decision` is what lets the
    receiver have what may be secret, "" when nothing does.
    """

    kind: str = NONE
    folder: str = ""
    host: str = ""
    port: int = 22
    user: str = ""
    host_key: str = ""
    key_file: str = ""
    directory: str = ""
    endpoint: str = ""
    bucket: str = ""
    prefix: str = ""
    region: str = ""
    access_key: str = ""
    lock: str = GOVERNANCE
    lock_years: int = 10
    legal_hold: bool = False
    lock_decision: str = ""
    limit: int = 0
    secret_decision: str = ""
    paused: bool = False

    @property
    def may_carry_secret(self) -> bool:
        """Tell whether a decision lets the receiver have what may be secret."""
        return bool(self.secret_decision)


FIELDS = {
    "mottagare": "kind", "mapp": "folder", "server": "host", "port": "port", "anvandare": "user",
    "vardnyckel": "host_key", "nyckelfil": "key_file", "katalog": "directory",
    "adress": "endpoint", "hink": "bucket", "inledning": "prefix", "region": "region",
    "nyckelnamn": "access_key", "skrivskydd": "lock", "ar": "lock_years",
    "stopp": "legal_hold", "skrivskydd_beslut": "lock_decision", "takt": "limit",
    "sekretess_beslut": "secret_decision"}
"""The form's fields and what they are kept as."""


def read(config: Config) -> Settings:
    """Return what is chosen; nothing at first start. Raises `Invalid`."""
    known = settings.read(config.data_dir)
    said = {field: known[PREFIX + name] for field, name in FIELDS.items() if PREFIX + name in known}
    return replace(_of(said), paused=known.get(f"{PREFIX}paused") == YES)


def as_form(how: Settings) -> dict[str, str]:
    """Return what is chosen as the form's fields."""
    said = {field: getattr(how, name) for field, name in FIELDS.items()}
    rate = f"{how.limit / MEGABYTE:g}".replace(".", ",") if how.limit else ""
    return {field: str(value) for field, value in said.items()} | {
        "takt": rate, "stopp": YES if how.legal_hold else ""}


def checked(form: Mapping[str, str]) -> Settings:
    """Return what a form says; raise `Invalid` naming the field."""
    said = {field: " ".join(form.get(field, "").split()) for field in FIELDS}
    for field, value in said.items():
        if len(value) > LONGEST:
            raise Invalid(field, N_("Texten är för lång."), N_("Skriv kortare."))
    if said["mottagare"] not in KINDS:
        raise Invalid("mottagare", N_("Inget är valt."), N_("Välj något i listan."))
    how = _of(said)
    {SFTP: _sftp, S3: _s3, FOLDER: _folder}.get(how.kind, lambda _: None)(how)
    return how


def keep(config: Config, how: Settings) -> None:
    """Keep what was checked; whether it is paused stays as it was."""
    said = as_form(how)
    settings.change(config.data_dir, **{
        PREFIX + name: said[field] for field, name in FIELDS.items()})


def _of(said: Mapping[str, str]) -> Settings:
    """Return the settings that a form's fields say; what is empty is as at first start."""
    texts = {name: said[field] for field, name in FIELDS.items()
             if said.get(field) and field not in (*WHOLE, "takt", "stopp")}
    wholes = {FIELDS[field]: _whole(said[field], field) for field in WHOLE if said.get(field)}
    found = Settings(limit=_rate(said.get("takt", "")), legal_hold=said.get("stopp") == YES)
    return replace(found, **texts, **wholes)  # type: ignore[arg-type]


def _whole(text: str, field: str) -> int:
    most, words, step = WHOLE[field]
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= most):
        raise Invalid(field, words, step)
    return int(text)


def pause(config: Config, paused: bool) -> None:
    """Bring nothing until it is switched on again, or switch it on."""
    settings.change(config.data_dir, **{f"{PREFIX}paused": YES if paused else ""})


def _folder(how: Settings) -> None:
    if not how.folder:
        raise Invalid("mapp", N_("Mappen saknas."), N_("Skriv hela sökvägen till den."))


def _sftp(how: Settings) -> None:
    if not HOST.fullmatch(how.host):
        raise Invalid("server", N_("Serverns namn saknas eller är felskrivet."),
                      N_("Till exempel arkiv.storkoping.se."))
    if not how.user:
        raise Invalid("anvandare", N_("Användarnamnet saknas."),
                      N_("Skriv namnet som Bevara loggar in med."))
    if pinned(how.host_key) is None:
        raise Invalid("vardnyckel", N_("Serverns nyckel saknas eller är felskriven."),
                      N_("Be arkivet om den. Den börjar med SHA256: eller ssh-."))


def _s3(how: Settings) -> None:
    parts = urlsplit(how.endpoint)
    safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    if not safe or not parts.hostname or parts.username or parts.query or parts.fragment:
        raise Invalid("adress", N_("Adressen saknas eller är inte säker."),
                      N_("Den ska börja med https://."))
    if not BUCKET.fullmatch(how.bucket):
        raise Invalid("hink", N_("Namnet på lagringsytan saknas eller är felskrivet."),
                      N_("Till exempel bevara-leveranser."))
    if not how.access_key:
        raise Invalid("nyckelnamn", N_("Nyckelns namn saknas."),
                      N_("Skriv det som arkivet kallar access key id."))
    if how.lock not in LOCKS:
        raise Invalid("skrivskydd", N_("Inget är valt."), N_("Välj något i listan."))
    if how.lock == COMPLIANCE and not how.lock_decision:
        raise Invalid("skrivskydd_beslut", N_("Beslutet saknas."), N_(
            "Skrivskydd som ingen kan häva kräver ett beslut. Skriv vilket, med datum."))


def _rate(text: str) -> int:
    """Return bytes each second of megabytes each second; 0 for none."""
    try:
        found = float(text.replace(",", ".")) if text else 0.0
    except ValueError:
        found = -1.0
    if text and not 0 < found <= FASTEST:
        raise Invalid("takt", N_("Takten är inte ett tal."),
                      N_("Skriv megabyte per sekund, till exempel 2, eller lämna tomt."))
    return int(found * MEGABYTE)
