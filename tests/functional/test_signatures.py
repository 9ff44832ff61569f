"""A request is done only as the paired browser signed it, and in the minute that it was signed."""

import hashlib
from collections.abc import Callable

import pytest

from bevara.web import structured
from tests.client import Bevara, Device, documents, problem
from tests.factories import capture, encoded

Headers = dict[str, str]


def changed(name: str, old: str, new: str) -> Callable[[Headers], Headers]:
    return lambda headers: {**headers, name: headers[name].replace(old, new)}


def without(name: str) -> Callable[[Headers], Headers]:
    return lambda headers: {key: value for key, value in headers.items() if key != name}


TRICKS = {
    "no signature": without("Signature"),
    "no input": without("Signature-Input"),
    "no digest": without("Content-Digest"),
    "fewer components": changed("Signature-Input", ' "content-digest"', ""),
    "another order": changed("Signature-Input", '"@method" "@authority"', '"@authority" "@method"'),
    "another tag": changed("Signature-Input", "bevara-1", "bevara-2"),
    "another algorithm": changed("Signature-Input", "ed25519", "hmac-sha256"),
    "another time": changed("Signature-Input", "created=1", "created=2"),
    "a second signature": changed("Signature-Input", "bevara=", "other=(), bevara="),
    "cut": changed("Signature", "==", ""),
}


@pytest.mark.parametrize("trick", TRICKS)
def test_changed_headers_are_refused(bevara: Bevara, browser: Device, trick: str) -> None:
    document = capture()
    path, body = f"/api/v1/captures/{document['capture_id']}", encoded(document)
    headers = TRICKS[trick](browser.sign("PUT", path, body, "application/json"))
    status, code, _ = problem(browser.send("PUT", path, body, headers=headers, unsigned=True))
    assert (status, code) in [(401, "unsigned"), (401, "bad_signature")]
    assert documents(bevara.rooms.real_store.folder) == []


@pytest.mark.parametrize("what", ["body", "body and digest", "path", "method", "query", "type"])
def test_what_was_signed_cannot_be_moved(bevara: Bevara, browser: Device, what: str) -> None:
    document, other = capture(), capture("Annat")
    path, body = f"/api/v1/captures/{document['capture_id']}", encoded(document)
    headers = browser.sign("PUT", path, body, "application/json")
    method, kind = "PUT", "application/json"
    if what.startswith("body"):
        body = encoded(other)
    if what.endswith("digest"):
        headers["Content-Digest"] = "sha-256=" + structured.wrap(hashlib.sha256(body).digest())
    if what == "path":
        path = f"/api/v1/captures/{other['capture_id']}"
    if what == "method":
        method = "POST"
    if what == "query":
        path += "?a=1"
    if what == "type":
        kind = "text/plain"
    status, code, _ = problem(browser.send(method, path, body, kind, headers=headers, unsigned=True))
    assert (status, code) in [(401, "bad_signature"), (405, "method_not_allowed")]
    assert documents(bevara.rooms.real_store.folder) == []


def test_a_signature_for_the_practice_address_is_not_one_for_the_real(
    bevara: Bevara, browser: Device
) -> None:
    document = capture()
    path, body = f"/api/v1/captures/{document['capture_id']}", encoded(document)
    headers = browser.on_practice().sign("PUT", path, body, "application/json")
    assert problem(browser.send("PUT", path, body, headers=headers, unsigned=True))[1] == (
        "bad_signature")


@pytest.mark.parametrize("offset,code", [(59, None), (-59, None), (62, "stale_signature"),
                                         (-62, "stale_signature")])
def test_a_signature_is_good_for_a_minute_either_way(
    bevara: Bevara, browser: Device, offset: int, code: str | None
) -> None:
    bevara.clock.offset = offset
    answer = browser.get("/api/v1/setup")
    assert answer.status_code == 200 if code is None else problem(answer)[1] == code


def test_a_path_with_escapes_is_checked_as_it_was_sent(browser: Device) -> None:
    assert problem(browser.get("/api/v1/s%65tup%2F"))[0] == 404
    assert browser.get("/api/v1/s%65tup").status_code == 200


def test_refusals_are_signed_too(bevara: Bevara, browser: Device) -> None:
    assert problem(browser.get("/api/v1/nothing"))[:2] == (404, "not_found")
    assert problem(browser.send("GET", "/api/v1/setup", b"", "", unsigned=True))[:2] == (
        401, "unsigned")
    assert problem(browser.put("captures/not-a-uuid", capture()))[:2] == (404, "not_found")
