"""The README's walk: a practice comment is saved, found, copied, restored and erased, as a newcomer would."""

import os
import re
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Page

from bevara.demo.driver import Browser, Helper

ROOT = Path(__file__).parents[2]
WORD, COMMENT = "odugliga", "9002"
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not (ROOT / ".venv/bin/bevara").exists(), reason="make run makes the .venv"),
]


def command(start: str) -> str:
    """Return the README's one command with this beginning."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    found = [line for line in re.findall(r"^    (\S.*)$", text, re.MULTILINE) if start in line]
    assert len(found) == 1, found
    return found[0]


def run(line: str, home: Path, data: Path) -> str:
    """Run a command of the README in a home of its own; return what it says."""
    environment = {**os.environ, "HOME": str(home), "BEVARA_DATA_DIR": str(data)}
    done = subprocess.run(line, shell=True, cwd=ROOT, env=environment, capture_output=True,
                          text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def found_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*")
            if path.is_file() and WORD.encode() in path.read_bytes()]


def trial_delivery(desk: Page, base: str, target: Path) -> None:
    """Choose to carry packages oneself, and save a trial delivery of what was practised."""
    desk.goto(f"{base}/mottagare")
    desk.check('input[name="mottagare"][value="file"]')
    desk.click('form[action="/mottagare"] button.primary')
    desk.goto(f"{base}/arkiv")
    desk.fill('input[name="av"]', "Anna Berg")
    desk.click('button[value="prov"]')
    save = desk.locator('a[download]')
    for _ in range(60):
        if save.count():
            break
        desk.wait_for_timeout(500)
        desk.reload()
    with desk.expect_download() as saved:
        save.click()
    saved.value.save_as(target)


def test_a_practice_comment_is_saved_found_copied_restored_and_erased(tmp_path: Path) -> None:
    first, new, copy = tmp_path / "first", tmp_path / "bevara-ny", tmp_path / "bevara-kopia"
    with Helper(first) as helper, Browser(tmp_path / "profile", helper) as browser:
        browser.pair()
        browser.open_practice()
        browser.remove(COMMENT, "tar bort med musen")
        desk = browser.start_page
        base = desk.url.split("/", 3)[:3]
        desk.goto("/".join(base) + f"/ovning/kommentarer?flik=alla&sok={WORD}")
        assert WORD in desk.locator("main li.row").first.inner_text()
        assert "klar" in run(command("backup --to"), tmp_path, first)
        trial_delivery(desk, "/".join(base), tmp_path / "paket.zip")
        assert run(command("package check"), tmp_path, first).startswith("ok: alla filer")
        assert "Inget är levererat" in run(command("bevara sync"), tmp_path, first)
        assert "Exporten är klar" in run(command("export --all"), tmp_path, first)
    assert "leder till sin rot" in run(command("kontrollera_export.py"), tmp_path, first)
    assert run(command(" import "), tmp_path, tmp_path / "unused").endswith("ok\n")
    assert found_in(copy)
    said = run(command(" restore "), tmp_path, tmp_path / "unused")
    assert "Allt stämmer." in said and "Övningen är också återställd" in said
    with Helper(new) as helper, Browser(tmp_path / "profile2", helper) as browser:
        desk = browser.context.new_page()
        desk.goto(helper.start_address)
        place = "/".join(desk.url.split("/", 3)[:3])
        desk.goto(f"{place}/ovning/kommentarer?flik=alla&sok={WORD}")
        desk.locator("main li.row a").first.click()
        assert WORD in desk.locator(".saved-text").inner_text()
        desk.get_by_role("link", name="Spärra nu").click()
        desk.get_by_label("Ditt namn").fill("Anna Berg")
        desk.get_by_label("Skälet").fill("Övning")
        desk.get_by_role("button", name="Spärra nu").click()
        assert WORD not in desk.locator("main").inner_text()
        desk.get_by_role("button", name="Begär radering").click()
        addresses = [link.get_attribute("href") for link in desk.locator("ol a").all()]
        for address, name in zip(addresses, ("Anna Berg", "Bo Ek"), strict=True):
            desk.goto(str(address))
            desk.get_by_label("Ditt namn").fill(name)
            desk.get_by_role("button", name="Godkänn radering").click()
        desk.get_by_role("heading", name="Raderad kommentar").wait_for()
        protocol = desk.locator("main").inner_text()
        assert "Bo Ek" in protocol and str(copy) in protocol and "Rensad" in protocol
        assert found_in(new) == found_in(copy) == []
    assert run(".venv/bin/bevara verify", tmp_path, new).endswith("ok\n")
