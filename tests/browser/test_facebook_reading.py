"""Our own reconstructions of Facebook: what is read, and whose page it is."""

from collections.abc import Iterator
from typing import Any

import facebook_views as fv
import pytest
from content_in_page import READ_ALL, account, script
from facebook_capture import REBUILT
from facebook_server import FacebookServer
from playwright.sync_api import Page, sync_playwright

ACCOUNT = account(("vanity", "storkopingskommun"))


@pytest.fixture(scope="module")
def server() -> Iterator[FacebookServer]:
    with FacebookServer() as running:
        yield running


@pytest.fixture(scope="module")
def page(server: FacebookServer) -> Iterator[Page]:
    """One tab that reaches only our own Facebook."""
    flags = ["--no-sandbox", "--ignore-certificate-errors", server.chromium_rule()]
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=flags)
        yield browser.new_page()
        browser.close()


def read(page: Page, server: FacebookServer, path: str) -> list[dict[str, Any]]:
    page.goto(server.url(path))
    page.evaluate(script([ACCOUNT]))
    page.wait_for_selector("[role=article][tabindex='-1'] a", state="attached")
    found: list[dict[str, Any]] = page.evaluate(READ_ALL)
    return found


def shown(posts: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """What a reader of the view's own data expects, in document order."""
    return [
        (
            each["id"],
            each.get("parent"),
            each["author"]["name"],
            each["text"],
            each["time"],
            each["post"],
        )
        for post in posts
        for each in post["comments"]
    ]


def got(found: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return [
        (
            each["id"],
            each["parent_id"],
            each["author"]["name"],
            each["text"],
            each["time_shown"],
            each["post_id"],
        )
        for each in found
    ]


WHOLE = [
    path
    for path, view in fv.ours().items()
    if not {"numeric", "window", "comments"} & set(view)
    and not path.endswith(("fallor", "bara-bild"))
]


@pytest.mark.parametrize("path", WHOLE)
def test_every_surface_of_our_own_page_is_read_and_is_ours(
    page: Page, server: FacebookServer, path: str
) -> None:
    found = read(page, server, path)
    assert got(found) == shown(server.views[path]["posts"])
    assert {each["state"] for each in found} == {"ours"}


@pytest.mark.parametrize("path", fv.others())
def test_somebody_elses_post_is_never_ours(page: Page, server: FacebookServer, path: str) -> None:
    found = read(page, server, path)
    assert len(found) == 3
    assert {each["state"] for each in found} == {"not_ours"}


@pytest.mark.parametrize("path", ["/", "/bare"])
def test_in_a_feed_each_post_has_its_own_owner(
    page: Page, server: FacebookServer, path: str
) -> None:
    found = read(page, server, path)
    assert [each["state"] for each in found] == ["not_ours"] * 3 + ["ours"] * 3 + ["not_ours"] * 3


def test_a_suggested_post_beside_ours_is_not_ours(page: Page, server: FacebookServer) -> None:
    found = read(page, server, fv.POSTS + "forslag")
    assert [each["state"] for each in found] == ["ours"] * 3 + ["not_ours"] * 3


def test_numeric_ids_are_the_same_ids(page: Page, server: FacebookServer) -> None:
    found = read(page, server, fv.POSTS + "siffror")
    assert [each["id"] for each in found] == [row[0] for row in shown([fv.post(fv.OWN)])]
    assert [each["parent_id"] for each in found] == [None, "200000000000001", None]


def test_an_answer_carries_the_comment_it_answers(page: Page, server: FacebookServer) -> None:
    answer = read(page, server, fv.OWN_POST)[1]
    assert [(each["id"], each["text"]) for each in answer["answers"]] == [
        ("200000000000001", "Ni är dumma i huvudet 😡\nSkäms")
    ]


def test_a_link_in_the_text_is_not_the_comments_own_id(page: Page, server: FacebookServer) -> None:
    found = read(page, server, fv.POSTS + "fallor")
    assert [each["id"] for each in found] == ["200000000000001", "200000000000002"]
    assert found[0]["author"]["url"] == fv.KALLE["url"]


def test_a_cut_text_says_so(page: Page, server: FacebookServer) -> None:
    found = read(page, server, fv.POSTS + "fallor")
    assert [each["truncated"] for each in found] == [False, True]


def test_a_recycled_node_is_read_anew(page: Page, server: FacebookServer) -> None:
    read(page, server, fv.POSTS + "rulla")
    page.evaluate("window.scrollThread(4)")
    assert got(page.evaluate(READ_ALL)) == shown([fv.post(fv.OWN, comments=fv.many())])[4:8]


def test_a_virtual_list_is_read_where_it_stands(page: Page, server: FacebookServer) -> None:
    read(page, server, fv.POSTS + "virtuell")
    page.evaluate("window.scrollThread(8)")
    assert got(page.evaluate(READ_ALL)) == shown([fv.post(fv.OWN, comments=fv.many())])[8:12]


def test_author_numbers_pictures_and_edits_are_read(page: Page, server: FacebookServer) -> None:
    found = read(page, server, fv.OWN_POST)
    assert found[1]["author"]["id"] == "100000000000777"
    assert found[1]["author"]["url"] == fv.EVA["url"]
    assert [each["edited"] for each in found] == [False, False, True]
    assert [part["kind"] for part in found[2]["attachments"]] == ["picture"]


def test_a_picture_without_words_has_no_text(page: Page, server: FacebookServer) -> None:
    [found] = read(page, server, fv.POSTS + "bara-bild")
    assert not found["text"]
    assert [part["alt"] for part in found["attachments"]] == ["En tom väg"]


def test_the_text_of_a_cut_comment_has_no_button_in_it(page: Page, server: FacebookServer) -> None:
    assert read(page, server, fv.POSTS + "fallor")[1]["text"] == "En lång komm"


OWNERS = {
    "/storkopingskommun/posts/pfbid1?comment_id=1": (None, "storkopingskommun"),
    "/permalink.php?story_fbid=pfbid1&id=6155": ("6155", None),
    "/people/Kalle/100064000000001/": ("100064000000001", None),
    "/p/Kommunen-100064000000001/": ("100064000000001", None),
    "/pages/Kommunen/100064000000001": ("100064000000001", None),
    "/Stork%C3%B6ping-100064000000001/posts/1": ("100064000000001", "Storköping-100064000000001"),
    "/groups/123/posts/5?comment_id=1": ("groups/123", "groups/123"),
    "/groups/123/user/77/": ("groups/123", "groups/123"),
    "/photo/?fbid=1&set=g.55": ("groups/55", "groups/55"),
    "/photo/?fbid=1&set=a.2": None,
    "/photo.php?fbid=1": None,
    "/reel/1": None,
    "/watch/?v=1": None,
    "/hashtag/cykel": None,
    "https://evil.se/storkopingskommun": None,
    "https://facebook.com.evil.se/storkopingskommun": None,
    "https://www.facebook.com@evil.se/storkopingskommun": None,
}


@pytest.mark.parametrize("link", OWNERS)
def test_a_link_tells_whose_page_it_is(page: Page, server: FacebookServer, link: str) -> None:
    read(page, server, fv.OWN_POST)
    found = page.evaluate("(link) => bevara.facebook_links.owner(link)", link)
    assert (found and (found["id"], found["vanity"])) == OWNERS[link]


@pytest.mark.skipif(not REBUILT.exists(), reason="the rebuilt admin page is not on this computer")
def test_the_rebuilt_admin_page_is_read(page: Page, server: FacebookServer) -> None:
    server.extra["/rebuilt"] = REBUILT.read_text(encoding="utf-8")
    found = read(page, server, "/rebuilt")
    assert [(each["id"], each["parent_id"], each["time_shown"]) for each in found] == [
        ("200000000000001", None, "2 tim"),
        ("300000000000001", "200000000000001", "1 tim"),
    ]
    assert [each["author"]["name"] for each in found] == ["Kalle Testsson", "Eva Fiktiv"]
    assert [each["text"] for each in found] == [
        "[olämpligt innehåll] Ni är dumma i huvudet",
        "Håll god ton.",
    ]
    assert {each["state"] for each in found} == {"ours"}
    assert found[1]["attachments"][0]["alt"] == "Bilden kan innehålla: text"


def test_the_pages_own_data_stands_beside(page: Page, server: FacebookServer) -> None:
    path = fv.POSTS + "data"
    server.views[path] = fv.own(data=PAGE_DATA)
    read(page, server, path)
    code = "bevara.beside.of(bevara.finder.byId('200000000000001'))"
    found = {each["field"]: each["value"] for each in page.evaluate(code)}
    assert found["author.id"] == "100000000000555"
    assert found["time_exact"] == "2026-11-18T14:00:00.000Z"
    assert found["text"] == "Ni är dumma i huvudet"
    assert page.evaluate("bevara.beside.of(bevara.finder.byId('200000000000002'))") == []


PAGE_DATA = {
    "require": [
        {
            "node": {
                "legacy_fbid": "200000000000001",
                "author": {"id": "100000000000555", "url": "https://www.facebook.com/kalle"},
                "created_time": 1795010400,
                "body": {"text": "Ni är dumma i huvudet"},
            }
        }
    ]
}
