"""Our own reconstructions of Facebook's views, by path. All persons are invented."""

from typing import Any

SITE = "https://www.facebook.com/"
POSTS = "/storkopingskommun/posts/"
OWN_POST = POSTS + "pfbid02AAAAAAAAAAAAAAAA"
OWN = SITE.rstrip("/") + OWN_POST

Data = dict[str, Any]


def person(name: str, path: str) -> Data:
    return {"name": name, "url": SITE + path}


BODY = person("Storköpings kommun", "storkopingskommun")
KALLE = person("Kalle Testsson", "kalle.testsson.9")
EVA = person("Eva Fiktiv", "profile.php?id=100000000000777")
MY = person("My Påhittad", "my.pahittad")
NEIGHBOUR = person("Grannkommunen", "grannkommunen")


def comment(number: int, author: Data, text: str, **more: Any) -> Data:
    return {"id": str(number), "author": author, "text": text, "time": "2 tim", **more}


def usual() -> list[Data]:
    """A comment, an answer to it, and another comment with a picture."""
    return [
        comment(200000000000001, KALLE, "Ni är dumma i huvudet 😡\nSkäms"),
        comment(300000000000001, EVA, "Håll god ton.", time="1 tim", parent="200000000000001"),
        comment(
            200000000000002, MY, "Tack för vägen", time="5 min", edited=True, picture="En cykel"
        ),
    ]


def many() -> list[Data]:
    return [
        comment(400000000000000 + n, (KALLE, MY)[n % 2], f"Kommentar nummer {n}") for n in range(12)
    ]


def traps() -> list[Data]:
    """A text that links to another comment, and a text that Facebook has cut."""
    link = SITE + "annan/posts/1?comment_id=999&reply_comment_id=998"
    long = "En lång kommentar som Facebook visar bara början av"
    return [
        comment(200000000000001, KALLE, "Se den här:", link=link),
        comment(200000000000002, MY, long, cut=True),
    ]


def post(
    link: str, owner: Data = BODY, number: int = 1, comments: list[Data] | None = None
) -> Data:
    """One post; every comment carries the number of its post."""
    name = f"10000000000000{number}"
    listed = usual() if comments is None else comments
    text = "Ny cykelväg vid Storgatan." if owner is BODY else "Något helt annat."
    return {
        "id": name,
        "owner": owner,
        "link": link,
        "text": text,
        "comments": [{**each, "post": name} for each in listed],
    }


def friend() -> Data:
    return post(SITE + "kalle.testsson.9/posts/pfbid03BBB", KALLE, 2)


def group() -> Data:
    return post(SITE + "groups/1234567890/posts/555", MY, 3)


def neighbour() -> Data:
    return post(SITE + "grannkommunen/posts/pfbid04CCC", NEIGHBOUR, 4)


def view(surface: str, *posts: Data, **more: Any) -> Data:
    return {"surface": surface, "lang": "sv", "posts": list(posts), **more}


def own(surface: str = "dialog", comments: list[Data] | None = None, **more: Any) -> Data:
    """A view of one post of the body's own."""
    return view(surface, post(OWN, comments=comments), **more)


UNKNOWN: Data = {
    "labels": {"menu": "Åtgärder"},
    "menu": [["remove", "Kasta bort för gott"], ["report"]],
    "confirm": "Verkställ",
}
ENGLISH: Data = {
    "lang": "en",
    "replies": "nested",
    "item_role": "button",
    "dialog_role": "alertdialog",
    "mutation": "CometUFIDeleteCommentMutation",
}


def ours() -> dict[str, Data]:
    """Views of the body's own posts, one for each surface and each habit of the page."""
    return {
        OWN_POST: own(),
        POSTS + "english": own(**ENGLISH),
        POSTS + "utloggad": own(admin=False),
        POSTS + "egenlank": own(reply_links="own_only"),
        POSTS + "siffror": own(numeric=True),
        POSTS + "okanda-ord": own(**UNKNOWN),
        POSTS + "utan-sprak": own(no_lang=True),
        POSTS + "utan-lista": own(no_list=True),
        POSTS + "utan-ledtradar": own(no_hints=True),
        POSTS + "bricka": own(comments=[comment(200000000000001, {**MY, "verified": True}, "Hej")]),
        POSTS + "bara-bild": own(comments=[comment(200000000000001, MY, "", picture="En tom väg")]),
        "/storkopings.kommun/posts/punkt": view(
            "dialog", post(SITE + "Storkopings.Kommun/posts/punkt")
        ),
        POSTS + "otalig": own(optimistic=True),
        POSTS + "inline": own(inline_hide=True),
        POSTS + "sent": own(late=1500),
        POSTS + "rulla": own(comments=many(), window=4, recycle=True),
        POSTS + "virtuell": own(comments=many(), window=4),
        POSTS + "fallor": own(comments=traps()),
        "/photo/": view("photo", post(SITE + "photo/?fbid=777&set=a.888")),
        "/reel/4242": view("reel", post(SITE + "reel/4242")),
        "/watch/": view("reel", post(SITE + "storkopingskommun/videos/515151")),
    }


def others() -> dict[str, Data]:
    """Views where somebody else owns every post."""
    return {
        "/kalle.testsson.9": view("feed", friend()),
        "/kalle.testsson.9/posts/pfbid03BBB": view("dialog", friend()),
        "/groups/1234567890": view("bare_feed", group(), lang="en"),
        "/groups/1234567890/posts/555": view("dialog", group()),
        "/grannkommunen/posts/pfbid04CCC": view("dialog", neighbour()),
        "/photo.php": view("photo", post(SITE + "photo/?fbid=666&set=a.555", KALLE, 2)),
        "/reel/4343": view("reel", post(SITE + "reel/4343", KALLE, 2), lang="en"),
    }


def mixed() -> dict[str, Data]:
    """Views where posts of several owners stand side by side."""
    return {
        "/reel/4444": view("reel_alone", post(SITE + "reel/4444")),
        "/": view("feed", friend(), post(OWN), group()),
        "/bare": view("bare_feed", friend(), post(OWN), group()),
        POSTS + "forslag": view("dialog", post(OWN), neighbour()),
        "/latest/inbox/facebook": own(title="Business Suite"),
    }


def views() -> dict[str, Data]:
    return {**ours(), **others(), **mixed()}
