"""S3's requests to the one address in the settings, and what its errors mean.

Only what the settings and the vault hold is used: no profile, no environment, no proxy, no keys of
the computer that it runs on. Nothing goes to another host, whatever a redirect says.
"""

from __future__ import annotations

import io
import os
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from bevara.archive.receivers import Stopped
from bevara.archive.receivers.pace import Pace
from bevara.archive.receivers.settings import S3_SECRET, Settings
from bevara.diary.channels import Passing, Permanent, http
from bevara.diary.channels.http import NoAnswer
from bevara.diary.delivery import vault
from bevara.web.translations import N_

STEP, SILENCE = 15.0, 60.0
REGION = "us-east-1"
"""What a server that has no regions is signed for."""
NO_ANSWER = N_("Arkivets lagring svarar inte.")
NO_S3 = N_("Det som svarar är ingen S3-lagring som Bevara kan tala med.")
BAD_ADDRESS = N_("Adressen till arkivets lagring går inte att använda. Den ska börja med https://.")
NOT_TRUSTED = N_("Certifikatet hos arkivets lagring är inte betrott.")
LOGIN = N_("Arkivets lagring släppte inte in Bevara. Kontrollera nyckeln hos arkivet.")
GONE = N_("Lagringsytan hos arkivet finns inte. Fråga arkivet vad den heter.")
MOVED = N_("Arkivets lagring hänvisade till en annan adress. Bevara följer inga hänvisningar.")
CLOCK = N_("Datorns klocka går fel, så arkivets lagring släppte inte in Bevara.")
LATER = ("SlowDown", "RequestTimeout", "OperationAborted", "ConditionalRequestConflict",
         "BadDigest", "XAmzContentSHA256Mismatch", "IncompleteBody")
"""Codes of what may go the next time: the server is busy, or the bytes were harmed on the way."""
_ONE_AT_A_TIME = threading.Lock()
"""A session makes one client at a time."""
NOT_LET_IN = ("AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidSecurity")


def opened(how: Settings, trust: str | None = None) -> Any:
    """Return botocore's client; raise `Passing`, `Permanent`, or `Invalid` without a secret.

    Without `trust` the certificates are those of `SSL_CERT_FILE` or the system's file of them,
    else the ones that botocore brings along, which know no authority of the municipality's own.
    """
    from botocore.config import Config

    try:
        http.checked(how.endpoint)
    except NoAnswer:
        raise Passing(NO_ANSWER) from None
    except Permanent:
        raise Permanent(BAD_ADDRESS) from None
    secret = vault.read(S3_SECRET)
    config = Config(
        connect_timeout=STEP, read_timeout=SILENCE, proxies={}, signature_version="s3v4",
        # A repeated PUT whose answer was lost would be a second version of the object.
        retries={"mode": "standard", "total_max_attempts": 1},
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required", s3={"addressing_style": "path"})
    with _ONE_AT_A_TIME:
        client = session().create_client(
            "s3", region_name=how.region or REGION, endpoint_url=how.endpoint,
            verify=trust or ssl.get_default_verify_paths().cafile or True,
            aws_access_key_id=how.access_key, aws_secret_access_key=secret, config=config)
    host = urlsplit(how.endpoint).netloc.lower()

    def stays(request: Any, **_: Any) -> None:
        if urlsplit(request.url).netloc.lower() != host:
            raise Permanent(MOVED)

    client.meta.events.register("before-send.s3", stays)
    return client


@cache
def session() -> Any:
    """Return botocore's own memory of what S3 is, which takes a third of a second to read."""
    from botocore.session import Session

    nowhere = (None, None, os.devnull, None)
    return Session(session_vars={
        "profile": (None, None, None, None), "config_file": nowhere, "credentials_file": nowhere})


@contextmanager
def paced(client: Any, pace: Pace) -> Iterator[None]:
    """Let what is sent meanwhile go at the pace, also within one request."""
    def slowed(request: Any, **_: Any) -> None:
        if isinstance(request.body, io.BytesIO):
            request.body = _Paced(request.body.getvalue(), pace)

    client.meta.events.register("before-send.s3", slowed)
    try:
        yield
    finally:
        client.meta.events.unregister("before-send.s3", slowed)


@contextmanager
def told() -> Iterator[None]:
    """Turn botocore's errors into `Passing` and `Permanent`; `Stopped` passes through."""
    from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError, SSLError
    from botocore.parsers import ResponseParserError
    from urllib3.exceptions import HTTPError

    try:
        yield
    except ClientError as error:
        raise _said(code_of(error), status_of(error)) from error
    except SSLError as error:
        raise Permanent(NOT_TRUSTED) from error
    except HTTPClientError as error:
        cause = error.kwargs.get("error")
        if isinstance(cause, (Stopped, Permanent)):
            raise cause from None
        raise Passing(NO_ANSWER) from error
    except (ResponseParserError, KeyError) as error:
        raise Passing(NO_S3) from error
    except (BotoCoreError, HTTPError, OSError) as error:
        raise Passing(NO_ANSWER) from error


def code_of(error: Any) -> str:
    """Return S3's code of an error, or its status where the answer has no body."""
    return str(error.response.get("Error", {}).get("Code", ""))


def status_of(error: Any) -> int:
    """Return the status of an error's answer."""
    return int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))


def _said(code: str, status: int) -> Exception:
    if code in LATER or status >= 500 or status == 429:
        return Passing(f"Arkivets lagring tog inte emot paketet just nu (svar {status}).")
    if 300 <= status < 400:
        return Permanent(MOVED)
    if code == "NoSuchBucket":
        return Permanent(GONE)
    if code == "RequestTimeTooSkewed":
        return Permanent(CLOCK)
    if code in NOT_LET_IN or status in (401, 403):
        return Permanent(LOGIN)
    return Permanent(f"Arkivets lagring tog inte emot paketet (svar {status}).")


class _Paced(io.BytesIO):
    """A body that is read no faster than it may go."""

    def __init__(self, data: bytes, pace: Pace) -> None:
        super().__init__(data)
        self._pace = pace

    def read(self, size: int | None = -1) -> bytes:
        data = super().read(min(size, self._pace.chunk) if size and size > 0 else self._pace.chunk)
        self._pace.waited(len(data))
        return data
