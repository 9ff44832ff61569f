"""A bad setting is named, with the next step."""

from pathlib import Path

import pytest

from bevara.config import DEFAULT_PORT, Config
from bevara.errors import Invalid


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BEVARA_DATA_DIR", "/data")
    monkeypatch.setenv("BEVARA_PORT", "50000")
    monkeypatch.setenv("BEVARA_BODY", "Storköpings kommun")
    assert Config.from_env() == Config(Path("/data"), 50000, "Storköpings kommun")


def test_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("BEVARA_DATA_DIR", "BEVARA_PORT", "BEVARA_BODY"):
        monkeypatch.delenv(name, raising=False)
    assert Config.from_env().port == DEFAULT_PORT
    assert Config.from_env().data_dir.name == "Bevara"


@pytest.mark.parametrize("port", ["", "0", "80", "65536", "-1", "4747O", "\u0661\u0662\u0663\u0664"])
def test_a_bad_port_is_named(monkeypatch: pytest.MonkeyPatch, port: str) -> None:
    monkeypatch.setenv("BEVARA_PORT", port)
    with pytest.raises(Invalid) as caught:
        Config.from_env()
    assert (caught.value.field, caught.value.next_step) == (
        "BEVARA_PORT", "Ange ett tal mellan 1024 och 65535.")
