"""SFTP requests, many under way at once, as a distant server needs to be kept busy.

paramiko's own way keeps no error of what was written (`set_pipelined`), and reads ahead in a thread
of its own (`prefetch`) that nobody can pause.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from paramiko import SFTPClient

BLOCK, WAITING = 32 << 10, 16
"""The bytes of one request, which every server takes, and how many writes may be unanswered.

Half a megabyte is what a cut connection may lose; it fills 25 MB/s at 20 ms there and back.
"""


class Requests:
    """The requests about one open file. Errors are `OSError`, `EOFError` or paramiko's."""

    def __init__(self, client: SFTPClient) -> None:
        self._client = client
        self._asked: deque[int] = deque()
        self._answered: dict[int, tuple[int, Any]] = {}

    def write(self, handle: bytes, at: int, data: bytes) -> None:
        """Ask to write; an error of it comes now, at a later call or with `finish`."""
        from paramiko.sftp import CMD_WRITE, int64

        for start in range(0, len(data), BLOCK):
            while len(self._asked) >= WAITING:
                self._next()
            self._ask(CMD_WRITE, handle, int64(at + start), data[start:start + BLOCK])

    def finish(self) -> None:
        """Wait for every answer; raise the first error."""
        while self._asked:
            self._next()

    def read(self, handle: bytes, at: int, count: int) -> Iterator[bytes]:
        """Give `count` bytes of a file, all asked for at once; raise `EOFError` where it ends."""
        spans = [(start, min(BLOCK, at + count - start)) for start in range(at, at + count, BLOCK)]
        for start, length in spans:
            self._ask_to_read(handle, start, length)
        for start, length in spans:
            data = self._next().get_string()
            yield data
            # A server may answer with less than was asked for (draft-ietf-secsh-filexfer-02, 6.4).
            if len(data) < length:
                yield from Requests(self._client).read(
                    handle, start + len(data), length - len(data))

    def _ask_to_read(self, handle: bytes, at: int, length: int) -> None:
        from paramiko.sftp import CMD_READ, int64

        self._ask(CMD_READ, handle, int64(at), length)

    def _ask(self, kind: int, *arguments: Any) -> None:
        self._asked.append(self._client._async_request(self, kind, *arguments))

    def _next(self) -> Any:
        """Return the answer to the oldest request, or raise the error that it is."""
        number = self._asked.popleft()
        if number not in self._answered:
            return self._client._read_response(number)[1]
        kind, said = self._answered.pop(number)
        if kind == STATUS:
            self._client._convert_status(said)
        return said

    def _async_response(self, kind: int, said: Any, number: int) -> None:
        """Keep an answer that came while another was waited for; paramiko calls this."""
        self._answered[number] = kind, said


STATUS = 101
"""SSH_FXP_STATUS (draft-ietf-secsh-filexfer-02, 3)."""
