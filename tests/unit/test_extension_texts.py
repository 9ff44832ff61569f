"""Every text of the extension stands in both languages, and nowhere else."""

import json
import re
from pathlib import Path

from babel.messages.pofile import read_po

EXTENSION = Path(__file__).parents[2] / "extension"
LOCALES = EXTENSION / "_locales"
FILLS = re.compile(r"\$\d")
SWEDISH = re.compile(r"[åäöÅÄÖ]")
QUOTED = re.compile(r'(=* ?)(?:"((?:[^"\\\n]|\\.)*)"|`([^`]*)`)')


def texts(language: str) -> dict[str, str]:
    found = json.loads((LOCALES / language / "messages.json").read_text("utf-8"))
    return {name: one["message"] for name, one in found.items()}


def sources() -> dict[str, str]:
    paths = [*EXTENSION.glob("*/*.js"), *EXTENSION.glob("*/*.html"), EXTENSION / "manifest.json"]
    return {str(path.relative_to(EXTENSION)): path.read_text("utf-8") for path in paths}


def named(code: str) -> set[str]:
    """The text names that code asks for, with `*` where a part is filled in."""
    found = set(re.findall(r"__MSG_(\w+)__", code)) | set(re.findall(r'data-text="(\w+)"', code))
    for start in re.finditer(r"\bsay\(", code):
        for before, plain, filled in QUOTED.findall(argument(code[start.end() :])):
            name = plain or re.sub(r"\$\{[^}]*\}", "*", filled)
            if "=" not in before and re.fullmatch(r"[a-z][a-z0-9_*]*", name):
                found.add(name)
    return found


def argument(code: str) -> str:
    """The text up to the parenthesis that closes an open one."""
    depth = 1
    for at, char in enumerate(code):
        depth += {"(": 1, ")": -1}.get(char, 0)
        if depth == 0:
            return code[:at]
    return code


def test_swedish_and_english_say_the_same_things() -> None:
    swedish, english = texts("sv"), texts("en")
    assert swedish.keys() == english.keys()
    for name, text in swedish.items():
        assert text and english[name], name
        assert sorted(FILLS.findall(text)) == sorted(FILLS.findall(english[name])), name
        assert not SWEDISH.search(english[name]), name


def test_every_text_that_is_asked_for_exists() -> None:
    known = texts("sv")
    asked = {name: path for path, code in sources().items() for name in named(code)}
    assert len(asked) > 60
    for name, path in asked.items():
        pattern = re.compile(name.replace("*", "[a-z0-9_]+"))
        assert any(pattern.fullmatch(one) for one in known), f"{path} asks for {name}"


def test_every_text_is_used() -> None:
    words = set(re.findall(r"\w+", " ".join(sources().values())))
    asked = {name for code in sources().values() for name in named(code)}
    patterns = [re.compile(name.replace("*", "[a-z0-9_]+")) for name in asked]
    for name in texts("sv"):
        assert name in words or any(one.fullmatch(name) for one in patterns), name


def test_no_swedish_text_stands_in_the_code() -> None:
    for path, code in sources().items():
        bare = re.sub(r"/\*.*?\*/|^\s*//.*$", "", code, flags=re.S | re.M)
        assert not SWEDISH.search(bare), f"{path}: {SWEDISH.search(bare)}"


def test_texts_follow_the_style() -> None:
    for name, text in texts("sv").items():
        assert "!" not in text and "vänligen" not in text.lower(), name
        assert "..." not in text and "systemet" not in text.lower(), name


def test_a_reason_has_the_same_name_in_the_panel_and_at_the_desk() -> None:
    categories = json.loads((EXTENSION / "packs/categories.json").read_text("utf-8"))["categories"]
    with (EXTENSION.parent / "server/bevara/web/translations/en.po").open("rb") as file:
        english = read_po(file, locale="en")
    for one in categories:
        assert texts("sv")[f"reason_{one['id']}"] == one["sv"]
        assert texts("en")[f"reason_{one['id']}"] == english[one["sv"]].string
