"""The real extension in Firefox ESR on our own Facebook."""

from collections.abc import Iterator
from dataclasses import dataclass

import facebook_views as fv
import pytest
from facebook_server import FacebookServer
from firefox import FIREFOX, Firefox, facebook_prefs
from firefox_extension import EXTENSION, pair, prefs
from running import Running

pytestmark = pytest.mark.skipif(FIREFOX is None, reason="Firefox is not installed")
DELETE = "useCometUFIDeleteCommentMutation"


@dataclass(frozen=True)
class Desk:
    """Everything that one test looks at."""

    firefox: Firefox
    facebook: FacebookServer
    bevara: Running

    def delete(self, path: str) -> int:
        """Opens a view and deletes its first comment; gives how many captures there were."""
        before = len(self.bevara.documents("capture"))
        self.facebook.asked.clear()
        self.firefox.goto(self.facebook.url(path))
        self.firefox.until("document.querySelector('[role=article][tabindex=\"-1\"]') !== null")
        self.firefox.wait(1.5)
        self.firefox.click("document.querySelector('[tabindex=\"-1\"] [aria-haspopup=menu]')")
        self.firefox.click("[...document.querySelectorAll('[role=menuitem]')][1]")
        self.firefox.click("document.querySelector('.portal [aria-label=\"Ta bort\"]')")
        return before

    def wait_asked(self, seconds: float = 8) -> list[str]:
        for _ in range(int(seconds * 10)):
            if self.facebook.asked:
                break
            self.firefox.wait(0.1)
        return self.facebook.names()


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    with (
        Running("https://www.facebook.com/storkopingskommun") as bevara,
        FacebookServer() as facebook,
        Firefox({**prefs(), **facebook_prefs(facebook.port)}) as firefox,
    ):
        firefox.install(EXTENSION)
        assert pair(firefox, bevara).startswith("Kopplad")
        yield Desk(firefox, facebook, bevara)


def test_our_own_comment_is_saved_before_facebook_hears_of_it(desk: Desk) -> None:
    before = desk.delete(fv.OWN_POST)
    assert desk.wait_asked() == [DELETE]
    found = desk.bevara.documents("capture")
    assert len(found) == before + 1
    assert found[-1]["comment"]["text"] == "Ni är dumma i huvudet 😡\nSkäms"
    assert found[-1]["comment"]["id"] == "200000000000001"
    assert found[-1]["picture"] is not None, found[-1]["no_picture_reason"]


def test_a_friends_comment_is_never_held(desk: Desk) -> None:
    before = desk.delete("/kalle.testsson.9/posts/pfbid03BBB")
    assert desk.wait_asked(2) == [DELETE]
    desk.firefox.wait(1)
    assert len(desk.bevara.documents("capture")) == before
    assert desk.bevara.documents("incident") == []


def test_a_deletion_past_the_gate_is_saved_late(desk: Desk) -> None:
    before = len(desk.bevara.documents("capture"))
    desk.firefox.goto(desk.facebook.url(fv.POSTS + "egenlank"))
    desk.firefox.wait(1.5)
    desk.facebook.delay = 1
    desk.firefox.run("window.deleteWithoutMenu('200000000000002')")
    found = desk.bevara.wait_documents("capture", before + 1)
    assert found[-1]["mode"] == "late"
    assert found[-1]["comment"]["text"] == "Tack för vägen"
