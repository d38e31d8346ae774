"""The parts of the image builder that need neither Debian's archive nor an engine. That images work, engines show."""

from __future__ import annotations

import io
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

import pytest

IMAGES = Path(__file__).parents[2] / "examples" / "images"
INDEX = """\
Package: web
Version: 1.0
Depends: libc6 (>= 2.36), python3:any | perl, debconf (>= 0.5) | debconf-2.0

Package: libc6
Version: 2.36
Depends: libgcc-s1

Package: libgcc-s1
Version: 12
Depends: libc6

Package: python3
Version: 3.11
Pre-Depends: libc6
"""


@pytest.fixture(scope="module")
def parts() -> Any:
    """The builder's modules."""
    names = ("debian", "trees", "layers", "recipes", "targets")
    sys.path.insert(0, str(IMAGES))
    try:
        return type("Parts", (), {name: __import__(name) for name in names})
    finally:
        sys.path.remove(str(IMAGES))
        for name in names:
            sys.modules.pop(name, None)


def test_it_says_which_images_there_are() -> None:
    listed = subprocess.run([sys.executable, str(IMAGES / "build.py")], capture_output=True, text=True, check=True)
    assert {"web:1", "redis:7", "postgres:15", "voting-app/vote:1.0"} <= set(listed.stdout.split())
    asked = [sys.executable, str(IMAGES / "build.py"), "wep", "--output", "/dev/null"]
    refused = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert refused.returncode == 1
    assert "there is no image wep" in refused.stderr


def test_dependencies_are_followed_and_left_out_as_told(parts: Any) -> None:
    archive = object.__new__(parts.debian.Archive)
    stanzas = INDEX.strip().split("\n\n")
    archive._described = {stanza.partition("\n")[0].removeprefix("Package: "): stanza for stanza in stanzas}
    found = archive.with_dependencies(["web"], {"debconf"})
    assert {package.name: package.version for package in found.values()} == {
        "web": "1.0", "libc6": "2.36", "libgcc-s1": "12", "python3": "3.11"
    }  # fmt: skip
    assert set(archive.with_dependencies(["web"], {"debconf", "perl"})) == {"web", "libc6", "libgcc-s1"}
    with pytest.raises(SystemExit, match="debconf is not a package"):
        archive.with_dependencies(["web"], ())


def test_packages_lie_in_a_merged_usr_without_manuals_and_set_user_ids(
    parts: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries = {"./bin/su": 0o4755, "./lib64/ld.so": 0o755, "./usr/share/man/man1/su.1": 0o644, "./etc/su.conf": 0o600}
    packed = [parts.trees.entry(path, b"x", mode=mode) for path, mode in entries.items()]
    monkeypatch.setattr(parts.debian, "contents", lambda _: packed)
    tree = parts.trees.of_packages([])
    assert {path: made.mode for path, (made, _) in tree.items()} == {
        "usr/bin/su": 0o755, "usr/lib64/ld.so": 0o755, "etc/su.conf": 0o600
    }  # fmt: skip


def test_the_same_tree_has_the_same_bytes_with_folders_first(parts: Any, tmp_path: Path) -> None:
    entries = {path: parts.trees.entry(path, path.encode()) for path in ("b/c/d", "a", "b/c.txt")}
    parts.trees.write(entries, tmp_path / "one.tar")
    parts.trees.write(dict(reversed(entries.items())), tmp_path / "two.tar")
    assert (tmp_path / "one.tar").read_bytes() == (tmp_path / "two.tar").read_bytes()
    with tarfile.open(tmp_path / "one.tar") as archive:
        assert archive.getnames() == ["a", "b", "b/c", "b/c.txt", "b/c/d"]


def test_layers_are_known_by_what_they_are_made_of(parts: Any, tmp_path: Path) -> None:
    program = tmp_path / "program"
    keys = []
    for content, package in ((b"1", "libc6"), (b"2", "libc6"), (b"1", "zlib1g")):
        program.write_bytes(content)
        below = parts.recipes.Layer(packages=(package,))
        layer = parts.recipes.Layer(on="below", files=(parts.recipes.File("program", program),))
        keys.append(parts.layers.Workshop(tmp_path, {"below": below, "layer": layer}).key("layer"))
    assert len(set(keys)) == 3


def test_every_layer_and_every_file_of_the_recipes_is_there(parts: Any) -> None:
    layers = parts.recipes.LAYERS
    used: set[str] = set()
    for image in parts.recipes.IMAGES.values():
        name = image.layer
        while name:
            used.add(name)
            name = layers[name].on
    assert used == set(layers)
    sources = [file.source for layer in layers.values() for file in layer.files if file.source]
    assert all(source.is_file() for source in sources)


def test_images_that_share_layers_are_written_with_each_layer_once(parts: Any, tmp_path: Path) -> None:
    (tmp_path / "layer").write_bytes(b"layer")
    layer = parts.layers.Built(tmp_path / "layer", "1" * 64, 5)
    images = [
        parts.targets.Made(f"web:{version}", f"web:{version}", f'{{"v": {version}}}'.encode(), (layer,))
        for version in (1, 2)
    ]
    written = io.BytesIO()
    parts.targets.write(images, written)
    with tarfile.open(fileobj=io.BytesIO(written.getvalue())) as archive:
        names = archive.getnames()
    assert names.count(f"{'1' * 64}.tar") == 1
    assert len(names) == 4
