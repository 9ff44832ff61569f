"""Copy the reading copy's fonts from Debian's packages, and write what they can draw.

Run after `apt-get install fonts-noto-core fonts-noto-color-emoji`; needs fonttools, which nothing
else here does. All of the fonts are under the SIL Open Font License 1.1.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from itertools import groupby
from pathlib import Path

from fontTools.ttLib import TTFont

SOURCE = Path("/usr/share/fonts/truetype/noto")
TARGET = Path(__file__).parents[1] / "server/bevara/records/reading/fonts"
TEXT = [f"NotoSans{name}.ttf" for name in (
    "-Regular", "-Bold", "Arabic-Regular", "Hebrew-Regular", "Syriac-Regular", "Ethiopic-Regular",
    "Armenian-Regular", "Georgian-Regular", "Devanagari-Regular", "Bengali-Regular",
    "Tamil-Regular", "Thai-Regular", "Symbols-Regular", "Symbols2-Regular", "Math-Regular")]
EMOJI = ["NotoColorEmoji.ttf"]
PACKAGES = ["fonts-noto-core", "fonts-noto-color-emoji"]


def main() -> None:
    """Write the fonts and `fonts.json` beside them."""
    TARGET.mkdir(exist_ok=True)
    for name in TEXT + EMOJI:
        shutil.copyfile(SOURCE / name, TARGET / name)
    found = {
        "packages": {name: version(name) for name in PACKAGES}, "licence": "OFL-1.1",
        "files": {name: hashlib.sha256((TARGET / name).read_bytes()).hexdigest()
                  for name in TEXT + EMOJI},
        "families": list(dict.fromkeys(family(name) for name in TEXT)),
        "emoji_family": family(EMOJI[0]), "text": ranges(TEXT), "emoji": ranges(EMOJI),
    }
    (TARGET / "fonts.json").write_text(json.dumps(found) + "\n")


def version(package: str) -> str:
    """Return the version of an installed package."""
    command = ["dpkg-query", "-W", "-f", "${Version}", package]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def family(name: str) -> str:
    """Return the name that a document asks for a font by."""
    return str(TTFont(TARGET / name)["name"].getDebugName(1))


def ranges(names: list[str]) -> list[list[int]]:
    """Return the code points that any of the fonts can draw, as first and last."""
    known = sorted(set().union(*(TTFont(TARGET / name).getBestCmap() for name in names)))
    runs = [list(run) for _, run in groupby(enumerate(known), key=lambda pair: pair[1] - pair[0])]
    return [[run[0][1], run[-1][1]] for run in runs]


main()
