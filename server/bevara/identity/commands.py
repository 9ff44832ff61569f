"""`bevara open`, `pair` and `user`: ask the Bevara that is running, by its folder's own token."""

from __future__ import annotations

import argparse
from contextlib import closing
from http.client import HTTPException
from urllib.parse import urlencode

from bevara.config import Config
from bevara.errors import BevaraError, Invalid
from bevara.identity import loopback

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
    with closing(loopback.reach(config, 10)) as connection:
        connection.request("POST", f"/control/{what}", body, {
            "Authorization": f"Bearer {token}", **loopback.host_header(config),
            "Content-Type": "application/x-www-form-urlencoded"})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
