"""The proof that the desk hands out: to its owner only, the right bytes, and of nothing withheld."""

import io
import zipfile
from pathlib import Path

import pytest

from bevara.records.proof import bundle
from tests.client import PORT, Bevara, Desk, Device
from tests.erasing import WORD, erased, planted
from tests.factories import capture, new_id
from tests.proving import checked


def route(record: str, practice: bool = False) -> str:
    return f"{'/ovning' if practice else ''}/kommentarer/{record}/bevis.zip"


@pytest.mark.parametrize("practice", [False, True])
def test_the_owner_gets_a_file_that_the_script_in_it_says_is_whole(
    bevara: Bevara, browser: Device, desk: Desk, tmp_path: Path, practice: bool
) -> None:
    device = browser.on_practice() if practice else browser
    record = device.save(capture("Beviset", platform="practice" if practice else "facebook")
                         ).get_json()["record_id"]
    answer = desk.get(route(record, practice))
    assert answer.status_code == 200 and answer.content_type == "application/zip"
    assert answer.headers["Content-Disposition"] == f"attachment; filename=bevis-{record}.zip"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    store = bevara.rooms.practice_store if practice else bevara.rooms.real_store
    assert named(answer.data) == named(bundle.make(store, record))
    found = checked(answer.data, tmp_path, bundle.key_of(store))
    assert found.code == 0, found.said
    assert desk.get(route(record, not practice)).status_code == 404


def named(data: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return sorted(archive.namelist())


def test_nobody_else_gets_it(bevara: Bevara, browser: Device, desk: Desk) -> None:
    record = browser.save(capture("Hemligt")).get_json()["record_id"]
    stranger = bevara.app.test_client()
    signed = browser.http.get(route(record), base_url=f"http://127.0.0.1:{PORT}", headers=browser.sign(
        "GET", route(record), b"", ""))
    for host, status in ((desk.host, 401), (f"127.0.0.1:{PORT}", 421), (f"localhost:{PORT}", 421)):
        answer = stranger.get(route(record), base_url=f"http://{host}", headers={"Host": host})
        assert answer.status_code == status and answer.content_type != "application/zip"
    assert signed.status_code == 421, "a paired browser is nobody to the desk"


def test_no_proof_of_what_is_withheld_erased_or_unknown(
    bevara: Bevara, browser: Device, desk: Desk
) -> None:
    record = planted(browser)["record_id"]
    desk.post(f"/kommentarer/{record}/sparra", {"by": "Anna", "reason": "Misstag"})
    refused = desk.get(route(record))
    assert refused.status_code == 403 and WORD not in refused.text
    second = planted(browser, "7002")["record_id"]
    erased(bevara.rooms.real_store, second)
    assert desk.get(route(second)).status_code == 410
    assert desk.get(route(new_id())).status_code == 404
    assert desk.get("/kommentarer/hej/bevis.zip").status_code == 404
