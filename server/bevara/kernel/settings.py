"""What is switched on at the desk: a small JSON file, changed whole."""

from __future__ import annotations

import json
from pathlib import Path

from bevara.errors import Invalid
from bevara.kernel.keys import write_private
from bevara.kernel.lock import waiting

FILE = "settings.json"


def read(folder: Path) -> dict[str, str]:
    """Return the settings kept in `folder`; raise `Invalid` when they cannot be read."""
    try:
        found = json.loads((folder / FILE).read_text(encoding="utf-8"))
        return {str(key): str(value) for key, value in found.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, AttributeError):
        raise Invalid(FILE, f"Inställningarna i {folder / FILE} går inte att läsa.",
                      "Välj dem igen på sidorna under Inställningar.") from None


def change(folder: Path, **values: str) -> None:
    """Keep `values` beside the other settings; a file that cannot be read is begun anew."""
    with waiting(folder):
        try:
            known = read(folder)
        except Invalid:
            known = {}
        write_private(folder / FILE, json.dumps(known | values, ensure_ascii=False).encode())
