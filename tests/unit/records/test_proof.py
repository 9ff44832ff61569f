"""A bundle is checked with Python alone, and every change in it is found."""

import io
import random
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from bevara.errors import Invalid, NotFound
from bevara.kernel.keys import Keys
from bevara.kernel.store import Store
from bevara.records.proof import bundle, kontrollera
from tests.client import Bevara, running
from tests.factories import PNG, attachment, capture, new_id, picture
from tests.proving import Checked, checked, files_of, reason

LARGE = PNG + bytes(range(256)) * 300


@pytest.fixture(scope="module")
def bevara(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bevara]:
    with running(tmp_path_factory.mktemp("proof") / "data") as bevara:
        yield bevara


@pytest.fixture(scope="module")
def saved(bevara: Bevara) -> tuple[str, str]:
    """Save one comment twice with pictures, outcome and reason, among others; return its ids."""
    browser = bevara.browser()
    browser.save(capture("En annan"))
    document = capture("Hej å ä ö 👍", comment={"id": "1", "attachments": [attachment(LARGE)]},
                       picture=picture(PNG))
    receipt = browser.save(document, LARGE, PNG).get_json()
    browser.save(capture("Hej igen", comment={"id": "1"}))
    browser.observed(document["capture_id"], "removed")
    browser.put(f"captures/{document['capture_id']}/reason", reason())
    browser.save(capture("En tredje"))
    return receipt["record_id"], receipt["capture_id"]


@pytest.fixture
def whole(bevara: Bevara, saved: tuple[str, str]) -> bytes:
    return bundle.make(bevara.rooms.real_store, saved[0])


@pytest.fixture
def key(bevara: Bevara) -> str:
    return bundle.key_of(bevara.rooms.real_store)


def test_a_good_bundle_holds_under_the_key_and_says_since_when(
    whole: bytes, key: str, tmp_path: Path
) -> None:
    found = checked(whole, tmp_path, key)
    assert found.code == 0, found.said
    assert found.said.startswith("Oförändrad sedan ") and "Unchanged since " in found.said
    assert "Inte kontrollerat här:" in found.said and "Not checked here:" in found.said
    assert "4 dokument" in found.said and "2 bilder" in found.said
    assert "openssl pkeyutl -verify" in found.said
    assert not any(word in found.said for word in ("bevisad", "bevisat", "proven"))


def test_it_runs_with_nothing_but_python(whole: bytes, key: str, tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        archive.extractall(tmp_path)
    command = [sys.executable, "-I", "-S", "kontrollera.py"]
    done = subprocess.run([*command, ".", "--key", key], cwd=tmp_path, capture_output=True,
                          text=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
    assert done.stdout.startswith("Oförändrad sedan ")
    script = (tmp_path / "kontrollera.py").read_text(encoding="utf-8")
    compile(script, "kontrollera.py", "exec", dont_inherit=True)
    assert "import bevara" not in script and "from bevara" not in script


def test_without_a_key_from_outside_it_says_that_the_key_is_not_confirmed(
    whole: bytes, tmp_path: Path
) -> None:
    found = checked(whole, tmp_path, None)
    assert found.code == 3 and "nyckeln är inte bekräftad" in found.said
    assert "Oförändrad" not in found.said and "not confirmed" in found.said


def test_another_key_is_refused(whole: bytes, tmp_path: Path) -> None:
    other = Keys(tmp_path).public.hex()
    found = checked(whole, tmp_path, other)
    assert found.code == 1 and "inte undertecknad med nyckeln" in found.said


def test_the_key_may_be_written_in_any_common_way(
    bevara: Bevara, whole: bytes, key: str, tmp_path: Path
) -> None:
    pem = files_of(whole)["key.pem"].decode()
    (tmp_path / "key.pem").write_text(pem)
    for text in (key, key.split("+", 2)[2], bevara.rooms.keys.public.hex(), pem,
                 str(tmp_path / "key.pem")):
        assert checked(whole, tmp_path, text).code == 0
    assert checked(whole, tmp_path, "inte en nyckel").code == 1


def test_the_same_record_gives_the_same_bytes_by_either_id(
    bevara: Bevara, saved: tuple[str, str], whole: bytes
) -> None:
    assert bundle.make(bevara.rooms.real_store, saved[1]) == whole
    names = list(files_of(whole))
    assert names == sorted(names)
    assert sum(name.startswith("documents/") for name in names) == 4
    assert sum(name.startswith("files/") for name in names) == 2


def test_an_unknown_or_odd_id_is_named(bevara: Bevara) -> None:
    with pytest.raises(NotFound):
        bundle.make(bevara.rooms.real_store, new_id())
    with pytest.raises(Invalid) as refused:
        bundle.make(bevara.rooms.real_store, "../etc")
    assert refused.value.field == "ID"


Mutation = Callable[[dict[str, bytes], str, random.Random], None]


def flip(files: dict[str, bytes], name: str, chance: random.Random) -> None:
    data = bytearray(files[name])
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    files[name] = bytes(data)


def drop(files: dict[str, bytes], name: str, _chance: random.Random) -> None:
    del files[name]


def swap(files: dict[str, bytes], name: str, chance: random.Random) -> None:
    other = chance.choice([one for one in files if files[one] != files[name]])
    files[name], files[other] = files[other], files[name]


def add(files: dict[str, bytes], name: str, _chance: random.Random) -> None:
    files[f"{name}.bak"] = files[name]


def cut(files: dict[str, bytes], name: str, chance: random.Random) -> None:
    files[name] = files[name][:chance.randrange(len(files[name]))]


def repeat(files: dict[str, bytes], name: str, _chance: random.Random) -> None:
    files[name] += files[name][-1:]


@pytest.mark.parametrize("change", [flip, drop, swap, add, cut, repeat])
@pytest.mark.parametrize("given", [True, False])
def test_every_change_of_every_file_is_found(
    whole: bytes, key: str, change: Mutation, given: bool, tries: Callable[[int, int], int]
) -> None:
    good = files_of(whole)
    for number in range(tries(2, 25)):
        for name in good:
            chance = random.Random(f"{number} {name}")
            files = dict(good)
            change(files, name, chance)
            found = Checked.of(files, key if given else None)
            assert found.code == 1, (name, number, found.said)


def test_a_change_in_the_archive_itself_is_found_or_changes_no_file(
    whole: bytes, key: str, tmp_path: Path, tries: Callable[[int, int], int]
) -> None:
    good, chance = files_of(whole), random.Random(1)
    for _ in range(tries(100, 3000)):
        data = bytearray(whole)
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        if checked(bytes(data), tmp_path, key).code == 0:
            assert files_of(bytes(data)) == good


def test_a_forger_with_another_key_is_found_out_by_the_key_alone(
    bevara: Bevara, whole: bytes, key: str, tmp_path: Path
) -> None:
    """Somebody makes the same record in a log of their own: all holds but the key."""
    with running(tmp_path / "forged") as forged:
        receipt = forged.browser().save(capture("Något annat")).get_json()
        data = bundle.make(forged.rooms.real_store, receipt["record_id"])
    assert checked(data, tmp_path, None).code == 3
    found = checked(data, tmp_path, key)
    assert found.code == 1 and "inte undertecknad med nyckeln" in found.said


def test_nonsense_is_refused_in_a_sentence(tmp_path: Path) -> None:
    for data in (b"", b"PK", b"\0" * 100):
        found = checked(data, tmp_path, None)
        assert found.code == 1 and "går inte att läsa" in found.said
    assert Checked.of({}, None).code == 1
    for proof in (b"[]", b"{}", b"\xff", b'{"checkpoints": 1, "documents": [1]}', b"[" * 100_000):
        assert Checked.of({"proof.json": proof}, None).code == 1


def test_a_name_that_occurs_twice_is_refused(
    whole: bytes, key: str, tmp_path: Path
) -> None:
    target = io.BytesIO(whole)
    with pytest.warns(UserWarning), zipfile.ZipFile(target, "a") as archive:
        archive.writestr("README.txt", b"")
    assert checked(target.getvalue(), tmp_path, key).code == 1


def test_the_command_writes_the_bundle(
    bevara: Bevara, saved: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beside a running Bevara, which holds the store."""
    from bevara.cli import main

    monkeypatch.setenv("BEVARA_DATA_DIR", str(bevara.rooms.config.data_dir))
    printed = io.StringIO()
    with redirect_stdout(printed):
        assert main(["proof", saved[1], "--out", str(tmp_path / "b.zip")]) == 0
    key = printed.getvalue().split("Nyckel: ")[1].split("\n")[0]
    assert checked((tmp_path / "b.zip").read_bytes(), tmp_path, key).code == 0
    assert main(["proof", saved[1], "--out", str(tmp_path / "no" / "b.zip")]) == 1
    assert main(["proof", new_id(), "--out", str(tmp_path / "c.zip")]) == 1
    assert not (tmp_path / "c.zip").exists()


def test_openssl_says_the_same_about_the_list(whole: bytes, key: str, tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        archive.extractall(tmp_path)
    line = next(one for one in checked(whole, tmp_path, key).said.splitlines()
                if "pkeyutl" in one).split()
    assert subprocess.run(line, cwd=tmp_path, capture_output=True, check=False).returncode == 0
    (tmp_path / "manifest.txt").write_bytes(b"")
    assert subprocess.run(line, cwd=tmp_path, capture_output=True, check=False).returncode != 0


def test_a_store_that_is_empty_or_held_can_be_asked(tmp_path: Path) -> None:
    from bevara.kernel.beside import reading
    from bevara.kernel.clock import Clock

    with pytest.raises(NotFound), reading(tmp_path, Clock()):
        pass
    (tmp_path / "register").mkdir()
    held = Store(tmp_path / "register", Keys(tmp_path))
    with reading(tmp_path, Clock()) as store:
        assert store.origin == held.origin
    held.close()


def test_the_time_is_swedish_in_summer_and_winter() -> None:
    for text, said in {
        "2026-11-23T13:32:00.000Z": "23 november 2026 kl. 14.32",
        "2026-07-01T12:00:00Z": "1 juli 2026 kl. 14.00",
        "2027-03-28T00:59:59Z": "28 mars 2027 kl. 01.59",
        "2027-03-28T01:00:00Z": "28 mars 2027 kl. 03.00",
        "2026-10-25T00:59:59Z": "25 oktober 2026 kl. 02.59",
        "2026-10-25T01:00:00Z": "25 oktober 2026 kl. 02.00",
        "20380119031408Z": "19 januari 2038 kl. 04.14",
    }.items():
        assert kontrollera.clock_times(kontrollera.read_time(text))[0] == said
