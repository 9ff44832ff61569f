"""Make PDFs of papers in a process that is ended when it takes too long."""

from __future__ import annotations

import base64
import json
import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict
from importlib import resources
from pathlib import Path
from typing import Any

from bevara.errors import NotMade, PressBusy
from bevara.records.reading import runs
from bevara.records.reading.paper import Block, Heading, Line, Paper
from bevara.web.translations import N_

SECONDS = 60.0
"""For one paper. A comment of a million characters takes a quarter of it here."""
ALTOGETHER = 300.0
"""For all papers of one batch; what is left by then is not made."""
WAIT = 20.0
"""For others' papers, while a page waits: its thread is one of the few that also take captures."""
NO_FONTS = N_("Typsnitten som läsexemplaret behöver saknas i Bevaras mapp.")
FAILED = N_("Texten eller bilden gick inte att sätta som PDF.")
BUSY, LATER = N_("Andra PDF:er görs just nu."), N_("Försök igen om en stund.")
REINSTALL = N_("Be IT att installera om Bevara.")
one_at_a_time = threading.Lock()
log = logging.getLogger(__name__)


def pdf(paper: Paper) -> bytes:
    """Return the paper as PDF/A-2a, the same bytes each time; raise `NotMade`, `PressBusy`."""
    found = pdfs([paper], wait=WAIT)[0]
    if found is None:
        raise NotMade(FAILED)
    return found


def pdfs(
    papers: Sequence[Paper], seconds: float = SECONDS, altogether: float = ALTOGETHER,
    wait: float | None = None,
) -> list[bytes | None]:
    """Return a PDF for each paper, None for one that cannot be made.

    Raises `NotMade` without fonts, and `PressBusy` when others' papers take longer than `wait`.
    """
    _check_fonts()
    made: list[bytes | None] = []
    with _alone(wait):
        until = time.monotonic() + altogether
        while len(made) < len(papers) and time.monotonic() < until:
            made += _as_far_as_possible(papers[len(made):], seconds, until)
    return made + [None] * (len(papers) - len(made))


@contextmanager
def _alone(wait: float | None) -> Iterator[None]:
    if not one_at_a_time.acquire(timeout=-1 if wait is None else wait):
        raise PressBusy(BUSY, next_step=LATER)
    try:
        yield
    finally:
        one_at_a_time.release()


def fonts() -> Path:
    """Return the folder of the fonts that come with Bevara."""
    return Path(str(resources.files(__package__) / "fonts"))


def _check_fonts() -> None:
    try:
        missing = [name for name in runs.known()["files"] if not (fonts() / name).is_file()]
    except OSError:
        missing = ["fonts.json"]
    if missing:
        raise NotMade(NO_FONTS, next_step=REINSTALL)


def _as_far_as_possible(
    papers: Sequence[Paper], seconds: float, until: float
) -> list[bytes | None]:
    """Return PDFs until one paper ends the process or takes too long; that one is None."""
    made: list[bytes | None] = []
    with _press() as process:
        for paper in papers:
            left = until - time.monotonic()
            if left <= 0:
                break
            made.append(_answer(process, paper, min(seconds, left)))
            if process.poll() is not None:
                break
    return made


def _answer(process: subprocess.Popen[bytes], paper: Paper, seconds: float) -> bytes | None:
    assert process.stdin and process.stdout
    timer = threading.Timer(seconds, process.kill)
    timer.start()
    try:
        process.stdin.write(json.dumps(_as_data(paper)).encode() + b"\n")
        process.stdin.flush()
        line = process.stdout.readline()
    except OSError:
        line = b""
    finally:
        timer.cancel()
    if not line:
        process.kill()
        process.wait()
    said: dict[str, str] = json.loads(line) if line.endswith(b"\n") else {"failed": "ended"}
    if "pdf" not in said:
        log.warning("a reading copy was not made: %s", said["failed"])
        return None
    return base64.b64decode(said["pdf"])


@contextmanager
def _press() -> Iterator[subprocess.Popen[bytes]]:
    """Run the press; what it wrote of errors is not kept, since it could quote a comment."""
    command = [sys.executable, "-P", "-m", "bevara.records.reading.press", str(fonts())]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": _import_path()},
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    ) as process:
        try:
            yield process
        finally:
            with suppress(OSError):
                if process.stdin:
                    process.stdin.close()
            process.kill()


def _import_path() -> str:
    """Return where this very Bevara is imported from, for the press to be of the same version."""
    return str(Path(__file__).resolve().parents[3])


def _as_data(paper: Paper) -> dict[str, Any]:
    return {"title": paper.title, "foot": paper.foot, "at": paper.at,
            "blocks": [_block(one) for one in paper.blocks]}


def _block(one: Block) -> dict[str, Any]:
    if isinstance(one, Heading):
        return {"kind": "heading", "said": one.text, "exact": one.text, "level": one.level}
    if isinstance(one, Line):
        return {"kind": "line", "exact": one.exact, **asdict(one)}
    return {"kind": "picture", "data": base64.b64encode(one.data).decode(), "alt": one.alt,
            "width": one.width}
