"""Our own reconstructions of Facebook: what is read, and whose page it is."""

from collections.abc import Iterator
from typing import Any

import facebook_views as fv
import pytest
from content_in_page import READ_ALL, account, script
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
    page.wait_for_selector("[role=article] ul")
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
    if not {"numeric", "window", "comments"} & set(view) and "fallor" not in path
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
