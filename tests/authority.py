"""A real time-stamping authority (RFC 3161): openssl ts behind a small server on loopback."""

from __future__ import annotations

import subprocess
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import TracebackType

CONFIG = """
[tsa]
serial = {0}/serial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ordering = no
tsa_name = no
ess_cert_id_chain = no
[ca]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
[signer]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
[req]
distinguished_name = dn
[dn]
"""


class Authority:
    """Answers at `url`; `roots` is its root certificate. `chain` sends certificates as some do."""

    def __init__(self, folder: Path, *, chain: bool = False) -> None:
        self.folder, self.chain, self.asked = folder, chain, 0
        self.roots = folder / "root.pem"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "serial").write_text("01")
        (folder / "tsa.cnf").write_text(CONFIG.format(folder))
        self._certificate("root", ["-x509", "-extensions", "ca"])
        self._certificate("signer", [])
        self._openssl("x509", "-req", "-in", "signer.csr", "-CA", "root.pem", "-CAkey", "root.key",
                      "-CAcreateserial", "-days", "3650", "-out", "signer.pem", "-extfile",
                      "tsa.cnf", "-extensions", "signer")

    def __enter__(self) -> Authority:
        authority = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                answer = authority.answer(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(200)
                self.send_header("Content-Type", "application/timestamp-reply")
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_: object) -> None:
                pass

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, request: bytes) -> bytes:
        """Return the signed answer (DER) to a request."""
        self.asked += 1
        (self.folder / "request").write_bytes(request)
        chain = ["-chain", "root.pem"] if self.chain else []
        self._openssl("ts", "-reply", "-config", "tsa.cnf", "-section", "tsa", "-queryfile",
                      "request", "-inkey", "signer.key", "-signer", "signer.pem", *chain,
                      "-out", "answer")
        return (self.folder / "answer").read_bytes()

    def _certificate(self, name: str, options: list[str]) -> None:
        ending = "pem" if options else "csr"
        self._openssl("req", "-new", "-newkey", "rsa:2048", "-nodes", "-config", "tsa.cnf",
                      "-subj", f"/CN={name}", "-keyout", f"{name}.key", "-out", f"{name}.{ending}",
                      *(["-days", "3650", *options] if options else []))

    def _openssl(self, *words: str) -> None:
        subprocess.run(["openssl", *words], cwd=self.folder, check=True, capture_output=True)
