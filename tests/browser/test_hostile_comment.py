"""Comments made to break what reads them: every character is kept as it stood, nothing of it runs, nothing forged is heard."""

from collections.abc import Iterator

import facebook_views as fv
import pytest
from facebook_extension import Moderator
from facebook_server import FacebookServer
from panel import Panel
from running import Running

pytestmark = pytest.mark.browser
HOSTILE = {
    "script": "<script>window.hit = 1</script><img src=x onerror='window.hit = 1'>{{7*7}}${7*7}",
    "right to left": "Vanlig \u202egnp.exe\u202c \u2066dold\u2069 \u200fslut",
    "zero width": "a\u200bb\u200cc\u200dd\u2060e\ufefff",
    "combining": "Z" + "\u0338\u0322\u031b" * 300 + "algo",
    "half a pair": "före \ud83d efter \udc4d slut",
    "not composed": "A\u030a A\u0308 O\u0308 och Å Ä Ö",
    "long": "å🙂" * 15_000 + " slut",
    "a megabyte": "Ord för ord. " * 76_000 + "slut",
}
FORGED = """async () => {
  const message = { type: "capture.save", capture: { capture_id: "x" }, blobs: [] };
  for (const type of ["capture.save", "incident.put", "setup.changed", "watchdog.seen", "page.state"]) {
    window.postMessage({ ...message, type }, "*");
    document.dispatchEvent(new CustomEvent(type, { detail: message }));
  }
  const api = globalThis.chrome?.runtime ?? globalThis.browser?.runtime;
  try { await api?.sendMessage?.("nlpahemhgjdahhaniojlncmogjpmiljp", message); return "sent"; } catch { return "refused"; }
}"""


@pytest.fixture(scope="module")
def moderator() -> Iterator[Moderator]:
    with (
        Running("https://www.facebook.com/storkopingskommun") as bevara,
        FacebookServer() as facebook,
        Moderator(bevara, facebook) as person,
    ):
        yield person


def visit(moderator: Moderator, text: str) -> int:
    """Opens a post whose first comment says `text`; gives how many captures there were."""
    moderator.facebook.views[fv.OWN_POST] = fv.own(comments=[fv.comment(200000000000001, fv.KALLE, text)])
    moderator.visit(fv.OWN_POST)
    return len(moderator.captures())


@pytest.mark.parametrize("kind", HOSTILE)
def test_every_character_is_kept(moderator: Moderator, kind: str) -> None:
    before = visit(moderator, HOSTILE[kind])
    moderator.open_menu()
    moderator.choose("Ta bort")
    moderator.confirm()
    assert moderator.wait_asked(1, 20), Panel(moderator.page).text()
    found = moderator.bevara.wait_documents("capture", before + 1)
    assert found[-1]["comment"]["text"] == HOSTILE[kind]
    assert moderator.page.evaluate("window.hit") is None


def test_more_than_the_contract_takes_stays_and_says_why(moderator: Moderator) -> None:
    before = visit(moderator, "a" * 1_500_000)
    moderator.open_menu()
    moderator.choose("Ta bort")
    moderator.confirm()
    said = Panel(moderator.page).wait("Kommentaren är kvar.", 20)
    assert "Kommentaren är för stor att spara. Dölj den så länge och säg till IT." in said
    moderator.page.wait_for_timeout(1000)
    assert moderator.facebook.names() == [] and len(moderator.captures()) == before
    # What could not be sent is kept in the browser, and counted there.
    kept = "async () => (await (await import('/background/spool.js')).waiting()).map((one) => one.refused)"
    popup = moderator._context.new_page()
    popup.goto(f"chrome-extension://{moderator.worker.url.split('/')[2]}/popup/popup.html")
    popup.wait_for_function(f"async () => (await ({kept})()).join() === 'invalid'", timeout=20000)
    popup.close()


def test_what_the_page_forges_is_not_heard(moderator: Moderator) -> None:
    before = visit(moderator, "Hej"), len(moderator.incidents())
    moderator.page.evaluate(FORGED)
    moderator.page.wait_for_timeout(1000)
    assert (len(moderator.captures()), len(moderator.incidents())) == before
    assert moderator.status()["counts"]["faults"] == 0
