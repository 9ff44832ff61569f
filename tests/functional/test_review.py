"""What must not pass unseen is listed until someone has looked at it, and that is in the log."""

from bevara.accounts import register
from bevara.kernel.ephemeral import Ephemeral
from bevara.oversight import review
from bevara.records import withhold
from bevara.upkeep.erasure import erase
from tests.client import Bevara, Desk, Device, documents
from tests.erasing import BY
from tests.factories import capture, incident, new_id

PATH = "/kommentarer/att-kontrollera"
DAY = 24 * 3600


def later(bevara: Bevara, seconds: int) -> None:
    from datetime import UTC, datetime, timedelta

    at = datetime.now(UTC) + timedelta(seconds=seconds)
    bevara.clock.now = lambda: at.isoformat(  # type: ignore[method-assign]
        timespec="milliseconds").replace("+00:00", "Z")


def waiting(bevara: Bevara) -> int:
    with bevara.rooms.real_store.read() as connection:
        return review.number(connection, bevara.rooms.real_store.clock.now())


def test_every_kind_of_incident_waits_until_it_is_checked(
    bevara: Bevara, browser: Device, desk: Desk
) -> None:
    kinds = ["override", "unseen_deletion", "blind_page", "closed_path", "early_hide"]
    made = [incident(kind) for kind in kinds]
    for one in made:
        browser.put(f"incidents/{one['id']}", one)
    page = desk.get(PATH).text
    for words in ("Borttagen utan att sparas", "Borttagning som Bevara inte hann spara",
                  "Sidan kändes inte igen", "Stängd väg", "Dold innan den sparades"):
        assert words in page
    assert waiting(bevara) == 5 and "avvikelser att kontrollera" not in desk.get("/").text
    answer = desk.post(f"{PATH}/{made[0]['id']}", {"note": "Talade med Jonas"})
    assert (answer.status_code, answer.headers["Location"]) == (303, PATH)
    assert waiting(bevara) == 4 and "Talade med Jonas" in desk.get(PATH).text
    assert ("check", made[0]["id"]) in documents(bevara.rooms.real_store.folder)


def test_checking_twice_changes_nothing_and_what_is_not_there_is_said(
    bevara: Bevara, browser: Device, desk: Desk
) -> None:
    one = incident()
    browser.put(f"incidents/{one['id']}", one)
    for note in ("Ett", "Två"):
        assert desk.post(f"{PATH}/{one['id']}", {"note": note}).status_code == 303
    assert [item.note for item in review.checked(bevara.rooms.real_store)] == ["Ett"]
    assert desk.post(f"{PATH}/{new_id()}").status_code == 404


def test_an_outcome_that_nobody_saw_in_a_day_is_listed(
    bevara: Bevara, browser: Device, desk: Desk
) -> None:
    kept = [capture(mode=mode) for mode in ("delete", "hide", "save", "delete", "delete")]
    records = [browser.save(document).get_json()["record_id"] for document in kept]
    browser.observed(kept[3]["capture_id"], "removed")
    browser.observed(kept[4]["capture_id"], "unknown")
    later(bevara, DAY - 60)
    assert waiting(bevara) == 0
    later(bevara, DAY + 60)
    assert [row.id for row in review.unknown(bevara.rooms.real_store)] == [
        records[0], records[1], records[4]]
    assert f"/kommentarer/{records[0]}" in desk.get(PATH).text
    desk.post(f"{PATH}/{records[0]}")
    assert waiting(bevara) == 2


def test_the_check_still_finds_nothing_wrong(bevara: Bevara, browser: Device, desk: Desk) -> None:
    one = incident()
    browser.put(f"incidents/{one['id']}", one)
    desk.post(f"{PATH}/{one['id']}", {"note": "Sett"})
    assert "Allt stämmer" in desk.post("/kontroll").text


def test_a_withheld_comment_waits_until_two_people_have_decided(
    bevara: Bevara, browser: Device, desk: Desk
) -> None:
    records = [browser.save(capture(text)).get_json()["record_id"] for text in ("Ett", "Två")]
    words = "spärrad kommentar att radera"
    register.add(bevara.rooms.real_store, "https://www.facebook.com/storby", "Storby")
    browser.on_practice().save(capture("Övning", platform="practice"))
    assert words not in desk.get("/").text
    desk.post(f"/kommentarer/{records[0]}/sparra", {"by": "Anna Berg", "reason": "Misstag"})
    start = desk.get("/").text
    assert words in start and f'href="{PATH}#sparrade"' in start
    page = desk.get(PATH).text
    assert f"/kommentarer/{records[0]}/sparrad" in page and "Misstag" in page and "Ett" not in page
    assert waiting(bevara) == 1 and "Inget att kontrollera" not in page
    desk.post(f"/kommentarer/{records[1]}/sparra", {"by": "Anna Berg", "reason": "Också"})
    assert "spärrade kommentarer att radera" in desk.get("/").text
    store = bevara.rooms.real_store
    store.write(lambda tx: withhold.lift(tx, records[1], store.clock.now(), ["Anna Berg", "Bo Ek"]))
    erase.erase(store, Ephemeral(), records[0], BY)
    assert waiting(bevara) == 0 and 'id="sparrade"' not in desk.get(PATH).text
    assert words not in desk.get("/").text
