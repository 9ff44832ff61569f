"""Which pages are read with which packs, and what is said when something is missing."""

import builtins
import json
from pathlib import Path
from typing import Any

import pytest

from bevara import cli, contract
from bevara.errors import Invalid
from bevara.platforms import check, chromium

PAGE = '<meta name="bevara-page" content="1 www.facebook.com 0.1.0"><p>Hej</p>'


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_pages_are_taken_from_files_and_folders_and_only_once(tmp_path: Path) -> None:
    one = write(tmp_path, "a.html", PAGE)
    write(tmp_path, "a.expected.json", '{"comments": []}')
    (tmp_path / "in").mkdir()
    write(tmp_path / "in", "b.htm", "<p>")
    found = check.collect([one, tmp_path])
    assert [(page.path.name, page.host, page.expected) for page in found] == [
        ("a.html", "www.facebook.com", {"comments": []}), ("b.htm", None, None),
    ]


def concerned(page: check.Recorded) -> list[str]:
    return [pack["id"] for pack in check._concerned(page, contract.packs())]


@pytest.mark.parametrize(("host", "expected", "packs"), [
    ("www.facebook.com", None, ["facebook"]),
    ("localhost", None, ["practice"]),
    ("okand.invalid", None, ["facebook"]),
    (None, {"pack": "practice"}, ["practice"]),
])
def test_a_page_is_read_with_the_packs_that_it_concerns(
    host: str | None, expected: dict[str, Any] | None, packs: list[str]
) -> None:
    assert concerned(check.Recorded(Path("x.html"), "", host, expected)) == packs


def test_a_dropped_pack_is_tried_as_well(tmp_path: Path) -> None:
    assert [one["id"] for one in check.known(tmp_path)] == ["facebook", "practice"]


BAD: list[tuple[str, str]] = [
    ('{"comments": "tre"}', "följer inte formatet"), ('{"pack": "okand", "comments": []}', "okänt stöd"),
    ('{"comments": [{"namn": "x"}]}', "följer inte formatet"), ("[]", "inte ett JSON-objekt"),
]


@pytest.mark.parametrize(("written", "said"), BAD)
def test_expected_results_that_are_written_wrong_are_named(
    tmp_path: Path, written: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    page = write(tmp_path, "a.html", PAGE)
    write(tmp_path, "a.expected.json", written)
    assert cli.main(["packs", "check", str(page)]) == 1
    error = capsys.readouterr().err
    assert said in error and "a.expected.json" in error


def test_a_file_that_is_no_page_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "bild.html").write_bytes(b"\xff\xfe\x00")
    for name, said in (("saknas.html", "finns inte"), ("bild.html", "går inte att läsa")):
        assert cli.main(["packs", "check", str(tmp_path / name)]) == 1
        assert said in capsys.readouterr().err


def test_a_missing_playwright_is_said_with_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any, **named: Any) -> Any:
        if name.startswith("playwright"):
            raise ImportError(name)
        return real(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", without)
    assert cli.main(["packs", "check"]) == 1
    assert capsys.readouterr().err.strip() == "Playwright saknas. Installera det med pip install bevara[demo]."


def test_a_missing_chromium_is_said_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    for name in chromium.EDGE:
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(Invalid) as missing:
        chromium.find()
    assert missing.value.detail == "Chromium saknas." and "Edge" in str(missing.value.next_step)


def test_edge_is_found_where_windows_keeps_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("PROGRAMFILES(X86)", str(tmp_path))
    edge = tmp_path / "Microsoft/Edge/Application/msedge.exe"
    edge.parent.mkdir(parents=True)
    edge.write_bytes(b"")
    assert chromium.find() == str(edge)


def test_a_missing_extension_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(check, "EXTENSION", tmp_path)
    with pytest.raises(Invalid, match="Tillägget hittas inte"):
        check.run(contract.packs(), [])


def test_the_scripts_that_read_are_those_of_the_hidden_page() -> None:
    html = (check.EXTENSION / "trial/trial.html").read_text("utf-8")
    listed = [part.split('"')[0] for part in html.split('src="../content/')[1:]]
    assert listed[-1] == check.LAST
    assert json.loads((check.EXTENSION / "content/order.json").read_text("utf-8"))[: len(listed)] == listed
