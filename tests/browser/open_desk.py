"""A Bevara with something of everything in it, served to a real browser from this process."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import waitress
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright
from tests.client import PORT, Bevara, Device, running
from tests.factories import NOW, capture, incident, new_id, picture
from tests.served import serving

from bevara.accounts import applications, elected, register
from bevara.archive import agreement
from bevara.archive.delivery import choose
from bevara.archive.delivery.sync import Sync
from bevara.archive.delivery.wired import wired
from bevara.archive.receivers import settings
from bevara.diary import decide, proposal
from bevara.diary.delivery import outbox, ready
from bevara.identity import names, permitted
from bevara.records import show, withhold

AUTHOR = {"name": "Tobias Rehn", "url": "https://www.facebook.com/tobias", "id": "1000"}
OTHER = {"name": "Erik Sundmark", "url": None, "id": None}
OWNER = {"name": "Storby", "url": None, "id": "1"}
CONTEXT = {
    "post": {"id": "1", "owner": OWNER, "text": "Budget 2027.", "permalink": None},
    "answers": [{"id": "105", "author": OTHER, "text": "Hur blir det med simhallen?",
                 "time_shown": "15 tim"}],
}
QUESTION = {"platform": "facebook", "answer": "ours", "at": NOW, "moderator": "Sara Lind",
            "owner": {"id": None, "name": "Storby library", "url": "https://www.facebook.com/storbylibrary"}}
PLANTED = "planted.localhost"
FRAGMENT = """<div>Hur ska det bli
<script>parent.document.title = "taken"; fetch("http://planted.localhost/planted")</script>
<img src="http://planted.localhost/planted.png" onerror="parent.document.title = 'taken'">
<link rel="stylesheet" href="http://planted.localhost/planted.css"><iframe src="http://planted.localhost/planted"></iframe>
<meta http-equiv="refresh" content="0;url=http://planted.localhost/planted"><form action="http://planted.localhost/planted"><button>x</button></form>
<a href="http://planted.localhost/planted">lead away</a><svg onload="parent.document.title = 'taken'"></svg></div>"""


class OpenDesk:
    """The served Bevara: `address` of any page, what is in it, and every host and path asked."""

    def __init__(
        self, bevara: Bevara, port: int, asked: list[tuple[str, str]]
    ) -> None:
        self.bevara, self.port, self.asked = bevara, port, asked
        self.host = f"{bevara.rooms.instance}.localhost:{PORT}"
        self.account, self.records = "", list[str]()
        self.withheld = self.delivery = self.archived = ""

    def invitation(self) -> str:
        """Return an address that signs its reader in."""
        return self.address(f"/start?key={self.bevara.rooms.sessions.invite()}")

    def address(self, path: str) -> str:
        return path if "://" in path else f"http://{self.host}{path}"

    def pages(self) -> dict[str, str]:
        """Return a path for every kind of page."""
        record = f"/kommentarer/{self.records[-1]}"
        return {
            "start": "/", "queue": "/kommentarer", "all": "/kommentarer?flik=alla",
            "nothing": "/kommentarer?flik=alla&sok=saknas", "bad date": "/kommentarer?fran=hej",
            "record": record, "withhold": f"{record}/sparra", "copy": f"{record}/kopia", "police": f"{record}/polisanmalan", "withheld": f"/kommentarer/{self.withheld}/sparrad", "named": f"{record}?namn=1", "review": "/kommentarer/att-kontrollera",
            "registration": f"{record}/registrering", "decided": f"/kommentarer/{self.records[2]}", "waiting": "/kommentarer/vantar-pa-nummer", "ordered": "/kommentarer/ordnade",
            "registered": f"/kommentarer/{self.records[3]}", "card": f"/kommentarer/{self.records[2]}/kort", "to register": "/kommentarer?flik=att-registrera", "informing": f"/kommentarer/{self.records[2]}/informera", "several": f"/kommentarer/beslut?beslut=keep&val={self.records[1]}&val={self.records[0]}",
            "deliveries": "/leveranser", "delivery": f"/leveranser/{self.delivery}", "diary": "/diariet", "templates": "/diariemallar", "template": f"/diariemallar/{self.account}",
            "closed": f"/kommentarer/{self.records[1]}", "secrecy": f"/kommentarer/{self.records[1]}/sekretess", "permitted": "/skyddat-innehall", "provisions": "/lagrum",
            "accounts": "/konton", "account": f"/konton/{self.account}", "published": "/konton/forteckning", "applications": "/konton/ansokningar", "links": "/konton/lankar", "name search": "/kommentarer/sok-avsandare", "this": "/installningar",
            "archive": "/arkiv", "archive delivery": f"/arkiv/leveranser/{self.archived}", "archive settings": "/mottagare", "browsers": "/webblasare", "copies": "/sakerhetskopia", "guideline": "/riktlinje",
            "names": "/namn", "screen": "/skarmdump", "log": "/kontroll", "practice": "/ovning",
            "practised": "/ovning/kommentarer?flik=alla", "square": f"http://localhost:{PORT}/torget/", "help": "/hjalp",
            "accessibility": "/tillganglighet", "missing": "/finns-inte",
        }

    def fill(self, device: Device, many: int = 6) -> None:
        """Put accounts, comments, incidents and a name in it, without a Swedish letter."""
        store = self.bevara.rooms.real_store
        self.account = register.add(store, "https://www.facebook.com/storby", "Storby")
        applications.apply(store, dict.fromkeys(
            ("applicant", "stand_in", *applications.PARTS), "Anna Berg"))
        elected.add(store, "Cia Dahl", "https://ciadahl.example/", "Bo Ek")
        names.add(store, "Sara Lind")
        permitted.add(store, "Anna Berg", "registrar")
        for number in range(many):
            self.records.append(self._save(device, number, many))
        for kind in ("override", "unseen_deletion", "blind_page", "closed_path"):
            happened = incident(kind, **({"reason": "danger"} if kind == "override" else {}))
            assert device.put(f"incidents/{happened['id']}", happened).status_code == 201
        self.practising = device.on_practice()
        self.practised_anew()
        self._withhold(device)
        answer = device.put(f"account-questions/{new_id()}", QUESTION)
        assert answer.status_code == 201
        self._decide(store)

    def practised_anew(self) -> str:
        """Save a comment more of the practice page; return its record."""
        answer = self.practising.save(capture("Practice", platform="practice"))
        return str(answer.get_json()["record_id"])

    def _withhold(self, device: Device) -> None:
        self.withheld = str(device.save(capture("Withheld")).get_json()["record_id"])
        withhold.from_desk(self.bevara.rooms.real_store, self.withheld, "Anna Berg", "Saved twice")

    def _decide(self, store: Any) -> None:
        """Let a comment wait for its number, give one to another, and keep a third in order."""
        said = proposal.suggested(show.record(store, self.records[0]).latest, "Storby") | {"av": "Anna Berg", "sett": "0"}
        for record in self.records[2:4]:
            decide.decide(store, record, said | {"beslut": "register"})
        self.delivery = ready.hand_over(store, "eml", "bevara.invalid", state=outbox.State.SENT)
        decide.number(store, self.records[3], {"nummer": "KS 2026/1", "av": "Anna Berg", "sett": "1"})
        decide.decide(store, self.records[0], said | {"beslut": "keep", "sekretess": "nej", "grund": "Ground"})
        self._archive(self.bevara.rooms)

    def _archive(self, rooms: Any) -> None:
        """Pack what is kept in order for a person to carry."""
        settings.keep(rooms.config, settings.Settings(settings.FILE))
        (self.archived,) = choose.hand_over(
            rooms.real_store, agreement.read(rooms.config), "Anna Berg")
        made = wired(rooms.config, rooms.real_store)
        Sync(made.way, made.agreed, made.accounts, lambda papers: [None] * len(papers)).all_due(
            rooms.real_store)

    def _save(self, device: Device, number: int, many: int) -> str:
        last, png = number == many - 1, _png()
        document: Any = capture(
            f"Comment {number}\nSecond line\nThird line of it", account_id=self.account,
            context=CONTEXT, possible_secrecy=number == 1, moderator={"name": "Sara Lind"},
            beside=[{"field": "author.id", "value": "1000", "source": "page_json"}],
            comment={"author": AUTHOR, "id": str(number), "time_shown": "3 tim",
                     "fragment": FRAGMENT, "permalink": "https://www.facebook.com/storby/1"})
        if last:
            document |= {"picture": {**picture(png), "width": 400, "height": 120},
                         "no_picture_reason": None}
        answer = device.save(document, *([png] if last else []))
        device.observed(document["capture_id"], "removed")
        return str(answer.get_json()["record_id"])


def _png() -> bytes:
    held = io.BytesIO()
    Image.new("RGB", (400, 120), "#f0f2f5").save(held, "PNG")
    return held.getvalue()


@contextmanager
def open_desk(folder: Path, port: int = 0) -> Iterator[OpenDesk]:
    """Serve a full Bevara on `port`, or on a free one."""
    with running(folder) as bevara:
        asked: list[tuple[str, str]] = []

        def counted(environ: Any, start: Any) -> Any:
            asked.append((environ["HTTP_HOST"], environ["PATH_INFO"]))
            return bevara.app.wsgi_app(environ, start)

        server = waitress.create_server(counted, host="127.0.0.1", port=port, threads=4)
        desk = OpenDesk(bevara, int(server.effective_port), asked)
        with serving(server):
            desk.fill(bevara.browser())
            yield desk


@contextmanager
def chromium_for(port: int) -> Iterator[Browser]:
    """Give a Chromium that finds the names of a desk and its practice page on a port."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=[
            "--no-sandbox", "--disable-gpu", "--disable-quic",
            f"--host-resolver-rules=MAP *.localhost 127.0.0.1:{port}, MAP localhost 127.0.0.1:{port}"])
        yield browser
        browser.close()


@contextmanager
def reader(browser: Browser, desk: OpenDesk, **options: Any) -> Iterator[Page]:
    """Give a page that is signed in at the desk's start page; nothing on it is seen half-way faded."""
    context = browser.new_context(**{"locale": "sv-SE", "reduced_motion": "reduce", **options})
    page = context.new_page()
    page.goto(desk.invitation())
    yield page
    context.close()
