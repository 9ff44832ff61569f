"""Packages at Ceph's own S3 server: whole or not there, locked, once, whatever happens on the way.

Every test of S3 is here, so that one server is begun for all of them.
"""

from __future__ import annotations

import itertools
import random
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from bevara.archive.receivers import (
    CHANGED,
    OTHER_BYTES,
    TAKEN,
    Stopped,
    pace,
    s3,
    s3_client,
    s3_upload,
    settings,
)
from bevara.archive.receivers.s3 import S3Receiver
from bevara.archive.receivers.settings import Settings
from bevara.diary.channels import Passing, Permanent, inbox
from tests import proxy, radosgw
from tests.faults.bucket import PREFIX, Bucket
from tests.faults.sender import Job, bring, killed_at_any_moment
from tests.faults.test_deliveries import Tries
from tests.functional.diary_server import DiaryServer
from tests.radosgw import Gateway
from tests.receiving import Looker, parcel

SIZE, PART = 6_000_000, 5 << 20
BUCKETS = itertools.count()


@pytest.fixture(scope="session")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    with radosgw.running(tmp_path_factory.mktemp("rgw")) as gateway:
        yield gateway


@pytest.fixture
def made(
    gateway: Gateway, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Bucket]:
    """Give what makes a bucket, with Object Lock unless said otherwise."""
    (tmp_path / "secret").write_text(gateway.secret)
    monkeypatch.setenv(settings.S3_SECRET.variable, str(tmp_path / "secret"))
    monkeypatch.setattr(s3_upload, "PART", PART)

    def make(locks: bool = True, **changes: Any) -> Bucket:
        how = Settings(settings.S3, endpoint=gateway.endpoint, bucket=f"arkivet-{next(BUCKETS)}",
                       prefix="/bevara", access_key=gateway.access, lock_years=1)
        how = replace(how, **changes)
        client = s3_client.opened(how)
        client.create_bucket(Bucket=how.bucket, ObjectLockEnabledForBucket=locks)
        return Bucket(how, client)

    return make


@pytest.fixture
def bucket(made: Callable[..., Bucket]) -> Bucket:
    return made()


@pytest.fixture
def here(tmp_path: Path) -> Path:
    return tmp_path / "paket"


def test_a_sender_killed_at_any_moment_leaves_nothing_half_and_the_next_brings_it_once(
    bucket: Bucket, here: Path, tmp_path: Path, tries: Tries
) -> None:
    count = tries(30, 1000)

    def job(number: int) -> Job:
        how = replace(bucket.how, prefix=f"{number:04}/")
        return Job(parcel(here, SIZE if number % 8 == 7 else 200_000, seed=number), how,
                   str(tmp_path / "secret"), 16 << 10, PART)

    died = killed_at_any_moment(
        count, job, lambda one: bucket.nothing_partial(one.parcel, one.how.prefix),
        lambda one: bucket.whole(one.parcel, prefix=one.how.prefix))
    assert died >= count // 3, "most die on the way"


def test_what_a_dead_sender_asked_for_may_come_late_and_makes_no_second_version(
    bucket: Bucket, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, receiver = parcel(here, 40_000), S3Receiver(bucket.how)
    complete, late = receiver._s3.complete_multipart_upload, list[dict[str, Any]]()

    def dies(**said: Any) -> None:
        late.append(said)
        raise Stopped

    monkeypatch.setattr(receiver._s3, "complete_multipart_upload", dies)
    with pytest.raises(Stopped):
        receiver.put(one, Looker())

    def comes_late(item: Any) -> Any:
        found = begun(receiver._s3, item)
        if late:
            complete(**late.pop())
        return found

    monkeypatch.setattr(receiver._s3, "complete_multipart_upload", complete)
    begun = s3_upload.begun
    monkeypatch.setattr(s3, "begun", lambda _, item: comes_late(item))
    receiver.put(one, Looker())
    bucket.whole(one)


def test_a_network_that_is_cut_again_and_again_brings_it_whole_and_not_all_of_it_anew(
    bucket: Bucket, here: Path, tmp_path: Path
) -> None:
    chance, one, attempts = random.Random(3), parcel(here, 4 * PART - 1000), 0
    port = int(bucket.how.endpoint.rpartition(":")[2])
    with proxy.between(port, lambda: chance.randrange(PART, 2 * PART)) as network:
        how = replace(bucket.how, endpoint=f"http://127.0.0.1:{network.port}")
        while attempts < 30 and not _arrives(Job(one, how, str(tmp_path / "secret"))):
            bucket.nothing_partial(one, PREFIX)
            attempts += 1
        assert network.cuts >= 3 and network.sent < 3 * one.size
    bucket.whole(one)


def _arrives(job: Job) -> bool:
    try:
        bring(job)
    except Passing:
        return False
    return True



def test_bytes_that_are_harmed_on_the_way_are_refused_by_the_server_and_sent_anew(
    bucket: Bucket, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, whole_read = parcel(here, 40_000), s3_client._Paced.read

    def harmed(body: Any, size: int | None = -1) -> bytes:
        return whole_read(body, size).replace(one.path.read_bytes()[:4], b"????")

    with monkeypatch.context() as harm:
        harm.setattr(s3_client._Paced, "read", harmed)
        with pytest.raises(Passing):
            S3Receiver(bucket.how).put(one, Looker())
    assert bucket.versions() == {}
    S3Receiver(bucket.how).put(one, Looker())
    bucket.whole(one)


def refused(call: Callable[..., Any], **said: Any) -> bool:
    from botocore.exceptions import ClientError

    try:
        call(**said)
    except ClientError as error:
        return s3_client.status_of(error) in (403, 400, 409)
    return False


@pytest.mark.parametrize("size", [40_000, SIZE], ids=["one part", "parts"])
def test_a_parcel_arrives_whole_and_a_second_time_changes_nothing(
    bucket: Bucket, here: Path, size: int
) -> None:
    one, looker, receiver = parcel(here, size), Looker(), S3Receiver(bucket.how)
    receiver.try_out()
    assert bucket.versions() == {} and bucket.uploads() == []
    arrived = receiver.put(one, looker)
    assert not arrived.already and arrived.where == f"s3://{bucket.name}/bevara/{one.name}"
    assert arrived.version == bucket.versions()[f"bevara/{one.name}"][0]
    assert looker.seen[-1] == size and looker.seen == sorted(looker.seen)
    assert receiver.put(one, Looker()) == replace(arrived, already=True)
    bucket.whole(one)


@pytest.mark.parametrize("of", ["package", "note"])
def test_other_bytes_of_the_same_name_are_never_written_over(
    bucket: Bucket, here: Path, of: str
) -> None:
    one = parcel(here, 40_000)
    key = "bevara/" + (one.note if of == "note" else one.name)
    bucket.client.put_object(Bucket=bucket.name, Key=key, Body=b"annat")
    if of == "note":
        bucket.client.put_object(Bucket=bucket.name, Key=f"bevara/{one.name}",
                                 Body=one.path.read_bytes(), Metadata={"sha256": one.sha256})
    for _ in range(2):
        with pytest.raises(Permanent, match=OTHER_BYTES[:20]):
            S3Receiver(bucket.how).put(one, Looker())
    assert bucket.data(key) == b"annat" and len(bucket.versions()[key]) == 1


def test_bytes_that_only_say_that_they_are_the_parcels_are_read_and_refused(
    made: Callable[..., Bucket], here: Path
) -> None:
    bucket, one = made(locks=False, lock=settings.UNLOCKED), parcel(here, 40_000)
    bucket.client.put_object(Bucket=bucket.name, Key=f"bevara/{one.name}", Body=b"x" * 40_000,
                             Metadata={"sha256": one.sha256})
    with pytest.raises(Permanent, match=OTHER_BYTES[:20]):
        S3Receiver(bucket.how).put(one, Looker())
    assert list(bucket.versions()) == [f"bevara/{one.name}"], "no note says that it is whole"


def test_a_bucket_without_versions_or_locks_takes_parcels_too_and_cannot_be_asked_to_lock(
    made: Callable[..., Bucket], here: Path
) -> None:
    bucket, one = made(locks=False, lock=settings.UNLOCKED), parcel(here, SIZE)
    arrived = S3Receiver(bucket.how).put(one, Looker())
    assert arrived.version is None and S3Receiver(bucket.how).put(one, Looker()).already
    bucket.whole(one)
    locking = S3Receiver(replace(bucket.how, lock=settings.GOVERNANCE))
    with pytest.raises(Permanent, match="kan inte låsa"):
        locking.try_out()
    with pytest.raises(Permanent, match="kan inte låsa"):
        locking.put(parcel(here, 40_000, seed=2), Looker())
    bucket.whole(one)


@pytest.mark.parametrize("size", [40_000, SIZE], ids=["one part", "parts"])
def test_a_locked_package_cannot_be_removed_or_unlocked_and_stays_readable_below_another(
    bucket: Bucket, here: Path, size: int
) -> None:
    one, s3_, key = parcel(here, size), bucket.client, {"Bucket": bucket.name}
    arrived = S3Receiver(bucket.how).put(one, Looker())
    for name in (one.name, one.note):
        key["Key"] = f"bevara/{name}"
        (version,) = bucket.versions()[key["Key"]]
        head = s3_.head_object(**key, VersionId=version)
        assert head["ObjectLockMode"] == "GOVERNANCE"
        until = head["ObjectLockRetainUntilDate"]
        assert timedelta(364) < until - datetime.now(UTC) < timedelta(367)
        shorter = {"Mode": "GOVERNANCE", "RetainUntilDate": datetime.now(UTC) + timedelta(1)}
        assert refused(s3_.delete_object, **key, VersionId=version)
        assert refused(s3_.put_object_retention, **key, VersionId=version, Retention=shorter)
    key["Key"] = f"bevara/{one.name}"
    s3_.put_object(**key, Body=b"annat")
    s3_.delete_object(**key)
    assert bucket.data(key["Key"], arrived.version) == one.path.read_bytes()
    with pytest.raises(Permanent, match=TAKEN[:20]):
        S3Receiver(bucket.how).put(one, Looker())


def test_a_legal_hold_holds_and_only_a_named_decision_locks_for_good(
    made: Callable[..., Bucket], here: Path
) -> None:
    bucket, one = made(legal_hold=True, lock=settings.UNLOCKED), parcel(here, 40_000)
    arrived = S3Receiver(bucket.how).put(one, Looker())
    where = {"Bucket": bucket.name, "Key": f"bevara/{one.name}", "VersionId": arrived.version}
    assert bucket.client.get_object_legal_hold(**where)["LegalHold"]["Status"] == "ON"
    assert refused(bucket.client.delete_object, **where)
    other = parcel(here, 40_000, seed=2)
    for_good = replace(bucket.how, lock=settings.COMPLIANCE)
    with pytest.raises(Permanent, match="beslut"):
        S3Receiver(for_good).put(other, Looker())
    decided = S3Receiver(replace(for_good, lock_decision="KS 2026-11-02 § 14"))
    where |= {"Key": f"bevara/{other.name}", "VersionId": decided.put(other, Looker()).version}
    assert bucket.client.head_object(**where)["ObjectLockMode"] == "COMPLIANCE"
    weaker = {"Mode": "GOVERNANCE", "RetainUntilDate": datetime.now(UTC) + timedelta(800)}
    assert refused(bucket.client.put_object_retention, **where, Retention=weaker)
    with pytest.raises(Permanent, match="år"):
        S3Receiver(replace(bucket.how, lock=settings.GOVERNANCE, lock_years=0)).put(
            parcel(here, 40_000, seed=3), Looker())


def test_a_certificate_has_to_be_trusted_and_it_may_name_its_own_authority(
    here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "secret").write_text("hemlig")
    monkeypatch.setenv(settings.S3_SECRET.variable, str(tmp_path / "secret"))
    server = DiaryServer(tmp_path, secure=True)
    how = Settings(settings.S3, endpoint=server.address.removesuffix("/deeds"), bucket="arkivet",
                   access_key="nyckel", lock=settings.UNLOCKED)
    try:
        with pytest.raises(Permanent, match="inte betrott"):
            S3Receiver(how).try_out()
        monkeypatch.setenv("SSL_CERT_FILE", str(server.trust))
        with pytest.raises(Passing, match="ingen S3-lagring"):
            S3Receiver(how).try_out()
    finally:
        server.close()


def test_the_day_that_a_lock_ends_is_the_same_day(monkeypatch: pytest.MonkeyPatch) -> None:
    assert s3.in_years(datetime(2028, 2, 29, 12, tzinfo=UTC), 1).date().isoformat() == "2029-03-01"
    assert s3.in_years(datetime(2028, 2, 29, 12, tzinfo=UTC), 4).date().isoformat() == "2032-02-29"


def test_what_is_paused_goes_on_with_the_parts_that_came(
    bucket: Bucket, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, receiver = parcel(here, 2 * PART + 1000), S3Receiver(bucket.how)

    def stop(so_far: int) -> None:
        if so_far >= PART:
            raise Stopped

    with pytest.raises(Stopped):
        receiver.put(one, Looker(act=stop))
    assert bucket.versions() == {} and bucket.uploads() == [f"bevara/{one.name}"]
    sent, upload_part = list[int](), receiver._s3.upload_part

    def counted(**said: Any) -> Any:
        sent.append(said["PartNumber"])
        return upload_part(**said)

    monkeypatch.setattr(receiver._s3, "upload_part", counted)
    receiver.put(one, Looker())
    assert sent == [2, 3, 1], "and the note"
    bucket.whole(one)


def test_a_pause_in_the_middle_of_a_request_is_a_pause_and_no_error(
    bucket: Bucket, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "LARGEST", 4000)
    steps = itertools.count()

    def stop(_: int) -> None:
        if next(steps) == 5:
            raise Stopped

    one = parcel(here, 400_000)
    with pytest.raises(Stopped):
        S3Receiver(bucket.how).put(one, Looker(act=stop))
    assert bucket.versions() == {}
    S3Receiver(bucket.how).put(one, Looker())
    bucket.whole(one)


def test_parts_left_behind_that_are_not_the_parcels_are_sent_anew_and_others_are_left(
    bucket: Bucket, here: Path
) -> None:
    one, s3_ = parcel(here, SIZE), bucket.client
    where = {"Bucket": bucket.name, "Key": f"bevara/{one.name}"}
    said = {"Metadata": {"sha256": one.sha256}, **S3Receiver(bucket.how)._lock()}
    for _ in range(2):
        begun = s3_.create_multipart_upload(**where, **said)["UploadId"]
        s3_.upload_part(**where, UploadId=begun, PartNumber=1, Body=b"?" * PART)
    other = {"Bucket": bucket.name, "Key": f"bevara/{one.name}.annans"}
    foreign = s3_.create_multipart_upload(**other)["UploadId"]
    S3Receiver(bucket.how).put(one, Looker())
    assert bucket.uploads() == [other["Key"]]
    late = s3_.create_multipart_upload(**where)["UploadId"]
    assert late and S3Receiver(bucket.how).put(one, Looker()).already
    assert bucket.uploads() == [other["Key"]], "one that a dead sender began late"
    s3_.abort_multipart_upload(**other, UploadId=foreign)
    bucket.whole(one)


@pytest.mark.parametrize("size", [40_000, SIZE], ids=["one part", "parts"])
def test_a_package_that_changed_on_the_computer_never_arrives(
    bucket: Bucket, here: Path, size: int
) -> None:
    one = parcel(here, size)
    one.path.write_bytes(one.path.read_bytes()[:-1] + b"?")
    with pytest.raises(Permanent, match=CHANGED[:20]):
        S3Receiver(bucket.how).put(one, Looker())
    assert bucket.versions() == {} and bucket.uploads() == []


def test_a_note_that_did_not_come_along_comes_the_next_time(bucket: Bucket, here: Path) -> None:
    one = parcel(here, 40_000)
    receiver = S3Receiver(bucket.how)
    bucket.client.put_object(
        Bucket=bucket.name, Key=f"bevara/{one.name}", Body=one.path.read_bytes(),
        Metadata={"sha256": one.sha256}, **receiver._lock())
    assert not receiver.put(one, Looker()).already
    bucket.whole(one)


def test_receipts_are_read_bounded_and_moved_away(
    made: Callable[..., Bucket], here: Path
) -> None:
    bucket = made(locks=False, lock=settings.UNLOCKED)
    receiver, one = S3Receiver(bucket.how), parcel(here, 40_000)
    receiver.put(one, Looker())
    good = one.name.replace(".zip", ".kvittens.json")
    for name, data in ((good, b'{"id": 1}'), ("stor.kvittens.json", b"1" * (inbox.LARGEST + 1)),
                       ("halv.kvittens.json", b'{"id":'), ("inne/i.kvittens.json", b"{}")):
        bucket.client.put_object(Bucket=bucket.name, Key=f"bevara/{name}", Body=data)
    bucket.client.put_object(Bucket=bucket.name, Key="utanfor.kvittens.json", Body=b"{}")
    found = {one.name: one for one in receiver.receipts()}
    assert found[good].body == b'{"id": 1}'
    assert found["stor.kvittens.json"].fault == inbox.OVERSIZED and len(found) == 2
    for _ in range(2):
        receiver.settle(good, True)
        receiver.settle("stor.kvittens.json", False)
    keys = list(bucket.versions())
    assert len([key for key in keys if key.startswith("bevara/kvitterade/")]) == 1
    assert len([key for key in keys if key.startswith("bevara/avvisade/")]) == 1
    assert list(receiver.receipts()) == []


def test_what_is_wrong_is_said_and_what_may_pass_is_tried_again(
    bucket: Bucket, here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, how = parcel(here, 40_000), bucket.how

    def said(wrong: type[Exception], match: str, **changes: Any) -> None:
        for attempt in (lambda it: it.put(one, Looker()), lambda it: it.try_out()):
            with pytest.raises(wrong, match=match):
                attempt(S3Receiver(replace(how, **changes)))

    said(Permanent, "Lagringsytan", bucket="finns-inte")
    said(Permanent, "släppte inte in", access_key="annan")
    for endpoint in ("http://192.0.2.1:80", "https://169.254.169.254", "ftp://x", ""):
        said(Permanent, "https://", endpoint=endpoint)
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        said(Passing, "svarar inte", endpoint=f"http://127.0.0.1:{nobody.getsockname()[1]}")
    (tmp_path / "secret").write_text("fel")
    said(Permanent, "släppte inte in")
    assert bucket.versions() == {}


@pytest.mark.parametrize("status", [301, 307])
def test_no_redirect_leads_to_another_host(
    bucket: Bucket, here: Path, status: int
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        place = f"http://127.0.0.1:{other.getsockname()[1]}/"

        class Redirects(BaseHTTPRequestHandler):
            def do_HEAD(self) -> None:
                self.send_response(status)
                self.send_header("Location", place)
                self.send_header("x-amz-bucket-region", "eu-north-1")
                self.end_headers()

            do_PUT = do_POST = do_GET = do_HEAD

            def log_message(self, *_: object) -> None:
                pass

        with answering(Redirects) as endpoint:
            how = replace(bucket.how, endpoint=endpoint)
            for attempt in (lambda it: it.put(parcel(here, 40_000), Looker()), lambda it: it.try_out()):
                with pytest.raises(Permanent, match="hänvis"):
                    attempt(S3Receiver(how))
        other.settimeout(0.2)
        with pytest.raises(TimeoutError):
            other.accept()


@contextmanager
def answering(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def test_a_parcel_goes_no_faster_than_it_may_within_one_request(
    bucket: Bucket, here: Path
) -> None:
    one, began = parcel(here, 300_000), time.monotonic()
    S3Receiver(bucket.how).put(one, Looker(limit=400_000))
    assert 1.4 < time.monotonic() - began < 6, "600 KB: there, and read back"
    bucket.whole(one)
