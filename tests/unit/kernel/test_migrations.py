"""A store that an earlier Bevara filled shows as much as one that this Bevara filled."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from bevara.upkeep.verify import verify
from tests import older
from tests.client import running
from tests.factories import capture, encoded

OLDER = ";".join([*older.STATEMENTS, "update alembic_version set version_num = '0005';"])


def test_comments_from_before_their_times_were_listed_get_them(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with running(folder) as bevara:
        browser, desk = bevara.browser(), bevara.desk()
        half = capture(comment={"time_shown": "3 tim #"})
        body = encoded(half).replace(b"tim #", b"tim \\ud83d")
        assert browser.put(f"captures/{half['capture_id']}", body).status_code == 201
        browser.save(capture(comment={"time_exact": "2026-11-20T08:42:00Z"}))
        browser.save(capture())
        held = browser.save(capture(comment={"time_shown": "5 tim"})).get_json()["record_id"]
        desk.post(f"/kommentarer/{held}/sparra", {"by": "Anna", "reason": "Fel"})
    with closing(sqlite3.connect(folder / "register" / "bevara.sqlite")) as database:
        database.executescript(OLDER)
    with running(folder) as bevara:
        page = bevara.desk().get("/kommentarer?flik=alla").text
        assert "”3 tim \ufffd”" in page and "20 november 2026 kl. 09.42" in page
        assert "5 tim" not in page
        assert verify(bevara.rooms.real_store).findings == []


def test_comments_that_anyone_had_called_secret_are_closed(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with running(folder) as bevara:
        browser, desk = bevara.browser(), bevara.desk()
        browser.save(capture("Planterad ett", possible_secrecy=True))
        reason = browser.save(capture("Planterad två")).get_json()["record_id"]
        desk.post(f"/kommentarer/{reason}/skal", {"skal": "secrecy"})
        browser.save(capture("Öppen tre"))
    with closing(sqlite3.connect(folder / "register" / "bevara.sqlite")) as database:
        database.executescript(OLDER + """
            update records set possible_secrecy = 0, author_name = 'Planterad', text = 'Planterad',
            search_text = 'planterad' where text is null;""")
        assert database.execute("select count(*) from records where text = 'Planterad'").fetchone() == (2,)
    with running(folder) as bevara:
        desk = bevara.desk()
        for page in (desk.get("/kommentarer?flik=alla").text,
                     desk.get("/kommentarer?flik=alla&sok=planterad").text.split('class="rows"')[-1]):
            assert "Planterad" not in page
        assert "Öppen tre" in desk.get("/kommentarer?flik=alla").text
        assert verify(bevara.rooms.real_store).findings == []
