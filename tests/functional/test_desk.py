"""The desk shows what is saved, as text, to its owner."""

import html
import re

import pytest

from bevara.records import list_records
from tests.client import PORT, Bevara, Desk, Device
from tests.factories import PNG, blob_name, capture, incident, picture

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\u202e{{ 7*7 }}"


def saved(browser: Device, text: str = "Hej", **changes: object) -> str:
    answer = browser.save(capture(text, **changes))
    return str(answer.get_json()["record_id"])


@pytest.mark.parametrize("path", ["/", "/kommentarer", "/kommentarer?flik=alla", "/konton",
                                  "/webblasare", "/kommentarer/att-kontrollera", "/installningar", "/namn",
                                  "/riktlinje", "/hjalp", "/tillganglighet", "/kontroll", "/ovning/kommentarer"])
def test_every_page_opens_empty_and_full(
    bevara: Bevara, browser: Device, desk: Desk, path: str
) -> None:
    assert desk.get(path).status_code == 200
    record = saved(browser, "Ny kommentar")
    browser.put(f"incidents/{(one := incident(note='Bråttom'))['id']}", one)
    answer = desk.get(path)
    assert answer.status_code == 200
    assert '<html lang="sv"' in answer.text
    assert desk.get(f"/kommentarer/{record}").status_code == 200


def test_what_people_wrote_never_runs(browser: Device, desk: Desk) -> None:
    author = {"name": HOSTILE, "url": "javascript:alert(1)", "id": None}
    record = saved(browser, HOSTILE, comment={
        "author": author, "permalink": "javascript:alert(1)", "fragment": HOSTILE,
        "time_shown": HOSTILE,
        "attachments": [{"kind": "link", "url": "javascript:alert(1)", "alt": HOSTILE,
                         "blob": None, "media_type": None}],
    }, moderator={"name": HOSTILE})
    browser.put(f"incidents/{(one := incident(note=HOSTILE, permalink='javascript:1'))['id']}", one)
    for path in ("/", "/kommentarer", f"/kommentarer/{record}", "/kommentarer/att-kontrollera"):
        text = desk.get(path).text
        assert "<script>alert" not in text and "onerror=alert(2)>" not in text
        assert not re.search(r'(href|src)="javascript:', text)
        assert "{{ 7*7 }}" in text or "49" not in text


def test_half_a_character_is_shown(browser: Device, desk: Desk) -> None:
    document = capture()
    from tests.factories import encoded

    body = encoded(document).replace(b'"Hej"', b'"Hej \\ud83d"').replace(
        b'"Tobias Rehn"', b'"T \\udc00"')
    record = browser.put(f"captures/{document['capture_id']}", body).get_json()["record_id"]
    for path in ("/", "/kommentarer", f"/kommentarer/{record}"):
        assert "T \ufffd" in desk.get(path).text


def test_the_list_is_searched_by_words_of_the_text_and_never_by_name(
    browser: Device, desk: Desk
) -> None:
    saved(browser, "Snön ligger kvar på Ängsvägen")
    saved(browser, "100 % rätt_fel", comment={"author": {"name": "Åsa Öst", "url": None, "id": None}})
    for words, count in [("Ängsvägen", 1), ("ängsv", 1), ("angsvagen", 0), ("Snon", 0),
                         ("kvar snön", 1), ("snön fel", 0), ("åsa", 0), ("100 %", 1), ("%", 1),
                         ("_", 1), ("saknas", 0), ("'; drop", 0)]:
        found = desk.http.get("/kommentarer", query_string={"flik": "alla", "sok": words},
                              headers={"Host": desk.host}, base_url=f"http://{desk.host}")
        assert found.text.count('<li class="row"') == count, words


def test_long_lists_come_in_pages(bevara: Bevara, browser: Device, desk: Desk) -> None:
    for number in range(list_records.PAGE + 1):
        saved(browser, f"Kommentar {number}")
    first = desk.get("/kommentarer").text
    assert first.count('<li class="row"') == list_records.PAGE
    assert 'rel="prev"' not in first
    second = desk.get(follow(first, "next")).text
    assert second.count('<li class="row"') == 1 and "Kommentar 50" in second
    assert 'rel="next"' not in second
    back = desk.get(follow(second, "prev")).text
    assert rows(back) == rows(first)


def follow(page: str, where: str) -> str:
    found = re.search(rf'rel="{where}" href="([^"]+)"', page)
    assert found
    return html.unescape(found[1])


def rows(page: str) -> list[str]:
    return re.findall(r'<li class="row" data-id="([^"]+)"', page)


@pytest.mark.parametrize("query", ["efter=fel", "fore=" + 200 * "_", "flik=annan", "flik=att-kontrollera"])
def test_a_page_that_is_not_there_is_said_to_be_so(desk: Desk, query: str) -> None:
    assert desk.get(f"/kommentarer?{query}").status_code == 404


def test_a_reason_is_chosen_at_the_desk(bevara: Bevara, browser: Device, desk: Desk) -> None:
    record = saved(browser)
    assert desk.post(f"/kommentarer/{record}/skal", {"skal": "påhittat"}).status_code == 422
    answer = desk.post(f"/kommentarer/{record}/skal", {"skal": "hate_speech"})
    back = f"/kommentarer/{record}?skal=sparat#skal"
    assert (answer.status_code, answer.headers["Location"]) == (303, back)
    assert "Skälet är sparat." in desk.get(back).text
    assert "Skälet är sparat." not in desk.get(f"/kommentarer/{record}").text
    assert list_records.page(bevara.rooms.real_store, "saknar-skal").total == 0


def test_a_picture_is_sent_as_a_picture_of_its_own_record_only(
    browser: Device, desk: Desk
) -> None:
    document = capture(picture=picture(PNG))
    record = browser.save(document, PNG).get_json()["record_id"]
    other = saved(browser)
    digest = blob_name(PNG).removeprefix("sha256:")
    answer = desk.get(f"/kommentarer/{record}/bild/{digest}")
    assert (answer.status_code, answer.content_type) == (200, "image/png")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert desk.get(f"/kommentarer/{other}/bild/{digest}").status_code == 404


def test_an_account_is_added_and_a_bad_address_is_kept_in_the_form(desk: Desk) -> None:
    trap = r"https://facebook.com\@evil.se"
    refused = desk.post("/konton", {"address": trap, "name": "Storköpings kommun"})
    assert refused.status_code == 422
    assert trap in refused.text.replace("&#34;", '"') and "Storköpings kommun" in refused.text
    good = {"address": "https://www.facebook.com/storkoping", "name": "Storköpings kommun"}
    assert desk.post("/konton", good).status_code == 303
    assert desk.post("/konton", good).status_code == 409


def test_the_start_page_knows_what_is_done(bevara: Bevara, desk: Desk) -> None:
    assert desk.get("/lage").get_json() == {"paired": False, "accounts": False, "practised": False}
    browser = bevara.browser()
    browser.on_practice().save(capture(platform="practice"))
    desk.post("/konton", {"address": "https://www.facebook.com/storkoping", "name": "Storköping"})
    assert desk.get("/lage").get_json() == {"paired": True, "accounts": True, "practised": True}


def test_a_browser_is_revoked_at_the_desk(bevara: Bevara, browser: Device, desk: Desk) -> None:
    from bevara.kernel.keys import keyid

    assert desk.post(f"/webblasare/{keyid(browser.public)}/aterkalla").status_code == 303
    assert browser.get("/api/v1/setup").status_code == 401
    assert desk.post("/webblasare/okand/aterkalla").status_code == 404


def test_the_check_says_what_it_found(bevara: Bevara, browser: Device, desk: Desk) -> None:
    saved(browser)
    assert "Allt stämmer" in desk.post("/kontroll").text
    with bevara.rooms.real_store.engine.begin() as tx:
        tx.exec_driver_sql("update documents set body = cast(replace(body, 'Hej', 'Nej') as blob)")
    assert "innehållet är ändrat" in desk.post("/kontroll").text


def test_the_practice_page_stands_alone(bevara: Bevara) -> None:
    client, host = bevara.app.test_client(), {"Host": f"localhost:{PORT}"}
    assert client.get("/", headers=host).headers["Location"] == "/torget/"
    assert client.get("/torget/", headers=host).status_code == 200
    done = client.post("/torget/api", data={"op": "delete_comment", "comment_id": "9001"},
                       headers=host)
    assert done.get_json() == {"ok": True, "state": "deleted"}
    for form in ({"op": "drop", "comment_id": "9001"}, {"op": "delete_comment", "comment_id": "1"}):
        assert client.post("/torget/api", data=form, headers=host).status_code in (404, 422)
    shown = client.get("/torget/thread", headers=host).get_json()["comments"]
    assert "9001" not in [item["id"] for item in shown]
