"""Passes connections on to a service, by turns to its instances: it can be updated and scaled behind one port.

front.py          listen on PORT (default 8080) and pass on to TARGET (default vote:8080) until SIGTERM
front.py --check  ask whether one listens; exit 0 if so

The service's addresses are looked up for every connection; where an instance refuses, the next one is tried.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import signal
import socket
import sys

PORT = int(os.environ.get("PORT", "8080"))
HOST, _, TARGET_PORT = os.environ.get("TARGET", "vote:8080").rpartition(":")
BLOCK = 65536
PATIENCE = 15.0
"""Seconds to look for an instance that answers."""
PAUSE = 0.1
LONGEST_STOP = 10.0
NOBODY = b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"

turn = itertools.count()


async def instance() -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection to the next instance that takes one; raises OSError if none does in time."""
    loop = asyncio.get_running_loop()
    end = loop.time() + PATIENCE
    while True:
        try:
            found = await loop.getaddrinfo(HOST, TARGET_PORT, type=socket.SOCK_STREAM)
        except OSError:
            found = []
        addresses = sorted({entry[4][:2] for entry in found})
        first = next(turn) % (len(addresses) or 1)
        for address in (*addresses[first:], *addresses[:first]):
            try:
                return await asyncio.wait_for(asyncio.open_connection(*address), 1)
            except (OSError, TimeoutError):
                continue
        if loop.time() > end:
            raise OSError(f"no instance of {HOST} answers")
        await asyncio.sleep(PAUSE)


async def copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Everything that comes goes out, then the end."""
    try:
        while piece := await reader.read(BLOCK):
            writer.write(piece)
            await writer.drain()
        writer.write_eof()
    except OSError:
        writer.close()


async def passed_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One connection, from its first byte to its end."""
    try:
        first = await reader.read(BLOCK)
        if not first:
            return
        from_instance, to_instance = await instance()
        to_instance.write(first)
        await asyncio.gather(copy(reader, to_instance), copy(from_instance, writer))
        to_instance.close()
    except OSError as error:
        print(f"not passed on: {error}", file=sys.stderr, flush=True)
        writer.write(NOBODY)
    finally:
        writer.close()


async def serve() -> None:
    """Listen until SIGTERM, then let open connections end."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    server = await asyncio.start_server(passed_on, port=PORT, backlog=1024)
    print(f"passing {PORT} on to {HOST}:{TARGET_PORT}", flush=True)
    await stop.wait()
    server.close()
    rest = asyncio.all_tasks() - {asyncio.current_task()}
    if rest:
        await asyncio.wait(rest, timeout=LONGEST_STOP)


def check() -> int:
    """Whether one listens in this container: 0 if so, else 1."""
    try:
        socket.create_connection(("localhost", PORT), timeout=2).close()
    except OSError:
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(check() if "--check" in sys.argv[1:] else asyncio.run(serve()))
