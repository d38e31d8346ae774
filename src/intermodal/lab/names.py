"""A name server that knows no name: a program of its own, `python names.py ADDRESS`.

Docker's own resolver asks further servers for what it does not know, and answers nothing at all while they are
silent: a container would wait 5 seconds for each unknown name. Belongs here: the answer and the loop. Imports nothing
of ours, so that it starts in 10 ms and stays small.
"""

from __future__ import annotations

import socket
import sys

PORT = 53
_HEADER = 12
_NO_SUCH_NAME = 3
_ANSWER = 0x80


def answer(query: bytes) -> bytes:
    """What is answered to a query: that the name it asks for does not exist. Nothing (b"") to what is no query."""
    if len(query) < _HEADER or query[2] & _ANSWER:
        return b""
    flags = bytes((query[2] | _ANSWER, _ANSWER | _NO_SUCH_NAME))
    return query[:2] + flags + query[4:6] + bytes(6) + _question(query)


def _question(query: bytes) -> bytes:
    end = query.find(b"\0", _HEADER) + 5
    return query[_HEADER:end]


def serve(address: str) -> None:
    """Answer for ever."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind((address, PORT))
        while True:
            query, whom = server.recvfrom(4096)
            said = answer(query)
            if said:
                server.sendto(said, whom)


if __name__ == "__main__":
    serve(sys.argv[1])
