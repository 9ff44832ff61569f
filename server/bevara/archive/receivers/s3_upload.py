"""Send one object to a bucket in parts, however small, which a later try goes on from.

An upload in parts is completed once, so that what a sender asked for before it died can come late
and still makes no second version: radosgw 16 heeds no `If-None-Match`. For that, what was begun has
to be asked for before it is asked whether the object is there.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, BinaryIO

from bevara.archive.receivers import CHANGED
from bevara.archive.receivers.laying import OLD
from bevara.archive.receivers.pace import Pace
from bevara.archive.receivers.s3_client import code_of, paced, status_of
from bevara.diary.channels import Permanent

PART, MOST_PARTS = 8 << 20, 9000
"""The bytes of a part (S3 takes no smaller than 5 MiB), and fewer parts than its 10,000."""

PACKAGE = re.compile(r"[0-9a-f-]{36}\.zip")


@dataclass(frozen=True)
class Object:
    """One object of a delivery. `tells` says whether its bytes are the progress people see."""

    bucket: str
    key: str
    size: int
    sha256: str
    opened: Callable[[], BinaryIO]
    tells: bool

    @property
    def where(self) -> dict[str, str]:
        """Return what S3 calls its place."""
        return {"Bucket": self.bucket, "Key": self.key}


def begun(s3: Any, item: Object) -> str | None:
    """Return the newest upload of this object that can be gone on from."""
    own = sorted((one for one in _uploads(s3, item, item.key) if one["Key"] == item.key),
                 key=lambda one: (one["Initiated"], one["UploadId"]))
    return own[-1]["UploadId"] if own and not _is_old(own[-1]) else None


def send(s3: Any, item: Object, pace: Pace, lock: dict[str, Any], upload: str | None) -> None:
    """Send an object that is not there, going on from `upload` if it is one.

    Its name may be taken meanwhile, which the caller has to look for. Raises `Permanent` when the
    file here is not what it was, and botocore's errors.
    """
    there = _parts(s3, item, upload) if upload else {}
    upload = upload or s3.create_multipart_upload(
        **item.where, Metadata={"sha256": item.sha256}, **lock)["UploadId"]
    known, size = hashlib.sha256(), max(PART, -(-item.size // MOST_PARTS))
    parts: list[dict[str, Any]] = []
    with item.opened() as source, paced(s3, pace):
        while data := source.read(size):
            known.update(data)
            number, digest = len(parts) + 1, hashlib.md5(data, usedforsecurity=False).hexdigest()
            tag = there.get(number, "")
            if tag.strip('"') != digest:
                tag = s3.upload_part(**item.where, UploadId=upload, PartNumber=number, Body=data,
                                     ContentMD5=_md5(data))["ETag"]
            parts.append({"PartNumber": number, "ETag": tag})
            if item.tells:
                pace.stood(source.tell())
    if known.hexdigest() != item.sha256:
        s3.abort_multipart_upload(**item.where, UploadId=upload)
        raise Permanent(CHANGED)
    _once(s3.complete_multipart_upload, **item.where, UploadId=upload,
          MultipartUpload={"Parts": parts})


def _parts(s3: Any, item: Object, upload: str) -> dict[int, str]:
    pages = s3.get_paginator("list_parts").paginate(**item.where, UploadId=upload)
    return {part["PartNumber"]: part["ETag"] for page in pages for part in page.get("Parts", [])}


def sweep(s3: Any, item: Object) -> None:
    """Abandon what other tries began: of this object, which is whole, and what is old of others."""
    start = item.key[:item.key.rindex("/") + 1] if "/" in item.key else ""
    for one in _uploads(s3, item, start):
        own = PACKAGE.fullmatch(one["Key"].removeprefix(start))
        if one["Key"] == item.key or (own and _is_old(one)):
            s3.abort_multipart_upload(
                Bucket=item.bucket, Key=one["Key"], UploadId=one["UploadId"])


def _uploads(s3: Any, item: Object, prefix: str) -> list[dict[str, Any]]:
    pages = s3.get_paginator("list_multipart_uploads").paginate(
        Bucket=item.bucket, Prefix=prefix)
    return [one for page in pages for one in page.get("Uploads", [])]


def _is_old(upload: dict[str, Any]) -> bool:
    began: datetime = upload["Initiated"]
    return began < datetime.now(UTC) - timedelta(seconds=OLD)


def _once(call: Callable[..., Any], **said: Any) -> None:
    """Put an object where there is none, as far as the server heeds that.

    A name that was taken meanwhile is no error here, nor is an upload that is already complete:
    the caller compares what lies there.
    """
    from botocore.exceptions import ClientError

    try:
        call(IfNoneMatch="*", **said)
    except ClientError as error:
        if status_of(error) == 501:
            call(**said)
        elif status_of(error) != 412 and code_of(error) != "NoSuchUpload":
            raise


def _md5(data: bytes) -> str:
    return base64.b64encode(hashlib.md5(data, usedforsecurity=False).digest()).decode()
