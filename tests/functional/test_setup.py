"""A paired browser learns what to work from, and only a paired one."""

import json

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bevara import contract
from bevara.accounts import register
from bevara.platforms import packs, sign
from tests.client import Bevara, Device


def test_setup_follows_the_contract(bevara: Bevara, browser: Device) -> None:
    register.add(bevara.rooms.real_store, "https://www.facebook.com/storkoping", "Storköping")
    setup = browser.get("/api/v1/setup").get_json()
    contract.validate("setup-1", setup)
    assert [account["name"] for account in setup["accounts"]] == ["Storköping"]
    assert setup["practice"]["account"]["practice"] is True
    assert setup["packs"] == []


def test_what_is_dropped_in_the_packs_folder_is_offered_signed_or_not(
    bevara: Bevara, browser: Device
) -> None:
    folder = packs.folder(bevara.rooms.config.data_dir)
    folder.mkdir()
    pack = {**contract.load("platforms/facebook.json"), "version": 99}
    signed = sign.sign(pack, Ed25519PrivateKey.generate())
    (folder / "a.json").write_text(json.dumps(signed), encoding="utf-8")
    (folder / "b.json").write_text(json.dumps(pack), encoding="utf-8")
    (folder / "c.json").write_text("not json", encoding="utf-8")
    setup = browser.get("/api/v1/setup").get_json()
    contract.validate("setup-1", setup)
    assert [one["pack"]["version"] for one in setup["packs"]] == [99, 99]
    assert [one["signature"] for one in setup["packs"]] == [signed["signature"], ""]


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
