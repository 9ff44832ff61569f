"""Everything leaves in open formats, and comes into an empty Bevara with the same log."""

from __future__ import annotations

import base64
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from bevara.archive.exit import bring, export, layout
from bevara.cli import main
from bevara.errors import DiskFull, Invalid
from bevara.identity import permitted, users
from bevara.kernel import ledger
from bevara.kernel.clock import Clock
from bevara.records import show, withhold
from bevara.upkeep.verify import verify
from tests.client import Bevara, Desk, Device, running
from tests.factories import PNG, capture, picture
from tests.functional.test_archive_packages import KARIN, kept
from tests.functional.test_registration import paste, registered, saved
from tests.functional.test_secrecy import MARK

HASH = "$argon2id$v=19$m=65536,t=3,p=4$planterat$hemligt"
LARGE = PNG + bytes(100_000)


@pytest.fixture
def filled(bevara: Bevara, browser: Device, desk: Desk) -> Bevara:
    """A Bevara with something of everything in it."""
    store = bevara.rooms.real_store
    desk.post("/konton", {"address": "https://www.facebook.com/storkoping", "name": "Storköping"})
    browser.save(capture("Med bild", picture=picture(LARGE)), LARGE)
    paste(desk, f"{registered(desk, saved(browser, desk))}\tKS 2026/00123:7")
    kept(browser, desk, "=1+1")
    marked = saved(browser, desk, "Hemligtord")
    assert desk.post(f"/kommentarer/{marked}/sekretess", MARK | {"sett": "0"}).status_code == 303
    shut = saved(browser, desk, "Spärratord")
    withhold.from_desk(store, shut, KARIN, "Prov")
    permitted.add(store, "Anna Berg", "registrar")
    users.set_password(store, users.add(store, "Anna Berg", ["administratör"], "IT"), HASH, "IT")
    assert verify(store).findings == []
    return bevara


def exported(bevara: Bevara, target: Path) -> export.Exported:
    return export.export(bevara.rooms.config.data_dir, target, Clock())


def root(bevara: Bevara) -> str:
    store = bevara.rooms.real_store
    with store.read() as connection:
        return base64.b64encode(ledger.root(connection, ledger.size(connection))).decode()


def everything(folder: Path) -> bytes:
    return b"\n".join(str(path).encode() + path.read_bytes()
                      for path in sorted(folder.rglob("*")) if path.is_file())


def checked(folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, str(folder / layout.SCRIPT), str(folder), *more],
                          check=False, capture_output=True, text=True)


def test_an_export_imported_elsewhere_leads_to_the_same_root(
    filled: Bevara, tmp_path: Path
) -> None:
    made = exported(filled, tmp_path / "ut")
    assert made.root == root(filled)
    before = _shown(filled)
    found = bring.bring(tmp_path / "ut", tmp_path / "ny", Clock())
    assert (found.root, found.report.findings) == (made.root, [])
    assert (found.size, found.browsers) == (made.entries, 1)
    with running(tmp_path / "ny") as other:
        store = other.rooms.real_store
        with store.read() as connection:
            assert base64.b64encode(ledger.root(connection, made.entries)).decode() == made.root
        assert _shown(other) == before
        assert store.origin != filled.rooms.real_store.origin
        said = json.loads(_entry(other, made.entries))
        assert (said["kind"], said["old_origin"]) == ("restored", filled.rooms.real_store.origin)
        assert verify(store).findings == []


def _shown(bevara: Bevara) -> list[Any]:
    store = bevara.rooms.real_store
    with store.read() as connection:
        ids = [row.id for row in connection.exec_driver_sql(
            "select id from records where withheld_at is null order by id")]
    found = [show.record(store, id_) for id_ in ids]
    return [(tuple(one.row), one.versions, one.events) for one in found]


def _entry(bevara: Bevara, index: int) -> str:
    with bevara.rooms.real_store.read() as connection:
        return str(connection.exec_driver_sql(
            "select entry from ledger_entries where idx = ?", (index,)).scalar_one())


def test_what_was_imported_goes_on_saving(filled: Bevara, tmp_path: Path) -> None:
    exported(filled, tmp_path / "ut")
    bring.bring(tmp_path / "ut", tmp_path / "ny", Clock())
    with running(tmp_path / "ny") as other:
        assert other.browser().save(capture("Efter importen")).status_code == 201
        assert verify(other.rooms.real_store).findings == []


def test_the_script_checks_an_export_without_bevara(filled: Bevara, tmp_path: Path) -> None:
    exported(filled, tmp_path / "ut")
    key = base64.b64encode(filled.rooms.keys.public).decode()
    assert checked(tmp_path / "ut", "--key", key).returncode == 0
    assert checked(tmp_path / "ut").returncode == 3
    assert checked(tmp_path / "ut", "--key", base64.b64encode(bytes(32)).decode()).returncode == 1
    done = subprocess.run(["sha256sum", "--strict", "--quiet", "-c", layout.MANIFEST],
                          cwd=tmp_path / "ut", check=False, capture_output=True)
    assert done.returncode == 0
    assert not list((tmp_path / "ut").rglob("__pycache__"))


def test_every_change_is_found_by_the_script_and_by_the_import(
    filled: Bevara, tmp_path: Path, tries: Callable[[int, int], int]
) -> None:
    exported(filled, tmp_path / "ut")
    files = sorted(path for path in (tmp_path / "ut").rglob("*") if path.is_file())
    count = min(tries(24, 400), len(files) * 4)
    for number in range(count):
        path, what = files[number * 7 % len(files)], number % 4
        data = path.read_bytes()
        changed = {0: bytes([data[0] ^ 1]) + data[1:] if data else b"x", 1: data[:-1] or b"y",
                   2: data + b"\n"}.get(what)
        path.unlink()
        if changed is not None:
            path.write_bytes(changed)
        assert path.name == layout.SCRIPT or checked(tmp_path / "ut").returncode == 1, (path, what)
        with pytest.raises(Invalid):
            bring.bring(tmp_path / "ut", tmp_path / "ny", Clock())
        assert not (tmp_path / "ny").exists()
        path.write_bytes(data)


def test_a_file_more_is_refused(filled: Bevara, tmp_path: Path) -> None:
    exported(filled, tmp_path / "ut")
    (tmp_path / "ut/dokument/mer.json").write_text("{}")
    assert "mer.json" in checked(tmp_path / "ut").stdout
    with pytest.raises(Invalid, match=r"mer\.json"):
        bring.bring(tmp_path / "ut", tmp_path / "ny", Clock())


def test_no_key_no_password_and_nothing_withheld_is_in_it(filled: Bevara, tmp_path: Path) -> None:
    exported(filled, tmp_path / "ut")
    found = everything(tmp_path / "ut")
    data = filled.rooms.config.data_dir
    public = json.dumps(base64.b64encode(_device_key(filled)).decode()).encode()
    secret = (data / "helper.key").read_bytes()
    for needle in (HASH.encode(), secret, base64.b64encode(secret), public,
                   (data / "control.token").read_bytes(), "Spärratord".encode()):
        assert needle not in found
    assert b"Hemligtord" in found, "closed content is the body's own, and goes along"


def test_what_is_withheld_never_lies_where_the_export_does(
    filled: Bevara, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = tmp_path / "annan-disk"
    there.mkdir()
    snapshot, seen = export.backup.snapshot, list[bytes]()

    def looked(source: Path, target: Path) -> None:
        snapshot(source, target)
        seen.append(target.read_bytes())
        assert "Spärratord".encode() not in everything(there)

    monkeypatch.setattr(export.backup, "snapshot", looked)
    exported(filled, there / "ut")
    assert "Spärratord".encode() in seen[0], "the copy has it before it is emptied"
    assert "Spärratord".encode() not in everything(there)
    assert list((filled.rooms.config.data_dir / "copying").glob("*.sqlite")) == []


def _device_key(bevara: Bevara) -> bytes:
    with bevara.rooms.real_store.read() as connection:
        return bytes(connection.exec_driver_sql("select public_key from devices").scalar_one())


def test_the_list_holds_no_formula_and_every_link_leads_to_a_file(
    filled: Bevara, tmp_path: Path
) -> None:
    exported(filled, tmp_path / "ut")
    assert '"\'=1+1"' in (tmp_path / "ut" / layout.LIST).read_text("utf-8-sig")
    links = re.findall('href="([^"]+)"', (tmp_path / "ut" / layout.PAGE).read_text())
    assert len(links) > 5 and all((tmp_path / "ut" / link).is_file() for link in links)


def test_neither_writes_over_anything(filled: Bevara, tmp_path: Path) -> None:
    (tmp_path / "ut").mkdir()
    with pytest.raises(Invalid, match="finns redan"):
        exported(filled, tmp_path / "ut")
    exported(filled, tmp_path / "ut2")
    with pytest.raises(Invalid, match="inte tom"):
        bring.bring(tmp_path / "ut2", filled.rooms.config.data_dir, Clock())
    with pytest.raises(Invalid, match="egen mapp"):
        exported(filled, filled.rooms.config.data_dir / "ut")


def test_an_export_that_fails_leaves_nothing(
    filled: Bevara, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export.listing, "as_page", lambda _: (_ for _ in ()).throw(OSError(28, "")))
    with pytest.raises(Invalid, match="Det går inte att skriva"):
        exported(filled, tmp_path / "out" / "ut")
    (tmp_path / "out").mkdir()
    with pytest.raises(DiskFull):
        exported(filled, tmp_path / "out" / "ut")
    assert list((tmp_path / "out").iterdir()) == []


def test_the_commands_say_what_they_did(
    filled: Bevara, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str]
) -> None:
    data = filled.rooms.config.data_dir
    monkeypatch.setenv("BEVARA_DATA_DIR", str(data))
    phrase = tmp_path / "phrase"
    phrase.write_text("en lång lösenfras\n")
    monkeypatch.setenv("BEVARA_EXPORT_PASSPHRASE_FILE", str(phrase))
    assert main(["export", "--all", str(tmp_path / "ut"), "--with-key", str(tmp_path / "k.pem")]) == 0
    said = capsys.readouterr().out
    assert root(filled) in said and "kan innehålla sekretess" in said
    pem = (tmp_path / "k.pem").read_bytes()
    key = load_pem_private_key(pem, "en lång lösenfras".encode())
    assert key.public_key().public_bytes_raw() == filled.rooms.keys.public  # type: ignore[union-attr]
    with pytest.raises(ValueError, match="password"):
        load_pem_private_key(pem, b"another")
    monkeypatch.setenv("BEVARA_DATA_DIR", str(tmp_path / "ny"))
    assert main(["import", str(tmp_path / "ut"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["root"] == root(filled)
    assert main(["import", str(tmp_path / "ut")]) == 1
    assert "inte tom" in capsys.readouterr().err


def test_an_import_of_another_version_says_which(filled: Bevara, tmp_path: Path) -> None:
    exported(filled, tmp_path / "ut")
    path = tmp_path / "ut" / layout.LOG
    path.write_text(path.read_text().replace('"migration": "', '"migration": "9'))
    with pytest.raises(Invalid, match="gjord med Bevara"):
        bring.bring(tmp_path / "ut", tmp_path / "ny", Clock())
    shutil.rmtree(tmp_path / "ut")
    with pytest.raises(Invalid, match="ingen export"):
        bring.bring(tmp_path / "ut", tmp_path / "ny", Clock())
