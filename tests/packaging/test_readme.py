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
from tests.shared_house import certificate

ROOT = Path(__file__).parents[2]
pytestmark = [
    pytest.mark.packaging,
    pytest.mark.skipif(not (ROOT / ".venv/test").exists(), reason="make test makes the .venv that make uses"),
]
SHARED = "## Gemensam"
ELSEWHERE = {
    "make test": "runs this test", "make test-long": "runs this test",
    "py -3.11 -m venv .venv": "Windows", r".venv\Scripts\pip install .": "Windows",
    r".venv\Scripts\bevara serve": "Windows",
}


def commands(heading: str = "") -> list[str]:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    within = text.partition(heading)[2].partition("\n## ")[0] if heading else text
    return re.findall(r"^    (\S.*)$", within, re.MULTILINE)


def test_every_command_is_known_here() -> None:
    known = {*ELSEWHERE, *commands(SHARED), *(line for line in commands() if ".venv/bin/bevara" in line or "kontrollera_export.py" in line)}
    assert set(commands()) - known == {"make demo", "make run"}, "tests/browser/test_walk.py runs the rest"


def test_make_demo_keeps_every_promise() -> None:
    done = subprocess.run(["make", "demo"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Alla löften hölls." in done.stdout


def test_make_run_prints_an_address_that_opens(tmp_path: Path) -> None:
    port = free_port()
    environment = {**os.environ, "BEVARA_DATA_DIR": str(tmp_path), "BEVARA_PORT": str(port)}
    with subprocess.Popen(["make", "run"], cwd=ROOT, env=environment, text=True,
                          stdout=subprocess.PIPE, start_new_session=True) as process:
        try:
            caught = open_address(process, port)
        finally:
            os.killpg(process.pid, signal.SIGTERM)
    assert (caught.code, caught.headers["Location"]) == (303, "/")


def test_a_shared_one_is_started_as_it_stands_there(tmp_path: Path) -> None:
    made = certificate(tmp_path / "tls", "bevara.kommunen.se")
    elsewhere = {"/etc/bevara/kedja.pem": str(made.certificate), "/etc/bevara/nyckel.pem": str(made.key),
                 "PORT=443": f"PORT={free_port()}"}
    *settings, serve, add = commands(SHARED)
    before = "; ".join([f"export BEVARA_LISTEN=127.0.0.1 BEVARA_DATA_DIR={tmp_path / 'data'}", *settings])
    for written, here in elsewhere.items():
        assert written in before
        before = before.replace(written, here)
    with subprocess.Popen(["sh", "-c", f"{before}; exec {serve}"], cwd=ROOT, text=True,
                          stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None and process.stdout.readline()
            added = subprocess.run(["sh", "-c", f"{before}; {add}"], cwd=ROOT, text=True, capture_output=True,
                                   check=False)
        finally:
            process.terminate()
    assert added.stdout.startswith("https://bevara.kommunen.se:") and "/valj-losenord/" in added.stdout, added


def open_address(process: subprocess.Popen[str], port: int) -> urllib.error.HTTPError:
    assert process.stdout is not None
    line = next(line for line in process.stdout if line.startswith("http://b"))
    host, _, path = line.strip().removeprefix("http://").partition("/")
    request = urllib.request.Request(f"http://127.0.0.1:{port}/{path}", headers={"Host": host})
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.build_opener(NoRedirect).open(request, timeout=10)
    caught.value.close()
    return caught.value


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None
