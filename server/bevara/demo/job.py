"""The whole main job, unattended: a real browser, the real extension, the practice page."""

from __future__ import annotations

import importlib.util
import json
import tempfile
import time
from datetime import datetime
from pathlib import Path
from typing import Any

from bevara.config import Config
from bevara.errors import Invalid
from bevara.kernel.clock import Clock
from bevara.practice.thread import COMMENTS
from bevara.records import list_records, show
from bevara.upkeep.verify import verify

PLAN = (("9004", "tar bort med musen"), ("9002", "tar bort med tangentbordet"),
        ("9003", "döljer"))
CANCELLED = "9007"
PLANTED = "körkort"


def main(as_json: bool) -> int:
    """Run the demonstration; return 0 when every promise held."""
    if importlib.util.find_spec("playwright") is None:
        raise Invalid("playwright", "Demonstrationen styr en webbläsare och behöver playwright.",
                      "Kör make demo, som installerar det.")
    with tempfile.TemporaryDirectory(prefix="bevara-demo-") as folder:
        result = run(Path(folder), quiet=as_json)
    print(json.dumps(result, ensure_ascii=False) if as_json else table(result))
    return 0 if kept(result) else 1


def run(folder: Path, quiet: bool) -> dict[str, Any]:
    """Do the job in `folder` and return what was seen."""
    from bevara.demo.driver import Browser, Helper

    say = _silent if quiet else print
    with Helper(folder / "data") as helper, Browser(folder / "profile", helper) as browser:
        say("Kopplar webbläsaren med koden från startsidan …")
        browser.pair()
        browser.open_practice()
        clicked = {}
        for comment_id, what in PLAN:
            say(f"Moderatorn {what}: kommentar {comment_id} …")
            clicked[comment_id] = browser.remove(comment_id, what)
        say(f"Moderatorn ångrar sig: kommentar {CANCELLED} …")
        browser.cancel(CANCELLED)
        requests = browser.requests()
    return judge(folder, helper.port, clicked, requests)


def judge(
    folder: Path, port: int, clicked: dict[str, float], requests: list[dict[str, Any]]
) -> dict[str, Any]:
    """Compare what the helper stored with what the page's server received."""
    from bevara.app import open_rooms

    rooms = open_rooms(Config(folder / "data", port), Clock())
    try:
        rows = list_records.page(rooms.practice_store).rows
        records = {row.comment_id: show.record(rooms.practice_store, row.id) for row in rows}
        report = verify(rooms.practice_store)
    finally:
        rooms.close()
    return {
        "comments": [
            _compare(records.get(comment_id), comment_id, clicked[comment_id], requests)
            for comment_id, _ in PLAN
        ],
        "cancelled_traces": traces(folder, PLANTED) + sum(
            1 for request in requests if request["comment_id"] == CANCELLED
        ),
        "verify": "ok" if report.ok else "; ".join(report.findings),
    }


def _compare(
    record: show.Record | None, comment_id: str, clicked: float, requests: list[dict[str, Any]]
) -> dict[str, Any]:
    known = next(item for item in COMMENTS if item["id"] == comment_id)
    sent = next((item["at"] for item in requests if item["comment_id"] == comment_id), None)
    found: dict[str, Any] = {
        "comment_id": comment_id, "held_ms": round((sent - clicked) * 1000) if sent else None,
        "request_at": sent, "receipt_at": None, "record_id": None, "text_equal": False,
        "author_equal": False, "screenshot_sha256": None,
    }
    if record is None:
        return found
    comment, picture = record.latest["comment"], record.latest["picture"]
    received = datetime.fromisoformat(record.versions[-1].receipt["received_at"])
    return {
        **found, "receipt_at": received.timestamp(), "record_id": record.row.id,
        "text_equal": comment["text"] == known["text"],
        "author_equal": comment["author"]["name"] == known["author"],
        "screenshot_sha256": picture["blob"].removeprefix("sha256:") if picture else None,
    }


def traces(folder: Path, word: str) -> int:
    """Count files of the helper and of the extension that hold `word`."""
    places = [folder / "data", *_extension_folders(folder / "profile")]
    needles = [word.encode(), word.encode("utf-16-le"), word.encode("latin-1")]
    return sum(
        1 for place in places for path in place.rglob("*") if path.is_file()
        and any(needle in path.read_bytes() for needle in needles)
    )


def _extension_folders(profile: Path) -> list[Path]:
    names = ("chrome-extension_*", "Local Extension Settings", "Service Worker",
             "Sync Extension Settings", "Extension State")
    return [path for name in names for path in profile.rglob(name) if path.is_dir()]


def kept(result: dict[str, Any]) -> bool:
    """Tell whether every promise held."""
    return result["cancelled_traces"] == 0 and result["verify"] == "ok" and all(
        item["receipt_at"] and item["request_at"] and item["receipt_at"] <= item["request_at"]
        and item["text_equal"] and item["author_equal"] for item in result["comments"]
    )


def table(result: dict[str, Any]) -> str:
    """Return the result as a short table in Swedish."""
    lines = ["", f"{'Kommentar':<12}{'Kvitto':<16}{'Sidans server':<16}{'Hölls':<10}Text och namn"]
    for item in result["comments"]:
        same = "lika" if item["text_equal"] and item["author_equal"] else "OLIKA"
        lines.append(
            f"{item['comment_id']:<12}{_time(item['receipt_at']):<16}{_time(item['request_at']):<16}"
            f"{str(item['held_ms']) + ' ms':<10}{same}"
        )
    lines.append(f"{CANCELLED:<12}ångrad: {result['cancelled_traces']} spår")
    lines.append(f"Kontroll av allt sparat: {result['verify']}")
    lines.append("Alla löften hölls." if kept(result) else "ETT LÖFTE BRÖTS.")
    return "\n".join(lines)


def _time(moment: float | None) -> str:
    if moment is None:
        return "saknas"
    return time.strftime("%H:%M:%S", time.localtime(moment)) + f".{int(moment * 1000) % 1000:03d}"


def _silent(_line: str) -> None:
    return None
