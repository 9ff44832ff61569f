"""What IT decides by policy goes before what a person chose, and is shown as such."""

import base64
import hashlib
import json
import os
import shutil
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe import faults
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from extension_only import EXTENSION, Browser
from playwright.sync_api import expect
from running import Running
from test_packs import CHOOSE, NEW, NOW, offer, pack

from bevara.platforms import sign

pytestmark = pytest.mark.browser
CAN = os.geteuid() == 0 and shutil.which("unshare") and subprocess.run(
    ["unshare", "-m", "true"], check=False, capture_output=True).returncode == 0
private = pytest.mark.skipif(not CAN, reason="needs root and a mount namespace of its own, so that the machine's policy is left alone")


def extension_id() -> str:
    key = json.loads((EXTENSION / "manifest.json").read_text("utf-8"))["key"]
    digest = hashlib.sha256(base64.b64decode(key)).hexdigest()[:32]
    return "".join(chr(ord("a") + int(one, 16)) for one in digest)


def with_policy(folder: Path, policy: dict[str, Any]) -> str:
    """A program that starts Chromium where only it sees the policy."""
    inner = folder / "policy.json"
    inner.write_text(json.dumps({"3rdparty": {"extensions": {extension_id(): policy}}}), "utf-8")
    program = folder / "chromium"
    program.write_text(f"""#!/bin/sh
exec unshare -m sh -c 'mount -t tmpfs none /etc/chromium && mkdir -p /etc/chromium/policies/managed &&
cp {inner} /etc/chromium/policies/managed/bevara.json && exec /usr/bin/chromium "$@"' sh "$@"
""")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return str(program)


@pytest.fixture(scope="module")
def bevara() -> Iterator[Running]:
    with Running("https://www.facebook.com/storkopingskommun") as running:
        yield running


def wait_policy(browser: Browser, name: str) -> None:
    """The browser tells an extension of its policy some seconds after a start."""
    for _ in range(100):
        if name in browser.ask({"type": "status.get"})["locked"]:
            return
        browser.page.wait_for_timeout(200)
    raise AssertionError(f"no policy for {name}")


def wait_registered(browser: Browser, wanted: list[str]) -> None:
    for _ in range(50):
        if sorted(browser.registered()) == wanted:
            return
        browser.page.wait_for_timeout(200)
    assert sorted(browser.registered()) == wanted


@private
def test_policy_locks_its_fields_and_goes_before_what_was_chosen(bevara: Running, tmp_path: Path) -> None:
    decided = {"port": bevara.port, "moderators": ["Åsa Öberg", "Bo"], "pictures": False, "allow_early_hide": False,
               "hosts": ["www.facebook.com"], "unknown": 1}
    with Browser(1024, with_policy(tmp_path, decided)) as browser:
        wait_policy(browser, "port")
        assert browser.ask({"type": "port.set", "port": 5000}) == {"ok": False, "code": "locked"}
        browser.open("options/options.html")
        page = browser.page
        page.locator("summary").click()
        expect(page.locator("#port")).to_have_value(str(bevara.port))
        expect(page.locator("#port")).to_be_disabled()
        expect(page.locator("#names")).to_have_value("Åsa Öberg\nBo")
        assert page.locator(".policy").all_inner_texts() == ["Bestäms av IT", "Bestäms av IT"]
        expect(page.locator("#language")).to_be_enabled()
        assert faults(page) == []
        assert browser.type_code(bevara.pairing_code()).startswith("Kopplad")
        wait_registered(browser, ["http://localhost/*", "https://www.facebook.com/*"])
        told = browser.ask({"type": "page.hello"})
        assert told["moderators"] == ["Åsa Öberg", "Bo"] and told["profile"]["forbid_early_hide"] is True
        assert browser.ask({"type": "shot.take", "rect": {}, "cover": [], "viewport": {}})["reason"] == "policy"
        assert "unknown" not in browser.ask({"type": "status.get"})["locked"]


@private
def test_a_key_that_it_has_pinned_is_the_only_one(bevara: Running, tmp_path: Path) -> None:
    other = base64.b64encode(b"x" * 32).decode()
    with Browser(bevara.port, with_policy(tmp_path, {"helper_key": other})) as browser:
        wait_policy(browser, "helper_key")
        assert "Ett annat program svarar" in browser.type_code(bevara.pairing_code())
        assert browser.registered() == []


PRECEDENCE = """async () => {
  const settings = await import("/background/settings.js");
  const { storage } = await import("/background/browser.js");
  const out = [];
  await storage.set("port", 2000);
  for (const policy of [{}, { port: 3000 }, { port: 3000, moderators: ["A"] }]) {
    await storage.set("policy", policy);
    out.push([await settings.setting("port"), await settings.isLocked("port"), (await settings.setting("moderators")) ?? null]);
  }
  await storage.set("policy", {});
  return out;
}"""


ONLY = """async (only) => {
  const { storage } = await import("/background/browser.js");
  await storage.set("policy", only ? { hosts: only } : {});
  return [...(await (await import("/background/registration.js")).patterns()).values()].flat().sort();
}"""
FACEBOOK = [f"https://{host}.facebook.com/*" for host in ("business", "web", "www")]


def test_policy_then_choice_then_nothing_and_hosts_are_what_it_leaves(bevara: Running) -> None:
    with Browser(bevara.port) as browser:
        assert browser.type_code(bevara.pairing_code()).startswith("Kopplad")
        wait_registered(browser, ["http://localhost/*", *FACEBOOK])
        for only, left in [(["www.facebook.com"], FACEBOOK[2:]), (["example.com"], []), ([], []),
                           (["facebook.com"], []), (["web.facebook.com", "business.facebook.com"], FACEBOOK[:2])]:
            assert browser.page.evaluate(ONLY, only) == ["http://localhost/*", *left], only
        assert browser.page.evaluate(ONLY, None) == ["http://localhost/*", *FACEBOOK]
        assert browser.page.evaluate(PRECEDENCE) == [[2000, False, None], [3000, True, None], [3000, True, ["A"]]]


def test_the_schema_names_what_the_extension_reads() -> None:
    schema = json.loads((EXTENSION / "managed.json").read_text("utf-8"))
    code = (EXTENSION / "background" / "settings.js").read_text("utf-8")
    table = code[code.index("const POLICY = {") : code.index("};", code.index("const POLICY = {"))]
    names = {line.split(":")[0].strip() for line in table.splitlines() if ": (value)" in line}
    assert names == set(schema["properties"])


@private
def test_packs_are_trusted_by_the_keys_of_the_policy_and_no_longer_by_the_helpers(tmp_path: Path) -> None:
    chosen, other = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    with Browser(1024, with_policy(tmp_path, {"pack_keys": [sign.public(chosen)]})) as browser:
        for _ in range(100):
            if browser.page.evaluate("async () => (await chrome.storage.managed.get(null)).pack_keys ?? null"):
                break
            browser.page.wait_for_timeout(200)
        by_helper = browser.page.evaluate(CHOOSE, [[offer(pack(), other)], sign.public(other), []])
        assert (by_helper["version"], [one["why"] for one in by_helper["refused"]]) == (NOW, ["signature"])
        by_policy = browser.page.evaluate(CHOOSE, [[offer(pack(), chosen)], sign.public(other), []])
        assert by_policy == {"version": NEW, "refused": []}
