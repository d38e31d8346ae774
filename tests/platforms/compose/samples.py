"""Sample services, each a small application of its own together with what it refers to."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from intermodal.compose.load import Request, load
from intermodal.model.platform import Settings
from intermodal.platforms.compose.requests import Around, Neighbour, Wanted, container, wanted
from tests.applications import FilesInMemory

if TYPE_CHECKING:
    from intermodal.compose.load import Loaded
    from intermodal.platforms.compose.requests import ContainerRequest

FOLDER = "/project"
IMAGE = "example.org/web:1"
ENVIRONMENT = {"TOKEN": "very secret"}
FILES = {"/project/motd": b"hello\n", "/project/profile.json": b'{\n "defaultAction": "x"\n}\n'}
_OTHERS = ("plain", "dns", "ipc", "mounts-anonymous")
"""Services that some refer to."""


@cache
def everything() -> dict[str, Any]:
    """Both files of samples as one."""
    merged: dict[str, Any] = {}
    for name in ("peer-services.yaml", "more-services.yaml"):
        text = Path(__file__).with_name(name).read_text()
        text = text.replace("image: IMAGE", f"image: {IMAGE}").replace("PROJECT", "shop")
        for section, parts in yaml.safe_load(
            text.replace("FOLDER/some.env", "some.env").replace("FOLDER", FOLDER)
        ).items():
            merged.setdefault(section, {}).update(parts)
    return merged


def names() -> list[str]:
    return sorted(everything()["services"])


def file_of(name: str) -> dict[str, Any]:
    """The application of one sample."""
    whole = everything()
    said = str(whole["services"][name])
    kept = {one: whole["services"][one] for one in (*_OTHERS, name) if one == name or one in said}
    return {**whole, "services": kept}


def load_text(text: str, folder: Path) -> Loaded:
    """Load an application's text; its project is called shop, wherever it lies."""
    (folder / "some.env").write_text("FROM_FILE=1\nBOTH=file\n")
    (folder / "labels").write_text("label.of.file=1\n")
    text = text.replace("/project/labels", str(folder / "labels"))
    request = Request(
        files=("-",),
        environment=ENVIRONMENT,
        working_directory=str(folder),
        project_name="shop",
        stdin=text,
        interpolate=True,
    )
    return load(request)


def asked(found: Loaded, *, local: bool = True, **options: str) -> Wanted:
    return wanted(found.application, Settings(options=options), FilesInMemory(FILES), local=local)


def made(found: Wanted, name: str, version: tuple[int, int] = (1, 48)) -> ContainerRequest:
    """The first container of a service; all it refers to is there."""
    service = found.services[name]
    neighbours = {one: (Neighbour(id=f"<{one}>", name=f"shop-{one}-1"),) for one in service.refers}
    return container(service, 1, Around(version=version, image_id="sha256:1", containers=neighbours))
