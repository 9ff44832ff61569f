"""`bevara packs check` in a real Chromium: what is right, what is wrong, and what nobody has written down yet."""

import json
from pathlib import Path
from typing import Any

import pytest

from bevara import cli, contract
from bevara.platforms import check

pytestmark = pytest.mark.browser
OWN: dict[str, Any] = contract.load("platforms/facebook.json")["expected"][0]
RUNS = "<script>document.body.innerHTML = '<p>Skriptet kördes</p>';</script><img src='https://spion.example/x'>"


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BEVARA_DATA_DIR", str(tmp_path / "data"))
    return tmp_path


def page(folder: Path, name: str, expected: dict[str, Any] | None = None) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    mark = '<meta name="bevara-page" content="1 www.facebook.com 0.1.0">'
    path.write_text(f"<!doctype html><html><head>{mark}</head><body>{OWN['html']}{RUNS}</body></html>", "utf-8")
    if expected is not None:
        check.beside(path).write_text(json.dumps(expected), "utf-8")
    return path


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = cli.main(["packs", "check", *arguments])
    return code, capsys.readouterr().out


def test_a_page_without_expected_results_is_told_and_can_be_saved_as_it_is(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = page(data, "ny.html")
    code, told = run(capsys, str(path))
    assert code == 0
    assert "ny.html: inget facit, 2 kommentarer hittades" in told and "sidans ägare: storkopingskommun" in told
    assert "  Dölj kommentar: hålls\n" in told and "ny.expected.json" in told
    assert told.rstrip().endswith("3 rätt, 0 fel, 1 utan facit")
    code, told = run(capsys, "--json", str(path))
    found = json.loads(told)["results"][-1]["found"]
    assert found["comments"] == OWN["comments"] and found["presses"] == OWN["presses"]
    check.beside(path).write_text(json.dumps(found), "utf-8")
    code, told = run(capsys, str(path))
    assert (code, told.rstrip().splitlines()[-1]) == (0, "4 rätt, 0 fel, 0 utan facit")


def test_a_page_that_is_read_otherwise_fails_and_is_named(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stored = check.folder(data / "data")
    wrong = {**OWN["comments"][0], "text": "Något annat"}
    page(stored, "fel.html", {"comments": [wrong, OWN["comments"][1]]})
    page(stored, "knapp.html", {"comments": OWN["comments"], "presses": [{"label": "Ta bort", "step": None}]})
    code, told = run(capsys)
    assert code == 1
    assert "fel.html: FEL, comments/0:" in told and "knapp.html: FEL, presses/Ta bort: step" in told
    code, told = run(capsys, "--json")
    assert (code, json.loads(told)["ok"]) == (1, False)
