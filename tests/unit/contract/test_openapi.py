"""openapi.json is valid, and says neither more nor less than the app does."""

import json
import re
from pathlib import Path

from openapi_spec_validator import OpenAPIV31SpecValidator

from bevara import contract, errors
from tests import documented
from tests.client import running

UNDER = ("/api/v1", "/health")
ONLY_PAGES = {"not_signed_in", "not_allowed", "bad_csrf", "withheld", "closed"}
ANYWHERE = {"not_found", "method_not_allowed"}
"""A path that no call has is answered with these."""


def kinds(base: type[errors.BevaraError] = errors.BevaraError) -> list[type[errors.BevaraError]]:
    """Return the family of errors."""
    return [base, *(kind for child in base.__subclasses__() for kind in kinds(child))]


def test_the_document_is_valid() -> None:
    path = contract.folder() / "openapi.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    assert list(OpenAPIV31SpecValidator(document, base_uri=path.as_uri()).iter_errors()) == []


def test_every_call_of_the_app_is_documented_and_the_other_way_round(tmp_path: Path) -> None:
    with running(tmp_path) as bevara:
        made = {
            (method, re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule))
            for rule in bevara.app.url_map.iter_rules() if rule.rule.startswith(UNDER)
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        }
    assert made == {(method, path) for method, path, _ in documented.operations()}


def test_every_code_is_in_the_closed_list_and_the_other_way_round() -> None:
    known = contract.load("schema/problem.json")["properties"]["code"]["enum"]
    made = [kind.code for kind in kinds() if "code" in vars(kind)]
    assert sorted(made) == sorted(set(made)) == sorted(known)


def test_every_documented_problem_has_its_status_and_every_code_is_documented() -> None:
    status = {kind.code: kind.status for kind in kinds()}
    said = {
        (int(number), code)
        for _, _, found in documented.operations() for number in found["responses"]
        for code in documented.codes(documented.response(found, int(number)) or {})
    }
    assert {(status[code], code) for _, code in said} == said
    assert {code for _, code in said} == set(status) - ONLY_PAGES - (ANYWHERE - {"not_found"})


def test_every_call_says_whether_it_is_signed() -> None:
    for method, path, found in documented.operations():
        unsigned = found.get("security") == []
        assert unsigned == (path in ("/health", "/api/v1/hello")), (method, path)
        assert ("401" in found["responses"]) != unsigned
