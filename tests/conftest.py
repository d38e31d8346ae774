"""Fixtures that every test may use: the shared corpus and the shared loading cases, where they are present."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

pytest_plugins = ("tests.engines.fixtures", "tests.engines.images")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write what the examples become to tests/golden")


SHARED = (Path(__file__).resolve().parents[2] / "shared").resolve()


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real compose files; INDEX.tsv in it says which of them docker compose accepts."""
    return _shared("corpus")


@pytest.fixture(scope="session")
def cases() -> Path:
    """The folder of loading cases with what docker compose makes of them."""
    return _shared("compose-cases")


def _shared(name: str) -> Path:
    folder = SHARED / name
    if not folder.is_dir():
        message = f"{folder} is not there"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return folder
