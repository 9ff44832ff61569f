"""Packs as files: what the schema refuses, what a signature covers, what the commands say."""

import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bevara import cli, contract
from bevara.errors import Invalid
from bevara.platforms import packs, sign

ROOT = Path(__file__).parents[3]


def pack(**changes: Any) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(json.dumps(contract.load("platforms/facebook.json")))
    return {**loaded, **changes}


def test_the_extension_carries_the_same_schema() -> None:
    carried = ROOT / "extension/trial/platform-pack-1.json"
    assert carried.read_bytes() == (ROOT / "shared/schema/platform-pack-1.json").read_bytes()


BROKEN: list[dict[str, Any]] = [
    pack(script="alert(1)"),
    pack(comment={**pack()["comment"], "strategy": "x => eval(x)"}),
    pack(parts={**pack()["parts"], "text": [{"selector": "a", "decode": "return value"}]}),
    pack(parts={**pack()["parts"], "text": [{"selector": "a" * 401}]}),
    pack(parts={**pack()["parts"], "text": [{"regex": "(a+)+$"}]}),
    pack(hosts=[]),
    pack(version=0),
    pack(beside=[{"strategy": "fetch"}]),
    pack(expected=[{"name": "x", "html": "a" * 20001, "comments": []}]),
]


@pytest.mark.parametrize("broken", BROKEN)
def test_a_pack_that_is_more_than_configuration_is_refused(broken: dict[str, Any]) -> None:
    assert packs.problem(broken)
    with pytest.raises(Invalid, match="formatet"):
        sign.sign(broken, Ed25519PrivateKey.generate())


def test_the_order_of_keys_and_a_point_zero_change_nothing_that_is_signed() -> None:
    turned = dict(reversed(list(pack().items())))
    assert packs.canonical(turned) == packs.canonical(pack())
    assert packs.canonical({"a": 1.0}) == packs.canonical({"a": 1})
    assert packs.canonical(pack(version=99)) != packs.canonical(pack())


def command(*words: str) -> int:
    return cli.main(["packs", *words])


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BEVARA_DATA_DIR", str(tmp_path / "data"))
    packs.folder(tmp_path / "data").mkdir(parents=True)
    return tmp_path / "data"


def test_a_pack_is_signed_and_listed(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    key, file = data / "kommun.key", data / "nytt.json"
    file.write_text(json.dumps(pack(version=99)), encoding="utf-8")
    assert command("key", str(key)) == 0
    assert command("sign", str(file), "--key", str(key)) == 0
    (data / "nytt.signed.json").rename(packs.folder(data) / "facebook.json")
    capsys.readouterr()
    assert command("list", "--json") == 0
    [row] = json.loads(capsys.readouterr().out)["dropped"]
    assert (row["id"], row["version"], row["problem"]) == ("facebook", 99, None)
    assert row["signer"]


DROPPED: dict[str, tuple[Any, str]] = {
    "unsigned": (pack(version=99), "inte undertecknat"),
    "changed": (
        {**sign.sign(pack(version=99), Ed25519PrivateKey.generate()), "pack": pack(version=100)},
        "stämmer inte",
    ),
    "older": (sign.sign(pack(), Ed25519PrivateKey.generate()), "Inte nyare"),
    "list": ([1], "JSON-objekt"),
    "broken": (pack(hosts=[]), "hosts"),
    "key": (
        {**sign.sign(pack(version=99), Ed25519PrivateKey.generate()), "key": "å"}, "stämmer inte",
    ),
}


@pytest.mark.parametrize("name", DROPPED)
def test_a_dropped_pack_that_cannot_be_used_is_named(
    name: str, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document, said = DROPPED[name]
    (packs.folder(data) / f"{name}.json").write_text(json.dumps(document), encoding="utf-8")
    assert command("list") == 1
    [line] = [row for row in capsys.readouterr().out.splitlines() if row.startswith(f"{name}.json")]
    assert said in line


def test_a_key_that_is_missing_or_none_says_how_to_make_one(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = data / "nytt.json"
    file.write_text(json.dumps(pack(version=99)), encoding="utf-8")
    assert command("sign", str(file)) == 1
    assert "bevara packs key" in capsys.readouterr().err
    assert command("sign", str(file), "--key", str(file)) == 1
    assert "är ingen nyckel" in capsys.readouterr().err
