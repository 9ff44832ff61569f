"""How proposals reach the diary: the channel, where it leads, and in what order its fields come.

Kept with what else is switched on at the desk. What a channel logs in with is not (`vault`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bevara.config import Config
from bevara.diary import numbers
from bevara.diary.card import ORDER, REFERENCE
from bevara.diary.channels import place
from bevara.diary.delivery import rest_settings
from bevara.diary.delivery.rest_settings import Rest
from bevara.diary.numbers import Forms
from bevara.errors import Invalid
from bevara.kernel import settings
from bevara.web.translations import N_

EML, SMTP, FOLDER, REST = "eml", "smtp", "folder", "rest"
CHANNELS = {EML: N_("E-post som du själv skickar (en fil)"),
            SMTP: N_("E-post som Bevara skickar"),
            FOLDER: N_("Mapp som diariet hämtar ur"),
            REST: N_("Direkt in i diariet")}
BY_ITSELF = (SMTP, FOLDER, REST)
"""The channels that Bevara sends by itself."""
SECURITY = {"starttls": N_("STARTTLS (oftast port 587)"),
            "tls": N_("TLS från början (oftast port 465)")}
EXTRAS = {"json": N_("Uppgifterna som datafil (JSON)"), "png": N_("Bilden som egen fil (PNG)")}
ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")
HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
HOUR = re.compile(r"([01]\d|2[0-3])[.:]([0-5]\d)")
PREFIX, NAMES = "diary_", "diaries"
NAME, LONGEST_NAME, MOST_DIARIES = "namn", 60, 30


@dataclass(frozen=True)
class Settings:
    """`hour` is Swedish time, HH:MM; `fields` are names of `card.fields` in the diary's order.

    `diary` is the name that proposals call it; "" takes all that none of the `others` does.
    """

    channel: str = EML
    to: str = ""
    sender: str = ""
    host: str = ""
    port: str = "587"
    security: str = "starttls"
    user: str = ""
    hour: str = "15:00"
    fields: tuple[str, ...] = ORDER
    extras: tuple[str, ...] = ()
    paused: bool = False
    folder: str = ""
    forms: Forms = ()
    rest: Rest = field(default_factory=Rest)
    diary: str = ""
    others: tuple[str, ...] = ()

    @property
    def by_itself(self) -> bool:
        """Tell whether Bevara sends by itself now."""
        return self.channel in BY_ITSELF and not self.paused

    @property
    def domain(self) -> str:
        """Return what a Message-ID ends with: the sender's domain, else a name nobody has."""
        return self.sender.partition("@")[2] or "bevara.invalid"


def diaries(config: Config) -> tuple[str, ...]:
    """Return the names of the diaries that have settings of their own, sorted."""
    return _names(settings.read(config.data_dir))


def everything(config: Config) -> list[Settings]:
    """Return the settings of every diary, the one that takes the rest first."""
    return [read(config, name) for name in ("", *diaries(config))]


def forms_of(config: Config) -> Callable[[str | None], Forms]:
    """Return what tells the forms of a diary's numbers by its name."""
    known = {how.diary: how.forms for how in everything(config)}
    return lambda name: known.get(name or "", known[""])


def add(config: Config, text: str) -> str:
    """Give a diary settings of its own; return its name. Raises `Invalid`."""
    name, known = " ".join(text.split()), diaries(config)
    if not name or len(name) > LONGEST_NAME or "@" in name or not name.isprintable():
        raise Invalid(NAME, N_("Diariets namn saknas eller är felskrivet."),
                      N_("Skriv det som i diariemallarna, till exempel SN."))
    if name.upper() in [one.upper() for one in known] or len(known) >= MOST_DIARIES:
        raise Invalid(NAME, N_("Diariet finns redan, eller så är listan full."),
                      N_("Välj det i listan."))
    settings.change(config.data_dir, **{NAMES: "\n".join(sorted({*known, name}))})
    return name


def remove(config: Config, name: str) -> None:
    """Let a diary's proposals go as those of any other; its settings are kept if it comes back."""
    left = [one for one in diaries(config) if one != name]
    settings.change(config.data_dir, **{NAMES: "\n".join(left)})


def _names(known: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(filter(None, known.get(NAMES, "").split("\n")))


def _prefix(diary: str) -> str:
    return f"diary@{diary}@" if diary else PREFIX


def read(config: Config, diary: str = "") -> Settings:
    """Return a diary's settings; what is not set is as at first start. Raises `Invalid`.

    A diary without settings of its own has those that take the rest.
    """
    known = settings.read(config.data_dir)
    names = _names(known)
    own = diary if diary in names else ""
    prefix = _prefix(own)
    kept = {name.removeprefix(prefix): said for name, said in known.items()
            if name.startswith(prefix)}
    first = Settings()
    return Settings(
        kept.get("channel", first.channel), kept.get("to", ""), kept.get("sender", ""),
        kept.get("host", ""), kept.get("port", first.port), kept.get("security", first.security),
        kept.get("user", ""), kept.get("hour", first.hour),
        tuple(filter(None, kept.get("fields", "\n".join(ORDER)).split("\n"))),
        tuple(kept.get("extras", "").split()), kept.get("paused") == "yes",
        kept.get("folder", ""), tuple(filter(None, kept.get("forms", "").split("\n"))),
        rest_settings.read(kept), own, () if own else names)


def change(
    config: Config, form: Mapping[str, str], extras: list[str], diary: str = ""
) -> Settings:
    """Keep what a form says of a diary; raise `Invalid` naming the field, and change nothing."""
    channel = _one_of(form, "leveranssatt", CHANNELS)
    values = {
        "channel": channel, "to": _address(form, "till", needed=channel == SMTP),
        "hour": _hour(form), "fields": "\n".join(_fields(form)),
        "extras": " ".join(one for one in EXTRAS if one in extras),
        "forms": "\n".join(numbers.forms(form.get("nummerform", ""))),
    }
    if channel == SMTP:
        values |= _server(form)
    if channel == REST:
        values |= rest_settings.checked(form)
    if channel == FOLDER:
        values |= {"folder": place.choose(config, form.get(place.FIELD, ""))}
    settings.change(config.data_dir, **{
        _prefix(diary) + name: said for name, said in values.items()})
    return read(config, diary)


def pause(config: Config, paused: bool, diary: str = "") -> None:
    """Send nothing by itself until it is switched on again, or switch it on."""
    settings.change(config.data_dir, **{f"{_prefix(diary)}paused": "yes" if paused else ""})


def _server(form: Mapping[str, str]) -> dict[str, str]:
    host, port = form.get("server", "").strip(), form.get("port", "").strip()
    if not HOST.fullmatch(host):
        raise Invalid("server", N_("E-postserverns namn saknas eller är felskrivet."),
                      N_("Till exempel smtp.storkoping.se."))
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise Invalid("port", N_("Porten är inte ett tal mellan 1 och 65535."),
                      N_("Skriv till exempel 587."))
    user = " ".join(form.get("anvandare", "").split())
    if not user:
        raise Invalid("anvandare", N_("Användarnamnet saknas."),
                      N_("Skriv namnet som Bevara loggar in med."))
    return {"host": host, "port": port, "security": _one_of(form, "skydd", SECURITY),
            "user": user[:200], "sender": _address(form, "fran", needed=True)}


def _address(form: Mapping[str, str], field: str, needed: bool) -> str:
    found = form.get(field, "").strip()
    if not found and not needed:
        return ""
    if len(found) > 254 or not ADDRESS.fullmatch(found):
        raise Invalid(field, N_("Det ser inte ut som en e-postadress."),
                      N_("Till exempel registrator@storkoping.se."))
    return found


def _hour(form: Mapping[str, str]) -> str:
    found = HOUR.fullmatch(form.get("klockslag", "15.00").strip())
    if not found:
        raise Invalid("klockslag", N_("Det ser inte ut som ett klockslag."),
                      N_("Till exempel 15.00."))
    return f"{found[1]}:{found[2]}"


def _fields(form: Mapping[str, str]) -> list[str]:
    found = [one for line in form.get("falt", "\n".join(ORDER)).splitlines()
             if (one := " ".join(line.split()))]
    if any(one not in ORDER for one in found):
        raise Invalid("falt", N_("Ett av fälten är okänt."),
                      N_("Skriv namnen som de står i listan, ett på varje rad."))
    if len(set(found)) != len(found):
        raise Invalid("falt", N_("Ett fält står två gånger."), N_("Ta bort den ena raden."))
    if REFERENCE not in found:
        raise Invalid("falt", N_("Fältet Referens saknas."),
                      N_("Lägg till det: med referensen hittar numret tillbaka."))
    return found


def _one_of(form: Mapping[str, str], field: str, known: Mapping[str, str]) -> str:
    found = form.get(field, "")
    if found not in known:
        raise Invalid(field, N_("Inget är valt."), N_("Välj något i listan."))
    return found
