"""A log that was cut, replaced or made anew is found by whoever remembers it, and only so."""

import io
import json
import shutil
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest

from bevara.cli import main
from bevara.kernel import ledger
from bevara.records.proof import bundle
from bevara.upkeep import anchor
from bevara.upkeep.verify import Report, verify
from tests.client import running
from tests.factories import capture
from tests.second_copy import copied, filled, opened, restored, saved

Replace = Callable[[Path, Path], None]


def cut(data: Path, _old: Path) -> None:
    """Remove the last entry and all that hangs on it: what is left is whole in itself."""
    with opened(data) as store, store.engine.begin() as tx:
        last = ledger.size(tx) - 1
        for statement in (
            "delete from blobs where sha256 in (select picture from records join captures on "
            "record_id = records.id join documents on documents.id = captures.id "
            "where ledger_index = {0})",
            "delete from records where id in (select record_id from captures where id in "
            "(select id from documents where ledger_index = {0}))",
            "delete from captures where id in (select id from documents where ledger_index = {0})",
            "delete from documents where ledger_index = {0}",
            "delete from ledger_nodes where (pos + 1) << level > {0}",
            "delete from ledger_entries where idx = {0}",
        ):
            tx.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
            tx.exec_driver_sql(statement.format(last))


def old_copy(data: Path, old: Path) -> None:
    """Put back an earlier state of the folder."""
    shutil.rmtree(data)
    shutil.copytree(old, data)


def rebuilt(data: Path, _old: Path) -> None:
    """Make another log of the same length under the same name and key."""
    shutil.rmtree(data / "register")
    with running(data) as bevara:
        browser = bevara.browser()
        for number in range(8):
            browser.save(capture(f"Påhittad {number}"))


def resigned(data: Path, _old: Path) -> None:
    """Make another log under another key."""
    shutil.rmtree(data)
    filled(data, 5)


@pytest.fixture
def remembered(tmp_path: Path) -> tuple[Path, Path, dict[str, Any]]:
    """Give a data folder, an earlier state of it, and the last receipt."""
    data = tmp_path / "data"
    filled(data, 3)
    shutil.copytree(data, tmp_path / "old")
    with running(data) as bevara:
        receipt = saved(bevara.browser(), 9)
    return data, tmp_path / "old", receipt


def held(data: Path, path: Path | None = None) -> Report:
    with opened(data) as store:
        return verify(store, anchor.read(path) if path else None)


@pytest.mark.parametrize("replace,said", [
    (cut, "slutet är borta"), (old_copy, "äldre kopia"), (rebuilt, "omgjord"),
    (resigned, "en annan logg"),
])
@pytest.mark.parametrize("form", ["receipt", "receipts", "checkpoint", "proof"])
def test_it_is_found_against_what_is_remembered_and_not_without(
    remembered: tuple[Path, Path, dict[str, Any]], tmp_path: Path, replace: Replace, said: str,
    form: str,
) -> None:
    data, old, receipt = remembered
    path = tmp_path / "anchor"
    with opened(data) as store, store.read() as connection:
        now = ledger.checkpoint(connection, store.keys, store.origin)
        path.write_bytes({
            "receipt": json.dumps(receipt, indent=1).encode(),
            "receipts": (json.dumps(receipt) + "\n" + json.dumps(receipt) + "\n").encode(),
            "checkpoint": now.encode(),
            "proof": bundle.make(store, receipt["capture_id"]),
        }[form])
    assert held(data, path).ok and held(data, path).anchored
    replace(data, old)
    without = held(data)
    assert without.ok and not without.anchored, without.findings
    report = held(data, path)
    assert any(said in line for line in report.findings), report.findings


def test_a_log_that_grew_is_no_finding(
    remembered: tuple[Path, Path, dict[str, Any]], tmp_path: Path
) -> None:
    data, _, receipt = remembered
    (tmp_path / "anchor").write_text(json.dumps(receipt))
    with running(data) as bevara:
        saved(bevara.browser(), 10)
    assert held(data, tmp_path / "anchor").ok


def test_a_receipt_from_before_a_restore_still_holds(
    remembered: tuple[Path, Path, dict[str, Any]], tmp_path: Path
) -> None:
    data, _, receipt = remembered
    (tmp_path / "anchor").write_text(json.dumps(receipt))
    copied(data, tmp_path / "place")
    restored(tmp_path / "place", tmp_path / "again")
    assert held(tmp_path / "again", tmp_path / "anchor").ok


def test_a_forged_checkpoint_is_named(
    remembered: tuple[Path, Path, dict[str, Any]], tmp_path: Path
) -> None:
    data, _, receipt = remembered
    size = f"\n{receipt['tree_size']}\n"
    receipt["checkpoint"] = receipt["checkpoint"].replace(size, "\n1\n", 1)
    (tmp_path / "anchor").write_text(json.dumps(receipt))
    assert not held(data, tmp_path / "anchor").ok


@pytest.mark.parametrize("content", [
    b"", b"x", b"\xff\xfe", b"{}", b"[]", b'{"checkpoint"', b"PK\x03\x04", b"a\n" * 10,
])
def test_a_file_without_a_checkpoint_is_refused(tmp_path: Path, content: bytes) -> None:
    filled(tmp_path / "data", 1)
    (tmp_path / "anchor").write_bytes(content)
    said = io.StringIO()
    with redirect_stderr(said), pytest.MonkeyPatch.context() as patch:
        patch.setenv("BEVARA_DATA_DIR", str(tmp_path / "data"))
        assert main(["verify", "--anchor", str(tmp_path / "anchor")]) == 1
        assert main(["verify", "--anchor", str(tmp_path / "missing")]) == 1
    assert said.getvalue().count("går inte att läsa som en kontrollpunkt") == 2


def test_the_command_says_what_cannot_be_excluded(
    remembered: tuple[Path, Path, dict[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, _, receipt = remembered
    (tmp_path / "anchor").write_text(json.dumps(receipt))
    monkeypatch.setenv("BEVARA_DATA_DIR", str(data))
    said = io.StringIO()
    with redirect_stdout(said):
        assert main(["verify"]) == 0
        assert main(["verify", "--anchor", str(tmp_path / "anchor")]) == 0
        assert main(["verify", "--json"]) == 0
    first, second = said.getvalue().split("ok\n")[:2]
    assert "kan det inte uteslutas" in first and "kan det inte uteslutas" not in second
    assert json.loads(said.getvalue().splitlines()[-1])["anchored"] is False
