"""HTTP/1.1 to an engine over a unix socket or TCP: connections of the standard library's client.

Belongs here: opening connections, TLS, ssh. Does not: what is asked (`engine.py`), which engine (`find.py`).
"""

from __future__ import annotations

import socket
from http.client import HTTPConnection
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from intermodal.clients.docker.address import Address


class Connection(HTTPConnection):
    """A connection to an address; `timeout` is for connecting and for each read."""

    def __init__(self, address: Address, timeout: float | None) -> None:
        super().__init__("docker", timeout=timeout)
        self._address = address
        self._seconds = timeout

    def connect(self) -> None:
        """Open the socket; raises `OSError`."""
        self.sock = opened(self._address, self._seconds)


def opened(address: Address, timeout: float | None) -> socket.socket:
    """A connected socket to the engine; raises `OSError`."""
    if address.scheme == "unix":
        made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        made.settimeout(timeout)
        try:
            made.connect(address.path)
        except OSError:
            made.close()
            raise
        return made
    return socket.create_connection((address.host, address.port), timeout)
