"""One request to one address, guarded: TLS, the address that was checked, no redirect, and limits.

The name is looked up once and the connection goes to what was found and checked, so that a second
look-up cannot lead elsewhere. Link-local addresses, where clouds keep their keys, are refused.
"""

from __future__ import annotations

import ipaddress
import json
import socket
import ssl
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from bevara.diary.channels import Permanent
from bevara.web.translations import N_

STEP, WHOLE, LARGEST = 15.0, 60.0, 1 << 20
"""Seconds for one step and for the whole answer, and the bytes of an answer that are read."""
BAD_ADDRESS = N_("Adressen till diariet går inte att använda. Skriv en som börjar med https://.")
REFUSED_ADDRESS = N_("Adressen leder till en plats som Bevara inte ansluter till.")
NOT_TRUSTED = N_("Diariets certifikat är inte betrott.")
METADATA = (ipaddress.ip_address("fd00:ec2::254"), ipaddress.ip_address("100.100.100.200"),
            ipaddress.ip_address("192.0.0.192"))
"""Where some clouds keep keys outside the link-local nets."""
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class NoAnswer(Exception):
    """The counterpart did not answer, or not in time."""


@dataclass(frozen=True)
class Target:
    """A checked address: connect to `ip`, speak of `host`."""

    secure: bool
    host: str
    port: int
    path: str
    ip: str


@dataclass(frozen=True)
class Answer:
    """What came back. `data` is None when it was cut off or too large, whatever the status says."""

    status: int
    media_type: str
    data: bytes | None

    def json(self) -> Any:
        """Return the JSON in it, or None when it is none."""
        if self.data is None or not (self.media_type == "application/json"
                                     or self.media_type.endswith("+json")):
            return None
        try:
            return json.loads(self.data)
        except (ValueError, RecursionError):
            return None


class Call:
    """An open connection for one request."""

    def __init__(self, target: Target, trust: str | None) -> None:
        self._target = target
        if target.secure:
            context = ssl.create_default_context(cafile=trust)
            self._connection: HTTPConnection = HTTPSConnection(
                target.ip, target.port, timeout=STEP, ssl_context=context,
                server_hostname=target.host, assert_hostname=target.host)
        else:
            self._connection = HTTPConnection(target.ip, target.port, timeout=STEP)
        try:
            self._connection.connect()
        except ssl.SSLCertVerificationError:
            self._connection.close()
            raise Permanent(NOT_TRUSTED) from None
        except (OSError, HTTPError, HTTPException):
            self._connection.close()
            raise NoAnswer from None

    def post(self, body: bytes, media_type: str, headers: dict[str, str]) -> Answer:
        """Send the request and return the answer; raise `NoAnswer` when there is no status."""
        until = time.monotonic() + WHOLE
        clock = threading.Timer(WHOLE, self._cut)
        clock.start()
        try:
            self._connection.request("POST", self._target.path, body, {
                "Host": _host_header(self._target), "Content-Type": media_type,
                "Accept": "application/json", "Connection": "close", **headers},
                preload_content=False, decode_content=False)
            answer = self._connection.getresponse()
            media, _, _ = answer.headers.get("Content-Type", "").partition(";")
            return Answer(answer.status, media.strip().lower(), _read(answer, until))
        except (OSError, HTTPError, HTTPException, ValueError):
            raise NoAnswer from None
        finally:
            clock.cancel()

    def _cut(self) -> None:
        """End a connection that drips: the thread that reads from it gets an error or the end."""
        opened = self._connection.sock
        if opened is not None:
            with suppress(OSError):
                opened.shutdown(socket.SHUT_RDWR)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._connection.close()


def opened(url: str, trust: str | None = None) -> Call:
    """Connect to a checked address; raise `NoAnswer`, or `Permanent` for one that is refused.

    `trust` is a file of certificates to trust instead of the computer's.
    """
    return Call(checked(url), trust)


def checked(url: str) -> Target:
    """Look the address up and return where to connect; raise `NoAnswer`, `Permanent`."""
    parts = urlsplit(url)
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        raise Permanent(BAD_ADDRESS) from None
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.username is not None:
        raise Permanent(BAD_ADDRESS)
    try:
        found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NoAnswer from None
    ips = [_plain(str(one[4][0])) for one in found]
    if not ips or any(map(_refused, ips)):
        raise Permanent(REFUSED_ADDRESS)
    if parts.scheme == "http" and not all(ip.is_loopback for ip in ips):
        raise Permanent(BAD_ADDRESS)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme == "https", parts.hostname, port, path, str(ips[0]))


def is_loopback(host: str) -> bool:
    """Tell whether a host's name says that it is this computer."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _plain(text: str) -> Address:
    found = ipaddress.ip_address(text.partition("%")[0])
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return mapped or found


def _refused(ip: Address) -> bool:
    return (ip.is_link_local or ip.is_multicast or ip.is_unspecified or ip in METADATA
            or (ip.is_reserved and not ip.is_loopback))


def _host_header(target: Target) -> str:
    host = f"[{target.host}]" if ":" in target.host else target.host
    usual = 443 if target.secure else 80
    return host if target.port == usual else f"{host}:{target.port}"


def _read(answer: Any, until: float) -> bytes | None:
    held = b""
    try:
        while len(held) <= LARGEST and time.monotonic() < until:
            part = answer.read1(65536)
            if not part:
                wanted = answer.headers.get("Content-Length", "")
                whole = not wanted.isdigit() or int(wanted) == len(held)
                return held if whole else None
            held += part
    except (OSError, HTTPError, HTTPException):
        return None
    return None
