"""The queue is filtered by its address, worked through in bulk, and paged without counting."""

import html
import re

import pytest

from bevara.records import list_records, show
from bevara.upkeep.verify import verify
from tests.client import Bevara, Desk, Device
from tests.factories import capture


def saved(browser: Device, text: str = "Hej", **changes: object) -> str:
    answer = browser.save(capture(text, **changes))
    return str(answer.get_json()["record_id"])


def ids(page: str) -> list[str]:
    return re.findall(r'<li class="row" data-id="([^"]+)"', page)


def follow(page: str, where: str) -> str:
    found = re.search(rf'rel="{where}" href="([^"]+)"', page)
    assert found, where
    return html.unescape(found[1])


def test_the_head_of_a_practice_page_searches_what_was_practised(desk: Desk) -> None:
    found = [re.findall(r'<form class="find" method="get" action="([^"]+)"', desk.get(path).text)
             for path in ("/kommentarer", "/ovning", "/ovning/kommentarer")]
    assert found == [["/kommentarer"], ["/ovning/kommentarer"], ["/ovning/kommentarer"]]


def test_every_filter_is_in_the_address(bevara: Bevara, browser: Device, desk: Desk) -> None:
    hidden = saved(browser, "Ett", mode="hide", action={
        "kind": "hide", "label": None, "reversible": True, "trigger": "mouse"})
    ours = saved(browser, "Två", account_id="a1")
    desk.post(f"/kommentarer/{ours}/skal", {"skal": "commercial"})
    today = bevara.clock.now()[:10]
    for query, wanted in [
        ("atgard=hide", {hidden}), ("konto=a1", {ours}), ("skal=commercial", {ours}),
        ("sok=två", {ours}), (f"fran={today}&till={today}", {hidden, ours}),
        ("fran=2030-01-01", set()), ("till=2020-01-01", set()), (f"sok={today}", {hidden, ours}),
        ("sok=2020-01-01", set()), ("atgard=hide&konto=a1", set()),
    ]:
        assert set(ids(desk.get(f"/kommentarer?flik=alla&{query}").text)) == wanted, query


@pytest.mark.parametrize("field", ["fran", "till"])
@pytest.mark.parametrize("bad", ["igår", "2026-13-01", "2026-02-30", "9999-12-31x"])
def test_a_bad_date_is_said_beside_its_field_and_kept(
    browser: Device, desk: Desk, field: str, bad: str
) -> None:
    saved(browser)
    answer = desk.get(f"/kommentarer?flik=alla&{field}={bad}")
    assert answer.status_code == 422
    assert "Datumet ska skrivas åååå-mm-dd" in answer.text and f'value="{bad}"' in answer.text
    assert 'aria-invalid="true"' in answer.text


def test_work_is_oldest_first_and_everything_newest_first(browser: Device, desk: Desk) -> None:
    first, second = saved(browser, "Ett"), saved(browser, "Två")
    assert ids(desk.get("/kommentarer").text) == [first, second]
    assert ids(desk.get("/kommentarer?flik=alla").text) == [second, first]


def test_paging_there_and_back_shows_each_once(
    browser: Device, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(list_records, "PAGE", 2)
    made = [saved(browser, f"Nummer {number}") for number in range(5)]
    for tab, wanted in [("alla", made[::-1]), ("saknar-skal", made)]:
        page, seen = desk.get(f"/kommentarer?flik={tab}").text, []
        for _ in range(2):
            seen += ids(page)
            page = desk.get(follow(page, "next")).text
        assert seen + ids(page) == wanted
        assert 'rel="next"' not in page
        page = desk.get(follow(page, "prev")).text
        assert ids(page) == wanted[2:4]
        page = desk.get(follow(page, "prev")).text
        assert ids(page) == wanted[:2] and 'rel="prev"' not in page


def test_a_page_is_found_by_an_index_and_never_by_counting(bevara: Bevara) -> None:
    for index, where in [("records_by_time", ""),
                         ("records_without_reason", "category is null and ")]:
        with bevara.rooms.real_store.read() as connection:
            plan = connection.exec_driver_sql(
                f"explain query plan select * from records where {where}"
                "(created_at, id) > ('2026', 'x') order by created_at, id limit 51").fetchall()
        assert any(f"USING INDEX {index}" in line[-1] for line in plan), plan
        assert not any("TEMP B-TREE" in line[-1] for line in plan), plan


def test_one_reason_is_set_for_everything_ticked(
    bevara: Bevara, browser: Device, desk: Desk
) -> None:
    made = [saved(browser, f"Nummer {number}") for number in range(3)]
    answer = desk.http.post("/kommentarer/skal?flik=alla", data={
        "csrf": desk.csrf, "val": made[:2], "skal": "profanity"},
        headers={"Host": desk.host}, base_url=f"http://{desk.host}")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/kommentarer?flik=alla")
    shown = [show.record(bevara.rooms.real_store, id_).row.category for id_ in made]
    assert shown == ["profanity", "profanity", None]


def test_nothing_ticked_or_chosen_is_said_in_words(browser: Device, desk: Desk) -> None:
    record = saved(browser)
    for form, words in [({"skal": "profanity"}, "Ingen kommentar är vald"),
                        ({"val": record, "skal": "annat"}, "Välj ett av skälen"),
                        ({"val": "annan", "skal": "profanity"}, "Kommentaren finns inte")]:
        answer = desk.post("/kommentarer/skal", form)
        assert answer.status_code in (404, 422) and words in answer.text


def test_setting_a_reason_for_many_never_opens_what_may_be_secret(
    bevara: Bevara, browser: Device, desk: Desk
) -> None:
    closed, other = saved(browser, possible_secrecy=True), saved(browser)
    for record, category in ((closed, "profanity"), (other, "secrecy")):
        desk.post("/kommentarer/skal", {"val": record, "skal": category})
        assert show.record(bevara.rooms.real_store, record).row.possible_secrecy


def test_the_list_shows_neither_text_nor_author_of_what_may_be_secret(
    browser: Device, desk: Desk
) -> None:
    saved(browser, "Hemligheten", possible_secrecy=True)
    for path in ("/", "/kommentarer", "/kommentarer?flik=alla"):
        page = desk.get(path).text
        assert "Hemligheten" not in page and "Tobias Rehn" not in page
        assert "Kan innehålla sekretess" in page or path == "/"
    assert "Inget passar filtret." in desk.get("/kommentarer?flik=alla&sok=hemligheten").text


def test_a_record_leads_to_its_neighbours_in_the_tab(browser: Device, desk: Desk) -> None:
    made = [saved(browser, f"Nummer {number}") for number in range(3)]
    page = desk.get(f"/kommentarer/{made[1]}?flik=saknar-skal").text
    assert follow(page, "prev") == f"/kommentarer/{made[0]}?flik=saknar-skal"
    assert follow(page, "next") == f"/kommentarer/{made[2]}?flik=saknar-skal"
    newest = desk.get(f"/kommentarer/{made[2]}").text
    assert 'rel="prev"' not in newest and made[1] in follow(newest, "next")


def test_other_persons_are_covered_until_they_are_turned_on(browser: Device, desk: Desk) -> None:
    person = {"name": "Erik Sundmark", "url": None, "id": None}
    record = saved(browser, context={"post": None, "answers": [
        {"id": "5", "author": person, "text": "Hur går det?", "time_shown": "15 tim"}]})
    covered = desk.get(f"/kommentarer/{record}").text
    assert "Annan person" in covered and "Erik Sundmark" not in covered
    assert "Erik Sundmark" in desk.get(f"/kommentarer/{record}?namn=1").text


def test_captured_markup_is_sent_to_a_closed_frame_of_its_own_record_only(
    browser: Device, desk: Desk
) -> None:
    document = capture(comment={"fragment": "<script>1</script><b>Hej</b>"})
    record = browser.save(document).get_json()["record_id"]
    answer = desk.get(f"/kommentarer/{record}/kod/{document['capture_id']}")
    policy = answer.headers["Content-Security-Policy"]
    assert policy == "default-src 'none'; sandbox; frame-ancestors 'self'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff" and "<script>" in answer.text
    assert "<script>1" not in desk.get(f"/kommentarer/{record}").text
    other = saved(browser)
    assert desk.get(f"/kommentarer/{other}/kod/{document['capture_id']}").status_code == 404


@pytest.mark.parametrize("times,wanted", [
    ({"time_shown": "3 tim"}, "Publicerad <bdi>”3 tim”</bdi>"),
    ({"time_shown": "3 tim", "time_exact": "2026-11-20T08:42:00Z"},
     '>20 november 2026 kl. 09.42</time>'),
    ({}, "Publicerad okänd tid"),
])
def test_a_row_says_when_the_comment_was_published_and_how_long_it_has_waited(
    bevara: Bevara, browser: Device, desk: Desk, times: dict[str, str], wanted: str
) -> None:
    saved(browser, comment=times)
    bevara.clock.offset += 2 * 3600
    page = desk.get("/kommentarer").text
    assert wanted in page and "Väntat 2 timmar" in page


def test_a_row_of_this_minute_is_just_saved(browser: Device, desk: Desk) -> None:
    saved(browser)
    page = desk.get("/kommentarer").text
    assert "Nyss sparad" in page and "Väntat" not in page


def test_a_withheld_row_says_nothing_of_when_it_was_published(
    bevara: Bevara, browser: Device, desk: Desk
) -> None:
    record = saved(browser, comment={"time_shown": "3 tim"})
    desk.post(f"/kommentarer/{record}/sparra", {"by": "Anna", "reason": "Fel"})
    page = desk.get("/kommentarer?flik=alla").text
    assert "Spärrad" in page and "3 tim" not in page and "Publicerad" not in page
    assert verify(bevara.rooms.real_store).findings == []
