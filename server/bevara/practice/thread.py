"""The practice page's own little platform: one thread, kept in memory, started over at will."""

from __future__ import annotations

import copy
import threading
import time
from typing import Any

from bevara.errors import Invalid, NotFound

LONG = (
    "Jag har bott på Ängsvägen i trettio år och har sett många vintrar. Förr kom plogen före sex "
    "på morgonen och gången till skolan var alltid sandad. Nu får barnen gå i vägbanan, och det "
    "är bara en tidsfråga innan något händer. Jag har ringt två gånger och fått olika besked. "
    "Kan någon på kommunen berätta vem som bestämmer ordningen, och när det är vår tur?"
)
COMMENTS: tuple[dict[str, Any], ...] = (
    {"id": "9001", "author": "Elsa Grahn", "vanity": "elsa.grahn", "time": "2 tim",
     "text": "Tack! Kan ni ta skolvägen vid Ängsskolan före halv åtta? ❤️"},
    {"id": "9002", "author": "Folke Rask", "vanity": "folke.rask", "time": "1 tim",
     "text": "Ni är ju odugliga 😡\nDen som bestämmer om plogningen borde få sparken på studs."},
    {"id": "9003", "author": "Däckhuset i Norrby", "vanity": "dackhuset", "time": "58 min",
     "text": "Vinterdäck till halva priset hela veckan, skriv till oss!", "picture": True},
    {"id": "9004", "author": "Signe Bohm", "vanity": "signe.bohm", "time": "41 min",
     "text": "Lägg snön på grannens infart, det har han förtjänat, den tjuven."},
    {"id": "9005", "author": "Nils Åberg", "vanity": "nils.aberg", "time": "33 min", "text": LONG,
     "edited": True},
    {"id": "9006", "author": "Karin Ek", "vanity": "karin.ek", "time": "12 min", "parent": "9005",
     "text": "Håller med dig, Nils."},
    {"id": "9007", "author": "Olle Sand", "vanity": "olle.sand", "time": "5 min",
     "text": "Grannen på nummer 14 har fått sitt körkort indraget, läkaren sa det till mig."},
)
OPERATIONS = {"delete_comment": "deleted", "hide_comment": "hidden", "restore_comment": "shown"}
POST = "800"


class Thread:
    """The comments and every request that arrived, with its time (Unix seconds)."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.reset()

    def reset(self) -> None:
        """Start over."""
        with self._lock:
            self._comments = [
                {"parent": None, "edited": False, "picture": False, "state": "shown",
                 **copy.deepcopy(item)}
                for item in COMMENTS
            ]
            self._requests: list[dict[str, Any]] = []

    def shown(self) -> list[dict[str, Any]]:
        """Return the comments that are not deleted."""
        with self._lock:
            return [dict(item) for item in self._comments if item["state"] != "deleted"]

    def requests(self) -> list[dict[str, Any]]:
        """Return what arrived, oldest first."""
        with self._lock:
            return [dict(item) for item in self._requests]

    def act(self, operation: str, comment_id: str) -> str:
        """Do as asked and return the comment's new state; raise `Invalid` or `NotFound`."""
        with self._lock:
            self._requests.append({"op": operation, "comment_id": comment_id, "at": time.time()})
            found = self._touched(operation, comment_id)
            for item in found:
                item["state"] = OPERATIONS.get(operation, "deleted")
            return str(found[0]["state"])

    def _touched(self, operation: str, comment_id: str) -> list[dict[str, Any]]:
        """Return the comments that an operation is about, at least one."""
        if operation == "delete_post" and comment_id == POST:
            return self._comments
        if operation not in (*OPERATIONS, "block_author"):
            raise Invalid("op", "Övningssidan kan inte det.")
        found = [item for item in self._comments if item["id"] == comment_id]
        if not found:
            raise NotFound("Kommentaren finns inte på övningssidan.")
        if operation == "block_author":
            return [item for item in self._comments if item["vanity"] == found[0]["vanity"]]
        return found
