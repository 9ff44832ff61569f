"""The real extension in Firefox: loaded for the session, and paired through its own options page."""

import json
from pathlib import Path
from typing import Any

from firefox import Firefox
from running import Running

EXTENSION = Path(__file__).resolve().parents[2] / "extension"
UUID = "3f3c2d9e-6c1f-4b0a-9a52-0d8a6f1f7a11"
OPTIONS = f"moz-extension://{UUID}/options/options.html"


def prefs() -> dict[str, Any]:
    """Gives the extension an address that a test knows beforehand."""
    manifest = json.loads((EXTENSION / "manifest.json").read_text(encoding="utf-8"))
    name = manifest["browser_specific_settings"]["gecko"]["id"]
    return {"extensions.webextensions.uuids": json.dumps({name: UUID})}


def pair(firefox: Firefox, bevara: Running) -> str:
    """Sets the port and pairs, as a person does; gives what the page answered."""
    firefox.goto(OPTIONS)
    firefox.until("document.querySelector('#port').value !== ''")
    _submit(firefox, "#advanced", "#port", str(bevara.port))
    firefox.until("document.querySelector('#port-answer').textContent === 'Sparat.'")
    _submit(firefox, "#pair", "#code", bevara.pairing_code())
    wanted = "!['', 'Ett ögonblick …'].includes(document.querySelector('#pair-answer').textContent)"
    firefox.until(wanted)
    return str(firefox.evaluate("document.querySelector('#pair-answer').textContent"))


def _submit(firefox: Firefox, form: str, field: str, value: str) -> None:
    firefox.run(
        f"document.querySelector({field!r}).value = {json.dumps(value)};"
        f"document.querySelector({form!r}).requestSubmit();"
    )
