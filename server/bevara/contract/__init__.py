"""The contract between extension and service: schemas, packs, categories, profiles."""

from __future__ import annotations

import json
import re
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema_rs
from rfc3339_validator import validate_rfc3339  # type: ignore[import-untyped]

from bevara.errors import Invalid

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

MAJOR, MINOR = 1, 0
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def accepted(major: int) -> tuple[int, ...]:
    """Return the majors that a service of `major` takes: its own and the one before, if any."""
    return tuple(range(max(1, major - 1), major + 1))


ACCEPTS = accepted(MAJOR)
"""The majors of extensions that this service still takes."""


def version() -> dict[str, Any]:
    """Return the contract's version as the API says it."""
    return {"major": MAJOR, "minor": MINOR, "accepts": list(ACCEPTS)}


@cache
def folder() -> Path:
    """Return the contract's folder: inside the wheel, or `shared/` of a checkout."""
    packed = Path(__file__).parent / "data"
    if packed.is_dir():
        return packed
    return Path(__file__).parents[3] / "shared"


@cache
def load(name: str) -> Any:
    """Return the JSON document `name`, a path inside the contract such as `categories.json`."""
    return json.loads((folder() / name).read_text(encoding="utf-8"))


def names(kind: str) -> list[str]:
    """Return the names, without ending, of the JSON documents in the folder `kind`, sorted."""
    return sorted(path.stem for path in (folder() / kind).glob("*.json"))


def packs() -> list[dict[str, Any]]:
    """Return every platform pack that ships with this version."""
    return [load(f"platforms/{name}.json") for name in names("platforms")]


def profile() -> dict[str, Any]:
    """Return the body's guideline as data."""
    found: dict[str, Any] = load("profiles/nordmaling.json")
    return found


def _schemas() -> list[tuple[str, Any]]:
    return [(f"{name}.json", load(f"schema/{name}.json")) for name in names("schema")]


@cache
def compiled(schema: str) -> jsonschema_rs.Draft202012Validator:
    """Return the compiled validator of `schema` (`capture-1`), which says only yes or no.

    It takes a hundredth of the other's time. What it takes, `validator` takes: times and days it
    would take with other signs in place of digits, so they are checked as they are there.
    """
    return jsonschema_rs.Draft202012Validator(
        load(f"schema/{schema}.json"), registry=jsonschema_rs.Registry(_schemas()),
        validate_formats=True,
        formats={"date-time": lambda text: validate_rfc3339(text.upper()), "date": _is_date})


def _is_date(text: str) -> bool:
    """Tell whether `text` is a day as jsonschema takes it (RFC 3339, full-date)."""
    try:
        return bool(_DATE.fullmatch(text) and date.fromisoformat(text))
    except ValueError:
        return False


@cache
def validator(schema: str) -> Draft202012Validator:
    """Return the validator of `schema` that says what is wrong; formats are checked.

    Only a document that is wrong, as few are, waits for it to be imported and made.
    """
    from jsonschema import Draft202012Validator, FormatChecker
    from referencing import Registry, Resource

    registry: Registry[Any] = Registry().with_resources(
        (name, Resource.from_contents(made)) for name, made in _schemas())
    return Draft202012Validator(
        load(f"schema/{schema}.json"), registry=registry, format_checker=FormatChecker())


def validate(schema: str, data: object) -> None:
    """Raise `Invalid` with a JSON pointer to the field that breaks `schema` the most clearly."""
    if _passes(schema, data):
        return
    from jsonschema.exceptions import best_match

    error = best_match(validator(schema).iter_errors(data))
    if error is not None:
        pointer = "/" + "/".join(str(part) for part in error.absolute_path)
        raise Invalid(pointer, error.message[:300])


def _passes(schema: str, data: object) -> bool:
    """Tell whether the compiled validator reads and takes `data`."""
    try:
        return compiled(schema).is_valid(data)
    except ValueError:
        return False
