"""The list of accounts that the body publishes on its own website, without a person in it."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

HEADS = ("Namn", "Plattform", "Adress")
Words = dict[str, str]


def rows(accounts: list[dict[str, Any]], platforms: Words) -> list[tuple[str, str, str]]:
    """Return name, platform and address of each account, by name."""
    found = [(one["name"], platforms.get(one["platform"], one["platform"]), one["address"])
             for one in accounts]
    return sorted(found, key=lambda row: row[0].casefold())


def as_html(lines: list[tuple[str, str, str]]) -> bytes:
    """Return the list as a piece of HTML to paste into the body's own website."""
    item = Markup('<li><a href="{2}">{0}</a> ({1})</li>')
    found = Markup("\n").join(item.format(*line) for line in lines)
    return f"<ul>\n{found}\n</ul>\n".encode()
