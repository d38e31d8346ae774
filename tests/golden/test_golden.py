"""What the examples become on each platform, file for file. `pytest --update-golden` writes it anew: read the diff."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from intermodal.cli.main import run
from tests.platforms.swarm.recorder import deploy

if TYPE_CHECKING:
    from collections.abc import Iterator

GOLDEN = Path(__file__).parent
ROOT = GOLDEN.parents[1]
EXAMPLES = sorted(path.parent.name for path in (ROOT / "examples").glob("*/compose.yaml"))
DOCKER = shutil.which("docker")
PLATFORMS = ("compose", "kubernetes", "swarm")
PROJECT = "/PROJECT"
"""Stands in golden files for the folder of the project."""
RECORD = ".intermodal.manifest"
"""What `translate` remembers of the files it wrote; not a part of the translation."""


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """Examples have variables with defaults; none of ours may reach them."""
    monkeypatch.setattr("os.environ", {"HOME": "/home/somebody", "PATH": "/usr/bin:/bin"})


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("example", EXAMPLES)
def test_examples_become_what_they_became(
    example: str, platform: str, tmp_path: Path, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    compose = str(ROOT / "examples" / example / "compose.yaml")
    code = run(["translate", "-f", compose, "--platform", platform, "-o", str(tmp_path / "out")])
    said = capsys.readouterr().err
    assert code == 0, said
    assert "error" not in said
    made = dict(_files(tmp_path / "out"))
    folder = GOLDEN / example / platform
    if request.config.getoption("--update-golden"):
        shutil.rmtree(folder, ignore_errors=True)
        for name, text in made.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
    assert made == dict(_files(folder))


def test_golden_files_belong_to_examples() -> None:
    kept = {(path.parent.name, path.name) for path in GOLDEN.glob("*/*") if path.is_dir()}
    assert kept - {("__pycache__", "")} == {(example, platform) for example in EXAMPLES for platform in PLATFORMS}


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_docker_client_deploys_the_golden_stacks(example: str, tmp_path: Path) -> None:
    assert DOCKER, "the docker client is missing"
    for name, text in _files(GOLDEN / example / "swarm"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text.replace(PROJECT, str(ROOT)), encoding="utf-8")
    sent, said = deploy(tmp_path / "stack.yaml", DOCKER, tmp_path)
    assert sent["services"]
    assert "gnoring" not in said


def _files(folder: Path) -> Iterator[tuple[str, str]]:
    """Relative path and text of every file below a folder, in order."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != RECORD:
            yield str(path.relative_to(folder)), path.read_text(encoding="utf-8").replace(str(ROOT), PROJECT)
