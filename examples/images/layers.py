"""Layers, built once: each is known by a hash of all it is made of, and kept in a folder under that name."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tarfile
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import debian
import trees

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recipes import Layer

_KEPT_UNUSED = 30 * 86400.0
_COMPILE = """
import importlib, py_compile, sys
root, *modules = sys.argv[1:]
mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
for name in modules:
    importlib.import_module(name)
for path in {module.__file__ for module in list(sys.modules.values()) if getattr(module, "__file__", None)}:
    if path.startswith(root) and path.endswith(".py"):
        py_compile.compile(path, dfile=path.removeprefix(root), doraise=True, invalidation_mode=mode)
"""


class Built(NamedTuple):
    """A layer as it lies in the cache: its file, and its content's SHA-256 and size."""

    path: Path
    digest: str
    size: int


class Workshop:
    """Builds layers into a folder; what was built for the same recipe before is taken from there."""

    def __init__(self, folder: Path, layers: dict[str, Layer]) -> None:
        self.folder = folder
        self.layers = layers
        self.architecture = debian.architecture()
        self._archive: debian.Archive | None = None
        self._keys: dict[str, str] = {}
        self._packages: dict[str, dict[str, debian.Package]] = {}

    @property
    def archive(self) -> debian.Archive:
        """Debian's archive; its index is read when the first layer has to be built."""
        self._archive = self._archive or debian.Archive(self.folder / "debian")
        return self._archive

    def chain(self, name: str) -> tuple[str, ...]:
        """A layer's name, after those of all layers below it."""
        below = self.layers[name].on
        return (*(self.chain(below) if below else ()), name)

    def key(self, name: str) -> str:
        """What a layer is known by: changes with its recipe, its files, those of the layers below, and this program."""
        if name not in self._keys:
            layer = self.layers[name]
            recipe = layer._replace(files=tuple(file._replace(source=None) for file in layer.files))
            programs = (Path(module) for module in (debian.__file__, trees.__file__, __file__))
            files = [*programs, *(file.source for file in layer.files if file.source)]
            parts = [self.architecture, self.key(layer.on) if layer.on else "", repr(recipe)]
            parts += [hashlib.sha256(file.read_bytes()).hexdigest() for file in files]
            self._keys[name] = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]
        return self._keys[name]

    def built(self, name: str) -> Built:
        """A layer, built now if it was not before."""
        path = self.folder / "layers" / f"{name}-{self.key(name)}.tar"
        note = path.with_suffix(".json")
        if not note.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            trees.write(self._tree(name), path)
            with path.open("rb") as stream:
                digest = hashlib.file_digest(stream, "sha256").hexdigest()
            versions = sorted(f"{each.name}={each.version}" for each in self._closure(name).values())
            note.write_text(json.dumps({"digest": digest, "packages": versions}, indent=1), encoding="utf-8")
        os.utime(note)
        return Built(path, json.loads(note.read_text("utf-8"))["digest"], path.stat().st_size)

    def tidy(self) -> None:
        """Remove what was downloaded, and layers that nobody used for a month."""
        shutil.rmtree(self.folder / "debian", ignore_errors=True)
        for note in (self.folder / "layers").glob("*.json"):
            if time.time() - note.stat().st_mtime > _KEPT_UNUSED:  # noqa: TID251 - age of a cache
                note.unlink()
                note.with_suffix(".tar").unlink(missing_ok=True)

    def _closure(self, name: str) -> dict[str, debian.Package]:
        """The packages of one layer: not those of the layers below."""
        if name not in self._packages:
            layer = self.layers[name]
            below = {found for lower in self.chain(name)[:-1] for found in self._closure(lower)}
            wanted = [package for package in layer.packages if package not in below]
            self._packages[name] = self.archive.with_dependencies(wanted, {*layer.without, *below}) if wanted else {}
        return self._packages[name]

    def _tree(self, name: str) -> trees.Tree:
        layer = self.layers[name]
        packages = sorted(self._closure(name).values())
        if packages:
            self.archive.fetch(packages)
        tree = trees.of_packages([self.archive.file(package) for package in packages]) if packages else {}
        tree |= trees.of_files(layer.files)
        return tree | (self._compiled(name, tree, layer.modules) if layer.modules else {})

    def _compiled(self, name: str, tree: trees.Tree, modules: Iterable[str]) -> trees.Tree:
        """Bytecode of modules and of all they import, made by the image's own interpreter."""
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder, "root")
            trees.write(tree, Path(folder, "layer.tar"))
            for path in (*(self.built(lower).path for lower in self.chain(name)[:-1]), Path(folder, "layer.tar")):
                with tarfile.open(path) as archive:
                    archive.extraction_filter = lambda entry, _: entry  # packages that apt has verified; `filter=` is
                    archive.extractall(root)  # noqa: S202 - unknown to Debian 12's Python
            before = set(root.rglob("*.pyc"))
            program = (*_interpreter(root), "-BE", "-c", _COMPILE, str(root), *modules)
            debian.run(*program, environment={"PYTHONHOME": f"{root}/usr", "LANG": "C.UTF-8"})
            made = {str(path.relative_to(root)): path.read_bytes() for path in set(root.rglob("*.pyc")) - before}
        return {path: trees.entry(path, content) for path, content in made.items()}


def _interpreter(root: Path) -> tuple[str, ...]:
    """How to run the Python in a tree without being root: by the tree's own loader, with its libraries."""
    loader = next(file for place in ("lib64", "lib") for file in (root / "usr" / place).glob("ld-linux*"))
    library = next(root.glob("usr/lib/*-linux-gnu"))
    python = next(root.glob("usr/bin/python3.*[0-9]"))
    return str(loader), "--library-path", str(library), str(python)
