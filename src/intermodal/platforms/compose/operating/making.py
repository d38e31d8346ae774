"""New containers: what surrounds them looked up, their requests made, from the file or as copies of others.

Belongs here: everything that must be known before a container can be made. Does not: when it is started, and what
becomes of the one it replaces (`exchanging.py`).
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from posixpath import dirname
from typing import TYPE_CHECKING, Any

from intermodal.clients.docker.errors import EngineError
from intermodal.kit.records import replace
from intermodal.model.changes import NotDone
from intermodal.model.labels import REPLICAS
from intermodal.platforms.compose.planning.copying import copied, nameless, request
from intermodal.platforms.compose.planning.manners import noted
from intermodal.platforms.compose.planning.memory import Memory, hooks, remembered, with_memory
from intermodal.platforms.compose.planning.wording import problem
from intermodal.platforms.compose.requests import Around, Neighbour, container, inherited
from intermodal.platforms.compose.seen import NUMBER, PROJECT, SERVICE
from intermodal.platforms.compose.seen import container as read

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intermodal.clients.docker.engine import Engine
    from intermodal.platforms.compose.operating.containers import Containers, Made
    from intermodal.platforms.compose.planning.instructions import Instances
    from intermodal.platforms.compose.requests import ServiceRequest


class Making:
    """Makes the containers of one service; what surrounds them is looked up once."""

    def __init__(self, engine: Engine, containers: Containers, instances: Instances, credentials: str = "") -> None:
        self._engine = engine
        self._containers = containers
        self._instances = instances
        self._credentials = credentials
        self._around: Around | None = None
        self._images: dict[str, dict[str, Any]] = {}

    def new(self, service: ServiceRequest, number: int, old: Mapping[str, Any] | None = None) -> Made:
        """Make an instance as the file says; `old` is the one it takes the place of."""
        around = self._surroundings(service)
        memory = Memory(
            files=tuple(upload.path for upload in service.uploads),
            pre_stop=hooks(service.pre_stop),
            manner=noted(service),
        )
        if old is not None:
            image = self._image(old["Image"]) if nameless(old) else {}
            around = replace(around, inherited=inherited(service, old, image))
            memory = replace(memory, previous=self._former(old))
        made = container(service, number, around)
        if not number:
            name = f"{service.project}-{service.name}-0"
            made = replace(made, name=name, query={**made.query, "name": name})
        return self._containers.make(replace(made, body=with_memory(made.body, memory)))

    def like(self, found: Mapping[str, Any], number: int, replicas: str) -> Made:
        """Make one more instance like another that is there; `replicas` is the number the file asked for."""
        memory = remembered(found)
        copy = copied(found)
        copy["body"]["Labels"] = {**(copy["body"].get("Labels") or {}), REPLICAS: replicas}
        name = f"{self._instances.project}-{self._instances.service}-{number}"
        made = request(copy, name, number, inherited={}, image=self._still(found), alive=found["HostConfig"])
        archives = [(dirname(path), self._file(found["Id"], path)) for path in memory.files]
        return self._containers.make(replace(made, body=with_memory(made.body, memory)), archives)

    def former(self, found: Mapping[str, Any], number: int, name: str) -> Made:
        """Make what a container replaced, to take its place."""
        memory = remembered(found)
        copy = memory.previous
        if not copy:
            raise NotDone([_nothing_remembered(name)])
        image = self._present(copy)
        made = request(copy, name, number, inherited=nameless(found), image=image, alive=found["HostConfig"])
        archives = [(one["folder"], b64decode(one["tar"])) for one in copy.get("files", ())]
        files = tuple(one["path"] for one in copy.get("files", ()))
        kept = Memory(
            previous=self._former(found),
            files=files,
            pre_stop=tuple(copy.get("pre_stop", ())),
            manner=memory.manner,
        )
        return self._containers.make(replace(made, body=with_memory(made.body, kept)), archives)

    def _former(self, old: Mapping[str, Any]) -> dict[str, Any]:
        """All that a rollback needs to make a container again."""
        memory = remembered(old)
        files = [
            {"path": path, "folder": dirname(path), "tar": b64encode(self._file(old["Id"], path)).decode()}
            for path in memory.files
        ]
        return {**copied(old), "files": files, "pre_stop": [dict(hook) for hook in memory.pre_stop]}

    def _file(self, found: str, path: str) -> bytes:
        return b"".join(self._engine.stream("GET", f"/containers/{found}/archive", query={"path": path}))

    def _surroundings(self, service: ServiceRequest) -> Around:
        if self._around is None:
            self._around = Around(
                version=self._engine.version,
                image_id=self._instances.image_id or self._image(service.image)["Id"],
                containers={name: self._neighbours(name) for name in service.refers},
                credentials=self._credentials if service.service.use_api_socket else "",
            )
        return self._around

    def _neighbours(self, service: str) -> tuple[Neighbour, ...]:
        found = sorted((read(row) for row in self._rows(service)), key=lambda one: (one.number, -one.created))
        # A container that was set aside, or never ran, is nobody's neighbour.
        usual = [one for one in found if one.number and one.state != "created" and not one.aside]
        return tuple(Neighbour(id=one.id, name=one.name) for one in usual)

    def _rows(self, service: str) -> list[dict[str, Any]]:
        labels = [f"{PROJECT}={self._instances.project}", f"{SERVICE}={service}", "com.docker.compose.oneoff=False"]
        query = {"all": True, "filters": {"label": labels}}
        found: list[dict[str, Any]] = self._engine.call("GET", "/containers/json", query=query)
        return [row for row in found if NUMBER in (row.get("Labels") or {})]

    def _image(self, name: str) -> dict[str, Any]:
        if name not in self._images:
            try:
                self._images[name] = self._engine.call("GET", f"/images/{name}/json")
            except EngineError as error:
                if error.status != 404:
                    raise
                raise NotDone([_image_gone(name)]) from error
        return self._images[name]

    def _still(self, found: Mapping[str, Any]) -> str:
        return self._present({"body": found["Config"], "image_id": found["Image"]})

    def _present(self, copy: Mapping[str, Any]) -> str:
        """The name of a copy's image while that still means the same one, else its id."""
        name, wanted = str(copy["body"].get("Image", "")), str(copy["image_id"])
        try:
            return name if self._image(name)["Id"] == wanted else str(self._image(wanted)["Id"])
        except NotDone:
            return str(self._image(wanted)["Id"])


def _image_gone(name: str) -> Any:  # noqa: ANN401 - a diagnostic
    return problem("image-not-there", f"the image {name} is not on the engine any more", f"`docker pull {name}`")


def _nothing_remembered(name: str) -> Any:  # noqa: ANN401 - a diagnostic
    return problem(
        "nothing-to-roll-back",
        f"{name} has replaced nothing that is still known",
        "a rollback undoes one change by `intermodal up`; to go further back, use an older file",
    )
