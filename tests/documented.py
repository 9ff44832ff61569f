"""What openapi.json says about a call, and whether an answer is one that it documents."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any
from urllib.parse import unquote

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import best_match
from referencing import Registry, Resource
from werkzeug.test import TestResponse

from bevara import contract

METHODS = ("get", "put", "post", "delete", "patch")


@cache
def api() -> dict[str, Any]:
    """Return openapi.json."""
    document: dict[str, Any] = contract.load("openapi.json")
    return document


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    """Return (METHOD, path, operation) of every documented call."""
    return [
        (method.upper(), path, item[method])
        for path, item in api()["paths"].items() for method in METHODS if method in item
    ]


def operation(method: str, path: str) -> dict[str, Any] | None:
    """Return the documented call that a real path means."""
    for known, template, found in operations():
        pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(template))
        if known == method and re.fullmatch(pattern, path):
            return found
    return None


def response(found: dict[str, Any], status: int) -> dict[str, Any] | None:
    """Return what a call documents about a status."""
    described = found["responses"].get(str(status))
    if described and "$ref" in described:
        described = api()["components"]["responses"][described["$ref"].rpartition("/")[2]]
    return described


def codes(described: dict[str, Any]) -> list[str]:
    """Return the problem codes of a described response, none for an answer that is no problem."""
    content = described.get("content", {}).get("application/problem+json")
    return content["schema"]["allOf"][1]["properties"]["code"]["enum"] if content else []


@cache
def _registry() -> Registry[Any]:
    schemas = [(name, Resource.from_contents(contract.load(f"schema/{name}.json")))
               for name in contract.names("schema")]
    return Registry().with_resources([
        (uri, schema) for name, schema in schemas
        for uri in (f"schema/{name}.json", f"{name}.json")
    ])


def check(method: str, path: str, answer: TestResponse) -> None:
    """Assert that openapi.json documents this answer: its status, type and shape."""
    found = operation(method, unquote(path.partition("?")[0]))
    if found is None:
        _follow({"$ref": "schema/problem.json"}, answer)
        return
    described = response(found, answer.status_code)
    assert described, f"{method} {path}: {answer.status_code} is not documented: {answer.data!r}"
    content = described.get("content")
    if content is None:
        assert answer.data == b""
        return
    assert answer.mimetype in content, f"{method} {path}: {answer.mimetype}"
    if answer.mimetype.endswith("json"):
        _follow(content[answer.mimetype]["schema"], answer)


def _follow(schema: dict[str, Any], answer: TestResponse) -> None:
    validator = Draft202012Validator(schema, registry=_registry(), format_checker=FormatChecker())
    error = best_match(validator.iter_errors(json.loads(answer.data)))
    assert error is None, f"/{'/'.join(map(str, error.absolute_path))}: {error.message[:300]}"
