"""When each browser was last heard of, and how often something was removed without being saved."""

from bevara.identity import devices, heartbeats
from bevara.oversight import overrides
from bevara.records import list_records
from tests.client import Bevara, Device
from tests.factories import capture, incident, new_id

AT = "2026-11-24T10:00:00Z"
QUIET = {"armed": 1, "degraded": 0, "blind": 0, "resting": 0, "reload": 0}


def beat(**changes: object) -> dict[str, object]:
    return {"at": AT, "version": "0.1.0", "browser": "Edge 140", "pages": QUIET, "waiting": 0,
            "refused": 0, **changes}


def only(bevara: Bevara) -> heartbeats.Heard:
    (found,) = heartbeats.heard(bevara.rooms.real_store)
    return found


def test_a_browser_that_was_never_heard_of_is_listed_as_such(
    bevara: Bevara, browser: Device
) -> None:
    assert (only(bevara).label, only(bevara).state, only(bevara).seen) == (
        "Receptionen", "never", None)


def test_the_newest_heartbeat_is_shown_and_a_repeat_changes_nothing(
    bevara: Bevara, browser: Device
) -> None:
    assert browser.put("heartbeat", beat(waiting=2)).status_code == 200
    assert only(bevara).state == "waiting" and only(bevara).waiting == 2
    for _ in range(2):
        browser.put("heartbeat", beat(pages={**QUIET, "blind": 1}))
        assert (only(bevara).state, only(bevara).version) == ("unsure", "0.1.0")


def test_a_browser_is_silent_after_three_days(bevara: Bevara, browser: Device) -> None:
    browser.put("heartbeat", beat())
    assert only(bevara).state == "armed"
    bevara.clock.offset = 3 * 86400 + 60
    assert only(bevara).state == "silent"


def test_a_revoked_browser_is_not_listed_and_may_not_beat(bevara: Bevara, browser: Device) -> None:
    browser.put("heartbeat", beat())
    devices.revoke(bevara.rooms.real_store, only(bevara).id)
    assert heartbeats.heard(bevara.rooms.real_store) == []
    assert browser.put("heartbeat", beat()).status_code == 401


def test_a_heartbeat_is_about_the_browser_that_signed_it(bevara: Bevara, browser: Device) -> None:
    other = bevara.browser()
    other.put("heartbeat", beat(waiting=9))
    assert sorted(one.waiting for one in heartbeats.heard(bevara.rooms.real_store)) == [0, 9]


def test_practice_beats_for_the_same_browser(bevara: Bevara, browser: Device) -> None:
    assert browser.on_practice().put("heartbeat", beat()).status_code == 200
    assert only(bevara).state == "armed"


def test_overrides_are_counted_without_persons(bevara: Bevara, browser: Device) -> None:
    for reason in ("danger", "not_working", "not_working", "memory", "something new"):
        document = incident("override", reason=reason, moderator="Moa", account_id="a")
        browser.put(f"incidents/{document['id']}", document)
    blind = incident("blind_page")
    browser.put(f"incidents/{blind['id']}", blind)
    found = overrides.count(bevara.rooms.real_store)
    assert found.total == 4
    assert found.by_reason == {"danger": 1, "not_working": 2, "other": 1}
    assert found.by_account == {"a": 4} and "Moa" not in repr(found)
    assert overrides.count(bevara.rooms.real_store, "2999-01-01T00:00:00Z").total == 0


def restored(**changes: object) -> dict[str, object]:
    return {"platform": "facebook", "account_id": None, "comment_id": "77",
            "observed": "restored", "at": AT, **changes}


def test_a_comment_that_is_shown_again_is_noted_on_its_record(
    bevara: Bevara, browser: Device
) -> None:
    document = capture(comment={"id": "77"}, mode="hide")
    receipt = browser.save(document).get_json()
    path = f"outcomes/{new_id()}"
    assert browser.put(path, restored()).status_code == 201
    assert browser.put(path, restored()).status_code == 200
    page = bevara.desk().get(f"/kommentarer/{receipt['record_id']}")
    assert "Visas igen på sidan" in page.get_data(as_text=True)


def test_a_comment_that_was_never_saved_gets_no_record_for_being_shown(
    bevara: Bevara, browser: Device
) -> None:
    assert browser.put(f"outcomes/{new_id()}", restored()).status_code == 200
    assert list_records.page(bevara.rooms.real_store).total == 0
