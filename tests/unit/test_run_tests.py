"""The reason of a failed test stands again at the end of a run's output."""

from pathlib import Path

import pytest
from scripts import run_tests

from tests import longest
from tests.conftest import ROOT

TESTS = """
import pytest
def test_that_holds():
    assert True
def test_that_fails():
    assert [*range(30)] == ["a line of its own " + str(number) for number in range(30)], "the first reason"
@pytest.fixture
def broken():
    raise RuntimeError("the second reason")
def test_that_never_starts(broken):
    pass
"""


@pytest.fixture
def suites(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand-ins for the suites: one that fails, and one that pytest cannot even read."""
    (tmp_path / "pytest.ini").write_text("[pytest]")
    (tmp_path / "test_some.py").write_text(TESTS)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setattr(run_tests, "LINTERS", {})
    monkeypatch.setattr(run_tests, "TRIES", tmp_path / "tries")
    monkeypatch.setattr(run_tests, "SUITES", {
        "unit": ["-c", str(tmp_path / "pytest.ini"), str(tmp_path)], "faults": [str(tmp_path / "gone")],
    })
    return tmp_path


@pytest.mark.usefixtures("suites")
def test_every_reason_is_said_last_and_briefly(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_tests.main("short") == 1
    said = capsys.readouterr().out.splitlines()
    assert said[-1] == "1 passed, 3 failed, 0 skipped"
    again = said[max(number for number, line in enumerate(said) if line.startswith("== ")) + 1:]
    assert [line for line in again if line.startswith("-- ") or line.endswith(" failed")] == [
        "-- ERROR at setup of test_that_never_starts", "-- test_that_fails", "faults failed"]
    assert any("the second reason" in line for line in again)
    failed = again[again.index("-- test_that_fails") + 1:again.index("faults failed")]
    assert failed and len(failed) <= run_tests.KEPT and all(line.startswith("E ") for line in failed)
    assert any("gone" in line for line in again[again.index("faults failed"):])


LATE = """
from pathlib import Path
def test_that_is_late():
    mark = Path(__file__).with_name("seen")
    seen, _ = mark.exists(), mark.touch()
    if not seen:
        raise TimeoutError("too late the first time")
"""
WRONG = """
def test_that_does_not_hold():
    assert False, "a deletion without a receipt"
"""


@pytest.mark.parametrize("mode,tests,last", [
    ("short", LATE, "1 passed, 0 failed, 0 skipped, 1 passed only on a second try"),
    ("long", LATE, "0 passed, 1 failed, 0 skipped"),
    ("short", LATE + WRONG, "0 passed, 2 failed, 0 skipped"),
])
def test_only_what_was_late_is_tried_again_and_only_in_a_short_run(
    suites: Path, mode: str, tests: str, last: str, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (suites / "test_some.py").write_text(tests)
    monkeypatch.setattr(run_tests, "RESULTS", suites / "results.json")
    monkeypatch.delitem(run_tests.SUITES, "faults")
    run_tests.main(mode)
    said = capsys.readouterr().out.splitlines()
    assert said[-1] == last
    assert "-- test_that_is_late" in said


def test_a_run_that_holds_says_nothing_more() -> None:
    assert run_tests.reasons(["....", "== 4 passed in 0.1s =="]) == []


def test_the_script_is_the_one_that_make_runs() -> None:
    makefile = (ROOT / "Makefile").read_text()
    assert "python scripts/run_tests.py short" in makefile


def test_every_file_that_begins_first_is_there_still() -> None:
    assert [name for name in longest.FIRST if not (ROOT / "tests" / name).exists()] == []
    assert longest.place("tests/browser/test_desk_pages.py::test_some[1]") == 0
    assert longest.place("tests/unit/test_run_tests.py::test_some") == len(longest.FIRST)
