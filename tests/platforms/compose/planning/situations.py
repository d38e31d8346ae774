"""Situations for planning: applications as people write them, engines as their lists would show them."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from intermodal.clients.docker.images import LocalImage, LocalImages
from intermodal.compose.load import Request, load
from intermodal.kit.records import replace
from intermodal.model.changes import NotDone
from intermodal.model.labels import REPLICAS, REVISION
from intermodal.model.platform import Settings, Wishes
from intermodal.platforms.compose.planning import plan
from intermodal.platforms.compose.planning.instructions import (
    Exchange,
    Instances,
    Make,
    Remember,
    Start,
)
from intermodal.platforms.compose.planning.situation import Situation
from intermodal.platforms.compose.requests import Wanted, wanted
from intermodal.platforms.compose.seen import (
    DEPENDS_ON,
    NUMBER,
    PROJECT,
    SERVICE,
    WORKING_DIR,
    Seen,
    SeenContainer,
    SeenNetwork,
    SeenVolume,
)

if TYPE_CHECKING:
    from intermodal.model.changes import Change, Plan
    from intermodal.platforms.compose.planning.instructions import Operation

IMAGE = "sha256:" + "1" * 64
IMAGES = LocalImages([LocalImage(id=IMAGE, names=("docker.io/library/web:1",), digests=())])
NOTHING = Seen(project="shop")


def wish(services: dict[str, Any], **shared: Any) -> Wanted:
    """What an application called shop asks; services without an image have web:1."""
    full = {name: {"image": "web:1", **said} for name, said in services.items()}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "compose.yaml"
        path.write_text(json.dumps({"name": "shop", "services": full, **shared}), "utf-8")
        found = load(Request(files=(os.fspath(path),), environment={}, working_directory=folder))
        application = replace(found.application, working_dir="/shop")
        return wanted(application, Settings(), found.files)


def container(asked: Wanted, service: str, number: int = 1, **said: Any) -> SeenContainer:
    """A container that runs just as asked, with some things otherwise."""
    request = asked.services.get(service)
    labels = {
        PROJECT: "shop",
        SERVICE: service,
        NUMBER: str(number),
        WORKING_DIR: "/shop",
        REVISION: request.revision if request else "gone",
        REPLICAS: str(request.replicas) if request else "1",
        DEPENDS_ON: ",".join(f"{name}:service_started:false" for name in (request.depends_on if request else ())),
        **said.pop("labels", {}),
    }
    networks = {asked.networks[key].name: f"id-{key}" for key in (request.networks if request else ())}
    made = SeenContainer(
        id=f"{service}{number}".ljust(64, "0"),
        name=f"shop-{service}-{number}",
        project="shop",
        service=service,
        number=number,
        image_id=IMAGE,
        networks=networks,
        created=1000 + number,
        labels={key: value for key, value in labels.items() if value is not None},
    )
    return replace(made, **said)


def engine(asked: Wanted, *containers: SeenContainer, others: tuple[SeenContainer, ...] = ()) -> Seen:
    """An engine with these containers, and all networks and volumes as asked."""
    networks = [
        SeenNetwork(id=f"id-{key}", name=one.name, labels=one.body.get("Labels", {}))
        for key, one in asked.networks.items()
    ]
    volumes = [SeenVolume(name=one.name, labels=one.body.get("Labels", {})) for one in asked.volumes.values()]
    return Seen(project="shop", containers=containers, others=others, networks=tuple(networks), volumes=tuple(volumes))


def running(asked: Wanted) -> Seen:
    """An engine on which everything is as asked."""
    ones = [
        container(asked, name, number, created=1000 + place)
        for place, (name, service) in enumerate(asked.services.items())
        for number in range(1, service.replicas + 1)
    ]
    return engine(asked, *ones)


def planned(asked: Wanted, found: Seen, wishes: Wishes | None = None, **more: Any) -> Plan:
    """The plan of `up`."""
    at = Situation(wanted=asked, seen=found, images=more.pop("images", IMAGES), wishes=wishes or Wishes(), **more)
    return plan(at, "/shop")


def change(made: Plan, key: str) -> Change:
    """The change of that key."""
    [found] = [one for one in made.changes if one.key == key]
    return found


def operations(one: Change) -> list[str]:
    """The operations of a service's change, in short words."""
    assert isinstance(one.instruction, Instances)
    return [_word(operation) for operation in one.instruction.operations]


def _word(operation: Operation) -> str:
    match operation:
        case Make():
            return f"make {operation.number}"
        case Exchange():
            ready = f" with {operation.new.name}" if operation.new else ""
            return f"exchange {operation.number} for {operation.old.name}{ready}"
        case Start():
            return f"start {operation.container.name} as {operation.name}"
        case Remember():
            return "remember"
    return f"{type(operation).__name__.lower()} {operation.container.name}"


def codes(asked: Any, found: Seen, wishes: Wishes | None = None, **more: Any) -> list[str]:
    with pytest.raises(NotDone) as refused:
        planned(asked, found, wishes, **more)
    assert all(one.help for one in refused.value.diagnostics)
    return [one.code for one in refused.value.diagnostics]


def work(plan: Plan) -> dict[str, str]:
    return {one.key: one.action.value for one in plan.work}
