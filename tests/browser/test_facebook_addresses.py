"""Facebook's addresses and the pack: what may be registered, and that the pack is configuration only."""

import json
from pathlib import Path

import jsonschema
import pytest

from bevara.accounts import address
from bevara.errors import Invalid

ROOT = Path(__file__).resolve().parents[2]
PACK = ROOT / "shared" / "platforms" / "facebook.json"
SCHEMA = ROOT / "shared" / "schema" / "platform-pack-1.json"

REFUSED = [
    "https://facebook.com.evil.se/storkopingskommun",
    "https://www.facebook.com.evil.se/storkopingskommun",
    "https://facebook.com\\@evil.se/storkopingskommun",
    "https://facebook.com\\.evil.se/storkopingskommun",
    "https://facebook.com@evil.se/storkopingskommun",
    "https://www.facebook.com:x@evil.se/storkopingskommun",
    "https://evil.se/facebook.com/storkopingskommun",
    "https://evilfacebook.com/storkopingskommun",
    "https://facebook.com.\u200bevil.se/storkopingskommun",
    "javascript:alert(1)//facebook.com",
    "https://www.facebook.com/people/Kalle-Testsson/100064000000001/",
    "https://www.facebook.com/groups/1234567890",
    "https://www.facebook.com/",
    "",
]


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_not_a_page_on_facebook_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        address.describe(text)


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("https://www.facebook.com/StorkopingsKommun/?ref=embed", "vanity", "storkopingskommun"),
        ("facebook.com/storkopingskommun", "vanity", "storkopingskommun"),
        ("https://m.facebook.com/storkopingskommun/posts/1", "vanity", "storkopingskommun"),
        ("https://www.facebook.com/61550000000001", "page_id", "61550000000001"),
    ],
)
def test_a_page_is_known_by_its_address(text: str, kind: str, value: str) -> None:
    found = address.describe(text)
    assert (found.platform, found.kind, found.value) == ("facebook", kind, value)


def test_the_pack_follows_its_schema() -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(json.loads(PACK.read_text(encoding="utf-8")))


def test_the_extension_ships_the_same_pack() -> None:
    shipped = ROOT / "extension" / "packs" / "facebook.json"
    assert shipped.read_bytes() == PACK.read_bytes()


def test_the_pack_names_whole_hosts_of_facebook() -> None:
    pack = json.loads(PACK.read_text(encoding="utf-8"))
    for host in [*pack["hosts"], *(each["host"] for each in pack["watch_only"])]:
        assert host.endswith(".facebook.com") and "*" not in host
