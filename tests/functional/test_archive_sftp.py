"""An SFTP server is the one of the settings or gets nothing; one that can little gets the parcel too."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bevara.archive.receivers import OTHER_BYTES, requests, ssh
from bevara.archive.receivers.settings import SFTP_SECRET, Settings
from bevara.archive.receivers.sftp import SftpReceiver
from bevara.diary.channels import Passing, Permanent
from tests import sshd
from tests.receiving import Looker, parcel, reached, whole
from tests.sshd import Sshd

SIZE = 300_000


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sshd]:
    """Give a server that has neither links nor fsync."""
    with sshd.running(tmp_path_factory.mktemp("sshd"), "hardlink,fsync") as server:
        yield server


@pytest.fixture
def how(server: Sshd, tmp_path: Path) -> Settings:
    (tmp_path / "arkivet").mkdir()
    return reached(server, tmp_path / "arkivet")



def fingerprint(server: Sshd, kind: str) -> str:
    said = subprocess.run(["ssh-keygen", "-lf", server.home / f"host-{kind}.pub"],
                          capture_output=True, text=True, check=True).stdout
    return said.split()[1]


def test_a_server_without_links_gets_the_parcel_by_name_and_overwrites_nothing(
    how: Settings, tmp_path: Path
) -> None:
    folder, one = Path(how.directory), parcel(tmp_path / "paket", SIZE)
    SftpReceiver(how).put(one, Looker())
    whole(folder, one)
    assert SftpReceiver(how).put(one, Looker()).already
    other = parcel(tmp_path / "paket", SIZE, seed=2)

    def taken(so_far: int) -> None:
        if so_far == SIZE:
            (folder / other.name).write_bytes(b"annat")

    with pytest.raises(Permanent, match=OTHER_BYTES[:20]):
        SftpReceiver(how).put(other, Looker(act=taken))
    assert (folder / other.name).read_bytes() == b"annat"


@pytest.mark.parametrize("said", ["line", "rsa line", "known_hosts", "fingerprint"])
def test_the_host_key_may_be_said_as_the_archive_says_it(
    server: Sshd, how: Settings, said: str
) -> None:
    keys = {"line": server.host_keys["ed25519"], "rsa line": server.host_keys["rsa"],
            "known_hosts": f"[127.0.0.1]:{server.port} {server.host_keys['ed25519']}",
            "fingerprint": fingerprint(server, "ed25519")}
    SftpReceiver(replace(how, host_key=keys[said])).try_out()
    assert list(Path(how.directory).iterdir()) == []


@pytest.mark.parametrize("said", ["changed line", "changed fingerprint"])
def test_a_changed_host_key_stops_everything_before_the_login_and_says_what_was_shown(
    server: Sshd, how: Settings, tmp_path: Path, said: str
) -> None:
    other = (server.home / "client.pub").read_text()
    key = other if said == "changed line" else "SHA256:" + "A" * 43
    before = (server.home / "log").read_text().count("Accepted")
    with pytest.raises(Permanent, match="annan värdnyckel") as error:
        SftpReceiver(replace(how, host_key=key)).put(parcel(tmp_path, SIZE), Looker())
    assert fingerprint(server, "ed25519") in str(error.value) and "Fråga arkivet" in str(error.value)
    assert (server.home / "log").read_text().count("Accepted") == before


@pytest.mark.parametrize("key", ["", "SHA256:kort", "ssh-ed25519", "ssh-ed25519 åäö", "ssh-okänd AAAA"])
def test_without_a_host_key_in_the_settings_nothing_is_trusted(how: Settings, key: str) -> None:
    with pytest.raises(Permanent, match="värdnyckel saknas"):
        SftpReceiver(replace(how, host_key=key)).try_out()


def test_a_key_that_the_archive_does_not_know_is_refused_for_good(
    server: Sshd, how: Settings, tmp_path: Path
) -> None:
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", tmp_path / "egen"], check=True)
    with pytest.raises(Permanent, match="släppte inte in"):
        SftpReceiver(replace(how, key_file=str(tmp_path / "egen"))).try_out()
    for bad in (tmp_path / "saknas", server.home / "config"):
        with pytest.raises(Permanent, match="Nyckelfilen"):
            SftpReceiver(replace(how, key_file=str(bad))).try_out()


def test_a_password_is_read_from_the_vault_and_a_refused_one_is_refused_for_good(
    how: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "secret").write_text("hemligt\n")
    monkeypatch.setenv(SFTP_SECRET.variable, str(tmp_path / "secret"))
    with pytest.raises(Permanent, match="släppte inte in"):
        SftpReceiver(replace(how, key_file="")).try_out()


def test_a_key_file_with_a_passphrase_opens_with_the_one_in_the_vault(
    server: Sshd, how: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked = tmp_path / "last"
    locked.write_bytes(server.key_file.read_bytes())
    locked.chmod(0o600)
    subprocess.run(["ssh-keygen", "-q", "-p", "-N", "fem ord", "-f", locked], check=True,
                   stdout=subprocess.DEVNULL)
    closed = SftpReceiver(replace(how, key_file=str(locked)))
    monkeypatch.setenv(SFTP_SECRET.variable, str(tmp_path / "secret"))
    with pytest.raises(Permanent, match="Nyckelfilen"):
        closed.try_out()
    (tmp_path / "secret").write_text("fem ord\n")
    closed.try_out()


def test_neither_agent_nor_known_hosts_nor_own_settings_are_asked(
    server: Sshd, how: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ssh_folder = tmp_path / "hem/.ssh"
    ssh_folder.mkdir(parents=True)
    (ssh_folder / "config").write_text("Host *\n  Port 1\n  ProxyCommand /bin/false\n")
    (ssh_folder / "id_ed25519").write_bytes(server.key_file.read_bytes())
    (ssh_folder / "known_hosts").write_text(f"[127.0.0.1]:{server.port} {server.host_keys['rsa']}")
    monkeypatch.setenv("HOME", str(tmp_path / "hem"))
    monkeypatch.setenv("SSH_AUTH_SOCK", str(tmp_path / "agent"))
    SftpReceiver(how).try_out()
    with pytest.raises(Permanent):
        SftpReceiver(replace(how, host_key="")).try_out()
    assert sorted(path.name for path in ssh_folder.iterdir()) == ["config", "id_ed25519", "known_hosts"]


def test_a_directory_that_is_gone_and_a_server_that_is_silent_may_come_back(
    how: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = parcel(tmp_path / "paket", SIZE)
    with pytest.raises(Passing, match="Katalogen"):
        SftpReceiver(replace(how, directory=f"{how.directory}/saknas")).put(one, Looker())
    monkeypatch.setattr(ssh, "STEP", 0.3)
    with pytest.raises(Passing, match="svarar inte"):
        SftpReceiver(replace(how, port=sshd.free_port())).put(one, Looker())
    with (socket.create_server(("127.0.0.1", 0)) as silent,
          pytest.raises(Passing, match="svarar inte")):
        SftpReceiver(replace(how, port=silent.getsockname()[1])).put(one, Looker())


def test_answers_that_come_in_short_pieces_are_put_together(
    how: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(requests, "BLOCK", 1 << 20)
    one = parcel(tmp_path / "paket", 900_000)
    monkeypatch.setattr(requests.Requests, "write", in_pieces)
    SftpReceiver(how).put(one, Looker())
    whole(Path(how.directory), one)


def in_pieces(asked: requests.Requests, handle: bytes, at: int, data: bytes) -> None:
    """Write as a server takes it, though reads are asked for in one."""
    from paramiko.sftp import CMD_WRITE, int64

    for start in range(0, len(data), 32 << 10):
        asked._ask(CMD_WRITE, handle, int64(at + start), data[start:start + (32 << 10)])
