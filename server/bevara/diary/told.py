"""What the history says of a registrar's documents."""

from __future__ import annotations

from typing import Any

from bevara import contract
from bevara.diary import inform
from bevara.diary.secrecy_moves import ANSWERS, WAYS
from bevara.records import history
from bevara.web.translations import N_, gettext

DECIDED = {
    "register": N_("Ska registreras, referens %(reference)s (%(name)s)"),
    "keep": N_("Hålls ordnad utan att registreras: %(ground)s (%(name)s)"),
    "minor": N_("Uppenbart av liten betydelse: %(ground)s (%(name)s)"),
    "none": N_("Beslutet är taget tillbaka: %(ground)s (%(name)s)"),
}


SECRECY = {
    "close": N_("Stängd: kan innehålla sekretess (%(name)s)"),
    "mark": N_("Sekretessmarkerad: %(provision)s, %(authority)s (%(name)s)"),
    "lift": N_("Öppnad igen: %(ground)s (%(name)s)"),
}


def decision(said: dict[str, Any]) -> str:
    """Return what was decided, why and by whom."""
    words = DECIDED[said["exit"]]
    return gettext(words) % {
        "reference": said["reference"], "ground": said["ground"], "name": said["by"]}


def registration(said: dict[str, Any]) -> str:
    """Return which number came, or that it was taken back, and by whom."""
    words = (gettext("Diarienummer %(number)s (%(name)s)") if said["number"]
             else gettext("Diarienumret är taget tillbaka (%(name)s)"))
    return words % {"number": said["number"], "name": said["by"]}


def assessment(said: dict[str, Any]) -> str:
    """Return the registrar's own view."""
    known = contract.load("categories.json")
    names = {item["id"]: item["sv"] for item in (*known["categories"], *known["tags"])}
    named = [id_ for id_ in (said["category"], *said["tags"]) if id_]
    parts = [", ".join(gettext(names.get(id_, id_)) for id_ in named), said["ground"]]
    return gettext("Bedömning: %(words)s (%(name)s)") % {
        "words": ". ".join(part for part in parts if part), "name": said["by"]}


def secrecy(said: dict[str, Any]) -> str:
    """Return that the content was closed, marked or opened again, and by whom."""
    words = SECRECY[said["move"]]
    return gettext(words) % {
        "provision": said["provision"], "ground": said["ground"], "authority": said["authority"],
        "name": said["by"]}


def breach(said: dict[str, Any]) -> str:
    """Return whether it was called a personal data breach, and by whom."""
    answer = ANSWERS[said["answer"]]
    return gettext("Personuppgiftsincident: %(answer)s (%(name)s)") % {
        "answer": gettext(answer), "name": said["by"]}


def handover(said: dict[str, Any]) -> str:
    """Return how a closed comment was handed over, and by whom."""
    way = WAYS[said["how"]]
    return gettext("Överlämnad på annat sätt: %(way)s (%(name)s)") % {
        "way": gettext(way), "name": said["by"]}


def informed(said: dict[str, Any]) -> str:
    """Return that the author was told, how and by whom."""
    return gettext("Avsändaren är informerad: %(way)s (%(name)s)") % {
        "way": gettext(inform.WAYS[said["how"]]), "name": said["by"]}


history.provide("informed", informed)
history.provide("secrecy", secrecy)
history.provide("breach", breach)
history.provide("handover", handover)
history.provide("decision", decision)
history.provide("registration", registration)
history.provide("assessment", assessment)
