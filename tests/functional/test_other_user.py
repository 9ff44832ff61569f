"""Another user of the same computer reads nothing of Bevara's folder, and nothing through its port."""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.client import Bevara, Device, problem, running
from tests.factories import capture
from tests.functional.test_every_route import FIRST_WORDS, OPEN_TO_ALL, OWN_SECRET, Call, calls_of
from tests.served import served

NOBODY = 65534
AS_ROOT = pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0,
                             reason="needs root to be another user")

@pytest.fixture
def folder() -> Iterator[Path]:
    """Give a folder in a place that everyone may enter, as a home folder often is."""
    place = Path(tempfile.mkdtemp(prefix="bevara-user-"))
    place.chmod(0o755)
    yield place
    shutil.rmtree(place)


@AS_ROOT
def test_another_user_reads_neither_folder_key_token_nor_register(folder: Path) -> None:
    before = os.umask(0o022)
    try:
        (folder / "data").mkdir(mode=0o755)
        with running(folder / "data") as bevara:
            bevara.browser().save(capture("Hemligt"))
            paths = [str(path) for path in (folder / "data").rglob("*") if path.is_file()]
            assert any(path.endswith("control.token") for path in paths)
            done = subprocess.run(["cat", f"{folder}/data/.", *paths], user=NOBODY, group=NOBODY,
                                  extra_groups=[], cwd="/", capture_output=True, check=False)
    finally:
        os.umask(before)
    assert done.returncode == 1 and done.stdout == b""
    assert done.stderr.count(b"ermission denied") == len(paths) + 1


@AS_ROOT
def test_another_user_reaches_the_port_and_gets_nothing_through_it(folder: Path) -> None:
    """Its name for the desk is no secret: hello tells it to whoever asks."""
    with served(folder / "data") as bevara:
        assert bevara.browser().save(capture("Hemligt")).status_code == 201
        desk = f"{bevara.rooms.instance}.localhost:{bevara.port}"
        hosts = [f"127.0.0.1:{bevara.port}", f"localhost:{bevara.port}", desk]
        calls = calls_of(bevara)
        answers = as_nobody(bevara.port, calls, hosts)
        assert len(answers) == len(calls) * len(hosts) > 100
        for (call, host), (status, text) in answers.items():
            assert "Hemligt" not in text, (call, host)
            if call.kind == "desk":
                expected = {401} if host == desk else {421, 302}
                assert status in expected, (call, host, status)
            elif call.kind == "api" and call.endpoint not in FIRST_WORDS:
                assert status == 401, (call, host, status)
            elif call.endpoint in OWN_SECRET | {"identity.start"}:
                assert status in (401, 404) or call.method == "OPTIONS", (call, host, status)
            else:
                assert call.endpoint in OPEN_TO_ALL | FIRST_WORDS or call.kind == "practice", call
        assert bevara.rooms.sessions._sessions == {}


def as_nobody(
    port: int, calls: list[Call], hosts: list[str]
) -> dict[tuple[Call, str], tuple[int, str]]:
    """Make every call at every host as another user; return status and text of each answer."""
    from http.client import HTTPConnection

    receiving, sending = os.pipe()
    child = os.fork()
    if child == 0:
        found = []
        try:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
            for call in calls:
                for host in hosts:
                    asked = HTTPConnection("127.0.0.1", port, timeout=10)
                    asked.request(call.method, call.path, headers={"Host": host})
                    answer = asked.getresponse()
                    found.append([answer.status, answer.read().decode(errors="replace")])
                    asked.close()
        finally:
            with os.fdopen(sending, "w") as out:
                json.dump(found, out)
            os._exit(0)
    os.close(sending)
    with os.fdopen(receiving) as told:
        given = json.load(told)
    os.waitpid(child, 0)
    keys = [(call, host) for call in calls for host in hosts]
    return {key: (status, text) for key, (status, text) in zip(keys, given, strict=True)}


def test_a_stolen_code_is_worth_nothing_once_used_and_shows_on_the_page(bevara: Bevara) -> None:
    code = bevara.rooms.pairing.open()
    thief, owner = Device(bevara), Device(bevara)
    assert thief.pair(code, "Tjuven").status_code == 201
    assert problem(owner.pair(code)) == (403, "pairing_closed", None)
    assert "Tjuven" in bevara.desk().get("/webblasare").get_data(as_text=True)
