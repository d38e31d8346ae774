"""The real Docker client, and what it makes of a translation."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from intermodal.kit.emitter import emit

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from intermodal.model.platform import Translation


@pytest.fixture(scope="session")
def docker() -> str:
    """The Docker client; its `stack config` needs no engine."""
    found = shutil.which("docker")
    if found is None:
        message = "the docker client is not installed"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return found


@pytest.fixture
def write(tmp_path: Path) -> Callable[[Translation], Path]:
    """Write a translation as `intermodal translate -o` does; gives the stack file."""

    def written(translation: Translation) -> Path:
        (document,) = translation.documents
        for attached in translation.attached:
            place = tmp_path / attached.path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(attached.content)
        stack = tmp_path / f"{document.stem}.yaml"
        stack.write_text(emit(document.content))
        return stack

    return written


@pytest.fixture
def accepted(docker: str, write: Callable[[Translation], Path]) -> Callable[[Translation], Any]:
    """Demand that `docker stack config` accepts a translation; gives what it read."""

    def read(translation: Translation) -> Any:
        done = stack_config(docker, write(translation))
        assert done.returncode == 0, done.stderr
        return yaml.safe_load(done.stdout)

    return read


def stack_config(docker: str, stack: Path) -> subprocess.CompletedProcess[str]:
    """What the client says to a stack file, with nothing of ours in its environment."""
    return subprocess.run(
        [docker, "stack", "config", "-c", str(stack)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={"HOME": str(stack.parent), "PATH": "/usr/bin:/bin"},
    )
