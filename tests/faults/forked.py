"""Run a function in a forked process, under strace or not: a thousand deaths pay for one import."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, TypeVar

import pytest

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["pytest", "bevara.upkeep.commands", "bevara.app", "tests.faults.saver",
                              "tests.faults.aftermath", "tests.faults.sender"])
T = TypeVar("T")
ANYONE_MAY_TRACE = (0x59616D61, ctypes.c_ulong(-1))
"""prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY): a brother may attach where the system asks for a parent."""


@dataclass(frozen=True)
class Ended:
    """How a process ended: its code (negative for a signal), and what it wrote."""

    code: int
    output: str


def traced(options: list[str], target: Callable[..., None], *arguments: Any) -> Ended:
    """Run `target(*arguments)` under `strace -f` with `options`; skip where that cannot be."""
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed")
    return ended(target, *arguments, options=options)


def ended(
    target: Callable[..., None], *arguments: Any, options: list[str] | None = None
) -> Ended:
    """Run `target(*arguments)` in a process of its own and return how it ended."""
    with tempfile.TemporaryDirectory() as folder:
        words, (ours, theirs) = Path(folder) / "words", FORKS.Pipe()
        process = FORKS.Process(target=_child, args=(theirs, words, target, arguments))
        process.start()
        assert process.pid is not None and ours.recv() == "ready"
        tracer = _attach(process.pid, options) if options else None
        ours.send("go")
        process.join()
        if tracer:
            tracer.communicate()
        assert process.exitcode is not None
        return Ended(process.exitcode, words.read_text(errors="replace"))


def called(target: Callable[..., T], *arguments: Any) -> T:
    """Return what `target(*arguments)` returns in a process of its own."""
    ours, theirs = FORKS.Pipe()
    process = FORKS.Process(target=_answer, args=(theirs, target, arguments))
    process.start()
    theirs.close()
    answer: T = ours.recv()
    process.join()
    return answer


def _answer(to: Connection, target: Callable[..., T], arguments: Any) -> None:
    to.send(target(*arguments))


def _attach(pid: int, options: list[str]) -> subprocess.Popen[str]:
    tracer = subprocess.Popen(["strace", "-f", *options, "-p", str(pid)], text=True,
                              stderr=subprocess.PIPE, stdout=subprocess.DEVNULL)
    assert tracer.stderr is not None
    line = tracer.stderr.readline()
    if "attached" not in line:
        os.kill(pid, 9)
        tracer.wait()
        pytest.skip(f"ptrace is not allowed here: {line.strip()}")
    return tracer


def _child(go: Connection, words: Path, target: Callable[..., None], arguments: Any) -> None:
    handle = os.open(words, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(handle, 1)
    os.dup2(handle, 2)
    if hasattr(ctypes.CDLL(None), "prctl"):
        ctypes.CDLL(None).prctl(*ANYONE_MAY_TRACE)
    go.send("ready")
    go.recv()
    target(*arguments)
