"""The settings choose the receiver, and a Bevara that sends nothing reads none of their libraries."""

from __future__ import annotations

import subprocess
import sys

import pytest

from bevara.archive.receivers import settings
from bevara.archive.receivers.folder import FolderReceiver
from bevara.archive.receivers.s3 import S3Receiver
from bevara.archive.receivers.settings import Settings
from bevara.archive.receivers.sftp import SftpReceiver
from bevara.archive.receivers.ways import opened


@pytest.mark.parametrize(("kind", "receiver"), [
    (settings.FOLDER, FolderReceiver), (settings.SFTP, SftpReceiver), (settings.S3, S3Receiver),
    (settings.NONE, type(None)), (settings.FILE, type(None))])
def test_each_kind_has_its_receiver(kind: str, receiver: type) -> None:
    assert type(opened(Settings(kind))) is receiver


def test_no_library_of_a_receiver_is_read_before_something_is_sent() -> None:
    said = ("import sys\nfrom bevara.archive.receivers import settings\n"
            "from bevara.archive.receivers.ways import opened\n"
            "[opened(settings.Settings(kind)) for kind in ('folder', 'sftp', 's3')]\n"
            "print(sorted({'paramiko', 'botocore'} & set(sys.modules)))")
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
