"""An archive that speaks S3, where an object is whole or not there, and an Object Lock keeps it.

S3 writes over: a second object of a name is a new version where versions are kept, else the only
one. So each name is asked for first, and put with `If-None-Match: *`, which not every server heeds.
What an object is, Bevara says itself (`x-amz-meta-sha256`) and reads back before the note says that
the delivery is whole: an ETag is no hash of an object in parts, and not all servers keep others.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from bevara.archive.receivers import (
    NOT_AS_SENT,
    OTHER_BYTES,
    TAKEN,
    Arrived,
    Parcel,
    ReceiptFile,
    Watch,
    answers,
    s3_client,
)
from bevara.archive.receivers.pace import Pace
from bevara.archive.receivers.s3_client import code_of, status_of, told
from bevara.archive.receivers.s3_upload import Object, begun, send, sweep
from bevara.archive.receivers.settings import COMPLIANCE, UNLOCKED, Settings
from bevara.diary.channels import Passing, Permanent, inbox
from bevara.diary.channels.inbox import Odd
from bevara.web.translations import N_

NO_LOCK = N_("Lagringsytan hos arkivet kan inte låsa paket. Be arkivet slå på Object Lock, eller "
             "välj att inte låsa.")
NOT_LOCKED = N_("Paketet kom fram, men är inte låst så som det är inställt. Fråga arkivet.")
NO_DECISION = N_("Paket får låsas så att ingen kan ta bort dem bara när ett beslut är angivet.")
NO_YEARS = N_("Hur många år paket ska vara låsta är inte inställt.")


class S3Receiver:
    """A bucket, and what comes before the names in it. `trust` is a file of certificates."""

    def __init__(self, how: Settings, trust: str | None = None) -> None:
        prefix = how.prefix.strip("/")
        self._how, self._trust = replace(how, prefix=f"{prefix}/" if prefix else ""), trust

    def try_out(self) -> None:
        """Begin an object and leave it, and see that the bucket locks if packages are to be."""
        where = {"Bucket": self._how.bucket, "Key": f"{self._how.prefix}.bevara-prov"}
        with told():
            self._can_lock()
            made = self._s3.create_multipart_upload(**where)
            self._s3.abort_multipart_upload(**where, UploadId=made["UploadId"])

    def put(self, parcel: Parcel, watch: Watch) -> Arrived:
        """Put the package and then its note; each is compared before the next step."""
        pace, prefix, bucket = Pace(watch), self._how.prefix, self._how.bucket
        package = Object(bucket, prefix + parcel.name, parcel.size, parcel.sha256,
                         lambda: parcel.path.open("rb"), True)
        note = Object(bucket, prefix + parcel.note, len(parcel.sidecar),
                      hashlib.sha256(parcel.sidecar).hexdigest(),
                      lambda: io.BytesIO(parcel.sidecar), False)
        where = f"s3://{bucket}/{package.key}"
        with told():
            there, noted = self._head(package), self._head(note)
            if there is None and noted is not None:
                raise Permanent(TAKEN)
            already = there is not None and noted is not None
            if not already:
                self._can_lock()
                there = self._whole(package, there, pace)
                self._whole(note, noted, pace)
            pace.stood(parcel.size)
            sweep(self._s3, package)
            return Arrived(where, _version(there), already)

    def receipts(self) -> Iterator[ReceiptFile]:
        """Give the receipts that lie beside the packages."""
        with told():
            sizes = self._names()
            yield from answers.read(sizes, lambda name: self._contents(name, sizes[name]))

    def settle(self, name: str, accepted: bool) -> None:
        """Copy a receipt to beside, and remove it where it lay; S3 moves nothing."""
        from botocore.exceptions import ClientError

        key = self._how.prefix + answers.checked(name)
        to = inbox.TAKEN if accepted else inbox.REFUSED
        with told():
            try:
                self._s3.copy_object(
                    Bucket=self._how.bucket,
                    Key=f"{self._how.prefix}{to}/{answers.settled_name(name)}",
                    CopySource={"Bucket": self._how.bucket, "Key": key})
            except ClientError as error:
                if status_of(error) == 404 and code_of(error) != "NoSuchBucket":
                    return
                raise
            self._s3.delete_object(Bucket=self._how.bucket, Key=key)

    @cached_property
    def _s3(self) -> Any:
        return s3_client.opened(self._how, self._trust)

    def _can_lock(self) -> None:
        """Raise `Permanent` when objects are to be locked and the bucket says that it locks none.

        Who may put objects may be kept from asking; then the objects themselves tell.
        """
        from botocore.exceptions import ClientError

        if not self._lock():
            return
        try:
            self._s3.get_object_lock_configuration(Bucket=self._how.bucket)
        except ClientError as error:
            if code_of(error) == "ObjectLockConfigurationNotFoundError":
                raise Permanent(NO_LOCK) from error
            if status_of(error) != 403:
                raise

    def _head(self, item: Object) -> dict[str, Any] | None:
        """Return what S3 says of an object, or None; raise `Permanent` when it is another one."""
        from botocore.exceptions import ClientError

        try:
            found: dict[str, Any] = self._s3.head_object(**item.where)
        except ClientError as error:
            # HEAD has no body, so a missing bucket looks like a missing object until it is put to.
            if status_of(error) == 404:
                return None
            raise
        if (found["ContentLength"] != item.size
                or found.get("Metadata", {}).get("sha256") != item.sha256):
            raise Permanent(OTHER_BYTES)
        return found

    def _whole(self, item: Object, there: dict[str, Any] | None, pace: Pace) -> dict[str, Any]:
        """See that an object is there, locked and as it was sent; return what S3 says of it."""
        lock = self._lock()
        if there is None:
            upload = begun(self._s3, item)
            there = self._head(item)
        if there is None:
            send(self._s3, item, pace, lock, upload)
            there = self._head(item)
        if there is None:
            raise Passing(NOT_AS_SENT)
        version = _version(there)
        if lock and not self._is_locked(there):
            self._lock_now(item, version, lock)
        found, named = hashlib.sha256(), {"VersionId": version} if version else {}
        with self._s3.get_object(**item.where, **named)["Body"] as body:
            while data := body.read(pace.chunk):
                found.update(data)
                pace.waited(len(data))
        if found.hexdigest() != item.sha256:
            raise Permanent(OTHER_BYTES)
        return there

    def _lock(self) -> dict[str, Any]:
        """Return how S3 is asked to lock an object; raise `Permanent` for what is not decided."""
        how = self._how
        held = {"ObjectLockLegalHoldStatus": "ON"} if how.legal_hold else {}
        if how.lock == UNLOCKED:
            return held
        if how.lock == COMPLIANCE and not how.lock_decision:
            raise Permanent(NO_DECISION)
        if how.lock_years < 1:
            raise Permanent(NO_YEARS)
        return {"ObjectLockMode": how.lock.upper(),
                "ObjectLockRetainUntilDate": in_years(datetime.now(UTC), how.lock_years), **held}

    def _lock_now(self, item: Object, version: str | None, lock: dict[str, Any]) -> None:
        """Lock an object that is not: radosgw 16 forgets what was asked when parts are begun."""
        one = {**item.where, **({"VersionId": version} if version else {})}
        if "ObjectLockMode" in lock:
            self._s3.put_object_retention(**one, Retention={
                "Mode": lock["ObjectLockMode"],
                "RetainUntilDate": lock["ObjectLockRetainUntilDate"]})
        if "ObjectLockLegalHoldStatus" in lock:
            self._s3.put_object_legal_hold(
                **one, LegalHold={"Status": lock["ObjectLockLegalHoldStatus"]})
        if not self._is_locked(self._s3.head_object(**one)):
            raise Permanent(NOT_LOCKED)

    def _is_locked(self, there: dict[str, Any]) -> bool:
        held = not self._how.legal_hold or there.get("ObjectLockLegalHoldStatus") == "ON"
        return held and (self._how.lock == UNLOCKED
                         or there.get("ObjectLockMode") == self._how.lock.upper())

    def _names(self) -> dict[str, int]:
        pages = self._s3.get_paginator("list_objects_v2").paginate(
            Bucket=self._how.bucket, Prefix=self._how.prefix, Delimiter="/")
        return {one["Key"].removeprefix(self._how.prefix): one["Size"]
                for page in pages for one in page.get("Contents", [])}

    def _contents(self, name: str, size: int) -> bytes:
        if size > inbox.LARGEST:
            raise Odd(inbox.OVERSIZED)
        with self._s3.get_object(
                Bucket=self._how.bucket, Key=self._how.prefix + name)["Body"] as body:
            data: bytes = body.read(inbox.LARGEST + 1)
        if len(data) > inbox.LARGEST:
            raise Odd(inbox.OVERSIZED)
        return data


def in_years(now: datetime, years: int) -> datetime:
    """Return the same day so many years on, in whole seconds; 29 February may become 1 March."""
    with suppress(ValueError):
        return now.replace(year=now.year + years, microsecond=0)
    return now.replace(year=now.year + years, month=3, day=1, microsecond=0)


def _version(found: dict[str, Any] | None) -> str | None:
    """Return an object's version, or None where the bucket keeps none."""
    version = (found or {}).get("VersionId")
    return None if version in (None, "null") else str(version)
