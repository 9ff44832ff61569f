"""The receiver that is chosen: kept, tried, and opened for whoever brings a package."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bevara.archive import agreement
from bevara.archive.receivers import Receiver, folder, settings
from bevara.archive.receivers.settings import Settings
from bevara.config import Config
from bevara.diary.channels import place

VARIABLES = {settings.SFTP: settings.SFTP_SECRET.variable, settings.S3: settings.S3_SECRET.variable}
"""What IT names a file of secrets with, by the kind of receiver."""


def choose(config: Config, form: Mapping[str, str], types: list[str]) -> None:
    """Keep what is agreed and the receiver; raise `Invalid` naming a field, and keep neither."""
    how = settings.checked(form)
    if how.kind == settings.FOLDER:
        how = replace(how, folder=place.choose(config, how.folder, folder.ARCHIVE))
    agreement.change(config, form, types)
    settings.keep(config, how)


def opened(how: Settings) -> Receiver | None:
    """Return the receiver, or None when a person carries the file; raise `Invalid`, `Permanent`."""
    if how.kind == settings.FOLDER:
        return folder.FolderReceiver(how.folder)
    if how.kind == settings.SFTP:
        from bevara.archive.receivers.sftp import SftpReceiver

        return SftpReceiver(how)
    if how.kind == settings.S3:
        from bevara.archive.receivers.s3 import S3Receiver

        return S3Receiver(how)
    return None


def try_out(config: Config) -> None:
    """Try the receiver; raise `Passing`, `Permanent` or `Invalid`."""
    receiver = opened(settings.read(config))
    if receiver:
        receiver.try_out()
