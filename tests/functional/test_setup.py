"""A paired browser learns what to work from, and only a paired one."""

import base64
import json

from bevara import contract
from bevara.accounts import register
from bevara.kernel.keys import verify
from tests.client import Bevara, Device


def test_setup_follows_the_contract(bevara: Bevara, browser: Device) -> None:
    register.add(bevara.rooms.real_store, "https://www.facebook.com/storkoping", "Storköping")
    setup = browser.get("/api/v1/setup").get_json()
    contract.validate("setup-1", setup)
    assert [account["name"] for account in setup["accounts"]] == ["Storköping"]
    assert setup["practice"]["account"]["practice"] is True
    assert {item["pack"]["id"] for item in setup["packs"]} == {"facebook", "practice"}


def test_every_pack_is_signed_by_this_bevara(bevara: Bevara, browser: Device) -> None:
    for item in browser.get("/api/v1/setup").get_json()["packs"]:
        text = json.dumps(item["pack"], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        signature = base64.b64decode(item["signature"])
        assert verify(bevara.rooms.keys.public, signature, text.encode())


def test_setup_that_is_known_is_not_sent_again(bevara: Bevara, browser: Device) -> None:
    first = browser.get("/api/v1/setup")
    again = browser.get("/api/v1/setup", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    register.add(bevara.rooms.real_store, "https://www.facebook.com/storkoping", "Storköping")
    changed = browser.get("/api/v1/setup", headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200


def test_the_browser_is_told_when_the_log_is_not_the_one_it_remembers(
    bevara: Bevara, browser: Device, tmp_path_factory: object
) -> None:
    from tests.factories import capture

    remembered = browser.hello().get_json()["checkpoint"]
    browser.save(capture())
    grown = browser.hello(last_checkpoint=remembered).get_json()
    assert grown["consistency"]
    forged = remembered.replace("\n1\n", "\n999\n")
    answer = browser.hello(last_checkpoint=forged)
    assert (answer.status_code, answer.get_json()["code"]) == (409, "conflict")
