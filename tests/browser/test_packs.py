"""Newer packs in the real extension: what is taken, and what is refused and why."""

import base64
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from extension_only import Browser

from bevara import contract
from bevara.platforms import sign

pytestmark = pytest.mark.browser
KEY = Ed25519PrivateKey.generate()
EXTENSION = Path(__file__).resolve().parents[2] / "extension"
Pack = dict[str, Any]
NOW: int = contract.load("platforms/facebook.json")["version"]
NEW = NOW + 1

CHOOSE = """async ([offers, key, accounts]) => {
  const { choose } = await import("/background/packs.js");
  const raw = Uint8Array.from(atob(key), (char) => char.charCodeAt(0));
  const { packs, refused } = await choose(offers, raw, accounts);
  return { version: packs.find((one) => one.id === "facebook").version, refused };
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with Browser(1) as running:
        yield running


@pytest.fixture(autouse=True)
def fresh(browser: Browser) -> None:
    browser.page.evaluate("chrome.storage.local.remove('packs.good')")


def pack(**changes: Any) -> Pack:
    loaded: Pack = json.loads(json.dumps(contract.load("platforms/facebook.json")))
    return {**loaded, "version": NEW, **changes}


def offer(changed: Pack, key: Ed25519PrivateKey = KEY) -> Pack:
    """A signed pack, signed also when it breaks its schema, as a hostile signer would."""
    from bevara.platforms import packs

    signature = base64.b64encode(key.sign(packs.canonical(changed))).decode()
    return {"pack": changed, "signature": signature}


def choose(browser: Browser, *offers: Pack, hosts: tuple[str, ...] = ()) -> Any:
    identifiers = [{"kind": "host", "value": host} for host in hosts]
    accounts = [{"platform": "facebook", "identifiers": identifiers}]
    return browser.page.evaluate(CHOOSE, [list(offers), sign.public(KEY), accounts])


def changed(edit: Callable[[Pack], Any]) -> Pack:
    made = pack()
    edit(made)
    return made


def drop(names: list[str], label: str) -> None:
    names.remove(label)


def test_a_newer_signed_pack_that_holds_as_much_is_taken(browser: Browser) -> None:
    newer = changed(lambda one: one["actions"][0]["labels"]["sv"].append("Kasta"))
    assert choose(browser, offer(newer)) == {"version": NEW, "refused": []}


def test_the_last_good_pack_stays_when_nothing_or_something_bad_is_offered(
    browser: Browser,
) -> None:
    choose(browser, offer(pack()))
    assert choose(browser) == {"version": NEW, "refused": []}
    bad = offer(pack(version=NOW + 2, actions=pack()["actions"][1:]))
    after = choose(browser, offer(pack()), bad)
    assert after["version"] == NEW
    assert [(one["version"], one["why"]) for one in after["refused"]] == [(NOW + 2, "weaker")]


def test_the_last_good_pack_goes_when_its_key_is_no_longer_trusted(browser: Browser) -> None:
    choose(browser, offer(pack()))
    other = sign.public(Ed25519PrivateKey.generate())
    assert browser.page.evaluate(CHOOSE, [[], other, []])["version"] == NOW


def test_an_older_pack_never_replaces_the_one_in_use(browser: Browser) -> None:
    choose(browser, offer(pack(version=NOW + 4)))
    after = choose(browser, offer(pack(version=NOW + 3)), offer(pack(version=NOW)))
    assert (after["version"], [one["why"] for one in after["refused"]]) == (NOW + 4, ["older", "older"])


def test_the_same_number_with_other_content_is_refused(browser: Browser) -> None:
    choose(browser, offer(pack()))
    other = changed(lambda one: one["actions"][0]["labels"]["sv"].append("Kasta"))
    assert [one["why"] for one in choose(browser, offer(other))["refused"]] == ["changed"]


def test_a_host_of_the_register_may_be_added_and_no_other(browser: Browser) -> None:
    own = pack(hosts=[*pack()["hosts"], "forum.storkoping.se"])
    refused = choose(browser, offer(own))["refused"]
    assert [(one["why"], one["what"]) for one in refused] == [("hosts", "forum.storkoping.se")]
    assert choose(browser, offer(own), hosts=("forum.storkoping.se",))["version"] == NEW


def test_a_platform_that_nobody_knows_is_refused(browser: Browser) -> None:
    assert choose(browser, offer(pack(id="okand")))["refused"][0]["why"] == "unknown"


REFUSED: dict[str, tuple[Pack, str]] = {
    "unsigned": ({"pack": pack(), "signature": ""}, "unsigned"),
    "not a signature": ({"pack": pack(), "signature": "!!"}, "signature"),
    "another key": (offer(pack(), Ed25519PrivateKey.generate()), "signature"),
    "changed after signing": ({**offer(pack()), "pack": pack(version=NOW + 2)}, "signature"),
    "the shipped version again, changed": (offer(pack(version=NOW, proven="own")), "older"),
    "a watched host more": (
        offer(pack(watch_only=[*pack()["watch_only"], {"host": "evil.se", "banner": {}}])), "hosts",
    ),
    "an unknown part": (offer(pack(script="alert(1)")), "schema"),
    "an expression": (
        offer(changed(lambda one: one["parts"]["text"][0].update(decode="eval"))), "schema",
    ),
    "an endless selector": (
        offer(changed(lambda one: one["comment"].update(link="a" * 401))), "schema",
    ),
    "an action gone": (offer(pack(actions=pack()["actions"][1:])), "weaker"),
    "a label gone": (
        offer(changed(lambda one: drop(one["actions"][0]["labels"]["sv"], "Ta bort"))), "weaker",
    ),
    "a language gone": (
        offer(changed(lambda one: one["actions"][0]["labels"].pop("fi"))), "weaker",
    ),
    "a deletion called reversible": (
        offer(changed(lambda one: one["actions"][0].update(reversible=True))), "weaker",
    ),
    "a comment's deletion called a post's": (
        offer(changed(lambda one: one["actions"][0].update(removes="post"))), "weaker",
    ),
    "a hide that waits for a dialog": (
        offer(changed(lambda one: one["actions"][1].update(dialog=True))), "weaker",
    ),
    "a weaker action put first": (
        offer(changed(lambda one: one["actions"].insert(0, {
            "kind": "hide", "reversible": True, "dialog": False, "labels": {"sv": ["Ta *", "Ta bort"]},
        }))),
        "weaker",
    ),
    "a deletion called harmless": (
        offer(changed(lambda one: one["menu"]["harmless"]["sv"].append("Ta bort"))), "weaker",
    ),
    "everything called harmless": (
        offer(changed(lambda one: one["menu"]["harmless"]["sv"].append("T *"))), "weaker",
    ),
    "the confirming button called a way out": (
        offer(changed(lambda one: one["dialog"]["cancel"]["sv"].append("Ta bort"))), "weaker",
    ),
    "a menu gone": (offer(changed(lambda one: one["menu"].update(menu=[".x"]))), "weaker"),
    "items gone": (offer(changed(lambda one: one["menu"]["item"].pop())), "weaker"),
    "the menu button gone": (
        offer(changed(lambda one: one["menu"].update(button=[{"selector": ".x"}]))), "weaker",
    ),
    "a dialog gone": (offer(changed(lambda one: one["dialog"]["container"].pop())), "weaker"),
    "a dialog's buttons limited": (
        offer(changed(lambda one: one["dialog"].update(button=[".x"]))), "weaker",
    ),
    "an inline control gone": (offer(changed(lambda one: one["inline"].pop())), "weaker"),
    "a rule before the inline ones": (
        offer(changed(lambda one: one["inline"].insert(0, {
            "selector": "ul li [role='button']", "kind": "hide", "dialog": True,
        }))),
        "weaker",
    ),
    "comments excepted": (
        offer(changed(lambda one: one["comment"].update({"not": "[lang]"}))), "weaker",
    ),
    "a softer health check": (
        offer(changed(lambda one: one["health"].update(min_parts=0.5))), "weaker",
    ),
    "the watchdog's names gone": (
        offer(changed(lambda one: one["network"][0].update(names={}))), "weaker",
    ),
    "comments not found": (
        offer(changed(lambda one: one["comment"].update(container="[role='listitem']"))), "expected",
    ),
    "an owner that is never ours": (
        offer(changed(lambda one: one["post"].update(owner=[{"selector": ".x"}]))), "expected",
    ),
    "its own expected results wrong": (
        offer(changed(lambda one: one["expected"][0]["comments"][0].update(text="Något annat"))),
        "expected",
    ),
    "its own expected results gone, and the shipped ones failed": (
        offer(changed(lambda one: one.update(expected=[], parts={
            **one["parts"], "text": [{"selector": ".x"}],
        }))),
        "expected",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_pack_that_must_not_be_taken_is_refused_and_named(browser: Browser, name: str) -> None:
    offered, why = REFUSED[name]
    found = choose(browser, offered)
    assert [(one["id"], one["why"]) for one in found["refused"]] == [("facebook", why)]
    assert found["version"] == NOW


def test_no_shipped_pack_is_weaker_than_itself_or_fails_its_own_pages(browser: Browser) -> None:
    code = """async (names) => {
      const { weaker } = await import("/background/pack_rules.js");
      const { tryOut } = await import("/background/pack_trial.js");
      const found = [];
      for (const name of names) {
        const pack = await (await fetch(`/packs/${name}.json`)).json();
        found.push([name, weaker(pack, pack), await tryOut(pack, pack.expected ?? [])]);
      }
      return found;
    }"""
    names = [one["id"] for one in contract.packs()]
    assert browser.page.evaluate(code, names) == [[name, None, None] for name in names]


def test_the_hidden_page_loads_the_reading_scripts_in_their_order() -> None:
    order = json.loads((EXTENSION / "content/order.json").read_text(encoding="utf-8"))
    html = (EXTENSION / "trial/trial.html").read_text(encoding="utf-8")
    listed = [part.split('"')[0] for part in html.split('src="../content/')[1:]]
    assert listed == order[: order.index("classify.js") + 1]
