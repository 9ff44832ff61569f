"""The extension sends no picture that the helper would refuse: both read the same heads alike."""

from __future__ import annotations

import base64
import json
import random
import shutil
import struct
import subprocess
from collections.abc import Callable

import pytest

from bevara.kernel import pictures
from tests.conftest import ROOT
from tests.unit.kernel.test_pictures import BOMBS, NOT_PICTURES, made, png_of

SCRIPT = """
const fs = require("fs"), vm = require("vm");
const bevara = {};
vm.runInNewContext(fs.readFileSync("extension/content/picture_kind.js", "utf8"), { bevara, Uint8Array });
const asked = JSON.parse(fs.readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(asked.map((one) => bevara.pictureKind.of(new Uint8Array(Buffer.from(one, "base64"))))));
"""


def by_extension(many: list[bytes]) -> list[str | None]:
    if shutil.which("node") is None:
        pytest.skip("node is missing")
    asked = json.dumps([base64.b64encode(one).decode() for one in many])
    done = subprocess.run(["node", "-e", SCRIPT], cwd=ROOT, input=asked, text=True,
                          capture_output=True, check=True)
    found: list[str | None] = json.loads(done.stdout)
    return found


def by_helper(data: bytes) -> str | None:
    found = pictures.recognise(data)
    return found.media_type if found and pictures.showable(found) else None


def jpeg_of(width: int, height: int) -> bytes:
    """Return a JPEG whose frame claims a size."""
    data = made("JPEG")
    at = data.index(b"\xff\xc0") + 5
    return data[:at] + struct.pack(">HH", height, width) + data[at + 4:]


GOOD = [made("PNG"), made("JPEG"), made("GIF"), made("WEBP"), made("WEBP", lossless=True),
        made("WEBP", exif=b"Exif\0\0MM\0*\0\0\0\x08\0\0"), made("JPEG", progressive=True),
        made("JPEG", icc_profile=b"x" * 70_000), png_of(8000, 8000), jpeg_of(8000, 8000)]


def test_a_picture_of_64_megapixels_is_sent_and_a_larger_one_is_not() -> None:
    assert by_extension([png_of(8000, 8000), png_of(8000, 8001), jpeg_of(8000, 8000), jpeg_of(8001, 8000),
                         png_of(32_768, 1), png_of(32_767, 1)]) == [
        "image/png", None, "image/jpeg", None, None, "image/png"]


def test_what_the_helper_refuses_the_extension_does_not_send() -> None:
    refused = [*NOT_PICTURES.values(), *(make() for make in BOMBS.values())]
    assert by_extension(refused) == [None] * len(refused)


def test_both_read_any_head_alike(tries: Callable[[int, int], int]) -> None:
    chance, many = random.Random(20261124), list(GOOD)
    for _ in range(tries(2000, 20_000)):
        data = bytearray(chance.choice(GOOD)[:200])
        for _ in range(chance.randrange(4)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        many.append(bytes(data[:chance.randrange(len(data) + 1)] if chance.random() < .2 else data))
    assert by_extension(many) == [by_helper(one) for one in many]
    assert {by_helper(one) for one in many} == {None, *pictures.KINDS}
