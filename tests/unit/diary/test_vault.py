"""A channel's secret comes from a file or the system's key store, and from nowhere else."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bevara.diary.delivery import vault
from bevara.errors import Invalid

keyring = pytest.importorskip("keyring")
from keyring.backend import KeyringBackend  # noqa: E402


class InMemory(KeyringBackend):  # type: ignore[misc]
    """A key store of this test alone."""

    priority = 1.0

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> InMemory:
    before, made = keyring.get_keyring(), InMemory()
    keyring.set_keyring(made)
    monkeypatch.delenv(vault.SMTP.variable, raising=False)
    monkeypatch.setattr(keyring, "get_keyring", lambda: before)
    yield made
    keyring.set_keyring(before)


def test_a_secret_is_read_from_the_key_store(store: InMemory) -> None:
    keyring.set_password("Bevara", "smtp", "hemlig")
    assert vault.read(vault.SMTP) == "hemlig"
    with pytest.raises(Invalid, match="gränssnitt"):
        vault.read(vault.DIARY)


def test_a_named_file_goes_before_the_key_store(
    store: InMemory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keyring.set_password("Bevara", "smtp", "hemlig")
    (tmp_path / "secret").write_text("ur filen\n")
    monkeypatch.setenv(vault.SMTP.variable, str(tmp_path / "secret"))
    assert vault.read(vault.SMTP) == "ur filen"
    monkeypatch.setenv(vault.SMTP.variable, str(tmp_path / "saknas"))
    with pytest.raises(Invalid):
        vault.read(vault.SMTP)


@pytest.mark.parametrize("text", ["", "två\nrader", "a\x00b"])
def test_what_is_no_line_of_text_is_no_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    (tmp_path / "secret").write_text(text)
    monkeypatch.setenv(vault.DIARY.variable, str(tmp_path / "secret"))
    with pytest.raises(Invalid):
        vault.read(vault.DIARY)


def test_a_computer_without_a_key_store_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(vault.DIARY.variable, raising=False)
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(Invalid) as error:
        vault.read(vault.DIARY)
    assert "BEVARA_DIARY_SECRET_FILE" in (error.value.next_step or "")


def test_a_diary_of_its_own_has_a_secret_of_its_own(store: InMemory) -> None:
    keyring.set_password("Bevara", "smtp", "de andras")
    own = vault.SMTP.of("Kultur & fritid")
    with pytest.raises(Invalid):
        vault.read(own)
    keyring.set_password("Bevara", "smtp@Kultur & fritid", "egen")
    assert vault.read(own) == "egen"
    assert own.variable == "BEVARA_SMTP_PASSWORD_FILE_KULTUR_20_26_20FRITID"
    assert vault.SMTP.of("") == vault.SMTP
