"""`bevara open`, `pair` and `user`: ask the Bevara that is running, by its folder's own token."""

from __future__ import annotations

import argparse
import ssl
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from urllib.parse import urlencode

from bevara.config import ANYWHERE, Config
from bevara.errors import BevaraError, Invalid

NOT_RUNNING = "Bevara är inte igång."
START = "Starta det med bevara serve."


def open_desk(_options: argparse.Namespace) -> int:
    """Print a new one-time address of the running Bevara; *gemensam* its address."""
    print(ask("open"))
    return 0


def pair(_options: argparse.Namespace) -> int:
    """Print a new pairing code of the running Bevara."""
    print(ask("pair"))
    return 0


def user_arguments(parser: argparse.ArgumentParser) -> None:
    """Take what to do, a name, and roles."""
    from bevara.identity import users

    parser.add_argument("what", choices=("add", "address"), metavar="add|address",
                        help="lägg till en användare, eller skriv en ny adress för lösenordet")
    parser.add_argument("name", metavar="NAMN", help="för- och efternamn")
    parser.add_argument("--role", action="append", default=[], choices=sorted(users.ROLES),
                        metavar="ROLL", help=f"en roll, kan upprepas: {', '.join(users.ROLES)}")


def user(options: argparse.Namespace) -> int:
    """Print the one-time address where a new user, or one who forgot, chooses a password."""
    fields = [("name", options.name), *(("roles", one) for one in options.role)]
    print(ask(f"user-{options.what}", fields))
    return 0


def ask(what: str, fields: list[tuple[str, str]] | None = None) -> str:
    """Return what the running Bevara answers; raise `Invalid` with what it refuses."""
    config = Config.from_env()
    path = config.data_dir / "control.token"
    if not path.exists():
        raise Invalid("data_dir", NOT_RUNNING, START)
    try:
        status, text = _post(config, what, path.read_text(), urlencode(fields or []))
    except (OSError, HTTPException):
        raise Invalid("port", "Bevara svarar inte.", START) from None
    if status != 200:
        raise BevaraError(text)
    return text


def _post(config: Config, what: str, token: str, body: str) -> tuple[int, str]:
    connection = _connection(config)
    try:
        connection.connect()
        _check_who_answers(connection, config)
        headers = {"Authorization": f"Bearer {token}",
                   "Content-Type": "application/x-www-form-urlencoded"}
        if config.shared:
            from bevara.web import hosts

            headers["Host"] = hosts.desk_host("", config)
        connection.request("POST", f"/control/{what}", body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def _connection(config: Config) -> HTTPConnection:
    if not config.shared:
        return HTTPConnection("127.0.0.1", config.port, timeout=10)
    host = "127.0.0.1" if config.shared.listen == ANYWHERE else config.shared.listen
    unchecked = ssl.create_default_context()
    unchecked.check_hostname, unchecked.verify_mode = False, ssl.CERT_NONE
    return HTTPSConnection(host, config.port, timeout=10, context=unchecked)


def _check_who_answers(connection: HTTPConnection, config: Config) -> None:
    """Give the token to nobody who lacks the very certificate that Bevara has been given."""
    if config.shared and isinstance(connection.sock, ssl.SSLSocket):
        shown = connection.sock.getpeercert(binary_form=True)
        if shown != _first_of(config.shared.certificate):
            raise Invalid("port", "Ett annat program svarar på Bevaras port.", START)


def _first_of(chain: Path) -> bytes:
    end = "-----END CERTIFICATE-----"
    text = chain.read_text(encoding="utf-8", errors="replace")
    begin = text.find("-----BEGIN CERTIFICATE-----")
    return ssl.PEM_cert_to_DER_cert(text[max(begin, 0):text.find(end) + len(end)])
