"""The saved Facebook page in Firefox ESR: the same ten comments, read by the same code."""

from collections.abc import Iterator

import pytest
from content_in_page import READ_ALL, account, script
from facebook_capture import CAPTURE, expected, summary
from facebook_server import FacebookServer
from firefox import FIREFOX, Firefox, facebook_prefs

PATH = "/sidan.exempel.1/posts/pfbid02ExempelExempelExempel"

pytestmark = [
    pytest.mark.skipif(FIREFOX is None, reason="Firefox is not installed"),
    pytest.mark.skipif(
        not CAPTURE.exists(), reason="the saved Facebook page is not on this computer"
    ),
]


@pytest.fixture(scope="module")
def tab() -> Iterator[Firefox]:
    """The saved page at its own address in Firefox."""
    with FacebookServer() as server:
        server.extra[PATH] = CAPTURE.read_text(encoding="utf-8")
        with Firefox(facebook_prefs(server.port)) as firefox:
            firefox.goto(server.url(PATH), wait="interactive")
            firefox.run(script([account(("vanity", "sidan.exempel.1"))]))
            yield firefox


def test_every_comment_is_read_as_shown(tab: Firefox) -> None:
    assert [summary(each) for each in tab.evaluate(READ_ALL)] == expected()


def test_every_comment_is_ours(tab: Firefox) -> None:
    assert [each["state"] for each in tab.evaluate(READ_ALL)] == ["ours"] * 10
