"""Send a letter through a mail server (RFC 5321), always over TLS and logged in.

The point of no return is the message itself: a server that took it and was cut off before its
answer may have it. Two mails with one Message-ID both arrive, so that nothing is repeated then.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from bevara.diary.channels import Begin, Passing, Permanent, Unknown
from bevara.diary.delivery import vault
from bevara.diary.delivery.settings import Settings

TIMEOUT = 60
"""Seconds for each step; all of them together are less than a delivery's lease."""
NO_ANSWER = "E-postservern svarar inte."
NOT_TRUSTED = "E-postserverns certifikat är inte betrott."
NO_TLS = "E-postservern har varken TLS eller inloggning som Bevara kan."
CUT_OFF = "Förbindelsen bröts innan e-postservern svarade."
LOGIN, REFUSED, LATER = "inloggningen", "meddelandet", "just nu"


def send(data: bytes, how: Settings, begin: Begin, trust: str | None = None) -> None:
    """Send the message `data`; call `begin` just before the server may have it.

    `trust` is a file of certificates to trust instead of the computer's. Raises `Passing`,
    `Permanent` or `Unknown`, and `Invalid` when the password cannot be read.
    """
    with _connected(how, trust) as server:
        _envelope(server, how)
        begun = False
        try:
            _step(server.docmd("DATA"), REFUSED)
            begin()
            begun = True
            answer = _body(server, data)
        except (OSError, smtplib.SMTPException) as error:
            raise (Unknown(CUT_OFF) if begun else Passing(NO_ANSWER)) from error
        _step(answer, REFUSED)


def try_out(how: Settings, trust: str | None = None) -> None:
    """Do all of it but the message, and take it back; raise as `send` does."""
    with _connected(how, trust) as server:
        _envelope(server, how)
        with suppress(smtplib.SMTPException, OSError):
            server.rset()


def _envelope(server: smtplib.SMTP, how: Settings) -> None:
    try:
        _step(server.mail(how.sender), "avsändaren")
        _step(server.rcpt(how.to), "mottagaren")
    except (OSError, smtplib.SMTPException) as error:
        raise Passing(NO_ANSWER) from error


def _body(server: smtplib.SMTP, data: bytes) -> tuple[int, bytes]:
    quoted = data.replace(b"\r\n.", b"\r\n..")
    ended = quoted if quoted.endswith(b"\r\n") else quoted + b"\r\n"
    server.send(ended + b".\r\n")
    return server.getreply()


@contextmanager
def _connected(how: Settings, trust: str | None) -> Iterator[smtplib.SMTP]:
    secret, context = vault.read(vault.SMTP.of(how.diary)), ssl.create_default_context(cafile=trust)
    server = _opened(how, context)
    try:
        try:
            if how.security == "starttls":
                server.starttls(context=context)
            server.ehlo_or_helo_if_needed()
            server.login(how.user, secret)
        except smtplib.SMTPAuthenticationError as error:
            _step((error.smtp_code, b""), LOGIN)
        except smtplib.SMTPNotSupportedError:
            raise Permanent(NO_TLS) from None
        except ssl.SSLCertVerificationError as error:
            raise Permanent(NOT_TRUSTED) from error
        except smtplib.SMTPResponseException as error:
            _step((error.smtp_code, b""), LOGIN)
        except (OSError, smtplib.SMTPException) as error:
            raise Passing(NO_ANSWER) from error
        yield server
        with suppress(smtplib.SMTPException, OSError):
            server.quit()
    finally:
        server.close()


def _opened(how: Settings, context: ssl.SSLContext) -> smtplib.SMTP:
    try:
        if how.security == "tls":
            return smtplib.SMTP_SSL(how.host, int(how.port), timeout=TIMEOUT, context=context)
        return smtplib.SMTP(how.host, int(how.port), timeout=TIMEOUT)
    except ssl.SSLCertVerificationError as error:
        raise Permanent(NOT_TRUSTED) from error
    except (OSError, smtplib.SMTPException) as error:
        raise Passing(NO_ANSWER) from error


def _step(answer: tuple[int, bytes], what: str) -> None:
    """Raise unless the server said yes; its words, which may say anything, are not kept."""
    code = answer[0]
    if 400 <= code < 500:
        raise Passing(f"E-postservern tog inte emot {what} just nu (svar {code}).")
    if code >= 500 or code < 200:
        raise Permanent(f"E-postservern tog inte emot {what} (svar {code}).")
