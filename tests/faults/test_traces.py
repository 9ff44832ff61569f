"""What was none of Bevara's business, was cancelled or went the closed path is in nothing that Bevara writes."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import facebook_views as fv
import pytest
from facebook_extension import Moderator
from facebook_server import FacebookServer
from panel import Panel
from PIL import Image, PngImagePlugin
from running import Running

from tests.faults.traces import digests, holding, spellings

pytestmark = [pytest.mark.faults, pytest.mark.browser]
DELETE = "useCometUFIDeleteCommentMutation"
ELSEWHERE = {
    "friend": "/kalle.testsson.9/posts/pfbid03BBB",
    "profile": "/kalle.testsson.9",
    "group": "/groups/1234567890/posts/555",
    "group feed": "/groups/1234567890",
    "neighbour": "/grannkommunen/posts/pfbid04CCC",
}
SAVED, CANCELLED, CLOSED = "own-saved", "own-cancelled", "own-closed"


def word(place: str) -> str:
    """A word that stands nowhere else."""
    return "Kvast" + place.replace(" ", "").replace("-", "") + "fening7431"


def planted_picture(place: str) -> bytes:
    """A picture with a word of its own in it."""
    made, notes = io.BytesIO(), PngImagePlugin.PngInfo()
    notes.add_text("Comment", word(place) + "bild")
    Image.new("RGB", (480, 320), (90, len(place), 90)).save(made, "PNG", pnginfo=notes)
    return made.getvalue()


def needles(place: str) -> list[bytes]:
    """Everything by which a place's words and picture could be known again."""
    picture = planted_picture(place)
    return [*spellings(word(place).encode()), *digests(word(place).encode()), *digests(picture)]


@dataclass
class Site:
    """Our own Facebook with planted words, and what each run wrote."""

    bevara: Running
    profiles: dict[str, dict[str, set[str]]] = field(default_factory=dict)
    pictures: dict[str, set[str]] = field(default_factory=dict)


def plant(facebook: FacebookServer) -> None:
    paths = {**ELSEWHERE, **{place: fv.POSTS + place for place in (SAVED, CANCELLED, CLOSED)}}
    for place, path in paths.items():
        if place not in ELSEWHERE:
            facebook.views[path] = fv.own()
        comment = facebook.views[path]["posts"][0]["comments"][0]
        comment.update(text=word(place), picture=word(place), picture_src=f"/{word(place)}.png")
        if place == SAVED:
            comment["id"] = "200000000000009"  # what the closed path took is never saved again
        facebook.files[f"/{word(place)}.png"] = ("image/png", planted_picture(place))


def walk(moderator: Moderator, guarded: bool) -> None:
    """Does the same on every page, with the extension or without it."""
    for path in ELSEWHERE.values():
        moderator.visit(path)
        english = moderator.facebook.views[path]["lang"] == "en"
        moderator.open_menu()
        moderator.choose("Delete" if english else "Ta bort")
        moderator.confirm("Delete" if english else "Ta bort")
        assert moderator.wait_asked() == [DELETE]
        moderator.page.wait_for_timeout(400)
    moderator.visit(fv.POSTS + CANCELLED)
    moderator.open_menu()
    moderator.choose("Ta bort")
    moderator.confirm("Avbryt")
    moderator.page.wait_for_timeout(800)
    moderator.visit(fv.POSTS + CLOSED)
    moderator.open_menu()
    moderator.choose("Ta bort")
    if guarded:
        panel = Panel(moderator.page)
        panel.wait("Misstänkt övergrepp mot barn")
        panel.press("Misstänkt övergrepp mot barn")
        panel.press("Ta bort och anteckna")
        panel.wait("Antecknat.")
        panel.press("Stäng")
    moderator.confirm()
    assert moderator.wait_asked() == [DELETE]
    moderator.page.wait_for_timeout(1500)


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with Running("https://www.facebook.com/storkopingskommun") as bevara:
        site = Site(bevara)
        for name, guarded in (("with", True), ("without", False)):
            with FacebookServer() as facebook, Moderator(bevara, facebook, guarded=guarded) as person:
                plant(facebook)
                walk(person, guarded)
                if guarded:
                    assert person.captures() == []
                    assert [one["kind"] for one in person.incidents()] == ["closed_path"]
                    assert bevara.documents("outcome") == bevara.documents("reason") == []
                    site.pictures["nothing saved"] = pictures_of_the_extension(person.profile())
                    save_one(person)
                    site.pictures["one saved"] = pictures_of_the_extension(person.profile())
                profile = person.leave()
                site.profiles[name] = {place: holding(profile, needles(place))
                                       for place in (*ELSEWHERE, CANCELLED, CLOSED)}
        yield site


def save_one(moderator: Moderator) -> None:
    """The positive control: this one is saved, and must be found."""
    moderator.visit(fv.POSTS + SAVED)
    moderator.open_menu()
    moderator.choose("Ta bort")
    moderator.confirm()
    assert moderator.wait_asked() == [DELETE], Panel(moderator.page).text()


def pictures_of_the_extension(profile: Path) -> set[str]:
    """The extension's own files that hold a picture or the beginning of one as text."""
    found = holding(profile, [b"\x89PNG\r\n\x1a\n", b"iVBORw0KGgo"])
    return {name for name in found if "chrome-extension" in name or "Extension" in name}


def test_the_search_finds_what_was_saved(site: Site) -> None:
    assert holding(site.bevara.data, needles(SAVED))


@pytest.mark.parametrize("place", [*ELSEWHERE, CANCELLED, CLOSED])
def test_nothing_of_it_is_in_bevaras_folder_or_words(
    site: Site, place: str, tries: Callable[[int, int], int]
) -> None:
    tries(1, 1)
    assert holding(site.bevara.data, needles(place)) == set()
    assert not any(one in site.bevara.output() for one in needles(place))


@pytest.mark.parametrize("place", [*ELSEWHERE, CANCELLED, CLOSED])
def test_the_browser_wrote_it_where_it_does_without_the_extension(
    site: Site, place: str, tries: Callable[[int, int], int]
) -> None:
    tries(1, 1)
    assert site.profiles["with"][place] <= site.profiles["without"][place]
    ours = {name for name in site.profiles["with"][place] if "xtension" in name}
    assert ours == set()


def test_no_picture_lies_among_what_the_extension_wrote_until_one_was_saved(site: Site) -> None:
    assert site.pictures["nothing saved"] == set()
    assert site.pictures["one saved"], "the search for pictures finds none at all"


def test_the_closed_path_keeps_time_account_link_and_author_only(site: Site) -> None:
    [incident] = site.bevara.documents("incident")
    assert incident["kind"] == "closed_path" and incident["comment_id"] == "200000000000001"
    assert incident["author_url"] == fv.KALLE["url"] and incident["account_id"]
    assert incident["note"] is None and incident["reason"] is None
