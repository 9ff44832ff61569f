"""A paired browser without a browser: signs requests as the extension does, checks every answer."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bevara.app import create_app
from bevara.config import Config
from bevara.identity import pairing
from bevara.kernel.clock import Clock
from bevara.kernel.keys import keyid, verify
from bevara.web import structured
from bevara.web.rooms import Rooms
from tests import documented
from tests.factories import encoded, new_id

PORT = 47470
ORIGIN = "chrome-extension://abcdefghijklmnopabcdefghijklmnop"


class HeldClock(Clock):
    """The computer's clock, moved by `offset` seconds."""

    offset = 0

    def unix(self) -> int:
        return super().unix() + self.offset

    def now(self) -> str:
        moved = datetime.fromisoformat(super().now()) + timedelta(seconds=self.offset)
        return moved.isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Bevara:
    """A Bevara of its own in `folder`, in this process, with a clock that can be moved."""

    def __init__(self, folder: Path, port: int = PORT) -> None:
        self.clock = HeldClock()
        self.app = create_app(Config(folder, port, "Storköpings kommun"), self.clock)
        self.rooms: Rooms = self.app.extensions["bevara"]

    def close(self) -> None:
        self.rooms.close()

    def browser(self) -> Device:
        """Return a browser that has been paired with a code."""
        device = Device(self)
        assert device.pair(self.rooms.pairing.open()).status_code == 201
        return device

    def desk(self) -> Desk:
        """Return the owner, signed in with a one-time address."""
        return Desk(self)


@contextmanager
def running(folder: Path) -> Iterator[Bevara]:
    """Give a Bevara in `folder` and close it."""
    bevara = Bevara(folder)
    try:
        yield bevara
    finally:
        bevara.close()


class Device:
    """One extension with its own key."""

    def __init__(self, bevara: Bevara, host: str = f"127.0.0.1:{PORT}") -> None:
        self.bevara, self.host, self.origin = bevara, host, ORIGIN
        self.key = Ed25519PrivateKey.generate()
        self.public = self.key.public_key().public_bytes_raw()
        self.http: FlaskClient = bevara.app.test_client()

    def on_practice(self) -> Device:
        """Return the same browser, speaking with the practice address."""
        other = Device(self.bevara, f"localhost:{PORT}")
        other.key, other.public = self.key, self.public
        return other

    def pair(self, shown: str, label: str = "Receptionen") -> TestResponse:
        """Type the code that the start page shows."""
        nonce, code = secrets.token_hex(16), shown.replace("-", "")[:8]
        proof = pairing.proof(code, self.bevara.rooms.keys.public, self.public, nonce)
        return self.post("/api/v1/pairing", {
            "device_key": base64.b64encode(self.public).decode(), "label": label, "nonce": nonce,
            "proof": base64.b64encode(proof).decode(),
        })

    def hello(self, **changes: Any) -> TestResponse:
        """Ask who is there."""
        return self.post("/api/v1/hello", {
            "nonce": secrets.token_hex(16), "last_checkpoint": None,
            "contract": {"major": 1, "minor": 0}, **changes,
        })

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.send("GET", path, b"", "", **options)

    def post(self, path: str, document: Any, **options: Any) -> TestResponse:
        return self.send("POST", path, encoded(document), **options)

    def put(self, path: str, body: Any, **options: Any) -> TestResponse:
        data = body if isinstance(body, bytes) else encoded(body)
        return self.send("PUT", f"/api/v1/{path}", data, **options)

    def save(self, document: dict[str, Any], *blobs: bytes) -> TestResponse:
        """Send a capture's pictures and then the capture."""
        for data in blobs:
            name = "sha256:" + hashlib.sha256(data).hexdigest()
            assert self.put(f"blobs/{name}", data, media_type="image/png").status_code in (200, 201)
        return self.put(f"captures/{document['capture_id']}", document)

    def observed(self, capture_id: str, what: str) -> TestResponse:
        """Say what was seen after the click."""
        return self.put(f"captures/{capture_id}/outcomes/{new_id()}",
                        {"observed": what, "at": "2026-11-24T10:00:01Z"})

    def send(
        self, method: str, path: str, body: bytes, media_type: str = "application/json", *,
        headers: dict[str, str] | None = None, unsigned: bool = False,
    ) -> TestResponse:
        """Send a signed request and check that Bevara signed exactly this answer to it."""
        signed = {} if unsigned else self.sign(method, path, body, media_type)
        sent = {"Host": self.host, "Origin": self.origin, **signed, **(headers or {})}
        answer = self.http.open(path, method=method, data=body or None, headers=sent,
                                content_type=media_type or None)
        check_answer(answer, sent.get("Signature"), self.bevara.rooms.keys.public)
        documented.check(method, path, answer)
        return answer

    def sign(
        self, method: str, path: str, body: bytes, media_type: str, **changes: str
    ) -> dict[str, str]:
        """Return the headers of a signed request; `changes` replace what is signed."""
        parts = urlsplit(path)
        digest = "sha-256=" + structured.wrap(hashlib.sha256(body).digest())
        created = changes.get("created", str(Clock().unix()))
        params = (
            f"{structured.REQUEST_COMPONENTS};created={created};keyid=\"{keyid(self.public)}\""
            f";nonce=\"{secrets.token_hex(8)}\";alg=\"ed25519\";tag=\"bevara-1\""
        )
        lines = [
            ('"@method"', changes.get("method", method)), ('"@authority"', self.host),
            ('"@path"', changes.get("path", parts.path)), ('"@query"', "?" + parts.query),
            ('"content-type"', media_type), ('"content-digest"', digest),
        ]
        signature = self.key.sign(structured.base_of(lines, params))
        return {"Content-Digest": digest, "Signature-Input": f"bevara={params}",
                "Signature": f"bevara={structured.wrap(signature)}"}


class Desk:
    """The owner's browser."""

    def __init__(self, bevara: Bevara) -> None:
        self.bevara = bevara
        self.host = f"{bevara.rooms.instance}.localhost:{PORT}"
        self.http: FlaskClient = bevara.app.test_client()
        entered = self.get(f"/start?key={bevara.rooms.sessions.invite()}")
        assert entered.status_code == 303
        self.csrf = next(iter(bevara.rooms.sessions._sessions.values())).csrf

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.http.get(path, headers={"Host": self.host, **headers},
                             base_url=f"http://{self.host}")

    def post(
        self, path: str, form: dict[str, str] | None = None, *, csrf: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> TestResponse:
        return self.http.post(
            path, data={"csrf": self.csrf if csrf is None else csrf, **(form or {})},
            headers={"Host": self.host, **(headers or {})}, base_url=f"http://{self.host}",
        )


def check_answer(answer: TestResponse, asked: str | None, public: bytes) -> None:
    """Assert that the key `public` signed this answer to the request signed `asked`."""
    digest = "sha-256=" + structured.wrap(hashlib.sha256(answer.data).digest())
    assert answer.headers["Content-Digest"] == digest
    params = answer.headers["Signature-Input"].removeprefix("bevara=")
    lines = [('"@status"', str(answer.status_code)),
             ('"content-type"', answer.headers.get("Content-Type", "")),
             ('"content-digest"', digest)]
    if asked and structured.read_signature(asked):
        lines.append(('"signature";req;key="bevara"', asked.removeprefix("bevara=")))
    signature = structured.read_signature(answer.headers["Signature"])
    assert signature and verify(public, signature, structured.base_of(lines, params))


def documents(folder: Path) -> list[tuple[str, str]]:
    """Return kind and id of every stored document, oldest first."""
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(f"file:{folder / 'bevara.sqlite'}?mode=ro", uri=True)) as db:
        return db.execute("select kind, id from documents order by ledger_index").fetchall()


def problem(answer: TestResponse) -> tuple[int, str, str | None]:
    """Return status, code and field of a problem."""
    body = json.loads(answer.data)
    assert answer.content_type == "application/problem+json"
    return answer.status_code, body["code"], body.get("field")
