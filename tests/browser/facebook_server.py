"""A small server that answers as www.facebook.com: our own pages, and Facebook's way of asking for deletions."""

import json
import ssl
import tempfile
import threading
import time
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from facebook_views import views

HOST = "www.facebook.com"
PAGES = Path(__file__).resolve().parents[1] / "pages" / "facebook"
SHELL = """<!doctype html><html id="facebook" lang="{lang}" dir="ltr"><head><meta charset="utf-8">
<title>{title} | Facebook</title></head><body><div id="mount"></div>
<script>window.view = {view};</script><script src="/comet.js"></script></body></html>"""


class FacebookServer:
    """Serves views under the real host name and remembers every request for a change."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.extra: dict[str, str] = {}
        self.files: dict[str, tuple[str, bytes]] = {}
        self.delay = 0.0
        self.views: dict[str, dict[str, Any]] = views()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._http.socket = _context().wrap_socket(self._http.socket, server_side=True)
        self.port = int(self._http.server_address[1])

    def __enter__(self) -> Self:
        threading.Thread(target=self._http.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._http.shutdown()
        self._http.server_close()

    def url(self, path: str, host: str = HOST) -> str:
        return f"https://{host}{path}"

    def chromium_rule(self) -> str:
        """The flag that keeps every request on this computer."""
        known = (HOST, "business.facebook.com", "facebook.com.evil.se", "www.facebook.com.evil.se")
        hosts = ", ".join(f"MAP {name}:443 127.0.0.1:{self.port}" for name in known)
        return (
            f"--host-resolver-rules={hosts}, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"
        )

    def names(self) -> list[str]:
        return [each["name"] for each in self.asked]

    def page(self, path: str) -> str | None:
        """The markup at a path, or None."""
        if path in self.extra:
            return self.extra[path]
        view = self.views.get(urlsplit(path).path)
        if view is None:
            return None
        data = json.dumps(view).replace("<", "\\u003c")
        return SHELL.format(
            lang=view.get("lang", "sv"), title=view.get("title", "Inlägg"), view=data
        )


def _handler(server: FacebookServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            if self.path == "/comet.js":
                self._send(200, "text/javascript", (PAGES / "comet.js").read_text(encoding="utf-8"))
                return
            if self.path in server.files:
                self._send(200, *server.files[self.path])
                return
            markup = server.page(self.path)
            self._send(200 if markup else 404, "text/html; charset=utf-8", markup or "finns inte")

        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers.get("Content-Length", 0))).decode())
            variables = json.loads(form.get("variables", ["{}"])[0])
            name = (
                self.headers.get("X-FB-Friendly-Name")
                or form.get("fb_api_req_friendly_name", [""])[0]
            )
            server.asked.append({"name": name, "variables": variables, "path": self.path})
            time.sleep(server.delay)
            answer = {"data": {"comment_delete": {"success": True}}}
            self._send(200, "application/json", json.dumps(answer))

        def _send(self, status: int, media_type: str, body: str | bytes) -> None:
            data = body.encode() if isinstance(body, str) else body
            self.send_response(status)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: Any) -> None:
            """Tests are quiet."""

    return Handler


def _context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.NamedTemporaryFile(suffix=".pem") as file:
        file.write(_certificate())
        file.flush()
        context.load_cert_chain(file.name)
    return context


def _certificate() -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    names = x509.SubjectAlternativeName([x509.DNSName(HOST), x509.DNSName("*.facebook.com")])
    builder = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(names, critical=False)
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private + builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
