"""The contract between extension and service: schemas, packs, categories, profiles."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError, best_match
from referencing import Registry, Resource

from bevara.errors import Invalid

MAJOR, MINOR = 1, 0
ACCEPTS = (1,)
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


@cache
def _registry() -> Registry[Any]:
    resources = [Resource.from_contents(load(f"schema/{name}.json")) for name in names("schema")]
    return Registry().with_resources([(r.id() or "", r) for r in resources])


@cache
def validator(schema: str) -> Draft202012Validator:
    """Return the validator of `schema` (`capture-1`); formats are checked, not only noted."""
    return Draft202012Validator(
        load(f"schema/{schema}.json"), registry=_registry(), format_checker=FormatChecker()
    )


def validate(schema: str, data: object) -> None:
    """Raise `Invalid` with a JSON pointer to the field that breaks `schema` the most clearly."""
    error: ValidationError | None = best_match(validator(schema).iter_errors(data))
    if error is not None:
        pointer = "/" + "/".join(str(part) for part in error.absolute_path)
        raise Invalid(pointer, error.message[:300])
