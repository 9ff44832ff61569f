"""A diary's interface on loopback, which answers as it is told and records what it was asked."""

from __future__ import annotations

import json
import ssl
import subprocess
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

TEMPLATE = json.dumps({"title": "{title}", "meta": {"ref": "{reference}", "list": ["{received_on}", 7]},
                       "file": {"name": "{file_name}", "data": "{file_base64}"}, "by": "{sender}"})
TOKEN = "vaxlad-nyckel-11"


class DiaryServer:
    """`mood` names how it answers; `asked` are the paths, headers and bodies that came."""

    def __init__(self, folder: Path, secure: bool = False) -> None:
        self.mood, self.number = "created", "KS 2026/00123:7"
        self.asked: list[tuple[str, dict[str, str], bytes]] = []
        self.registered: dict[str, Any] = {}
        self.trust: str | None = None
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        if secure:
            self._secure(folder)
        self.address = f"{'https' if secure else 'http'}://localhost:{self.server.server_port}/deeds"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)
        self.thread.start()

    def _secure(self, folder: Path) -> None:
        certificate = folder / "diary.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
             "-addext", "subjectAltName=DNS:localhost", "-keyout", certificate.with_suffix(".key"),
             "-out", certificate], check=True, capture_output=True)
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate, certificate.with_suffix(".key"))
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.trust = str(certificate)

    def sent(self) -> list[Any]:
        """Return the bodies of what was sent to be registered."""
        return [json.loads(body) for path, _, body in self.asked if path.startswith("/deeds")]

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(10)


def _handler(diary: DiaryServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            diary.asked.append((self.path, dict(self.headers), body))
            if self.path == "/token":
                self.reply(200, json.dumps({"access_token": TOKEN, "token_type": "bearer"}).encode())
                return
            with suppress(OSError):
                getattr(self, diary.mood.partition(" ")[0])(*diary.mood.split()[1:])

        def created(self) -> None:
            key = self.headers["Idempotency-Key"]
            diary.registered.setdefault(key, diary.number)
            self.reply(201, json.dumps({"data": [{"nr": diary.registered[key]}]}).encode())

        def cut(self) -> None:
            diary.registered.setdefault(self.headers["Idempotency-Key"], diary.number)
            diary.mood = "created"
            self.connection.close()

        def status(self, code: str) -> None:
            self.reply(int(code), b"{}", Location="http://127.0.0.1:9/elsewhere")

        def page(self) -> None:
            self.reply(200, b"<html>KS 2026/1</html>", "text/html")

        def broken(self) -> None:
            self.reply(200, b'{"data": [{"nr": "KS 2026/1"')

        def deep(self) -> None:
            self.reply(200, b"[" * 100_000)

        def other(self) -> None:
            self.reply(200, b'{"data": {"nr": "KS 2026/1"}}')

        def huge(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            for _ in range(400):
                self.wfile.write(b" " * 65536)

        def drip(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            for _ in range(400):
                self.wfile.write(b" ")
                self.wfile.flush()
                time.sleep(0.05)

        def dripping_head(self) -> None:
            for _ in range(400):
                self.wfile.write(b"H")
                self.wfile.flush()
                time.sleep(0.05)

        def garbage(self) -> None:
            self.wfile.write(b"\x00\x01 no protocol\r\n\r\n")

        def reply(self, status: int, data: bytes, media: str = "application/json", **headers: str) -> None:
            self.send_response(status)
            for name, value in {"Content-Type": media, "Content-Length": str(len(data)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: Any) -> None:
            pass

    return Handler
