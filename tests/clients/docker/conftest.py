"""A real engine to talk to, and containers that are gone after the test."""

from __future__ import annotations

import base64
import os
import subprocess
from contextlib import suppress
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest

from intermodal.clients.docker.engine import Engine
from intermodal.clients.docker.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from intermodal.clients.docker.address import Address
    from intermodal.lab.lab import Lab

NUMBERS = count()


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an authority, and `server` and `client` that it vouches for; `stranger` vouches for itself."""
    folder = tmp_path_factory.mktemp("certificates")
    new = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
    for name, signed in {"ca": False, "stranger": False, "server": True, "client": True}.items():
        argv = [*new, "-keyout", f"{name}-key.pem", "-out", f"{name}.pem", "-subj", f"/CN={name}"]
        argv += ["-CA", "ca.pem", "-CAkey", "ca-key.pem", "-addext", "basicConstraints=CA:FALSE"] if signed else []
        argv += ["-addext", "subjectAltName=DNS:localhost"] if name == "server" else []
        subprocess.run(argv, cwd=folder, check=True, capture_output=True)
    return folder


@pytest.fixture
def engine(one_engine: Address) -> Iterator[Engine]:
    with Engine(one_engine) as made:
        yield made


@pytest.fixture
def published(one_lab: Lab | None, engine: Engine, container: Callable[..., str]) -> Iterator[str]:
    """An image that is in a registry and not on the engine, with half a megabyte that nobody has."""
    registry = one_lab.registry if one_lab else os.environ.get("INTERMODAL_TEST_REGISTRY")
    if not registry:
        pytest.skip("the engine is lent, and INTERMODAL_TEST_REGISTRY names no registry that it trusts")
    made = container("sh", "-c", "head -c 500000 /dev/urandom > /noise")
    engine.call("POST", f"/containers/{made}/wait")
    name = f"{registry}/im-cl-{os.getpid()}"
    engine.call("POST", "/commit", query={"container": made, "repo": name, "tag": "1"})
    nobody = base64.b64encode(b"{}").decode()
    b"".join(engine.stream("POST", f"/images/{name}/push", query={"tag": "1"}, headers={"X-Registry-Auth": nobody}))
    engine.call("DELETE", f"/images/{name}:1")
    yield f"{name}:1"
    with suppress(EngineError):  # it was not pulled
        engine.call("DELETE", f"/images/{name}:1", query={"force": True})


@pytest.fixture
def container(engine: Engine, images: Callable[[str], str]) -> Iterator[Callable[..., str]]:
    """Makes containers of a busybox image: the command, and more of the request's body; gives their ids."""
    made: list[str] = []

    def make(*argv: str, start: bool = True, **body: Any) -> str:
        wanted = {"Image": images("busybox:1"), "Cmd": list(argv), "HostConfig": {"Init": True}, **body}
        found: str = engine.call(
            "POST", "/containers/create", query={"name": f"im-cl-{os.getpid()}-{next(NUMBERS)}"}, body=wanted
        )["Id"]
        made.append(found)
        if start:
            engine.call("POST", f"/containers/{found}/start")
        return found

    yield make
    for each in made:
        engine.call("DELETE", f"/containers/{each}", query={"force": True, "v": True})
