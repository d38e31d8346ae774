from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING

import pytest

from intermodal.clients.listeners import listening, server

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("address", ["127.0.0.1", "0.0.0.0"])  # noqa: S104 - both are looked at
def test_our_own_socket_is_found(address: str) -> None:
    with socket.create_server((address, 0)) as listener:
        port = listener.getsockname()[1]
        for beside in (None, os.getpid()):
            found = listening(port, beside=beside)
            assert found is not None
            assert found.pid == os.getpid()
            assert found.command
        assert listening(port, "udp") is None
    assert listening(port) is None


def test_datagrams() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.bind(("127.0.0.1", 0))
        found = listening(listener.getsockname()[1], "udp")
        assert found is not None
        assert found.pid == os.getpid()


def test_who_listens_on_a_unix_socket(tmp_path: Path) -> None:
    path = str(tmp_path / "socket")
    assert server(path) is None
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen()
        assert server(path) == os.getpid()
