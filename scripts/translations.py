"""Bring every room's English catalogue up to date: add what is new, drop what is gone.

Run it after a text was added, then fill in the empty `msgstr` of the room's translations/en.po.
"""

from __future__ import annotations

import ast
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment

ROOT = Path(__file__).parents[1]
SERVER = ROOT / "server/bevara"
KEYWORDS = {"N_": None, "gettext": None, "ngettext": (1, 2)}
NOT_ON_PAGES = {
    "capture", "contract", "demo", "platforms", "cli.py", "api.py", "pairing.py", "signatures.py",
    "bodies.py", "pictures.py", "ephemeral.py", "listener.py",
    "secure_listener.py", "loopback.py",
    "commands.py", "backup.py", "copies.py", "receipts.py", "restore.py", "sealing.py",
    "beside.py", "collect.py", "stamping.py", "taking_over.py", "exit",
}
"""Rooms and files whose errors go to the extension or to a terminal."""
Message = str | tuple[str, ...]


def wanted() -> dict[str, set[Message]]:
    """Return, for each room with pages, every string that a page may show."""
    rooms = [path.parent.name for path in SERVER.glob("*/templates")]
    found: dict[str, set[Message]] = {room: set() for room in rooms}
    for path in sorted(SERVER.rglob("*.html")):
        found[path.relative_to(SERVER).parts[0]].update(in_template(path))
    errors = error_classes()
    for path in sorted(SERVER.rglob("*.py")):
        room = path.relative_to(SERVER).parts[0]
        found[room if room in found else "web"].update([*in_python(path), *in_errors(path, errors)])
    categories = json.loads((ROOT / "shared/categories.json").read_text(encoding="utf-8"))
    found["web"].update(item[said] for item in categories["categories"] for said in ("sv", "full"))
    found["web"].update(item["sv"] for item in categories["tags"])
    found.pop("practice", None)
    return found


def in_template(path: Path) -> Iterator[Message]:
    """Yield the strings that a template marks."""
    environment = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    environment.policies["ext.i18n.trimmed"] = True
    for _, _, message in environment.extract_translations(path.read_text(encoding="utf-8")):
        said = message if isinstance(message, tuple) else (message,)
        forms = tuple(part for part in said if part)
        yield from [forms if len(forms) > 1 else forms[0]] if forms else []


def in_python(path: Path) -> Iterator[Message]:
    """Yield the strings that a module marks."""
    with path.open("rb") as file:
        for _, message, _, _ in extract("python", file, keywords=KEYWORDS):
            yield from [message] if message else []


def error_classes() -> dict[str, list[str]]:
    """Return each error of errors.py with its own sentences."""
    tree = ast.parse((SERVER / "errors.py").read_text(encoding="utf-8"))
    return {node.name: [text.value for line in node.body for text in ast.walk(line)
                        if isinstance(line, ast.Assign) and isinstance(text, ast.Constant)
                        and isinstance(text.value, str) and text.value[:1].isupper()]
            for node in tree.body if isinstance(node, ast.ClassDef)}


def in_errors(path: Path, errors: dict[str, list[str]]) -> Iterator[str]:
    """Yield the sentences that errors are raised with; those with values in them stay Swedish."""
    if path.name == "errors.py":
        yield from (sentence for own in errors.values() for sentence in own)
    if NOT_ON_PAGES & set(path.relative_to(SERVER).parts):
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
            continue
        if node.func.id in errors:
            said = [*node.args[node.func.id == "Invalid":],
                    *(given.value for given in node.keywords if given.arg == "next_step")]
            texts = [one.value for one in said if isinstance(one, ast.Constant)]
            yield from (text for text in texts if isinstance(text, str) and text)


def catalogue(room: str) -> Catalog:
    """Return a room's English catalogue as it stands."""
    path = SERVER / room / "translations/en.po"
    if not path.exists():
        return Catalog(locale="en")
    with path.open("rb") as file:
        return read_po(file, locale="en")


def update(room: str, messages: set[Message]) -> int:
    """Write a room's catalogue anew and return how many strings lack English."""
    known, fresh, missing = catalogue(room), Catalog(locale="en"), 0
    for message in sorted(messages, key=str):
        had = known.get(message if isinstance(message, str) else message[0])
        string = had.string if had else ""
        fresh.add(message, string)
        missing += not (all(string) and string)
    path = SERVER / room / "translations/en.po"
    path.parent.mkdir(exist_ok=True)
    with path.open("wb") as file:
        write_po(file, fresh, sort_output=True, omit_header=True, no_location=True, width=100)
    return missing


def main() -> int:
    """Update every room; say what is left to translate."""
    left = {room: update(room, messages) for room, messages in wanted().items()}
    for room, count in left.items():
        if count:
            print(f"{room}: {count} texter saknar engelska")
    return 1 if any(left.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
