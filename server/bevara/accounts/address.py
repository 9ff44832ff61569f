"""Understand the address of an account that a person pastes."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, parse_qs, urlsplit

from bevara.errors import Invalid

if TYPE_CHECKING:
    from tldextract import TLDExtract

FACEBOOK_NOT_PAGES = {
    "groups", "events", "marketplace", "watch", "login", "help", "messages", "settings",
    "story.php", "permalink.php", "photo.php", "photo", "reel", "share", "hashtag", "sharer",
}
NEXT = "Öppna kommunens sida på Facebook och kopiera adressen, till exempel https://www.facebook.com/kommunen"


@dataclass(frozen=True)
class Account:
    """What an address says: the platform, one identifier and the clean address."""

    platform: str
    kind: str
    value: str
    address: str


@cache
def _extract() -> TLDExtract:
    from tldextract import TLDExtract  # brings requests: no receipt waits for it at the start

    return TLDExtract(
        suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True
    )


def describe(text: str) -> Account:
    """Return the account at the pasted address; raise `Invalid` in words a person can use."""
    address = text.strip()
    _refuse_tricks(address)
    parts = _split(address)
    if parts.scheme not in ("https", "http"):
        raise Invalid("address", "Adressen ska börja med https://.", NEXT)
    if parts.username is not None or parts.password is not None or "@" in parts.netloc:
        raise Invalid("address", "Adressen innehåller ett @ före sidans namn. Den kan vara en "
                      "fälla.", NEXT)
    if not is_host(parts.hostname or "", "facebook.com"):
        raise Invalid("address", "Adressen går inte till Facebook. Bevara kan än så länge "
                      "bara lägga till Facebooksidor.", NEXT)
    return _facebook(parts.path, parts.query)


def _split(address: str) -> SplitResult:
    try:
        parts = urlsplit(address if "://" in address else f"https://{address}")
        parts.port  # noqa: B018 - a bad port raises here
    except ValueError:
        raise Invalid("address", "Adressen går inte att läsa.", NEXT) from None
    return parts


def is_host(host: str, domain: str) -> bool:
    """Tell whether `host` is `domain` or below it, by the public suffix list."""
    found = _extract()(host)
    return found.top_domain_under_public_suffix == domain


def _refuse_tricks(address: str) -> None:
    if not address:
        raise Invalid("address", "Adressen saknas.", NEXT)
    if "\\" in address or any(unicodedata.category(c) in ("Cc", "Cf", "Zs") for c in address):
        raise Invalid("address", "Adressen innehåller tecken som inte hör hemma i en adress.", NEXT)


def _facebook(path: str, query: str) -> Account:
    steps = [step for step in path.split("/") if step]
    if steps and steps[0] == "profile.php":
        number = parse_qs(query).get("id", [""])[0]
        if not number.isdigit():
            raise Invalid("address", "Adressen säger inte vilken sida det är.", NEXT)
        return Account("facebook", "page_id", number,
                       f"https://www.facebook.com/profile.php?id={number}")
    if steps and steps[0] == "people":
        raise Invalid("address", "Det ser ut som en persons egen profil. Bevara vaktar bara "
                      "myndighetens sidor.", NEXT)
    if steps[:1] in (["pages"], ["p"]) and steps[-1].isdigit():
        return Account("facebook", "page_id", steps[-1], f"https://www.facebook.com/{steps[-1]}")
    if not steps or steps[0].lower() in FACEBOOK_NOT_PAGES:
        raise Invalid("address", "Adressen går inte till en sida.", NEXT)
    name = steps[0]
    kind = "page_id" if name.isdigit() else "vanity"
    return Account("facebook", kind, name.lower(), f"https://www.facebook.com/{name}")
