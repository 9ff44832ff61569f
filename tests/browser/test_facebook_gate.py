"""The real extension on our own Facebook: saved first on the body's posts, untouched elsewhere."""

from collections.abc import Iterator

import facebook_views as fv
import pytest
from facebook_extension import Moderator
from facebook_server import FacebookServer
from panel import Panel
from running import Running

PAGE_ID = "61550000000001"
DELETE = "useCometUFIDeleteCommentMutation"


@pytest.fixture(scope="module")
def moderator() -> Iterator[Moderator]:
    with (
        Running("https://www.facebook.com/storkopingskommun", page_id=PAGE_ID) as bevara,
        FacebookServer() as facebook,
        Moderator(bevara, facebook) as person,
    ):
        yield person


def fresh(moderator: Moderator, path: str) -> tuple[int, int]:
    """Opens a view; gives how many captures and incidents there were."""
    moderator.visit(path)
    return len(moderator.captures()), len(moderator.incidents())


def test_scripts_are_registered_for_facebook_and_no_lookalike(moderator: Moderator) -> None:
    assert "https://www.facebook.com/*" in moderator.patterns()
    for pattern in moderator.patterns():
        host = pattern.split("/")[2]
        assert host == "localhost" or host.endswith(".facebook.com")
        assert "*" not in host


def test_a_deletion_is_saved_before_facebook_hears_of_it(moderator: Moderator) -> None:
    captures, _ = fresh(moderator, fv.OWN_POST)
    moderator.open_menu(1)
    moderator.choose("Ta bort")
    moderator.confirm()
    assert moderator.wait_asked() == [DELETE]
    found = moderator.captures()
    assert len(found) == captures + 1
    comment = found[-1]["comment"]
    assert comment["id"] == "300000000000001" and comment["parent_id"] == "200000000000001"
    assert comment["text"] == "Håll god ton." and comment["author"]["name"] == "Eva Fiktiv"
    assert comment["time_shown"] == "1 tim" and comment["post_id"] == "100000000000001"
    assert found[-1]["context"]["post"]["owner"]["name"] == "Storköpings kommun"
    assert found[-1]["context"]["answers"][0]["text"].startswith("Ni är dumma")
    assert found[-1]["picture"] is not None, found[-1]["no_picture_reason"]
    assert found[-1]["platform"] == "facebook" and found[-1]["account_id"]


def test_english_by_keyboard_with_nested_answers(moderator: Moderator) -> None:
    captures, _ = fresh(moderator, fv.POSTS + "english")
    moderator.page.locator(moderator.comment(0)).locator("> [aria-haspopup=menu]").focus()
    moderator.page.keyboard.press("Enter")
    moderator.page.locator(".portal [role=menu] >> text='Delete'").locator("..").focus()
    moderator.page.keyboard.press("Enter")
    moderator.page.locator(".portal [aria-label='Delete']").focus()
    moderator.page.keyboard.press("Space")
    assert moderator.wait_asked() == ["CometUFIDeleteCommentMutation"]
    found = moderator.captures()
    assert len(found) == captures + 1
    assert found[-1]["comment"]["text"] == "Ni är dumma i huvudet 😡\nSkäms"
    assert found[-1]["action"]["trigger"] == "keyboard"


def test_unknown_words_are_held_as_a_deletion(moderator: Moderator) -> None:
    captures, _ = fresh(moderator, fv.POSTS + "okanda-ord")
    moderator.open_menu()
    moderator.choose("Kasta bort för gott")
    moderator.page.wait_for_selector(".portal [aria-label='Verkställ']")
    assert len(moderator.captures()) == captures + 1
    moderator.confirm("Verkställ")
    assert moderator.wait_asked() == [DELETE]


@pytest.mark.parametrize("path", ["/photo/", "/reel/4242", "/watch/", "/", "/bare"])
def test_our_own_comments_are_saved_on_every_surface(moderator: Moderator, path: str) -> None:
    captures, _ = fresh(moderator, path)
    moderator.open_menu(3 if path in ("/", "/bare") else 0)
    moderator.choose("Ta bort")
    moderator.confirm()
    assert moderator.wait_asked() == [DELETE]
    assert len(moderator.captures()) == captures + 1


def test_hiding_acts_at_once_and_is_saved(moderator: Moderator) -> None:
    captures, _ = fresh(moderator, fv.OWN_POST)
    moderator.open_menu()
    moderator.choose("Dölj kommentar")
    assert moderator.wait_asked() == ["CometUFIHideCommentMutation"]
    assert moderator.captures()[captures:][0]["action"]["kind"] == "hide"


def test_the_inline_hide_link_is_held_too(moderator: Moderator) -> None:
    captures, _ = fresh(moderator, fv.POSTS + "inline")
    moderator.page.locator(moderator.comment(0)).locator("[aria-label='Dölj']").click()
    assert moderator.wait_asked() == ["CometUFIHideCommentMutation"]
    assert len(moderator.captures()) == captures + 1


def test_showing_again_is_nothing_to_save(moderator: Moderator) -> None:
    captures, incidents = fresh(moderator, fv.OWN_POST)
    moderator.open_menu()
    moderator.choose("Dölj kommentar")
    moderator.wait_asked()
    moderator.page.wait_for_timeout(300)
    moderator.open_menu()
    moderator.choose("Visa kommentar")
    assert moderator.wait_asked(2)[-1] == "CometUFIUnhideCommentMutation"
    moderator.page.wait_for_timeout(700)
    assert (len(moderator.captures()), len(moderator.incidents())) == (captures + 1, incidents)


@pytest.mark.parametrize("path", fv.others())
def test_somebody_elses_comment_is_never_held(moderator: Moderator, path: str) -> None:
    before = fresh(moderator, path)
    english = moderator.facebook.views[path]["lang"] == "en"
    moderator.open_menu()
    moderator.choose("Delete" if english else "Ta bort")
    moderator.confirm("Delete" if english else "Ta bort")
    assert moderator.wait_asked(1, 1.5) == [DELETE]
    moderator.page.wait_for_timeout(1000)
    assert (len(moderator.captures()), len(moderator.incidents())) == before
    assert moderator.page.locator("bevara-panel").count() == 0


@pytest.mark.parametrize("path", [fv.OWN_POST, fv.POSTS + "otalig"])
def test_a_deletion_past_the_gate_is_saved_late(moderator: Moderator, path: str) -> None:
    captures, _ = fresh(moderator, path)
    moderator.page.evaluate("window.deleteWithoutMenu('200000000000002')")
    moderator.wait_asked()
    found = moderator.bevara.wait_documents("capture", captures + 1)
    assert found[captures]["mode"] == "late"
    assert found[captures]["comment"]["text"] == "Tack för vägen"


def test_without_bevara_nothing_is_deleted(moderator: Moderator) -> None:
    fresh(moderator, fv.OWN_POST)
    moderator.bevara.pause()
    try:
        moderator.open_menu()
        moderator.choose("Ta bort")
        moderator.confirm()
        moderator.page.wait_for_timeout(2500)
        assert moderator.facebook.names() == []
    finally:
        moderator.bevara.go_on()


def test_past_the_gate_on_a_friends_page_is_nobodys_business(moderator: Moderator) -> None:
    before = fresh(moderator, "/kalle.testsson.9/posts/pfbid03BBB")
    moderator.page.evaluate("window.deleteWithoutMenu('200000000000002')")
    assert moderator.wait_asked() == [DELETE]
    moderator.page.wait_for_timeout(800)
    assert (len(moderator.captures()), len(moderator.incidents())) == before


@pytest.mark.parametrize("host", ["facebook.com.evil.se", "www.facebook.com.evil.se"])
def test_a_lookalike_host_gets_no_scripts(moderator: Moderator, host: str) -> None:
    moderator.visit(fv.OWN_POST, host)
    moderator.open_menu()
    moderator.choose("Ta bort")
    moderator.confirm()
    assert moderator.wait_asked(1, 1) == [DELETE]
    assert moderator.page.locator("bevara-panel").count() == 0


def test_business_suite_says_that_it_only_watches(moderator: Moderator) -> None:
    before = fresh_on(moderator, "/latest/inbox/facebook", "business.facebook.com")
    assert moderator.page.locator("bevara-banner").count() == 1
    moderator.open_menu()
    moderator.choose("Ta bort")
    moderator.confirm()
    assert moderator.wait_asked(1, 2) == [DELETE]
    moderator.page.wait_for_timeout(500)
    assert (len(moderator.captures()), len(moderator.incidents())) == before


def test_business_suite_on_our_page_reports_what_was_deleted(moderator: Moderator) -> None:
    path = "/latest/inbox/facebook?asset_id=" + PAGE_ID
    captures, incidents = fresh_on(moderator, path, "business.facebook.com")
    moderator.page.evaluate("window.deleteWithoutMenu('200000000000002')")
    found = moderator.bevara.wait_documents("incident", incidents + 1)
    assert len(moderator.captures()) == captures
    assert found[-1]["kind"] == "unseen_deletion"
    assert found[-1]["comment_id"] == "200000000000002" and found[-1]["account_id"]


def fresh_on(moderator: Moderator, path: str, host: str) -> tuple[int, int]:
    """As `fresh`, on another of Facebook's hosts."""
    moderator.visit(path, host)
    return len(moderator.captures()), len(moderator.incidents())


@pytest.mark.parametrize(
    ("path", "state"),
    [
        (fv.OWN_POST, "armed"),
        (fv.POSTS + "english", "armed"),
        (fv.POSTS + "rulla", "armed"),
        (fv.POSTS + "utan-lista", "armed"),
        ("/photo/", "armed"),
        ("/reel/4242", "armed"),
        ("/", "armed"),
        ("/kalle.testsson.9", "resting"),
        ("/groups/1234567890/posts/555", "resting"),
        ("/reel/4343", "resting"),
    ],
)
def test_the_badge_says_whether_the_page_is_guarded(
    moderator: Moderator, path: str, state: str
) -> None:
    moderator.visit(path)
    assert moderator.status()["state"] == state


def test_when_nobody_can_tell_whose_it_is_it_is_held_and_asked(moderator: Moderator) -> None:
    before = fresh(moderator, "/reel/4444")
    moderator.open_menu()
    moderator.choose("Ta bort")
    moderator.confirm()
    assert moderator.wait_asked(1, 1.5) == []
    assert (len(moderator.captures()), len(moderator.incidents())) == before
    text = Panel(moderator.page).wait("kommunens konton")
    assert "Håll god ton" not in text
