"""Check a bundle in this process with the script that lies in it."""

from __future__ import annotations

import io
import zipfile
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bevara.records.proof import kontrollera
from tests.factories import NOW


@dataclass(frozen=True)
class Checked:
    """What the script said, and its exit code."""

    code: int
    said: str

    @classmethod
    def of(cls, files: dict[str, bytes], key: str | None) -> Checked:
        """Check files that lie in no archive."""
        check = kontrollera.Check(files, kontrollera.read_key(key) if key is not None else None)
        check.run()
        lines, code = kontrollera.report(check)
        return cls(code, "\n".join(lines))


def checked(data: bytes, folder: Path, key: str | None) -> Checked:
    """Check a ZIP as a person does."""
    (folder / "bundle.zip").write_bytes(data)
    printed = io.StringIO()
    with redirect_stdout(printed):
        code = kontrollera.main([str(folder / "bundle.zip"),
                                 *(["--key", key] if key is not None else [])])
    return Checked(code, printed.getvalue())


def files_of(data: bytes) -> dict[str, bytes]:
    """Return the files of a ZIP by name."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {item.filename: archive.read(item) for item in archive.infolist()}


def reason(category: str = "profanity") -> dict[str, Any]:
    """Return a moderator's reason."""
    return {"category": category, "possible_secrecy": False, "moderator": "Anna", "at": NOW}
