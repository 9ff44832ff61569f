"""Every command of the README is run as it stands there."""

import os
import re
import signal
import socket
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = [
    pytest.mark.packaging,
    pytest.mark.skipif(not (ROOT / ".venv/test").exists(), reason="make test makes the .venv that make uses"),
]
ELSEWHERE = {
    "make test": "runs this test", "make test-long": "runs this test",
    "py -3.11 -m venv .venv": "Windows", r".venv\Scripts\pip install .": "Windows",
    r".venv\Scripts\bevara serve": "Windows",
}


def commands() -> list[str]:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    return re.findall(r"^    (\S.*)$", text, re.MULTILINE)


def test_every_command_is_known_here() -> None:
    known = {*ELSEWHERE, *(line for line in commands() if ".venv/bin/bevara" in line)}
    assert set(commands()) - known == {"make demo", "make run"}, "tests/browser/test_walk.py runs the rest"


def test_make_demo_keeps_every_promise() -> None:
    done = subprocess.run(["make", "demo"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Alla löften hölls." in done.stdout


def test_make_run_prints_an_address_that_opens(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "BEVARA_DATA_DIR": str(tmp_path), "BEVARA_PORT": str(port)}
    with subprocess.Popen(["make", "run"], cwd=ROOT, env=environment, text=True,
                          stdout=subprocess.PIPE, start_new_session=True) as process:
        try:
            caught = open_address(process, port)
        finally:
            os.killpg(process.pid, signal.SIGTERM)
    assert (caught.code, caught.headers["Location"]) == (303, "/")


def open_address(process: subprocess.Popen[str], port: int) -> urllib.error.HTTPError:
    assert process.stdout is not None
    line = next(line for line in process.stdout if line.startswith("http://b"))
    host, _, path = line.strip().removeprefix("http://").partition("/")
    request = urllib.request.Request(f"http://127.0.0.1:{port}/{path}", headers={"Host": host})
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.build_opener(NoRedirect).open(request, timeout=10)
    caught.value.close()
    return caught.value


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None
