"""Register a comment through the diary's own interface: one JSON request, one number in the answer.

The point of no return is the request itself. An answer that says yes has taken it, whatever else is
wrong with the answer; one that says later or no has not; when neither is known, nothing is sent
again but by a person, unless the diary promises that one Idempotency-Key registers once.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Row

from bevara.diary.channels import Begin, Found, Passing, Permanent, Returned, Unknown, http, tree
from bevara.diary.channels.http import Answer, Call, NoAnswer
from bevara.diary.delivery import vault
from bevara.diary.delivery.letter import POINTER, Letter
from bevara.diary.delivery.settings import Settings
from bevara.records import secrecy
from bevara.web.translations import N_

KEY, HIDDEN = "Idempotency-Key", "(hemlig)"
LATER = (408, 425, 429, 503)
"""Answers that say that the request was not acted on."""
NOT_KNOWN = (500, 502, 504)
"""Answers of a server, or one before it, that may have acted on it first."""
NO_ANSWER = N_("Diariets gränssnitt svarar inte.")
CUT_OFF = N_("Förbindelsen bröts innan diariet hade svarat.")
UNREADABLE = N_("Diariet tog emot den, men numret gick inte att läsa i svaret. Klistra in det.")
REFUSED = N_("Diariet släppte inte in Bevara. Kontrollera inloggningen.")
MOVED = N_("Diariet hänvisade till en annan adress. Bevara följer inga hänvisningar.")
NO_TOKEN = N_("Inloggningen gav ingen nyckel.")


def send(letter: Letter, how: Settings, begin: Begin, trust: str | None = None) -> Returned:
    """Send the one comment of `letter`; raise `Passing`, `Permanent`, `Unknown` or `Invalid`."""
    said = said_of(letter)
    body = json.dumps(tree.filled(how.rest.template, said), ensure_ascii=False).encode()
    headers = {"Authorization": f"Bearer {_bearer(how, trust)}", KEY: str(letter.delivery.token)}
    call = _opened(how.rest.url, trust)
    with call:
        begin()
        try:
            answer = call.post(body, "application/json", headers)
        except NoAnswer:
            raise _unclear(how, CUT_OFF) from None
    _taken(answer, how)
    return _returned(answer, how, said["reference"])


def look(_row: Row[Any], how: Settings, anew: Callable[[], None]) -> Found:
    """Tell what became of a delivery whose worker is gone: nobody knows, if a repeat is not safe.
    """
    if not how.rest.once:
        return Found.UNCLEAR
    anew()
    return Found.NOTHING


def rehearsed(how: Settings) -> str:
    """Return the request as it would be, with made up values and no secret; connect to nobody.

    Raises `Passing`, `Permanent` or `Invalid` for an address or a secret that could not be used.
    """
    vault.read(vault.DIARY.of(how.diary))
    http.checked(how.rest.url)
    body = json.dumps(tree.filled(how.rest.template, tree.MADE_UP), ensure_ascii=False, indent=1)
    asked = f"grant_type=client_credentials, {how.rest.client}, {HIDDEN}"
    login = [f"POST {how.rest.token_url}", asked, ""] if how.rest.auth == "oauth2" else []
    return "\n".join([*login, f"POST {how.rest.url}", f"Authorization: Bearer {HIDDEN}",
                      f"{KEY}: 0123456789abcdef", "Content-Type: application/json", "", body])


def said_of(letter: Letter) -> dict[str, str]:
    """Return what the fields say of the letter's one comment: of what is closed a pointer only."""
    entry = letter.entries[0]
    name = entry.files[0].name if entry.files else f"{entry.reference}.txt"
    own = {"reference": entry.reference, "token": str(letter.delivery.token),
           "file_name": name, "file_format": name.rpartition(".")[2]}
    if entry.closed:
        said = dict.fromkeys(tree.FIELDS, "") | {"sender": secrecy.PUBLIC, "title": secrecy.PUBLIC}
        return said | own | {"file_base64": base64.b64encode(POINTER.encode()).decode()}
    said = {name: entry.known.get(words, "") for name, words in tree.FIELDS.items()}
    return said | own | {"file_base64": base64.b64encode(entry.files[0].data).decode()}


def _bearer(how: Settings, trust: str | None) -> str:
    """Return the token to show: the secret itself, or what it is exchanged for (RFC 6749 4.4)."""
    kept = vault.DIARY.of(how.diary)
    secret = vault.read(kept)
    if how.rest.auth != "oauth2":
        if not secret.isascii():
            raise kept.missing
        return secret
    known = base64.b64encode(f"{how.rest.client}:{secret}".encode()).decode()
    asked = {"grant_type": "client_credentials"}
    if how.rest.scope:
        asked["scope"] = how.rest.scope
    with _opened(how.rest.token_url, trust) as call:
        try:
            answer = call.post(urlencode(asked).encode(), "application/x-www-form-urlencoded",
                               {"Authorization": f"Basic {known}"})
        except NoAnswer:
            raise Passing(NO_ANSWER) from None
    if answer.status in LATER or answer.status in NOT_KNOWN:
        raise Passing(NO_ANSWER)
    found = answer.json() if answer.status == 200 else None
    token = found.get("access_token") if isinstance(found, dict) else None
    if not isinstance(token, str) or not token.isascii() or not token.isprintable() or " " in token:
        raise Permanent(REFUSED if answer.status in (400, 401, 403) else NO_TOKEN)
    return token


def _opened(url: str, trust: str | None) -> Call:
    try:
        return http.opened(url, trust)
    except NoAnswer:
        raise Passing(NO_ANSWER) from None


def _taken(answer: Answer, how: Settings) -> None:
    """Raise unless the diary said yes; its words, which may say anything, are not kept."""
    if 200 <= answer.status < 300:
        return
    if answer.status in NOT_KNOWN:
        raise _unclear(how, f"Diariet svarade {answer.status}.")
    if answer.status in LATER:
        raise Passing(f"Diariet tog inte emot den just nu (svar {answer.status}).")
    if 300 <= answer.status < 400:
        raise Permanent(MOVED)
    if answer.status in (401, 403):
        raise Permanent(REFUSED)
    raise Permanent(f"Diariet tog inte emot den (svar {answer.status}).")


def _unclear(how: Settings, words: str) -> Exception:
    return Passing(words) if how.rest.once else Unknown(words)


def _returned(answer: Answer, how: Settings, reference: str) -> Returned:
    if not how.rest.pointer:
        return Returned({}, None)
    found = tree.at(answer.json(), how.rest.pointer)
    number = str(found) if isinstance(found, int) and not isinstance(found, bool) else found
    if not isinstance(number, str):
        return Returned({}, UNREADABLE)
    return Returned({reference: number}, None)
