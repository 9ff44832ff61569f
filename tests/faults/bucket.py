"""A bucket of a test's own at an S3 server, looked into past the receiver."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from bevara.archive.receivers import Parcel
from bevara.archive.receivers.settings import Settings

PREFIX = "bevara/"


@dataclass(frozen=True)
class Bucket:
    """A bucket of a test's own, looked into past the receiver."""

    how: Settings
    client: Any

    @property
    def name(self) -> str:
        return self.how.bucket

    def versions(self, prefix: str = "") -> dict[str, list[str]]:
        """Return the versions of each object, newest first; a removed one is not there."""
        found: dict[str, list[str]] = {}
        pages = self.client.get_paginator("list_object_versions").paginate(
            Bucket=self.name, Prefix=prefix)
        for one in (one for page in pages for one in page.get("Versions", [])):
            found.setdefault(one["Key"], []).append(one["VersionId"])
        return found

    def data(self, key: str, version: str | None = None) -> bytes:
        named = {"VersionId": version} if version else {}
        found: bytes = self.client.get_object(Bucket=self.name, Key=key, **named)["Body"].read()
        return found

    def uploads(self) -> list[str]:
        found = self.client.list_multipart_uploads(Bucket=self.name).get("Uploads", [])
        return [one["Key"] for one in found]

    def nothing_partial(self, one: Parcel, prefix: str) -> None:
        """Assert that whatever of a parcel has a name is all of it, and a note's package is there.
        """
        time.sleep(0.01)
        found = self.client.list_object_versions(Bucket=self.name, Prefix=prefix)
        sizes = {each["Key"]: each["Size"] for each in found.get("Versions", [])}
        expected = {prefix + one.name: one.size, prefix + one.note: len(one.sidecar)}
        assert len(found.get("Versions", [])) == len(sizes) and sizes.items() <= expected.items()
        assert prefix + one.note not in sizes or prefix + one.name in sizes, "the note came first"

    def whole(self, *parcels: Parcel, prefix: str = PREFIX) -> None:
        """Assert that these parcels lie there as they are, each in one version, nothing besides."""
        versions = self.versions() if prefix == PREFIX else self.versions(prefix)
        assert sorted(versions) == sorted(
            prefix + name for one in parcels for name in (one.name, one.note))
        assert {len(one) for one in versions.values()} == {1}, "twice"
        assert self.uploads() == []
        for one in parcels:
            assert self.data(prefix + one.name) == one.path.read_bytes()
            assert self.data(prefix + one.note) == one.sidecar
