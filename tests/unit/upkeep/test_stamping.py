"""A real authority stamps the checkpoint; what is not for it, or not signed, is refused."""

import io
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bevara.config import Config
from bevara.errors import Invalid
from bevara.records.proof import bundle, stamps
from bevara.upkeep import doctor, stamp_schedule, stamping
from bevara.upkeep.stamp_schedule import StampSchedule
from bevara.upkeep.verify import verify
from tests.authority import Authority
from tests.client import Bevara, running
from tests.factories import capture
from tests.proving import Checked, checked, files_of

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is missing")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    with Authority(tmp_path_factory.mktemp("authority")) as authority:
        yield authority


@pytest.fixture
def bevara(tmp_path: Path) -> Iterator[Bevara]:
    with running(tmp_path / "data") as bevara:
        yield bevara


def save(bevara: Bevara) -> str:
    return str(bevara.browser().save(capture()).get_json()["capture_id"])


def test_a_stamp_lies_in_the_proof_and_openssl_says_it_holds(
    bevara: Bevara, authority: Authority, tmp_path: Path
) -> None:
    id_, store = save(bevara), bevara.rooms.real_store
    made = stamping.stamp(store, authority.url, authority.roots, stamping.post)
    assert made.checked and made.stamped_at
    assert verify(store).ok
    data = bundle.make(store, id_)
    found = checked(data, tmp_path, bundle.key_of(store))
    assert found.code == 0 and "stämpeln stamps/1-0.tsr gäller kontrollpunkten" in found.said
    assert "Tidsstämpelns underskrift" in found.said
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        archive.extractall(tmp_path / "out")
    line = next(one for one in found.said.splitlines() if "openssl ts -verify" in one)
    assert "-attime " in line
    command = line.replace("ROT.pem", str(authority.roots)).split()
    done = subprocess.run(command, cwd=tmp_path / "out", capture_output=True, check=False)
    assert done.returncode == 0 and b"OK" in done.stdout + done.stderr
    other = dict(files_of(data))
    other[f"checkpoints/1-{made.size}.txt"] = other[f"checkpoints/0-{made.size + 1}.txt"]
    said = Checked.of(other, None)
    assert said.code == 1 and "gäller något annat" in said.said


def test_what_is_not_an_answer_to_this_question_is_refused(
    bevara: Bevara, authority: Authority, tmp_path: Path
) -> None:
    save(bevara)
    store = bevara.rooms.real_store
    with Authority(tmp_path / "other") as other:
        old: list[bytes] = []

        def flipped(address: str, request: bytes) -> bytes:
            answer = bytearray(stamping.post(address, request))
            answer[-1] ^= 1
            return bytes(answer)

        def earlier(address: str, request: bytes) -> bytes:
            old.append(stamping.post(address, request))
            return old[0]

        def kept() -> int:
            with store.read() as connection:
                return len(stamps.all_stamps(connection))

        stamping.stamp(store, authority.url, authority.roots, earlier)
        before = kept()
        for post, url, said in [
            (earlier, authority.url, "stämplade något annat"),
            (flipped, authority.url, "Tidsstämpeln"),
            (stamping.post, other.url, "inte undertecknad under"),
            (lambda *_: b"nonsense", authority.url, "går inte att läsa"),
            (lambda *_: b"", authority.url, "går inte att läsa"),
        ]:
            with pytest.raises(Invalid, match=said):
                stamping.stamp(store, url, authority.roots, post)
        assert kept() == before


def test_an_answer_with_another_nonce_is_refused(authority: Authority) -> None:
    from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

    request = TimestampRequestBuilder().data(b"text").hash_algorithm(HashAlgorithm.SHA256).build()
    answer = authority.answer(request.as_bytes())
    assert stamping.check(answer, b"text", int(request.nonce or 0), authority.roots)[1]
    with pytest.raises(Invalid, match="en annan fråga"):
        stamping.check(answer, b"text", int(request.nonce or 0) + 1, authority.roots)
    with pytest.raises(Invalid, match="något annat"):
        stamping.check(answer, b"tex", int(request.nonce or 0), authority.roots)


def test_an_answer_that_only_openssl_reads_is_kept_as_unchecked(
    bevara: Bevara, tmp_path: Path
) -> None:
    """`openssl ts -chain` orders the certificates as DER does not allow."""
    id_, store = save(bevara), bevara.rooms.real_store
    with Authority(tmp_path / "chain", chain=True) as authority:
        made = stamping.stamp(store, authority.url, authority.roots, stamping.post)
        if made.checked:
            pytest.skip("this openssl orders the certificates as the library wants them")
    assert made.stamped_at
    found = checked(bundle.make(store, id_), tmp_path, bundle.key_of(store))
    assert found.code == 0 and "gäller kontrollpunkten" in found.said
    with pytest.raises(Invalid):
        stamping.check(made.answer, b"annat", 1, None)


def test_nothing_is_asked_until_an_authority_is_named(bevara: Bevara, authority: Authority) -> None:
    save(bevara)
    asked = authority.asked
    StampSchedule(bevara.rooms.config, bevara.rooms.real_store).look()
    assert authority.asked == asked and not (bevara.rooms.config.data_dir / "stamps.json").exists()


def test_it_asks_once_a_day_while_the_log_grows_and_waits_longer_when_nobody_answers(
    bevara: Bevara, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(bevara)
    config = Config(bevara.rooms.config.data_dir, stamp_urls=(authority.url, "http://127.0.0.1:9/"),
                    stamp_roots=authority.roots)
    now = ["2026-11-24T10:00:00.000Z"]
    monkeypatch.setattr(bevara.clock, "now", lambda: now[0])

    def look(at: str) -> tuple[int, int]:
        now[0], before = f"2026-11-{at}.000Z", authority.asked
        StampSchedule(config, bevara.rooms.real_store).look()
        gone = stamp_schedule.read(config)["http://127.0.0.1:9/"]
        return authority.asked - before, gone.failures

    assert look("24T10:00:00") == (1, 1)
    assert look("24T10:00:30") == (0, 1)
    assert look("24T10:01:00") == (0, 2)
    assert look("24T10:02:30") == (0, 2)
    assert look("24T10:03:00") == (0, 3)
    assert look("25T10:00:00") == (0, 4), "nothing but the stamp came into the log"
    save(bevara)
    assert look("25T10:00:01")[0] == 1
    assert look("23T10:00:00")[1] == 5, "a clock that was set back waits for nothing"


def test_doctor_says_whether_stamps_are_on_when_the_last_came_and_what_went_wrong(
    bevara: Bevara, authority: Authority
) -> None:
    save(bevara)
    gone, folder = "http://127.0.0.1:9/", bevara.rooms.config.data_dir

    def lines(*urls: str) -> list[tuple[str, str]]:
        config = Config(folder, stamp_urls=urls, stamp_roots=authority.roots)
        return [(one.state, one.says) for one in doctor.examine(config, bevara.clock)
                if one.about == "Tidsstämplar"]

    assert lines() == [("bra", "Avslagna. BEVARA_STAMP_URLS slår på dem.")]
    before = lines(authority.url, gone)
    assert [state for state, _ in before] == ["se efter"] * 2 and "Ingen har kommit" in before[0][1]
    StampSchedule(Config(folder, stamp_urls=(authority.url, gone), stamp_roots=authority.roots),
                  bevara.rooms.real_store).look()
    (good, came), (bad, failed) = lines(authority.url, gone)
    assert good == "bra" and "Den senaste kom" in came and authority.url in came
    assert bad == "fel" and "Ingen har kommit" in failed and "refused" in failed


def test_the_pauses_grow_to_a_longest() -> None:
    pauses = [stamp_schedule.pause(number) for number in range(1, 40)]
    assert pauses[:4] == [60, 120, 240, 480] and pauses == sorted(pauses)
    assert pauses[-1] == stamp_schedule.LONGEST_PAUSE


def test_an_odd_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BEVARA_STAMP_URLS", "https://a.example/ file:///etc/passwd")
    with pytest.raises(Invalid, match="ingen adress"):
        Config.from_env()
    monkeypatch.setenv("BEVARA_STAMP_URLS", "https://a.example/  https://b.example/")
    assert Config.from_env().stamp_urls == ("https://a.example/", "https://b.example/")
