"""A pack dropped in the packs folder reaches a paired browser, and an open page, within a minute."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import facebook_views as fv
import pytest
from facebook_extension import Moderator
from facebook_server import FacebookServer
from playwright.sync_api import expect
from running import Running

from bevara import contract

pytestmark = pytest.mark.browser
MINUTE = 62
NOW: int = contract.load("platforms/facebook.json")["version"]


@pytest.fixture
def moderator() -> Iterator[Moderator]:
    address = "https://www.facebook.com/storkopingskommun"
    with (
        FacebookServer() as facebook,
        Running(address) as bevara,
        Moderator(bevara, facebook) as running,
    ):
        yield running


def drop(bevara: Running, name: str, **changes: Any) -> None:
    """Signs a changed pack as IT does, with the command line, and drops it."""
    folder = bevara.data / "packs"
    folder.mkdir(exist_ok=True)
    pack = {**json.loads(json.dumps(contract.load("platforms/facebook.json"))), **changes}
    file = bevara.data / f"{name}.json"
    file.write_text(json.dumps(pack), encoding="utf-8")
    command = [sys.executable, "-m", "bevara", "packs", "sign", str(file)]
    subprocess.run(command, env=bevara.environment(), check=True, capture_output=True)
    Path(bevara.data / f"{name}.signed.json").rename(folder / f"{name}.json")


def wait_status(moderator: Moderator, **wanted: Any) -> float:
    """Seconds until the page's status says so."""
    started = time.monotonic()
    while time.monotonic() - started < MINUTE + 5:
        status = moderator.status()
        if {name: status[name] for name in wanted} == wanted:
            return time.monotonic() - started
        moderator.page.wait_for_timeout(250)
    raise AssertionError(f"{wanted} did not come: {moderator.status()}")


def soon(moderator: Moderator, tries: Callable[[int, int], int]) -> None:
    """In a short run the minute's alarm, which is asked when it comes, rings now."""
    assert moderator.worker.evaluate(
        "async () => (await chrome.alarms.get('beat')).periodInMinutes") == 1
    if tries(0, 1) == 0:
        moderator.worker.evaluate(
            "() => chrome.alarms.create('beat', { when: Date.now(), periodInMinutes: 1 })")


def test_a_signed_pack_reaches_an_open_page_and_a_weaker_one_makes_it_uncertain(
    moderator: Moderator, tries: Callable[[int, int], int]
) -> None:
    moderator.visit(fv.POSTS + "okanda-ord")
    assert moderator.status()["pack"] == {"id": "facebook", "version": NOW}
    wait_status(moderator, state="armed")
    actions = json.loads(json.dumps(contract.load("platforms/facebook.json")["actions"]))
    actions[0]["labels"]["sv"].append("Kasta bort för gott")
    drop(moderator.bevara, "facebook-2", version=NOW + 1, actions=actions)
    soon(moderator, tries)
    taken = wait_status(moderator, pack={"id": "facebook", "version": NOW + 1}, state="armed")
    drop(moderator.bevara, "facebook-3", version=NOW + 2, actions=actions[1:])
    soon(moderator, tries)
    refused = wait_status(moderator, pack={"id": "facebook", "version": NOW + 1}, state="degraded")
    print(f"taken after {taken:.0f} s, refused after {refused:.0f} s")
    assert max(taken, refused) < MINUTE
    assert "Osäkert" in moderator.worker.evaluate(
        """async () => {
          const [tab] = await chrome.tabs.query({ active: true, currentWindow: true });
          return chrome.action.getTitle({ tabId: tab.id });
        }"""
    )
    moderator.open_menu()
    moderator.choose("Kasta")
    moderator.confirm("Verkställ")
    assert moderator.wait_asked() == ["useCometUFIDeleteCommentMutation"]
    assert len(moderator.bevara.wait_documents("capture", 1)) == 1
    [saved] = moderator.captures()
    assert (saved["pack"]["version"], saved["action"]["kind"]) == (NOW + 1, "delete")
    popup = f"chrome-extension://{moderator.worker.url.split('/')[2]}/popup/popup.html"
    with moderator.page.context.expect_page() as opened:
        moderator.worker.evaluate("(url) => chrome.tabs.create({ url, active: false })", popup)
    said = opened.value.locator("#refused-pack")
    expect(said).to_contain_text(f"facebook {NOW + 2}")
    expect(said).to_contain_text("skyddar mindre")
