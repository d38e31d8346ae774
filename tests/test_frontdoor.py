"""The library's front door."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import intermodal
from intermodal.kit.diagnostics import Rejected

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def compose(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A compose file in an empty working directory."""
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "compose.yaml"
    file.write_text("name: shop\nservices:\n  web: {image: 'nginx:${TAG:-1}', ports: ['80:80']}\n")
    return file


def test_load_and_translate(compose: Path) -> None:
    loaded = intermodal.load(str(compose), environment={"TAG": "2"})
    assert loaded.application.services["web"].image == "nginx:2"
    done = intermodal.translate(loaded, "kubernetes", namespace="n")
    assert {document.content["metadata"]["namespace"] for document in done.documents} == {"n"}
    assert ("services", "web", "image") in {entry.leaf.path for entry in done.ledger}


@pytest.mark.usefixtures("compose")
def test_without_files_the_working_directory_is_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAG", "3")
    assert intermodal.load().application.services["web"].image == "nginx:3"


@pytest.mark.usefixtures("compose")
def test_what_cannot_be_used_is_rejected_with_every_finding() -> None:
    with pytest.raises(Rejected) as rejected:
        intermodal.load("gone.yaml")
    assert [found.code for found in rejected.value.diagnostics] == ["file-not-found"]
    with pytest.raises(Rejected, match="no platform is called"):
        intermodal.translate(intermodal.load(), "nowhere")
    with pytest.raises(Rejected, match="no option called"):
        intermodal.translate(intermodal.load(), "swarm", options={"colour": "red"})


def test_importing_the_package_imports_nothing_else() -> None:
    code = "import sys; before = set(sys.modules); import intermodal; print(*sorted(set(sys.modules) - before))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = ("intermodal.", "yaml", "click", "os.", "json", "pathlib")
    assert not [name for name in ran.stdout.split() if name.startswith(heavy)]
    assert "intermodal" in ran.stdout.split()
