"""A browser is paired with a code that works once, for two minutes, five tries and one browser."""

import base64
import json
import time
from typing import Any

import pytest

from bevara.identity import devices, pairing
from tests.client import Bevara, Device, check_answer, problem


def test_hello_proves_the_key_and_shows_no_more(bevara: Bevara) -> None:
    stranger = Device(bevara)
    answer = stranger.hello(nonce="n" * 20)
    body = answer.get_json()
    assert answer.status_code == 200
    assert body["nonce"] == "n" * 20
    assert base64.b64decode(body["helper_key"]) == bevara.rooms.keys.public
    assert body["contract"] == {"major": 1, "minor": 0, "accepts": [1]}
    assert "accounts" not in body


def test_hello_unsigned_is_answered_signed(bevara: Bevara) -> None:
    stranger = Device(bevara)
    body = {"nonce": "n" * 20, "last_checkpoint": None, "contract": {"major": 1, "minor": 0}}
    answer = stranger.send("POST", "/api/v1/hello", json.dumps(body).encode(), unsigned=True)
    assert answer.status_code == 200
    check_answer(answer, None, bevara.rooms.keys.public)


def test_a_code_pairs_one_browser(bevara: Bevara) -> None:
    code = bevara.rooms.pairing.open()
    first, second = Device(bevara), Device(bevara)
    assert first.pair(code).status_code == 201
    assert problem(second.pair(code)) == (403, "pairing_closed", None)
    assert first.get("/api/v1/setup").status_code == 200
    assert problem(second.get("/api/v1/setup")) == (401, "unknown_device", None)


def test_five_wrong_tries_close_the_code(bevara: Bevara) -> None:
    code, guess = bevara.rooms.pairing.open(), "00000000"
    stranger = Device(bevara)
    for _ in range(5):
        assert problem(stranger.pair(guess)) == (403, "bad_pairing", None)
    assert problem(stranger.pair(code)) == (403, "pairing_closed", None)


def test_a_code_lives_for_two_minutes(bevara: Bevara, monkeypatch: pytest.MonkeyPatch) -> None:
    code, now = bevara.rooms.pairing.open(), time.monotonic()
    monkeypatch.setattr(pairing.time, "monotonic", lambda: now + pairing.SECONDS + 1)
    assert problem(Device(bevara).pair(code)) == (403, "pairing_closed", None)


def test_a_new_code_replaces_the_old(bevara: Bevara) -> None:
    old = bevara.rooms.pairing.open()
    new = bevara.rooms.pairing.open()
    stranger = Device(bevara)
    assert problem(stranger.pair(old)) == (403, "bad_pairing", None)
    assert stranger.pair(new).status_code == 201


def test_nobody_pairs_without_a_code_being_shown(bevara: Bevara) -> None:
    assert problem(Device(bevara).pair("0000-0000-0000")) == (403, "pairing_closed", None)


def test_a_proof_is_bound_to_the_key_that_it_was_made_for(bevara: Bevara) -> None:
    code = bevara.rooms.pairing.open()
    honest, thief = Device(bevara), Device(bevara)
    nonce = "n" * 20
    proof = pairing.proof(code.replace("-", "")[:8], bevara.rooms.keys.public, honest.public, nonce)
    stolen = {"device_key": base64.b64encode(thief.public).decode(), "label": "x", "nonce": nonce,
              "proof": base64.b64encode(proof).decode()}
    assert problem(thief.post("/api/v1/pairing", stolen)) == (403, "bad_pairing", None)


@pytest.mark.parametrize("field,value,code", [
    ("device_key", "AAAA", "bad_pairing"), ("device_key", "ö", "bad_pairing"),
    ("proof", "%%%%", "bad_pairing"), ("label", "", "invalid"), ("nonce", "kort", "invalid"),
])
def test_a_bad_field_is_named(bevara: Bevara, field: str, value: str, code: str) -> None:
    stranger = Device(bevara)
    body: dict[str, Any] = {
        "device_key": base64.b64encode(stranger.public).decode(), "label": "Receptionen",
        "nonce": "n" * 20, "proof": base64.b64encode(bytes(32)).decode(), field: value,
    }
    assert problem(stranger.post("/api/v1/pairing", body))[1:] == (code, f"/{field}")


def test_a_revoked_browser_is_refused_until_it_is_paired_again(bevara: Bevara) -> None:
    browser = bevara.browser()
    id_ = devices.all_devices(bevara.rooms.real_store)[0].id
    devices.revoke(bevara.rooms.real_store, id_)
    assert problem(browser.get("/api/v1/setup")) == (401, "revoked_device", None)
    assert browser.pair(bevara.rooms.pairing.open()).status_code == 201
    assert browser.get("/api/v1/setup").status_code == 200


def test_the_code_shows_the_helpers_key() -> None:
    one, other = pairing.shown("ABCD1234", bytes(32)), pairing.shown("ABCD1234", b"\1" * 32)
    assert one[:9] == other[:9] == "ABCD-1234"
    assert one[10:] != other[10:]
