"""A capture is kept as the bytes that came, once, with its pictures, and answered with a receipt."""

import hashlib
import json

import pytest

from bevara import contract
from bevara.kernel import ledger, merkle, signed_note
from bevara.records import list_records, show
from bevara.upkeep.verify import verify
from tests.client import Bevara, Device, documents, problem
from tests.factories import PNG, attachment, blob_name, capture, encoded, new_id, picture


def test_the_receipt_names_the_bytes_and_their_place_in_the_log(
    bevara: Bevara, browser: Device
) -> None:
    document = capture("Hur länge ska vi vänta?")
    answer = browser.save(document)
    receipt = answer.get_json()
    assert answer.status_code == 201
    contract.validate("receipt-1", receipt)
    assert receipt["sha256"] == hashlib.sha256(encoded(document)).hexdigest()
    store = bevara.rooms.real_store
    with store.read() as connection:
        size, root = signed_note.read(receipt["checkpoint"], store.origin, store.keys.public)
        assert size == receipt["tree_size"]
        leaf = ledger.node(connection, 0, receipt["ledger_index"])
        path = merkle.inclusion(lambda level, pos: ledger.node(connection, level, pos),
                                receipt["ledger_index"], size)
    assert merkle.check_inclusion(leaf, receipt["ledger_index"], size, path, root)


def test_the_same_bytes_again_give_the_same_receipt(bevara: Bevara, browser: Device) -> None:
    document = capture()
    first, second = browser.save(document), browser.save(document)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.data == second.data
    assert len(documents(bevara.rooms.real_store.folder)) == 1


def test_other_bytes_under_the_same_number_are_refused(bevara: Bevara, browser: Device) -> None:
    document = capture()
    browser.save(document)
    document["comment"]["text"] = "Något annat"
    assert problem(browser.save(document)) == (409, "conflict", "/capture_id")
    assert "Något annat" not in str(list_records.page(bevara.rooms.real_store).rows)


def test_the_same_comment_by_two_moderators_is_one_record(bevara: Bevara, browser: Device) -> None:
    other = bevara.browser()
    about = {"id": "123"}
    first = browser.save(capture("Först", comment=about)).get_json()
    second = other.save(capture("Sedan", comment=about, mode="hide")).get_json()
    assert first["record_id"] == second["record_id"]
    record = show.record(bevara.rooms.real_store, first["record_id"])
    assert [one.capture["comment"]["text"] for one in record.versions] == ["Först", "Sedan"]


def test_comments_of_two_accounts_with_one_number_are_two_records(browser: Device) -> None:
    about = {"id": "123"}
    one = browser.save(capture(comment=about, account_id=new_id())).get_json()
    two = browser.save(capture(comment=about, account_id=new_id())).get_json()
    assert one["record_id"] != two["record_id"]


def test_comments_without_a_number_are_never_merged(browser: Device) -> None:
    assert browser.save(capture()).get_json()["record_id"] != (
        browser.save(capture()).get_json()["record_id"])


def test_a_picture_is_kept_with_the_capture_that_names_it(bevara: Bevara, browser: Device) -> None:
    large = PNG + bytes(100_000)
    document = capture(picture=picture(PNG), comment={"attachments": [attachment(large)]})
    assert browser.save(document, PNG, large).status_code == 201
    assert bevara.rooms.real_store.blob(blob_name(PNG)) == PNG
    assert bevara.rooms.real_store.blob(blob_name(large)) == large
    assert verify(bevara.rooms.real_store).ok


def test_a_missing_picture_is_named_and_nothing_is_kept(bevara: Bevara, browser: Device) -> None:
    document = capture(picture=picture(PNG))
    answer = browser.put(f"captures/{document['capture_id']}", document)
    assert problem(answer)[:2] == (424, "missing_blobs")
    assert answer.get_json()["missing"] == [blob_name(PNG)]
    assert documents(bevara.rooms.real_store.folder) == []
    assert browser.save(document, PNG).status_code == 201


def test_a_picture_alone_leaves_no_trace(bevara: Bevara, browser: Device) -> None:
    data = PNG + b"planted " * 20_000
    path = f"blobs/{blob_name(data)}"
    assert [browser.put(path, data, media_type="image/png").status_code for _ in range(2)] == [201, 200]
    written = [path for path in bevara.rooms.config.data_dir.rglob("*")
               if path.is_file() and b"planted" in path.read_bytes()]
    assert written == []


def test_a_damaged_picture_is_refused(browser: Device) -> None:
    name = blob_name(PNG)
    assert problem(browser.put(f"blobs/{name}", PNG + b"x")) == (422, "hash_mismatch", "sha256")
    assert problem(browser.put("blobs/sha256:abc", PNG)) == (422, "hash_mismatch", "sha256")


@pytest.mark.parametrize("change,field", [
    ({"captured_at": "i går"}, "/captured_at"), ({"mode": "remove"}, "/mode"),
    ({"capture_id": "1"}, "/capture_id"), ({"page": {}}, "/page"),
    ({"beside": [{"field": "x", "value": None, "source": "guess"}]}, "/beside/0/source"),
])
def test_a_bad_field_is_named_and_nothing_is_kept(
    bevara: Bevara, browser: Device, change: dict[str, object], field: str
) -> None:
    document = capture()
    answer = browser.put(f"captures/{document['capture_id']}", {**document, **change})
    assert problem(answer) == (422, "invalid", field)
    assert documents(bevara.rooms.real_store.folder) == []


@pytest.mark.parametrize("body,field", [(b"", "/"), (b"{", "/"), (b"[]", "/"), (b"\xff", "/"),
                                        (b"[" * 100_000, "/")])
def test_what_is_not_a_document_is_refused(browser: Device, body: bytes, field: str) -> None:
    assert problem(browser.put(f"captures/{new_id()}", body)) == (422, "invalid", field)


def test_an_unknown_version_is_refused_with_the_next_step(browser: Device) -> None:
    document = capture(schema="capture/2")
    answer = browser.save(document)
    assert problem(answer)[:2] == (426, "unsupported_contract")
    assert answer.get_json()["next"] == "Uppdatera den äldre av dem."


def test_unknown_fields_are_kept_as_they_came(bevara: Bevara, browser: Device) -> None:
    document = capture(tomorrow={"a": 1})
    receipt = browser.save(document).get_json()
    record = show.record(bevara.rooms.real_store, receipt["record_id"])
    assert record.latest["tomorrow"] == {"a": 1}


def test_the_number_in_the_address_must_be_the_one_in_the_document(browser: Device) -> None:
    assert problem(browser.put(f"captures/{new_id()}", capture())) == (
        422, "invalid", "/capture_id")


def test_too_much_is_refused(browser: Device) -> None:
    assert problem(browser.put(f"captures/{new_id()}", b" " * (8 << 20) + b"{}"))[:2] == (
        413, "too_large")
    big = bytes((16 << 20) + 1)
    assert problem(browser.put(f"blobs/{blob_name(big)}", big))[:2] == (413, "too_large")


def test_text_is_kept_to_the_byte(bevara: Bevara, browser: Device) -> None:
    text = "a\u202eb\u200bc\u0301 😡👩‍👩‍👧\r\n\t<script>alert(1)</script>\u0000"
    receipt = browser.save(capture(text)).get_json()
    kept = show.record(bevara.rooms.real_store, receipt["record_id"])
    assert kept.latest["comment"]["text"] == text


def test_a_lone_surrogate_is_kept(bevara: Bevara, browser: Device) -> None:
    document = capture("X")
    body = json.dumps(document).replace('"X"', '"\\ud83d"').encode()
    answer = browser.put(f"captures/{document['capture_id']}", body)
    assert answer.status_code == 201
    assert verify(bevara.rooms.real_store).ok


def test_practice_is_kept_apart(bevara: Bevara, browser: Device) -> None:
    receipt = browser.on_practice().save(capture(platform="practice")).get_json()
    assert list_records.page(bevara.rooms.real_store).total == 0
    assert list_records.page(bevara.rooms.practice_store).total == 1
    assert "practice" in receipt["checkpoint"].splitlines()[0]
