"""The command `proof`: write a saved comment's bundle to a file."""

from __future__ import annotations

import hashlib
import json
from argparse import ArgumentParser, Namespace
from pathlib import Path

from bevara.config import Config
from bevara.errors import Invalid
from bevara.kernel.beside import reading
from bevara.kernel.clock import Clock
from bevara.records.proof import bundle


def arguments(parser: ArgumentParser) -> None:
    """Declare what `proof` takes."""
    parser.add_argument("id", metavar="ID", help="kommentarens eller den sparade kopians nummer")
    parser.add_argument("--out", metavar="FIL", type=Path, help="fil (annars bevis-ID.zip)")


def proof(options: Namespace) -> int:
    """Write the bundle, also beside a running Bevara, and say how to check it."""
    target, data_dir = options.out or Path(f"bevis-{options.id}.zip"), Config.from_env().data_dir
    if target.resolve().is_relative_to(data_dir.resolve()):
        raise Invalid("--out", "Beviset får inte ligga i Bevaras egen mapp: en radering når det "
                      "inte där.", "Ange en fil i en annan mapp med --out.")
    with reading(data_dir, Clock()) as store:
        data, key = bundle.make(store, options.id), bundle.key_of(store)
    try:
        target.write_bytes(data)
    except OSError as error:
        raise Invalid("--out", f"Det går inte att skriva {target} ({error.strerror}).",
                      "Ange en annan fil.") from None
    said = {"ok": True, "file": str(target), "sha256": hashlib.sha256(data).hexdigest(), "key": key}
    print(json.dumps(said, ensure_ascii=False) if options.json else "\n".join([
        f"Beviset är skrivet: {target}",
        f"Nyckel: {key}",
        "Lämna nyckeln på ett annat sätt än beviset. Den som får båda kontrollerar med",
        f"python -I kontrollera.py {target.name} --key NYCKEL (kontrollera.py ligger i beviset).",
    ]))
    return 0
