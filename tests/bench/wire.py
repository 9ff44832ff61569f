"""A paired browser on a real socket, whose signatures are made before the clock starts."""

from __future__ import annotations

import http.client
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from running import Running

from bevara.app import open_rooms
from bevara.config import Config
from bevara.identity import devices
from bevara.kernel.clock import Clock
from tests import factories
from tests.client import ORIGIN, Device

PICTURE = 500_000
"""Bytes of the picture that a measured capture carries."""


class Paired(Running):
    """`bevara serve` in a process of its own, with a browser that is already paired."""

    def __init__(self, data: Path | None = None) -> None:
        super().__init__()
        self.data = data or self.data
        self.key = Ed25519PrivateKey.generate()
        rooms = open_rooms(Config(self.data, self.port), Clock())
        devices.add(rooms.real_store, self.key.public_key().public_bytes_raw(), "bench", None)
        rooms.close()


class Wire(Device):
    """The paired browser: one kept-alive connection, requests made ready beforehand."""

    def __init__(self, paired: Paired) -> None:
        self.key, self.public = paired.key, paired.key.public_key().public_bytes_raw()
        self.host = f"127.0.0.1:{paired.port}"
        self.connection = http.client.HTTPConnection(self.host)

    def close(self) -> None:
        self.connection.close()

    def ready(self, parcel: Parcel) -> list[Request]:
        """Return the signed requests that save `parcel`: its picture, then its capture."""
        return [self._signed(path, body, kind) for path, body, kind in parcel.puts]

    def _signed(self, path: str, body: bytes, kind: str) -> Request:
        path = f"/api/v1/{path}"
        headers = {"Content-Type": kind, "Origin": ORIGIN, **self.sign("PUT", path, body, kind)}
        return Request(path, body, headers)


@dataclass(frozen=True)
class Request:
    """A PUT as it will be sent."""

    path: str
    body: bytes
    headers: dict[str, str]


@dataclass(frozen=True)
class Parcel:
    """A capture and its picture, as (path, body, media type) of two PUTs."""

    puts: list[tuple[str, bytes, str]]


def parcel(size: int = PICTURE) -> Parcel:
    """Return a fresh capture with a picture of `size` bytes that cannot be compressed."""
    picture = factories.PNG + os.urandom(size - len(factories.PNG))
    document = factories.capture(
        "Det här är en kommentar av vanlig längd på kommunens sida. " * 4,
        picture=factories.picture(picture), no_picture_reason=None,
        comment={"fragment": "<div>" + "En bit av sidan. " * 300 + "</div>",
                 "id": factories.new_id()},
    )
    return Parcel([
        (f"blobs/{factories.blob_name(picture)}", picture, "image/png"),
        (f"captures/{document['capture_id']}", factories.encoded(document), "application/json"),
    ])


def send(connection: http.client.HTTPConnection, requests: list[Request]) -> dict[str, Any]:
    """Send the PUTs one after another; return the last answer, or fail when any is refused."""
    answer: dict[str, Any] = {}
    for one in requests:
        connection.request("PUT", one.path, one.body, one.headers)
        reply = connection.getresponse()
        answer = json.loads(reply.read())
        assert reply.status in (200, 201), answer
    return answer
