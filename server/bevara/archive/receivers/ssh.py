"""A login to the archive's SFTP server, which is known by the key in the settings or not at all.

No known_hosts, no agent and no configuration of the user's is read, and nothing new is trusted.
"""

from __future__ import annotations

import errno
import hmac
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bevara.archive.receivers.host_key import fingerprint, pinned
from bevara.archive.receivers.settings import SFTP_SECRET, Settings
from bevara.diary.channels import Passing, Permanent
from bevara.diary.delivery import vault
from bevara.errors import Invalid
from bevara.web.translations import N_

if TYPE_CHECKING:
    from paramiko import PKey, SFTPClient, Transport

STEP, SILENCE = 15.0, 60.0
"""Seconds for each step of the login, and for any answer after it."""
RSA = ("rsa-sha2-512", "rsa-sha2-256")
"""What an `ssh-rsa` key signs with (RFC 8332); SHA-1 is refused."""
NO_ANSWER = N_("Arkivets server svarar inte.")
NO_SSH = N_("Det som svarar är ingen SFTP-server som Bevara kan tala med.")
NO_KEY = N_("Arkivets värdnyckel saknas eller är felskriven. Be arkivet om den.")
LOGIN = N_("Arkivets server släppte inte in Bevara. Kontrollera användare och nyckel hos arkivet.")
BAD_KEY = N_("Nyckelfilen till arkivets server går inte att läsa. Be IT kontrollera den.")
GONE = N_("Katalogen på arkivets server finns inte. Fråga arkivet vad den heter.")
READ_ONLY = N_("Bevara får inte skriva i katalogen på arkivets server.")
FAULTY = N_("Arkivets server tog inte emot filen. Det kan vara fullt där.")
WORDS = {errno.ENOENT: GONE, errno.ENOTDIR: GONE, errno.EACCES: READ_ONLY, None: FAULTY}


@contextmanager
def connected(how: Settings) -> Iterator[SFTPClient]:
    """Give the server's files; raise `Passing`, `Permanent`, or `Invalid` without a password."""
    from paramiko import SFTPClient, SSHException, Transport

    try:
        opened = socket.create_connection((how.host, how.port), timeout=STEP)
    except OSError as error:
        raise Passing(NO_ANSWER) from error
    transport = Transport(opened)
    try:
        _known(transport, how.host_key)
        _log_in(transport, how)
        client = SFTPClient.from_transport(transport)
        client.get_channel().settimeout(SILENCE)
        yield client
    except (SSHException, EOFError) as error:
        raise Passing(NO_ANSWER) from error
    finally:
        transport.close()
        opened.close()


def words(error: Exception) -> str:
    """Return a plain sentence for an error of the server's files."""
    if isinstance(error, OSError) and not isinstance(error, (TimeoutError, ConnectionError)):
        return WORDS.get(error.errno, NO_ANSWER)
    return NO_ANSWER


def _known(transport: Transport, text: str) -> None:
    """Begin to speak, and raise `Permanent` unless it is with the server of the settings."""
    from paramiko import SSHException
    from paramiko.ssh_exception import IncompatiblePeer

    expected = pinned(text)
    if expected is None:
        raise Permanent(NO_KEY)
    kind, wanted = expected
    try:
        if kind:
            transport.get_security_options().key_types = RSA if kind == "ssh-rsa" else (kind,)
        transport.start_client(timeout=STEP)
        shown = fingerprint(transport.get_remote_server_key().asbytes())
    except IncompatiblePeer as error:
        raise Permanent(NO_SSH) from error
    except ValueError as error:
        raise Permanent(NO_KEY) from error
    except (SSHException, EOFError, OSError) as error:
        raise Passing(NO_ANSWER) from error
    if not hmac.compare_digest(shown, wanted):
        raise Permanent(f"Arkivets server visade en annan värdnyckel ({shown}) än den som är "
                        "inställd. Inget är skickat. Fråga arkivet om de har bytt nyckel.")


def _log_in(transport: Transport, how: Settings) -> None:
    from paramiko import AuthenticationException

    try:
        if how.key_file:
            more = transport.auth_publickey(how.user, _key(how.key_file))
        else:
            more = transport.auth_password(how.user, vault.read(SFTP_SECRET), fallback=False)
    except AuthenticationException as error:
        raise Permanent(LOGIN) from error
    if more:
        raise Permanent(LOGIN)


def _key(path: str) -> PKey:
    """Return the private key; its passphrase, if it has one, is in the vault."""
    from paramiko import PKey, SSHException
    from paramiko.pkey import UnknownKeyType

    try:
        return PKey.from_path(Path(path))
    except (TypeError, ValueError, SSHException, UnknownKeyType, OSError):
        pass
    try:
        return PKey.from_path(Path(path), vault.read(SFTP_SECRET).encode())
    except (TypeError, ValueError, SSHException, UnknownKeyType, OSError, Invalid):
        raise Permanent(BAD_KEY) from None
