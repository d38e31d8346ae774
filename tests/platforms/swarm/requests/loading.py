"""Compose files written as data, loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml

from intermodal.compose.load import Request, load
from intermodal.kit.diagnostics import Rejected

if TYPE_CHECKING:
    from pathlib import Path

    from intermodal.compose.load import Loaded


def loaded(file: dict[str, Any], folder: Path) -> Loaded:
    """The application in a compose file; files of the host that the samples name are put beside it."""
    compose = folder / "compose.yaml"
    (folder / "some.env").write_text("FROM_FILE=1\n")
    for name in ("hostname", "hosts"):
        (folder / name).write_text(name)
    compose.write_text(yaml.safe_dump(file).replace("ENV_FILE", "some.env").replace("/etc/host", "./host"))
    try:
        return load(
            Request(files=(str(compose),), environment={"X": "x", "TOKEN": "s3cret"}, working_directory=str(folder))
        )
    except Rejected as refused:
        pytest.fail(f"{file}: {refused}")
