"""What waits for its capture lies in memory only: a cancelled capture leaves nothing on the disk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import waitress
from waitress import buffers

from bevara.web.listener import SERVING
from tests import factories
from tests.client import Bevara, Device
from tests.served import serving

MARK = b"EN BILD SOM INTE SKA FINNAS KVAR"


def files_with(folder: Path, mark: bytes) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and mark in path.read_bytes()]


def test_a_picture_without_its_capture_is_never_written(bevara: Bevara, browser: Device) -> None:
    data = factories.PNG + MARK * 20_000
    name = factories.blob_name(data)
    assert browser.put(f"blobs/{name}", data, media_type="image/png").status_code == 201
    assert browser.put(f"captures/{factories.new_id()}", {"schema": "capture/1"}).status_code == 422
    assert files_with(bevara.rooms.config.data_dir, MARK) == []


def test_a_refused_capture_takes_its_picture_with_it(bevara: Bevara, browser: Device) -> None:
    data = factories.PNG + MARK * 20_000
    document = factories.capture(picture=factories.picture(data),
                                 comment={"attachments": [factories.attachment(b"missing")]})
    assert browser.save(document, data).status_code == 424
    assert files_with(bevara.rooms.config.data_dir, MARK) == []


@pytest.fixture
def received(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Serve an application that counts bytes as `bevara serve` does; count temporary files."""
    made: list[int] = []
    usual = buffers.TempfileBasedBuffer.newfile
    monkeypatch.setattr(buffers.TempfileBasedBuffer, "newfile",
                        lambda self: made.append(1) or usual(self))
    yield made


def test_the_largest_body_passes_the_server_without_a_temporary_file(received: list[int]) -> None:
    import http.client

    seen: list[int] = []

    def app(environ, start):  # type: ignore[no-untyped-def]
        seen.append(len(environ["wsgi.input"].read()))
        start("200 OK", [("Content-Length", "0")])
        return [b""]

    server = waitress.create_server(app, host="127.0.0.1", port=0, **SERVING)
    connection = http.client.HTTPConnection("127.0.0.1", server.effective_port, timeout=20)
    with serving(server), closing(connection):
        connection.request("PUT", "/", bytes(SERVING["max_request_body_size"] - 1))
        assert connection.getresponse().status == 200
    assert seen == [SERVING["max_request_body_size"] - 1] and received == []
