"""The wheel carries the contract and serves from a clean environment."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.packaging
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", str(folder), "."]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    return next(folder.glob("*.whl"))


def test_every_file_of_the_contract_is_in_the_wheel(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for path in (ROOT / "shared").rglob("*.json"):
        if path.is_relative_to(ROOT / "shared/examples"):
            continue
        assert f"bevara/contract/data/{path.relative_to(ROOT / 'shared').as_posix()}" in names


def test_every_module_template_and_static_file_is_in_the_wheel(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    server = ROOT / "server"
    for path in server.rglob("*"):
        built = "__pycache__" in path.parts or ".egg-info" in str(path)
        if path.is_file() and path.suffix != ".md" and not built:
            assert path.relative_to(server).as_posix() in names


@pytest.mark.parametrize("kept", [
    "contract/data/platforms/facebook.json", "contract/data/schema/capture-1.json",
    "contract/data/openapi.json", "accounts/translations/en.po", "accounts/templates/konton.html",
    "kernel/migrations/versions/0001_first.py", "web/static/desk.css", "records/proof/README.txt",
])
def test_what_bevara_reads_at_run_time_is_in_the_wheel(wheel: Path, kept: str) -> None:
    assert f"bevara/{kept}" in zipfile.ZipFile(wheel).namelist()


def test_the_installed_wheel_serves(wheel: Path, tmp_path: Path) -> None:
    environment = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
    install = [str(environment / "bin/pip"), "install", "--quiet", str(wheel)]
    result = subprocess.run(install, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        pytest.skip("pip reaches no index from here")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [str(environment / "bin/bevara"), "serve"], cwd=tmp_path, stdout=subprocess.PIPE, text=True,
        env={**os.environ, "BEVARA_DATA_DIR": str(tmp_path / "data"), "BEVARA_PORT": str(port)},
    )
    try:
        assert process.stdout is not None
        assert "Bevara är igång" in process.stdout.readline()
        assert f".localhost:{port}/start?key=" in process.stdout.readline()
        assert _health(port) == "0.1.0"
    finally:
        process.terminate()
        process.communicate(timeout=10)


def _health(port: int) -> str:
    for _ in range(100):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=1) as reply:
                return str(reply.read().decode())
        except OSError:
            time.sleep(0.05)
    return ""
