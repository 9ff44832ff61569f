"""Say what came with a capture and what did not, part by part."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bevara.web.translations import N_, gettext, ngettext

GOOD, UNSURE, ABSENT = "good", "unsure", "absent"
PRECISION = {
    "exact": N_("Exakt tid ur sidan"), "minute": N_("På minuten"), "day": N_("Bara dagen"),
    "relative": N_("Bara ungefärlig"), "unknown": N_("Okänd"),
}
SCREENS = {"window": N_("Webbläsarens fönster"), "screen": N_("Hela skärmen")}
NO_SCREEN = {
    "not_installed": N_("Delen som tar bild av skärmen är inte installerad"),
    "wayland": N_("Datorns skrivbord (Wayland) låter inget program ta bild"),
    "no_display": N_("Ingen skärm hittades"), "locked": N_("Datorn var låst"),
    "blank": N_("Skärmen var tom eller låst"),
    "window_not_found": N_("Webbläsarens fönster hittades inte på skärmen"),
    "too_large": N_("Bilden blev för stor"), "too_slow": N_("Bilden hann inte bli klar"),
    "tab_not_visible": N_("Fliken var inte framme"),
    "shut_in_sight": N_("En spärrad kommentar stod framme på sidan"),
}
"""Why the screen did not come with the capture, by the contract's reason."""
MARKS = {
    "cut": N_("avklippt: hela kommentaren syntes inte i fönstret"),
    "covered": N_("något på sidan låg över kommentaren"),
    "maybe_covered": N_("något på sidan kan ha legat över kommentaren"),
}
"""What the extension saw amiss with the picture when it was taken."""


@dataclass(frozen=True)
class Part:
    """One part: `state` is good, unsure or absent; the words are in the page's language."""

    state: str
    name: str
    words: str


def parts(capture: dict[str, Any]) -> list[Part]:
    """Return every part of `capture`, in the order that a reader asks for them."""
    comment = capture["comment"]
    return [
        _text(comment), _author(comment["author"]), _time(comment), _address(comment),
        _context(capture), _picture(capture), *_screen(capture),
        *_attachments(comment["attachments"]),
    ]


def _text(comment: dict[str, Any]) -> Part:
    name = gettext("Text")
    if comment["truncated"]:
        return Part(UNSURE, name, gettext("Avkortad: resten var inte utfälld på sidan"))
    if not comment["text"]:
        return Part(ABSENT, name, gettext("Kommentaren har ingen text"))
    return Part(GOOD, name, gettext("Hel"))


def _author(author: dict[str, Any]) -> Part:
    found = [gettext(word) for key, word in (
        ("name", N_("namn")), ("url", N_("profiladress")), ("id", N_("nummer"))) if author[key]]
    state = GOOD if author["name"] and author["url"] else UNSURE
    words = ", ".join(found).capitalize() or gettext("Visades inte")
    return Part(state, gettext("Avsändare"), words)


def _time(comment: dict[str, Any]) -> Part:
    precision = PRECISION[comment["time_precision"]]
    words = gettext(precision)
    if comment["time_shown"]:
        words = f"”{comment['time_shown']}”, {words[:1].lower()}{words[1:]}"
    state = GOOD if comment["time_precision"] in ("exact", "minute") else UNSURE
    return Part(state, gettext("Tid"), words)


def _address(comment: dict[str, Any]) -> Part:
    there = bool(comment["permalink"] and comment["id"])
    words = N_("Adress och nummer") if there else N_("Adress eller nummer saknas")
    return Part(GOOD if there else UNSURE, gettext("Länk"), gettext(words))


def _context(capture: dict[str, Any]) -> Part:
    post, answers = capture["context"]["post"], capture["context"]["answers"]
    name = gettext("Sammanhang")
    missing = {"context.post.text", "context.answers"} & set(capture["completeness"]["missing"])
    if post is None and not answers:
        return Part(ABSENT, name, gettext("Kom inte med"))
    words = ngettext("Inlägget och %(n)d kommentar", "Inlägget och %(n)d kommentarer",
                     len(answers)) % {"n": len(answers)}
    if not answers:
        words = gettext("Inlägget")
    return Part(UNSURE if missing else GOOD, name, words)


def _picture(capture: dict[str, Any]) -> Part:
    name, picture = gettext("Bild"), capture["picture"]
    if picture is None:
        return Part(ABSENT, name, gettext("Kom inte med"))
    words = f"{picture['width']} × {picture['height']}"
    if picture["covered"]:
        words += ", " + gettext("andra personer övertäckta")
    amiss = [gettext(said) for mark, said in MARKS.items() if mark in picture["marks"]]
    return Part(UNSURE if amiss else GOOD, name, ", ".join([words, *amiss]))


def _screen(capture: dict[str, Any]) -> Iterator[Part]:
    screen, reason = capture.get("screen"), capture.get("no_screen_reason", "off")
    if screen:
        words = SCREENS[screen["of"]]
        yield Part(GOOD, gettext("Skärmdump"),
                   f"{gettext(words)}, {screen['width']} × {screen['height']}")
    elif reason != "off":
        words = NO_SCREEN.get(reason, N_("Kom inte med"))
        yield Part(ABSENT, gettext("Skärmdump"), gettext(words))


def _attachments(items: list[dict[str, Any]]) -> Iterator[Part]:
    if not items:
        return
    kept = sum(1 for item in items if item["blob"] or item["kind"] not in ("picture", "sticker"))
    words = gettext("%(kept)d av %(all)d") % {"kept": kept, "all": len(items)}
    yield Part(GOOD if kept == len(items) else UNSURE, gettext("Bilagor"), words)
