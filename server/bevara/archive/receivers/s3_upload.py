"""Send one object to a bucket: in one request, or in parts that a later try goes on from."""

from __future__ import annotations

import base64
import hashlib
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


def send(s3: Any, item: Object, pace: Pace, lock: dict[str, Any]) -> None:
    """Send an object unless its name is taken meanwhile, which the caller has to look for.

    Raises `Permanent` when the file here is not what it was, and botocore's errors.
    """
    extra = {"Metadata": {"sha256": item.sha256}, **lock}
    with item.opened() as source, paced(s3, pace):
        if item.size > PART:
            _in_parts(s3, item, source, pace, extra)
            return
        data = source.read(PART + 1)
        if hashlib.sha256(data).hexdigest() != item.sha256:
            raise Permanent(CHANGED)
        _once(s3.put_object, **item.where, Body=data, ContentMD5=_md5(data), **extra)
        if item.tells:
            pace.stood(item.size)


def _in_parts(
    s3: Any, item: Object, source: BinaryIO, pace: Pace, extra: dict[str, Any]
) -> None:
    known, size = hashlib.sha256(), max(PART, -(-item.size // MOST_PARTS))
    upload, there = _begun(s3, item, extra)
    parts: list[dict[str, Any]] = []
    while data := source.read(size):
        known.update(data)
        number, digest = len(parts) + 1, hashlib.md5(data, usedforsecurity=False).hexdigest()
        tag = there.get(number, "")
        if tag.strip('"') != digest:
            tag = s3.upload_part(**item.where, UploadId=upload, PartNumber=number, Body=data,
                                 ContentMD5=_md5(data))["ETag"]
        parts.append({"PartNumber": number, "ETag": tag})
        pace.stood(source.tell())
    if known.hexdigest() != item.sha256:
        s3.abort_multipart_upload(**item.where, UploadId=upload)
        raise Permanent(CHANGED)
    _once(s3.complete_multipart_upload, **item.where, UploadId=upload,
          MultipartUpload={"Parts": parts})


def _begun(s3: Any, item: Object, extra: dict[str, Any]) -> tuple[str, dict[int, str]]:
    """Return an upload of this object and the parts that are there; abandon its others."""
    found = s3.list_multipart_uploads(Bucket=item.bucket, Prefix=item.key).get("Uploads", [])
    own = sorted((one for one in found if one["Key"] == item.key),
                 key=lambda one: (one["Initiated"], one["UploadId"]))
    oldest = datetime.now(UTC) - timedelta(seconds=OLD)
    goes_on = own.pop()["UploadId"] if own and own[-1]["Initiated"] > oldest else None
    for one in own:
        s3.abort_multipart_upload(**item.where, UploadId=one["UploadId"])
    if goes_on is None:
        return s3.create_multipart_upload(**item.where, **extra)["UploadId"], {}
    pages = s3.get_paginator("list_parts").paginate(**item.where, UploadId=goes_on)
    return goes_on, {part["PartNumber"]: part["ETag"]
                     for page in pages for part in page.get("Parts", [])}


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
