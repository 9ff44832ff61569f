"""Calls that nobody thought of: no failure, and no answer that openapi.json does not document."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import hypothesis
import pytest
import requests
import schemathesis
from requests.auth import AuthBase
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from bevara import contract
from tests.client import ORIGIN, Device, problem
from tests.served import Served, served

API = schemathesis.openapi.from_path(str(contract.folder() / "openapi.json"))
OPERATIONS = {found.label: found for found in (one.ok() for one in API.get_all_operations())}
CALLS = [(label, mode) for label, found in OPERATIONS.items() for mode in GenerationMode
         if mode is GenerationMode.POSITIVE or found.body or any(found.iter_parameters())]
"""What takes neither a body nor a parameter cannot be called wrongly."""
CHECKS = [not_a_server_error, checks.status_code_conformance, checks.content_type_conformance,
          checks.response_schema_conformance]
SEED = 20261124


class Signed(AuthBase):
    """Signs what is sent as the paired browser does, whatever it is."""

    def __init__(self, device: Device) -> None:
        self.device = device

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        body = request.body or b""
        body = body.encode() if isinstance(body, str) else body
        url = urlsplit(request.url or "")
        path = url.path + (f"?{url.query}" if url.query else "")
        request.headers.update(self.device.sign(
            request.method or "", path, body, request.headers.get("Content-Type", "")))
        return request


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, requests.Session]]:
    with served(tmp_path_factory.mktemp("fuzzed")) as bevara, requests.Session() as session:
        session.auth = Signed(bevara.browser())
        session.headers["Origin"] = ORIGIN
        yield bevara, session


@pytest.mark.parametrize(("label", "mode"), CALLS)
def test_every_answer_is_documented(
    real: tuple[Served, requests.Session], label: str, mode: GenerationMode,
    tries: Callable[[int, int], int],
) -> None:
    bevara, session = real

    @hypothesis.seed(SEED)
    @hypothesis.settings(max_examples=tries(8, 400), deadline=None, database=None,
                         suppress_health_check=list(hypothesis.HealthCheck))
    @hypothesis.given(case=OPERATIONS[label].as_strategy(mode))
    def run(case: Case) -> None:
        answer = case.call(base_url=f"http://127.0.0.1:{bevara.port}", session=session)
        case.validate_response(answer, checks=CHECKS)

    run()


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_a_picture_of_the_screen_with_a_number_that_is_none(
    real: tuple[Served, requests.Session], method: str,
) -> None:
    """Found by the calls above: the answer was right, and not documented."""
    answer = real[0].browser().send(method, "/api/v1/screens/0", b"{}")
    assert problem(answer) == (404, "not_found", None)
