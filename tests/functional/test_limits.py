"""What is too large is refused before it is read and before anyone asks who sent it."""

from __future__ import annotations

import json
import time
import tracemalloc
from collections.abc import Iterator
from http.client import HTTPResponse
from pathlib import Path

import pytest
from werkzeug.wrappers import Response

from bevara import contract
from bevara.web import limits, structured
from tests.client import Bevara, Desk, Device, check_answer, problem
from tests.factories import PNG, attachment, blob_name, capture, new_id, picture
from tests.served import Served, served

ONE = "3f0b0b0e-8a61-4c5e-9a55-2f7f3c1f6a10"
CALLS = {"/api/v1/hello": "POST", "/api/v1/pairing": "POST", f"/api/v1/captures/{ONE}": "PUT",
         f"/api/v1/captures/{ONE}/reason": "PUT", f"/api/v1/blobs/{blob_name(PNG)}": "PUT",
         f"/api/v1/incidents/{ONE}": "PUT", "/api/v1/nothing": "PUT", "/konton": "POST"}


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("served")) as bevara:
        yield bevara


def head(real: Served, method: str, path: str, *more: str) -> bytes:
    """Return a request's head."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{real.port}",
             "Content-Type: application/json", *more]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


@pytest.mark.parametrize("path", CALLS)
def test_a_body_that_says_it_is_too_large_is_never_waited_for(real: Served, path: str) -> None:
    started = time.monotonic()
    answer, body = real.raw(head(real, CALLS[path], path, f"Content-Length: {limits.of(path) + 1}"))
    assert answer.status == 413
    assert time.monotonic() - started < 2
    if path.startswith("/api/"):
        assert json.loads(body)["code"] == "too_large"
        assert answer.headers["Signature"].startswith("bevara=:")


@pytest.mark.parametrize("length", ["99999999999999999999", str(1 << 40)])
def test_a_length_beyond_all_reason_is_refused(real: Served, length: str) -> None:
    answer, _ = real.raw(head(real, "POST", "/api/v1/hello", f"Content-Length: {length}"))
    assert answer.status == 413


@pytest.mark.parametrize("line", ["Content-Length: -1", "Content-Length: 1e3", "Content-Length: 1, 2",
                                  "Content-Length: 0x10", "Transfer-Encoding: gzip"])
def test_a_length_that_is_none_is_refused(real: Served, line: str) -> None:
    asked = f"bevara={structured.wrap(bytes(64))}"
    answer, body = real.raw(head(real, "POST", "/api/v1/hello", f"Signature: {asked}", line))
    assert answer.status in (400, 501)
    refused(real, answer, body, "invalid", asked)


@pytest.mark.parametrize("line", ["GET /api/v1/setup HTTP/9.9.9", "nonsense", "GET http://[ HTTP/1.1"])
def test_what_is_not_http_gets_a_signed_problem(real: Served, line: str) -> None:
    answer, body = real.raw(f"{line}\r\nHost: x\r\n\r\n".encode())
    assert answer.status == 400
    refused(real, answer, body, "invalid")


def refused(real: Served, answer: HTTPResponse, body: bytes, code: str, asked: str | None = None) -> None:
    """Assert that Bevara signed this problem, to the request signed `asked` when that could be read."""
    said = json.loads(body)
    contract.validate("problem", said)
    assert (said["code"], said["status"]) == (code, answer.status)
    assert answer.headers["Content-Type"] == "application/problem+json"
    check_answer(Response(body, answer.status, answer.headers.items()), asked, real.rooms.keys.public)  # type: ignore[arg-type]


def test_a_body_in_pieces_is_read_no_further_than_its_limit(real: Served) -> None:
    piece = b"%x\r\n" % 8192 + b" " * 8192 + b"\r\n"
    enough = limits.NOTE // 8192 + 1
    answer, body = real.raw(head(real, "POST", "/api/v1/hello", "Transfer-Encoding: chunked"),
                            piece * enough)
    assert (answer.status, json.loads(body)["code"]) == (413, "too_large")


def test_a_body_in_pieces_within_the_limit_is_taken(real: Served) -> None:
    asked = json.dumps({"nonce": "n" * 20, "last_checkpoint": None,
                        "contract": {"major": 1, "minor": 0}}).encode()
    answer, body = real.raw(head(real, "POST", "/api/v1/hello", "Transfer-Encoding: chunked"),
                            b"%x\r\n%b\r\n0\r\n\r\n" % (len(asked), asked))
    assert (answer.status, json.loads(body)["nonce"]) == (200, "n" * 20)


def test_a_length_and_pieces_at_once_are_one_request(real: Served) -> None:
    hidden = b"0\r\n\r\nPOST /control/open HTTP/1.1\r\n\r\n"
    answer, _ = real.raw(head(real, "POST", "/api/v1/hello", f"Content-Length: {len(hidden)}",
                              "Transfer-Encoding: chunked", "Connection: close"), hidden)
    assert answer.status == 422


def test_waiting_for_permission_to_send_too_much_gets_the_refusal(real: Served) -> None:
    answer, _ = real.raw(head(real, "POST", "/api/v1/hello", "Expect: 100-continue",
                              f"Content-Length: {1 << 30}"))
    assert answer.status == 413


def test_a_shorter_body_than_said_is_cut_off_and_changes_nothing(real: Served) -> None:
    with pytest.raises((TimeoutError, OSError)):
        real.raw(head(real, "POST", "/api/v1/hello", "Content-Length: 500"), b"{", timeout=0.5)


def test_a_long_head_is_refused(real: Served) -> None:
    answer, body = real.raw(head(real, "GET", "/api/v1/setup", "X: " + "x" * (65 << 10)))
    assert answer.status == 431
    refused(real, answer, body, "too_large")


def test_many_large_lies_take_no_memory(real: Served) -> None:
    tracemalloc.start()
    try:
        for _ in range(50):
            real.raw(head(real, "PUT", f"/api/v1/blobs/{blob_name(PNG)}", f"Content-Length: {1 << 30}"))
        assert tracemalloc.get_traced_memory()[1] < 4 << 20
    finally:
        tracemalloc.stop()


def test_size_is_judged_before_the_signature(bevara: Bevara) -> None:
    stranger = Device(bevara)
    answer = stranger.send("PUT", f"/api/v1/incidents/{ONE}", bytes(limits.NOTE + 1), unsigned=True)
    assert problem(answer)[:2] == (413, "too_large")


@pytest.mark.parametrize("name", ["sha256:" + "a" * 10_000, "..%2f..%2fhelper.key", "sha256:%00", "C:%5Cx"])
def test_a_name_that_is_no_hash_is_refused(bevara: Bevara, browser: Device, name: str) -> None:
    status, code, _ = problem(browser.put(f"blobs/{name}", PNG, media_type="image/png"))
    assert (status, code) in [(422, "hash_mismatch"), (404, "not_found")]


@pytest.mark.parametrize("data,media_type", [
    (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"), (b"<html>", "text/html"),
    (b"<html>", "image/png"), (PNG, "image/jpeg"), (PNG, "application/octet-stream"), (PNG, "application/json"),
])
def test_only_a_picture_that_is_what_it_says_is_held(
    browser: Device, data: bytes, media_type: str
) -> None:
    answer = browser.put(f"blobs/{blob_name(data)}", data, media_type=media_type)
    assert problem(answer)[:2] == (415, "unsupported_media_type")


def test_one_browser_cannot_fill_the_memory_for_another(bevara: Bevara, browser: Device) -> None:
    other, answers = bevara.browser(), []
    for number in range(7):
        data = PNG + bytes([number]) * ((16 << 20) - 200)
        answers.append(browser.put(f"blobs/{blob_name(data)}", data, media_type="image/png"))
    full = next(answer for answer in answers if answer.status_code != 201)
    assert problem(full)[:2] == (429, "quota")
    assert full.get_json()["next"] == "Vänta en stund. Bevara försöker igen av sig självt."
    assert int(full.headers["Retry-After"]) == 10
    assert other.save(capture(picture=picture()), PNG).status_code == 201


def test_a_full_memory_is_free_again_once_the_captures_have_come(browser: Device) -> None:
    for number in range(8):
        data = PNG + bytes([number]) * ((16 << 20) - 200)
        document = capture(comment={"attachments": [attachment(data)]})
        assert browser.save(document, data).status_code == 201


def test_a_form_that_is_too_large_is_refused(desk: Desk) -> None:
    answer = desk.post("/konton", {"address": "x" * (limits.FORM + 1), "name": "x"})
    assert answer.status_code == 413
    assert "för stort" in answer.text or "större än" in answer.text


def test_a_million_characters_are_kept(browser: Device, desk: Desk) -> None:
    text = "å" * 1_000_000
    answer = browser.save(capture(text))
    assert answer.status_code == 201
    assert desk.get(f"/kommentarer/{answer.get_json()['record_id']}").status_code == 200


def test_the_temporary_files_stay_away(real: Served, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    data = b" " * (7 << 20)
    real.raw(head(real, "PUT", f"/api/v1/captures/{new_id()}", f"Content-Length: {len(data)}"), data)
    assert list(tmp_path.iterdir()) == []
