"""Two answers may be read across origins, by the extensions that are paired at that moment."""

import pytest

from bevara.identity import devices
from bevara.kernel.keys import keyid
from tests.client import ORIGIN, PORT, Bevara, Device, problem

FIREFOX = "moz-extension://0b8a7c1e-7d6a-4f0e-9c3b-2f6d0a1b2c3d"
HOSTILE = [
    "https://evil.test", "null", "chrome-extension://other", f"http://127.0.0.1:{PORT}", f"{ORIGIN}x", f"{ORIGIN}.evil.test",
    f"https://evil.test/{ORIGIN}", ORIGIN.upper(), ORIGIN[:-1], f"{ORIGIN}/", f" {ORIGIN}x", "chrome-extension://.*", "*", ".*",
    "moz-extension://*", "CHROME-EXTENSION://abcdefghijklmnopabcdefghijklmnop",
]


def asked(bevara: Bevara, origin: str | None, path: str = "/health", **headers: str) -> str | None:
    """Return who may read the answer, after checking that a cache keeps the answers apart."""
    sent = {"Host": f"127.0.0.1:{PORT}", **({"Origin": origin} if origin else {}), **headers}
    answer = bevara.app.test_client().get(path, headers=sent)
    assert "Origin" in answer.headers["Vary"]
    assert "Access-Control-Allow-Credentials" not in answer.headers
    return answer.headers.get("Access-Control-Allow-Origin")


def firefox(bevara: Bevara) -> Device:
    """Return a second browser that speaks with another origin."""
    device = Device(bevara)
    device.origin = FIREFOX
    assert device.pair(bevara.rooms.pairing.open()).status_code == 201
    return device


def test_nobody_is_let_in_before_pairing(bevara: Bevara) -> None:
    assert [asked(bevara, origin) for origin in (ORIGIN, FIREFOX, "null.invalid", None)] == [None] * 4


def test_a_browser_paired_later_is_let_in_and_a_revoked_one_no_more(bevara: Bevara) -> None:
    assert asked(bevara, ORIGIN) is None
    first = bevara.browser()
    assert (asked(bevara, ORIGIN), asked(bevara, FIREFOX)) == (ORIGIN, None)
    second = firefox(bevara)
    assert (asked(bevara, ORIGIN), asked(bevara, FIREFOX)) == (ORIGIN, FIREFOX)
    devices.revoke(bevara.rooms.real_store, keyid(first.public))
    assert (asked(bevara, ORIGIN), asked(bevara, FIREFOX)) == (None, FIREFOX)
    devices.revoke(bevara.rooms.real_store, keyid(second.public))
    assert asked(bevara, FIREFOX) is None


@pytest.mark.parametrize("origin", HOSTILE)
def test_look_alikes_are_not_let_in(bevara: Bevara, browser: Device, origin: str) -> None:
    for path in ("/health", "/api/v1/setup"):
        assert asked(bevara, origin, path) is None


@pytest.mark.parametrize("origin", [one for one in HOSTILE if not one.startswith("http")])
def test_only_the_origin_of_an_extension_is_ever_bound(bevara: Bevara, origin: str) -> None:
    device = Device(bevara)
    device.origin = origin
    device.pair(bevara.rooms.pairing.open())
    assert devices.bound_origins(bevara.rooms.real_store) <= {"chrome-extension://other", ORIGIN[:-1], f"{ORIGIN}x"}


def test_setup_can_be_read_with_its_signature(browser: Device) -> None:
    answer = browser.get("/api/v1/setup")
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert {"Signature", "ETag"} <= set(answer.headers["Access-Control-Expose-Headers"].split(", "))


def test_a_browser_may_ask_what_it_may_ask(bevara: Bevara, browser: Device) -> None:
    asks = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "signature,signature-input"}
    client = bevara.app.test_client()
    for origin, wanted in ((ORIGIN, 204), ("chrome-extension://other", 401), ("https://evil.test", 403)):
        answer = client.options("/api/v1/setup", headers={"Host": f"127.0.0.1:{PORT}", "Origin": origin, **asks})
        assert answer.status_code == wanted
        allowed = answer.headers.get("Access-Control-Allow-Headers", "").lower()
        assert ("signature-input" in allowed) == (wanted == 204)
        assert ("Access-Control-Allow-Origin" in answer.headers) == (wanted == 204)
    elsewhere = client.options("/api/v1/hello", headers={"Host": f"127.0.0.1:{PORT}", "Origin": ORIGIN, **asks})
    assert not [name for name, _ in elsewhere.headers if name.startswith("Access-Control")]


def test_another_extension_cannot_use_a_signature(bevara: Bevara, browser: Device) -> None:
    stolen = browser.get("/api/v1/setup", headers={"Origin": "chrome-extension://other"})
    assert problem(stolen)[:2] == (403, "foreign_origin")
