"""What is said about a capture afterwards is added; nothing that was said is changed."""

import pytest

from bevara.oversight import review
from bevara.records import show
from tests.client import Bevara, Device, documents, problem
from tests.factories import NOW, capture, incident, new_id


def reason(**changes: object) -> dict[str, object]:
    return {"category": "hate_speech", "possible_secrecy": False, "moderator": "Lisa", "at": NOW,
            **changes}


def test_an_outcome_is_shown_and_kept(bevara: Bevara, browser: Device) -> None:
    document = capture()
    record = browser.save(document).get_json()["record_id"]
    for observed in ("still_visible", "removed"):
        assert browser.observed(document["capture_id"], observed).status_code == 201
    assert show.record(bevara.rooms.real_store, record).row.outcome == "removed"
    kinds = [kind for kind, _ in documents(bevara.rooms.real_store.folder)]
    assert kinds == ["capture", "outcome", "outcome"]


def test_a_later_reason_is_shown_and_both_are_kept(bevara: Bevara, browser: Device) -> None:
    document = capture()
    record = browser.save(document).get_json()["record_id"]
    path = f"captures/{document['capture_id']}/reason"
    assert browser.put(path, reason()).status_code == 201
    assert browser.put(path, reason()).status_code == 200
    later = reason(category="threats", possible_secrecy=True, at="2026-11-24T10:05:00Z")
    assert browser.put(path, later).status_code == 201
    row = show.record(bevara.rooms.real_store, record).row
    assert (row.category, row.possible_secrecy, row.moderator) == ("threats", True, "Lisa")
    assert len(documents(bevara.rooms.real_store.folder)) == 3


def test_nothing_is_said_about_what_is_not_saved(browser: Device) -> None:
    assert problem(browser.observed(new_id(), "removed")) == (404, "not_found", None)
    assert problem(browser.put(f"captures/{new_id()}/reason", reason())) == (404, "not_found", None)


@pytest.mark.parametrize("change,field", [({"at": "nu"}, "/at"), ({"category": 7}, "/category")])
def test_a_bad_reason_is_named(browser: Device, change: dict[str, object], field: str) -> None:
    document = capture()
    browser.save(document)
    answer = browser.put(f"captures/{document['capture_id']}/reason", reason(**change))
    assert problem(answer) == (422, "invalid", field)


def test_an_incident_is_kept_once(bevara: Bevara, browser: Device) -> None:
    happened = incident("override", reason="hate_speech", note="Bråttom")
    path = f"incidents/{happened['id']}"
    assert [browser.put(path, happened).status_code for _ in range(2)] == [201, 200]
    assert problem(browser.put(path, {**happened, "note": "Annat"}))[:2] == (409, "conflict")
    assert review.incidents(bevara.rooms.real_store) == [happened]


@pytest.mark.parametrize("field", ["reason", "note"])
def test_the_closed_path_carries_no_content(bevara: Bevara, browser: Device, field: str) -> None:
    closed = incident("closed_path", permalink="https://www.facebook.com/a?comment_id=1",
                      comment_id="1", author_url=None)
    assert browser.put(f"incidents/{closed['id']}", closed).status_code == 201
    bad = {**closed, "id": new_id(), field: "ordet"}
    assert problem(browser.put(f"incidents/{bad['id']}", bad)) == (422, "invalid", f"/{field}")


def test_an_incident_has_one_number(browser: Device) -> None:
    assert problem(browser.put(f"incidents/{new_id()}", incident())) == (422, "invalid", "/id")


def test_what_an_account_is_called_is_learned_once(bevara: Bevara, browser: Device) -> None:
    from bevara.accounts import register

    account = register.add(bevara.rooms.real_store, "https://www.facebook.com/storkoping", "Storköping")
    seen = {"identifiers": [{"kind": "page_id", "value": "100064"}]}
    path = f"accounts/{account}/identifiers"
    assert [browser.put(path, seen).status_code for _ in range(2)] == [201, 200]
    known = register.all_accounts(bevara.rooms.real_store)[0]["identifiers"]
    assert seen["identifiers"][0] in known
    assert problem(browser.put(f"accounts/{new_id()}/identifiers", seen))[:2] == (404, "not_found")


def test_the_answer_to_whose_page_it_is_is_kept(bevara: Bevara, browser: Device) -> None:
    said = {"platform": "facebook", "owner": {"id": "1", "name": "En förening", "url": None},
            "answer": "not_ours", "at": NOW, "moderator": None}
    assert browser.put(f"account-questions/{new_id()}", said).status_code == 201
    assert documents(bevara.rooms.real_store.folder)[0][0] == "account_question"
