"""Both sides take the contract's valid examples and refuse the others for the same field."""

import json
import random
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from bevara import contract
from bevara.errors import Invalid
from tests.conftest import ROOT

EXAMPLES = contract.folder() / "examples"
FIELDS = json.loads((EXAMPLES / "invalid/fields.json").read_text())
FORMATS = json.loads((EXAMPLES / "formats.json").read_text())


def of(kind: str) -> list[str]:
    """Return `schema/name` of every example."""
    return sorted(f"{path.parent.name}/{path.stem}" for path in (EXAMPLES / kind).glob("*/*.json"))


def load(kind: str, name: str) -> Any:
    """Return an example."""
    return json.loads((EXAMPLES / kind / f"{name}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", of("valid"))
def test_a_valid_example_is_taken(name: str) -> None:
    contract.validate(name.partition("/")[0], load("valid", name))


@pytest.mark.parametrize("name", of("invalid"))
def test_an_invalid_example_is_refused_for_its_field(name: str) -> None:
    with pytest.raises(Invalid) as refusal:
        contract.validate(name.partition("/")[0], load("invalid", name))
    assert refusal.value.field == (FIELDS[name] or "/")


def test_every_schema_has_examples_and_every_invalid_one_names_its_field() -> None:
    schemas = set(contract.names("schema"))
    assert {name.partition("/")[0] for name in of("valid")} == schemas
    assert {name.partition("/")[0] for name in of("invalid")} == schemas
    assert set(FIELDS) == set(of("invalid"))


@pytest.mark.parametrize("schema", contract.names("schema"))
def test_what_the_quick_validator_takes_the_one_with_words_takes(
    schema: str, tries: Callable[[int, int], int]
) -> None:
    chooser = random.Random(schema)
    examples = [load("valid", name) for name in of("valid") if name.startswith(f"{schema}/")]
    taken = 0
    for _ in range(tries(60, 3000)):
        changed = mutated(chooser.choice(examples), chooser, chooser.choice((0.0005, 0.01, 0.1)))
        if contract._passes(schema, changed):
            taken += 1
            assert contract.validator(schema).is_valid(changed), changed
    assert taken


MUTATIONS = (None, True, -1, 0, 1.0, 1.5, 10**30, float("nan"), "", "x", "x" * 5000, "a\n", "\ud800",
             "+026-11-24T10:00:00Z", "2016-12-31T23:59:60Z", "2026-02-30T00:00:00Z", "sha256:" + "A" * 64,
             "{00000000-0000-4000-8000-000000000000}", "https://å.se/", "http://a b/", [], {}, [None])


def mutated(value: object, chooser: random.Random, share: float) -> object:
    """Return a copy with a share of its values replaced, left out or changed in one letter."""
    if chooser.random() < share:
        return chooser.choice(MUTATIONS)
    if isinstance(value, dict):
        return {key: mutated(one, chooser, share) for key, one in value.items()
                if chooser.random() >= share / 4}
    if isinstance(value, list):
        return [mutated(one, chooser, share) for one in value]
    if isinstance(value, str) and value and chooser.random() < share:
        at = chooser.randrange(len(value))
        return value[:at] + chooser.choice("0+-.:Zt/ é٣\n#%") + value[at + 1:]
    return value


def test_what_only_the_slow_validator_reads_is_taken_or_refused_by_it() -> None:
    half = {**load("valid", of_one("capture-1")), "unknown": "\ud800"}
    contract.validate("capture-1", half)
    with pytest.raises(Invalid) as refusal:
        contract.validate("capture-1", half | {"captured_at": "+026-11-24T10:00:00Z"})
    assert refusal.value.field == "/captured_at"


def of_one(schema: str) -> str:
    """Return the first valid example of a schema."""
    return next(name for name in of("valid") if name.startswith(f"{schema}/"))


@pytest.mark.parametrize("format_", FORMATS)
def test_a_format_is_checked_and_not_only_noted(format_: str) -> None:
    validator = Draft202012Validator({"type": "string", "format": format_},
                                     format_checker=FormatChecker())
    assert [text for text in FORMATS[format_]["valid"] if not validator.is_valid(text)] == []
    assert [text for text in FORMATS[format_]["invalid"] if validator.is_valid(text)] == []


def test_every_format_that_a_schema_uses_has_a_bad_value() -> None:
    texts = [path.read_text() for path in (contract.folder() / "schema").glob("*.json")]
    used = {name for text in texts for name in re.findall(r'"format": "([\w-]+)"', text)}
    assert used and used <= set(FORMATS)


def test_javascript_reads_the_examples_as_python_does() -> None:
    if shutil.which("node") is None or not (ROOT / "node_modules/ajv-formats").is_dir():
        pytest.skip("node or ajv is missing: npm ci installs it")
    test = Path(__file__).with_name("examples.test.js")
    done = subprocess.run(["node", "--test", "--test-reporter=tap", test], cwd=ROOT, text=True,
                          capture_output=True, check=False)
    assert done.returncode == 0, "\n".join(re.findall(r"not ok.*(?:\n.*error:.*)?", done.stdout)) + done.stderr
    passed = re.search(r"^# pass (\d+)", done.stdout, re.M)
    assert passed and int(passed[1]) == len(of("valid")) + len(of("invalid")) + len(FORMATS)


def test_packs_categories_and_profiles_follow_their_schemas() -> None:
    assert len(contract.packs()) >= 2
    for pack in contract.packs():
        contract.validate("platform-pack-1", pack)
    contract.validate("categories-1", contract.load("categories.json"))
    for name in contract.names("profiles"):
        contract.validate("profile-1", contract.load(f"profiles/{name}.json"))


def test_the_profile_speaks_of_the_same_categories() -> None:
    known = [item["id"] for item in contract.load("categories.json")["categories"]]
    for name in contract.names("profiles"):
        profile = contract.load(f"profiles/{name}.json")
        assert [item["id"] for item in profile["categories"]] == known


def test_the_extension_carries_the_same_packs() -> None:
    shipped = {path.name: path.read_bytes() for path in (ROOT / "extension/packs").glob("*")}
    ours = {path.name: path.read_bytes() for path in (contract.folder() / "platforms").glob("*")}
    ours["categories.json"] = (contract.folder() / "categories.json").read_bytes()
    assert shipped == ours
