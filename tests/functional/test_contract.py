"""Both sides read past what they do not know, and the log shows that it only grows."""

from __future__ import annotations

import base64
import secrets
from typing import Any

import pytest

from bevara import contract
from bevara.kernel import merkle, signed_note
from bevara.upkeep.verify import verify
from tests.client import Bevara, Device, problem
from tests.factories import NOW, PNG, attachment, capture, incident, new_id, picture
from tests.proving import reason
from tests.unit.contract.test_examples import load, of

CLOSED = {"platform-pack-1", "disclosure-1", "name-search-1"}
"""No unknown field in a pack, so that nobody reads pages otherwise than its signer tried; nor in what
may never say which words were masked, or who was looked for."""
UNHEARD_OF = {"unheard_of": {"of": [1, None, "x"]}}


def widened(document: Any, keep: tuple[str, ...] = ()) -> Any:
    """Return the document with an unknown field in every object but those under `keep`."""
    if isinstance(document, list):
        return [widened(one, keep) for one in document]
    if not isinstance(document, dict):
        return document
    return UNHEARD_OF | {name: value if name in keep else widened(value, keep)
                         for name, value in document.items()}


@pytest.mark.parametrize("name", [name for name in of("valid") if name.split("/")[0] not in CLOSED])
def test_an_unknown_field_in_every_object_changes_nothing(name: str) -> None:
    contract.validate(name.split("/")[0], widened(load("valid", name), ("counters", "pack")))


def test_what_a_later_browser_adds_is_taken_whoever_speaks(bevara: Bevara) -> None:
    from bevara.accounts import register

    browser = bevara.browser()
    account = register.add(bevara.rooms.real_store, "https://www.facebook.com/ett", "Ett")
    document = widened(capture(comment={"id": "1", "attachments": [attachment(PNG)]},
                               picture=picture()))
    said = widened(incident(counters={"seen": 1}), ("counters",))
    id_ = document["capture_id"]
    assert browser.hello(**UNHEARD_OF).status_code == 200
    assert browser.save(document, PNG).status_code == 201
    calls = {
        f"captures/{id_}/outcomes/{new_id()}": {"observed": "removed", "at": NOW},
        f"captures/{id_}/reason": reason(),
        f"incidents/{said['id']}": said,
        f"accounts/{account}/identifiers": {"identifiers": [{"kind": "alias", "value": "e"}]},
        f"account-questions/{new_id()}": {
            "platform": "facebook", "owner": {"id": "1", "name": None, "url": None},
            "answer": "ours", "at": NOW, "moderator": None},
        f"outcomes/{new_id()}": {"platform": "facebook", "account_id": None, "comment_id": "1",
                                 "observed": "restored", "at": NOW},
        "heartbeat": {"at": NOW, "version": "9", "browser": "x", "waiting": 0, "refused": 0,
                      "pages": dict.fromkeys(("armed", "degraded", "blind", "resting", "reload"), 0)},
    }
    for path, body in calls.items():
        answer = browser.put(path, widened(body, ("counters",)))
        assert answer.status_code in (200, 201), (path, answer.text)
    assert verify(bevara.rooms.real_store).findings == []


def test_pairing_takes_what_a_later_browser_adds(bevara: Bevara) -> None:
    device, code = Device(bevara), bevara.rooms.pairing.open()
    post = device.post
    device.post = lambda path, body, **rest: post(path, body | UNHEARD_OF, **rest)  # type: ignore[method-assign]
    assert device.pair(code).status_code == 201


@pytest.mark.parametrize(("major", "taken"), [(1, (1,)), (2, (1, 2)), (3, (2, 3)), (9, (8, 9))])
def test_a_service_takes_its_own_major_and_the_one_before(
    major: int, taken: tuple[int, ...]
) -> None:
    assert contract.accepted(major) == taken


def test_hello_says_which_majors_are_taken_to_any_major(browser: Device) -> None:
    for major in (0, 1, 2, 99):
        said = browser.hello(contract={"major": major, "minor": 7}).get_json()["contract"]
        assert said["accepts"] == list(contract.accepted(contract.MAJOR)) and said["major"] == contract.MAJOR


def test_a_capture_of_a_major_before_the_previous_is_refused_but_stays_readable(
    bevara: Bevara, browser: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, late = capture(), capture()
    assert browser.save(kept).status_code == 201
    monkeypatch.setattr(contract, "ACCEPTS", contract.accepted(2))
    assert browser.save(capture()).status_code == 201
    monkeypatch.setattr(contract, "ACCEPTS", contract.accepted(3))
    assert problem(browser.save(late))[:2] == (426, "unsupported_contract")
    assert verify(bevara.rooms.real_store).findings == []


def test_a_capture_of_a_major_that_is_not_made_yet_is_refused(browser: Device) -> None:
    assert problem(browser.save(capture(schema="capture/2")))[:2] == (426, "unsupported_contract")


def head(bevara: Bevara, checkpoint: str) -> tuple[int, bytes]:
    return signed_note.read(checkpoint, bevara.rooms.real_store.origin, bevara.rooms.keys.public)


def test_every_hello_proves_that_the_log_continues_each_earlier_one(
    bevara: Bevara, browser: Device, tries: Any
) -> None:
    remembered = [browser.hello().get_json()["checkpoint"]]
    for number in range(tries(12, 60)):
        browser.save(capture(str(number)))
        remembered.append(browser.hello().get_json()["checkpoint"])
    for before in remembered:
        said = browser.hello(last_checkpoint=before).get_json()
        (old, root), (new, now) = head(bevara, before), head(bevara, said["checkpoint"])
        proof = [base64.b64decode(one) for one in said["consistency"]]
        assert merkle.check_consistency(old, new, proof, root, now)
        assert not merkle.check_consistency(old, new, proof, secrets.token_bytes(32), now)
        if proof:
            proof[0] = secrets.token_bytes(32)
            assert not merkle.check_consistency(old, new, proof, root, now)
