"""Reach the Bevara that runs on this computer, however it stands; and no other program."""

from __future__ import annotations

import ssl
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path

from bevara.config import ANYWHERE, Config
from bevara.errors import Invalid


def reach(config: Config, timeout: float) -> HTTPConnection:
    """Return an open connection to Bevara's port.

    Raises `OSError` when nothing answers. *Gemensam* it raises `Invalid` when what answers lacks
    the very certificate that Bevara has been given: names and issuers say less than that.
    """
    if not config.shared:
        plain = HTTPConnection("127.0.0.1", config.port, timeout=timeout)
        plain.connect()
        return plain
    unchecked = ssl.create_default_context()
    unchecked.check_hostname, unchecked.verify_mode = False, ssl.CERT_NONE
    host = "127.0.0.1" if config.shared.listen == ANYWHERE else config.shared.listen
    secure = HTTPSConnection(host, config.port, timeout=timeout, context=unchecked)
    secure.connect()
    shown = secure.sock.getpeercert(binary_form=True) if secure.sock else None
    if shown != first_of(config.shared.certificate):
        secure.close()
        raise Invalid("port", "Ett annat program svarar på Bevaras port, eller så har Bevara "
                      "inte startats om sedan certifikatet byttes.", "Starta om bevara serve.")
    return secure


def host_header(config: Config) -> dict[str, str]:
    """Return the header that says whom a request over `reach` is for."""
    from bevara.web import hosts

    return {"Host": hosts.desk_host("", config)} if config.shared else {}


def first_of(chain: Path) -> bytes:
    """Return the first certificate of a PEM file, as it is sent."""
    end = "-----END CERTIFICATE-----"
    text = chain.read_text(encoding="utf-8", errors="replace")
    begin = text.find("-----BEGIN CERTIFICATE-----")
    return ssl.PEM_cert_to_DER_cert(text[max(begin, 0):text.find(end) + len(end)])
