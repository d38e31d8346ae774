"""Images for tests on real engines: built from Debian packages by examples/images, brought to where they are used."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from intermodal.clients.docker.address import Address

BUILD = Path(__file__).parents[2] / "examples" / "images" / "build.py"


class Images:
    """Gives names of images that the engines in use have, or can pull from a registry they trust.

    In labs of ours names are plain (`web:1`), as their registries mirror Docker Hub. With a lent registry, they begin
    with its address.
    """

    def __init__(self, registry: str = "") -> None:
        self._registry = registry
        self._destinations: set[tuple[str, str]] = {("--push", registry)} if registry else set()
        self._brought: dict[tuple[str, tuple[str, str]], str] = {}

    def engine(self, address: Address) -> None:
        """From now on, load images into this engine."""
        self._destinations.add(("--load", str(address)))

    def registry(self, address: str) -> None:
        """From now on, push images to this registry too."""
        if address:
            self._destinations.add(("--push", address))

    def __call__(self, name: str) -> str:
        """An image's full name, for `web:2`, or for the first version of `web`; brought where it is not yet."""
        wanted = name if ":" in name else self._first(name)
        missing = [place for place in sorted(self._destinations) if (wanted, place) not in self._brought]
        if missing:
            said = self._build(wanted, *(word for place in missing for word in place))
            self._brought |= {(wanted, place): said.strip() for place in missing}
        return next(full for (known, _), full in self._brought.items() if known == wanted)

    def _build(self, *words: str) -> str:
        names = ("--registry", self._registry) if self._registry else ("--plain",)
        done = subprocess.run([sys.executable, str(BUILD), *words, *names], capture_output=True, text=True, check=False)
        assert not done.returncode, done.stderr
        return done.stdout

    def _first(self, name: str) -> str:
        listed = subprocess.run([sys.executable, str(BUILD)], capture_output=True, text=True, check=True).stdout
        return next(full for full in listed.split() if full.partition(":")[0] == name)


@pytest.fixture(scope="session")
def images() -> Images:
    """`images("web:1")` is a name to start containers and services from."""
    return Images(os.environ.get("INTERMODAL_TEST_REGISTRY", ""))
