#!/usr/bin/env python3
"""Builds small images from Debian packages: no registry, no engine, no root needed, nothing but Python's library.

build.py                                          say which images there are
build.py web redis --load unix:///run/docker.sock load them into an engine
build.py voting-app --push 10.0.0.1:5000          put all of the voting app's into a registry
build.py --output images.tar                      write all to a file for `docker load`

Names begin with a registry, so that one name leads to an image on one engine and on many: that of --registry, else of
--push, else of REGISTRY, else localhost:5000. With --plain they have none (web:1), and registries hold
them where a mirror of Docker Hub does (library/web:1). Layers stay in --cache: the second time takes no time.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import layers
import recipes
import targets

if TYPE_CHECKING:
    from collections.abc import Iterator

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "intermodal" / "images"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("images", nargs="*", metavar="IMAGE", help="web, or one version of it: web:2")
    parser.add_argument("--load", action="append", default=[], metavar="ENGINE", help="unix://… or tcp://…, repeatable")
    parser.add_argument("--push", action="append", default=[], metavar="HOST:PORT", help="plain HTTP, repeatable")
    parser.add_argument("--output", type=Path, metavar="FILE", help="for docker load")
    parser.add_argument("--registry", metavar="HOST:PORT", help="what names begin with")
    parser.add_argument("--plain", action="store_true", help="names without a registry")
    parser.add_argument("--cache", type=Path, default=CACHE, metavar="FOLDER", help=f"default {CACHE}")
    parser.add_argument("--fresh", action="store_true", help="build anew from the packages of today")
    return parser.parse_args()


def chosen(words: list[str]) -> list[str]:
    """The images that words name, with their versions; all where there is no word."""
    names: list[str] = []
    for word in words:
        found = [name for name in recipes.IMAGES if word in (name, name.partition(":")[0], name.partition("/")[0])]
        if not found:
            raise SystemExit(f"there is no image {word}; there are: {' '.join(recipes.IMAGES)}")
        names += found
    return list(dict.fromkeys(names or recipes.IMAGES))


def made(names: list[str], asked: argparse.Namespace) -> Iterator[targets.Made]:
    """The images, their layers built where they were not."""
    registry = asked.registry or next(iter(asked.push), "") or os.environ.get("REGISTRY") or "localhost:5000"
    workshop = layers.Workshop(asked.cache.absolute(), recipes.LAYERS)
    for name in names:
        image = recipes.IMAGES[name]
        built = {layer: workshop.built(layer) for layer in workshop.chain(image.layer)}
        configuration = targets.configuration(image, built.items(), workshop.architecture)
        place = f"library/{name}" if asked.plain and "/" not in name else name
        yield targets.Made(name if asked.plain else f"{registry}/{name}", place, configuration, tuple(built.values()))
    workshop.tidy()


def main() -> int:
    asked = arguments()
    if not (asked.images or asked.load or asked.push or asked.output):
        print("\n".join(recipes.IMAGES))
        return 0
    asked.cache.mkdir(parents=True, exist_ok=True)
    with (asked.cache / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # of two runs at a time one builds, the other finds
        if asked.fresh:
            shutil.rmtree(asked.cache / "layers", ignore_errors=True)
        images = list(made(chosen(asked.images), asked))
    for engine in asked.load:
        targets.load(images, engine)
    for place in asked.push:
        targets.push(images, place)
    if asked.output:
        with asked.output.open("wb") as stream:
            targets.write(images, stream)
    print("\n".join(image.name for image in images))
    return 0


if __name__ == "__main__":
    sys.exit(main())
