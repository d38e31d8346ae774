"""A server of line-based TCP: answers every line with the line and the name of the instance that answers.

server.py            serve on PORT (default 7000) until SIGTERM, then let open conversations end
server.py --check    ask a running server for a line; exit 0 if it answers
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys

PORT = int(os.environ.get("PORT", "7000"))
GREETING = os.environ.get("GREETING", "hello")
INSTANCE = socket.gethostname()
LONGEST_LINE = 4096
PATIENCE = 60.0
"""Seconds without a line after which a conversation is ended."""


class Conversations:
    """The open conversations, so that a stopping server can wait for them."""

    def __init__(self) -> None:
        self.open: set[asyncio.Task[None]] = set()
        self.total = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self.open.add(task)
        self.total += 1
        try:
            await self._answer(reader, writer)
        except (TimeoutError, ValueError, ConnectionError):
            pass
        finally:
            writer.close()
            if task is not None:
                self.open.discard(task)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(f"{GREETING} from {INSTANCE}\n".encode())
        while line := await asyncio.wait_for(reader.readline(), PATIENCE):
            text = line.decode(errors="replace").rstrip("\r\n")
            if text == "quit":
                break
            writer.write(f"{INSTANCE} {self.total} {text}\n".encode())
            await writer.drain()


async def serve(port: int = PORT) -> None:
    """Serve until SIGTERM or SIGINT, then stop listening and wait for open conversations."""
    conversations = Conversations()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    server = await asyncio.start_server(conversations.serve, port=port, limit=LONGEST_LINE)
    print(f"{INSTANCE} listens on {server.sockets[0].getsockname()[1]}", flush=True)
    await stop.wait()
    server.close()
    if conversations.open:
        await asyncio.wait(conversations.open, timeout=PATIENCE)


def check(port: int = PORT) -> int:
    """Whether a server on this machine answers a line: 0 if so, else 1."""
    try:
        with socket.create_connection(("localhost", port), timeout=2) as connection:
            connection.sendall(b"check\nquit\n")
            answer = connection.makefile().read()
    except OSError:
        return 1
    return 0 if answer.splitlines()[-1:] and answer.rstrip().endswith(" check") else 1


if __name__ == "__main__":
    sys.exit(check() if "--check" in sys.argv[1:] else asyncio.run(serve()))
