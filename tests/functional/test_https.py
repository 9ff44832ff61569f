"""`bevara serve` as IT starts it for everybody: https from Bevara itself, and plain words when it
cannot be.
"""

from __future__ import annotations

import os
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPSConnection
from pathlib import Path
from urllib.parse import urlencode

import pytest

from bevara import __version__, cli
from tests.shared_house import PASSWORD, certificate

ROOT = Path(__file__).resolve().parents[2]
NAME = "bevara.storkoping.test"


class Serving:
    """A `bevara serve` in a process of its own, and what it is told."""

    def __init__(self, folder: Path) -> None:
        self.shared = certificate(folder / "tls", NAME)
        self.port = free_port()
        self.environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith("BEVARA_")},
            "PYTHONPATH": str(ROOT / "server"), "BEVARA_DATA_DIR": str(folder / "data"),
            "BEVARA_MODE": "gemensam", "BEVARA_HOSTS": NAME, "BEVARA_PORT": str(self.port),
            "BEVARA_LISTEN": "127.0.0.1", "BEVARA_CERTIFICATE": str(self.shared.certificate),
            "BEVARA_CERTIFICATE_KEY": str(self.shared.key)}

    def run(self, *arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
        environment = {key: value for key, value in (self.environment | changes).items() if value}
        return subprocess.run([sys.executable, "-m", "bevara", *arguments], env=environment,
                              capture_output=True, text=True, timeout=30, check=False)

    @contextmanager
    def serve(self) -> Iterator[None]:
        process = subprocess.Popen([sys.executable, "-m", "bevara", "serve"], env=self.environment,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        try:
            self.wait()
            yield
        finally:
            process.terminate()
            self.said = process.communicate(timeout=15)[0]

    def wait(self) -> None:
        for _ in range(150):
            try:
                assert self.ask("GET", "/health")[0] == 200
                return
            except OSError:
                time.sleep(0.1)
        raise AssertionError("it did not start")

    def ask(self, method: str, path: str, body: str | None = None, **headers: str
            ) -> tuple[int, dict[str, str], str]:
        """Ask as a browser that trusts this very certificate and checks the name in it."""
        trusting = ssl.create_default_context(cafile=str(self.shared.certificate))
        connection = HTTPSConnection("127.0.0.1", self.port, timeout=10, context=trusting)
        try:
            connection.request(method, path, body,
                               {"Host": f"{NAME}:{self.port}", **headers})
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read().decode()
        finally:
            connection.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_the_first_user_comes_from_the_command_line_and_signs_in_over_https(
    tmp_path: Path,
) -> None:
    serving = Serving(tmp_path)
    assert serving.run("user", "add", "Anna Berg", "--role", "administratör").returncode == 1
    with serving.serve():
        added = serving.run("user", "add", "Anna Berg", "--role", "administratör")
        address = added.stdout.strip()
        assert address.startswith(f"https://{NAME}:{serving.port}/valj-losenord/"), added
        path = address.partition(f":{serving.port}")[2]
        form = urlencode({"password": PASSWORD, "again": PASSWORD})
        media = {"Content-Type": "application/x-www-form-urlencoded"}
        status, headers, _ = serving.ask("POST", path, form, **media)
        assert (status, headers["Location"]) == (303, "/")
        cookie = headers["Set-Cookie"].partition(";")[0]
        status, headers, page = serving.ask("GET", "/anvandare", Cookie=cookie)
        assert status == 200 and "Anna Berg" in page
        assert headers["Strict-Transport-Security"]
        again = serving.run("user", "add", "anna berg", "--role", "moderator")
        assert again.returncode == 1 and "Namnet finns redan" in again.stderr
        assert "/valj-losenord/" in serving.run("user", "address", "Anna Berg").stdout
        assert serving.run("open").stdout.strip() == f"https://{NAME}:{serving.port}/"
        found = serving.run("doctor").stdout
        assert f"Bevara {__version__} svarar" in found and "Gäller till" in found
        other = certificate(tmp_path / "other", NAME)
        refused = serving.run("open", BEVARA_CERTIFICATE=str(other.certificate))
        assert refused.returncode == 1 and "Ett annat program" in refused.stderr
        with pytest.raises(OSError):
            old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
            old.maximum_version = ssl.TLSVersion.TLSv1_2
            old.set_ciphers("NULL")
            with socket.create_connection(("127.0.0.1", serving.port)) as plain:
                old.wrap_socket(plain)
        with socket.create_connection(("127.0.0.1", serving.port), timeout=10) as silent:
            started = time.monotonic()
            assert serving.ask("GET", "/health")[0] == 200
            assert time.monotonic() - started < 5, "one who says nothing keeps nobody waiting"
            silent.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            assert b"HTTP/1.1 2" not in silent.recv(100)
    assert f"https://{NAME}:{serving.port}/" in serving.said and "bevara user add" in serving.said


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Serving:
    """Set what IT sets, in this process."""
    serving = Serving(tmp_path)
    for name, value in serving.environment.items():
        monkeypatch.setenv(name, value)
    return serving


@pytest.mark.parametrize("name, value, said", [
    ("BEVARA_MODE", "kanske", "BEVARA_MODE kan inte vara"),
    ("BEVARA_HOSTS", "", "Värdnamnet saknas"),
    ("BEVARA_HOSTS", "https://bevara.test", "inget värdnamn"),
    ("BEVARA_CERTIFICATE", "", "BEVARA_CERTIFICATE är inte satt"),
    ("BEVARA_CERTIFICATE_KEY", "/finns/inte", "/finns/inte finns inte"),
    ("BEVARA_CERTIFICATE_KEY", "other", "går inte att använda"),
])
def test_it_does_not_start_without_what_https_needs_and_says_so(
    environment: Serving, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str], name: str, value: str, said: str
) -> None:
    other = certificate(tmp_path / "other", NAME)
    monkeypatch.setenv(name, str(other.key) if value == "other" else value)
    assert cli.main(["serve"]) == 1
    assert said in capsys.readouterr().err


def test_a_taken_port_is_said_to_be_so(
    environment: Serving, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", environment.port))
        taken.listen()
        assert cli.main(["serve"]) == 1
    assert f"port {environment.port}" in capsys.readouterr().err
