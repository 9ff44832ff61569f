"""Where packages go: the archive's receiver, how to reach it, and what it may be given."""

from __future__ import annotations

from dataclasses import dataclass

from bevara.diary.delivery.vault import Secret
from bevara.web.translations import N_

NONE, FOLDER, SFTP, S3 = "none", "folder", "sftp", "s3"
GOVERNANCE, COMPLIANCE, UNLOCKED = "governance", "compliance", "none"
SFTP_SECRET = Secret("BEVARA_ARCHIVE_SFTP_PASSWORD_FILE", "archive-sftp",
                     N_("Lösenordet till arkivets server går inte att läsa."))


@dataclass(frozen=True)
class Settings:
    """The archive's receiver. `limit` is bytes each second, 0 for as fast as it goes.

    `host_key` is a line of a public key or a fingerprint (`SHA256:…`). `key_file` is the private
    key that logs in; without one the password in the vault does.
    """

    kind: str = NONE
    folder: str = ""
    host: str = ""
    port: int = 22
    user: str = ""
    key_file: str = ""
    host_key: str = ""
    directory: str = ""
    limit: int = 0
