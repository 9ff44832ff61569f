"""A *gemensam* Bevara in this process, its users with passwords, and their browsers."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bevara.app import create_app
from bevara.config import Config, Shared
from bevara.identity import users
from tests.client import Bevara, HeldClock

HOST = "bevara.storkoping.test"
PORT = 47470
AT = f"{HOST}:{PORT}"
PASSWORD = "fyra gröna ord här"
CHEAP = 32
"""KiB per password: a test of what a password leads to waits for none."""


def certificate(folder: Path, *names: str) -> Shared:
    """Make a self-signed certificate for the names and 127.0.0.1; return the settings with it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, names[0])])
    now = datetime.datetime.now(datetime.UTC)
    made = (x509.CertificateBuilder().subject_name(name).issuer_name(name)
            .public_key(key.public_key()).serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=60))
            .add_extension(x509.SubjectAlternativeName(
                [*map(x509.DNSName, names), x509.IPAddress(ip_address("127.0.0.1"))]), False)
            .sign(key, hashes.SHA256()))
    folder.mkdir(parents=True, exist_ok=True)
    pem, secret = folder / "chain.pem", folder / "key.pem"
    pem.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption()))
    return Shared(names, pem, secret, "127.0.0.1")


class House(Bevara):
    """A Bevara that stands shared, in `folder`, with cheap passwords."""

    def __init__(self, folder: Path, shared: Shared, port: int = PORT) -> None:
        self.clock = HeldClock()
        config = Config(folder, port, "Storköpings kommun", shared=shared, password_memory=CHEAP)
        self.app = create_app(config, self.clock)
        self.rooms = self.app.extensions["bevara"]

    def user(self, name: str, *roles: str) -> str:
        """Add a user who has chosen `PASSWORD`; return the id."""
        store = self.rooms.real_store
        id_ = users.add(store, name, roles, users.COMMAND_LINE)
        users.set_password(store, id_, self.rooms.passwords.hashed(PASSWORD), name)
        return id_

    def person(self, name: str, *roles: str) -> Person:
        """Add a user and return the browser where she is signed in."""
        self.user(name, *roles)
        person = Person(self)
        assert person.sign_in(name).status_code == 303
        return person


class Person:
    """One browser that speaks https with a shared Bevara."""

    def __init__(self, house: House) -> None:
        self.house, self.host, self.csrf = house, AT, ""
        self.http: FlaskClient = house.app.test_client()

    def sign_in(self, name: str, password: str = PASSWORD, till: str = "") -> TestResponse:
        answer = self.post(f"/logga-in{till}", {"name": name, "password": password})
        if answer.status_code == 303:
            self.csrf = self.house.rooms.sessions.ongoing()[0].csrf
        return answer

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.http.get(path, base_url=f"https://{self.host}", headers=headers)

    def post(self, path: str, form: dict[str, str | list[str]] | None = None,
             **headers: str) -> TestResponse:
        return self.http.post(path, data={"csrf": self.csrf, **(form or {})},
                              base_url=f"https://{self.host}", headers=headers)

    def cookie(self) -> str | None:
        """Return the session's cookie."""
        found = self.http.get_cookie("__Host-bevara", domain=HOST)
        return found.value if found else None


@contextmanager
def shared_house(folder: Path) -> Iterator[House]:
    """Give a shared Bevara and close it."""
    house = House(folder / "data", certificate(folder / "tls", HOST, "annat.storkoping.test"))
    try:
        yield house
    finally:
        house.close()
