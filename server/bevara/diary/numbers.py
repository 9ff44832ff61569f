"""Diary numbers as people paste them: one line each, with the reference that its card bears."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from bevara.diary import references
from bevara.errors import Invalid
from bevara.web.translations import N_

LONGEST, MOST_LINES = 60, 2000
PATTERN = re.compile(
    r"(?:[A-ZÅÄÖ]{1,12}[ -]?)?\d{2,4}[-/]\d{1,7}(?:[-:/.]\d{1,7}){0,3}", re.IGNORECASE)
"""The forms in use that were found: KS 2017/141, S 2010-0034:1, 2023-2281-1337, 21/00003,
KS 2026/00123:7. For a diary that has no forms of its own."""
Forms = tuple[str, ...]
"""A diary's own forms, such as `KS #/#:#`: each sign stands for itself, `#` for digits."""
MOST_FORMS, MOST_PARTS, FORM_FIELD = 10, 6, "nummerform"
DIGITS = re.compile("#+")
LEADING = re.compile(r"^(?:diarienummer|diarienr|dnr)\b\.?:?\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Line:
    """A pasted line, by its number in what was pasted; `fault` says why it cannot be kept."""

    at: int
    text: str
    reference: str = ""
    number: str = ""
    fault: str = ""


def forms(text: str) -> Forms:
    """Return the forms of a diary's numbers, one on each line; raise `Invalid`.

    Few parts, and no digit beside one, so that no number takes long to compare.
    """
    found = tuple(one for line in text.splitlines() if (one := " ".join(line.split())))
    fits = all("#" in one and len(one) <= LONGEST and len(DIGITS.findall(one)) <= MOST_PARTS
               and not re.search(r"#\d|\d#", one) for one in found)
    if not fits or len(found) > MOST_FORMS:
        raise Invalid(FORM_FIELD, N_("En form är felskriven."),
                      N_("Skriv till exempel KS #/#:#, där varje # står för siffror."))
    return found


def checked(text: str, forms: Forms = (), field: str = "nummer") -> str:
    """Return a diary number on one line; raise `Invalid` when it has none of the known forms."""
    number = " ".join(text.split())
    if not number:
        raise Invalid(field, N_("Diarienumret saknas."), N_("Fyll i fältet."))
    if len(number) <= LONGEST and forms and not any(map(_pattern(number), forms)):
        raise Invalid(field, N_("Numret har inte diariets form."),
                      N_("Jämför med formen på sidan Diarium och leveranssätt."))
    if len(number) > LONGEST or not (forms or PATTERN.fullmatch(number)):
        raise Invalid(field, N_("Det ser inte ut som ett diarienummer."),
                      N_("Till exempel KS 2026/00123:7."))
    return number


def _pattern(number: str) -> Callable[[str], object]:
    return lambda form: re.fullmatch(
        DIGITS.sub(r"\\d{1,9}", re.escape(form).replace(r"\#", "#")), number,
        re.IGNORECASE | re.ASCII)


def read(text: str, forms_of: Callable[[str], Forms] = lambda _reference: ()) -> list[Line]:
    """Return every line that is not empty; raise `Invalid` when there is none, or too many.

    `forms_of` tells the forms of the number that a reference waits for.
    """
    rows = [(at, one) for at, one in enumerate(text.splitlines(), 1) if one.strip()]
    if not rows:
        raise Invalid("rader", N_("Inget är inklistrat."),
                      N_("Klistra in en rad för varje nummer."))
    if len(rows) > MOST_LINES:
        raise Invalid("rader", N_("Det är fler än 2000 rader."), N_("Klistra in färre åt gången."))
    return _twice([_line(at, one, forms_of) for at, one in rows])


def answered(numbers: dict[str, str], forms: Forms) -> tuple[list[Line], bool]:
    """Return the lines of a diary's answer that have a form of its numbers, and if any has none."""
    lines, wrong = [], False
    for at, (reference, number) in enumerate(numbers.items(), 1):
        try:
            lines.append(Line(at, "", reference, checked(number, forms)))
        except Invalid:
            wrong = True
    return lines, wrong


def _line(at: int, text: str, forms_of: Callable[[str], Forms]) -> Line:
    right, wrong = references.find(text)
    if len(set(right)) > 1:
        return Line(at, text, fault=N_("Raden har mer än en referens."))
    if not right:
        return Line(at, text, fault=N_("Referensen är felskriven.") if wrong
                    else N_("Raden har ingen referens."))
    try:
        return Line(at, text, right[0], checked(_rest(text), forms_of(right[0])))
    except Invalid as error:
        return Line(at, text, right[0], fault=error.detail)


def _rest(text: str) -> str:
    found = references.without(text).strip(" \t\u00a0;,:|=\"'")
    return LEADING.sub("", found)


def _twice(lines: list[Line]) -> list[Line]:
    """Give a fault to lines that name one record or one number twice, unless they say the same."""
    pairs = {(line.reference, line.number) for line in lines if not line.fault}
    return [line if line.fault else _alone(line, pairs) for line in lines]


def _alone(line: Line, pairs: set[tuple[str, str]]) -> Line:
    if sum(reference == line.reference for reference, _ in pairs) > 1:
        return Line(line.at, line.text, line.reference, line.number,
                    N_("Referensen står på flera rader med olika nummer."))
    if sum(number == line.number for _, number in pairs) > 1:
        return Line(line.at, line.text, line.reference, line.number,
                    N_("Numret står på flera rader med olika referenser."))
    return line
