"""Firefox's own side of an extension: switched off and on, loaded anew, allowed in private windows, and its badge."""

import json
import tempfile
import time
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from firefox import Firefox, FirefoxError
from firefox_extension import EXTENSION, UUID

ADDON = "bevara@bevara.invalid"
FIND = f"""const {{ AddonManager }} = ChromeUtils.importESModule("resource://gre/modules/AddonManager.sys.mjs");
const addon = await AddonManager.getAddonByID({json.dumps(ADDON)});"""
ALLOW = """const { ExtensionPermissions } = ChromeUtils.importESModule("resource://gre/modules/ExtensionPermissions.sys.mjs");
await ExtensionPermissions.add(addon.id, { permissions: ["internal:privateBrowsingAllowed"], origins: [] },
  WebExtensionPolicy.getByID(addon.id)?.extension);
await addon.reload();"""
PRIVATE = """const opened = OpenBrowserWindow({ private: true });
await new Promise((done) => opened.addEventListener("load", done, { once: true }));"""
BADGES = """(async () => Promise.all((await browser.tabs.query({})).filter((one) => one.url?.startsWith(%s))
  .map((one) => browser.action.getBadgeText({ tabId: one.id }))))()"""


def keep(firefox: Firefox) -> None:
    """Installs the extension for good, as IT does; one that is loaded for a session loses its registered scripts."""
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / "bevara.xpi"
        with ZipFile(archive, "w") as packed:
            for one in EXTENSION.rglob("*"):
                packed.write(one, one.relative_to(EXTENSION))
        data = {"type": "archivePath", "path": str(archive)}
        firefox.call("webExtension.install", extensionData=data, **{"moz:permanent": True})


def _ask(firefox: Firefox, code: str) -> Any:
    """Runs code in the browser's own window, with the add-on at hand."""
    [window] = firefox.call("browsingContext.getTree", **{"moz:scope": "chrome"})["contexts"][:1]
    made = f"(async () => {{ {FIND} {code} }})()"
    answer = firefox.call("script.evaluate", expression=made, target={"context": window["context"]}, awaitPromise=True)
    if answer["type"] == "exception":
        raise FirefoxError(answer["exceptionDetails"]["text"])
    return answer["result"].get("value")


def set_enabled(firefox: Firefox, on: bool) -> None:
    _ask(firefox, "await addon.enable();" if on else "await addon.disable();")


def replace(firefox: Firefox) -> None:
    """Loads the extension's files anew, as an update does."""
    _ask(firefox, "await addon.reload();")


def open_closed_tab(firefox: Firefox) -> None:
    """Opens the tab that was closed last, as the browser does with all tabs at a restored start."""
    _ask(firefox, "SessionStore.undoCloseTab(window, 0);")


def until_tab(firefox: Firefox, address: str) -> None:
    """Waits until a tab is at an address, and makes it the current one."""
    for _ in range(150):
        for one in firefox.call("browsingContext.getTree")["contexts"]:
            if one["url"] == address:
                firefox.tab = str(one["context"])
                return
        time.sleep(0.1)
    raise FirefoxError(f"no tab came to {address}")


def allow_private(firefox: Firefox) -> None:
    """Lets the extension run in private windows, as its page among the add-ons does."""
    _ask(firefox, ALLOW)


def private_tab(firefox: Firefox) -> str:
    """Opens a private window and makes its tab the current one."""
    known = set(firefox.tabs())
    _ask(firefox, PRIVATE)
    for _ in range(100):
        if fresh := [one for one in firefox.tabs() if one not in known]:
            firefox.tab = fresh[0]
            firefox.until("document.readyState === 'complete' && location.href === 'about:privatebrowsing'")
            return firefox.tab
        time.sleep(0.1)
    raise FirefoxError("no private window came")


def asked(firefox: Firefox, code: str) -> Any:
    """The value of an expression in a page of the extension's own, which is closed again."""
    tab = firefox.tab
    try:
        firefox.new_tab(f"moz-extension://{UUID}/popup/popup.html")
        return firefox.evaluate(code)
    finally:
        if firefox.tab != tab:
            firefox.close_tab(firefox.tab)
        firefox.tab = tab


def badges(firefox: Firefox, site: str) -> list[str]:
    """The badge of each tab on a site."""
    found: list[str] = asked(firefox, BADGES % json.dumps(site))
    return found


def until_badges(firefox: Firefox, site: str, wanted: list[str], seconds: float = 15) -> None:
    end = time.monotonic() + seconds
    found: object = None
    while time.monotonic() < end:
        try:
            if (found := badges(firefox, site)) == wanted:
                return
        except FirefoxError as error:
            found = error
        time.sleep(0.3)
    raise AssertionError(f"never {wanted}, last {found}")


def panel_text(firefox: Firefox) -> str:
    """What Bevara's panel says, read through its closed shadow root."""
    found = firefox.call("browsingContext.locateNodes", context=firefox.tab,
                         locator={"type": "css", "value": "bevara-panel"},
                         serializationOptions={"includeShadowTree": "all", "maxDomDepth": None})
    return " ".join(_words(found["nodes"]))


def _words(nodes: list[Any]) -> list[str]:
    out = []
    for one in nodes:
        value = one.get("value", {})
        out += [value["nodeValue"]] if value.get("nodeType") == 3 else []
        out += _words([value["shadowRoot"]] if value.get("shadowRoot") else [])
        out += _words(value.get("children") or [])
    return out
