"""One container at a time: make, start, stop, rename, remove. Each can be asked for again after it was done.

Belongs here: the calls, and what their refusals mean. Does not: which container when (`exchanging.py`, `carrying.py`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from intermodal.clients.docker.archive import put
from intermodal.clients.docker.diagnosis import not_done, taken_port
from intermodal.clients.docker.errors import EngineError
from intermodal.kit.records import record
from intermodal.model.changes import NotDone
from intermodal.model.labels import REVISION
from intermodal.platforms.compose.operating.holders import holder
from intermodal.platforms.compose.planning.conflicts import port_taken
from intermodal.platforms.compose.planning.memory import remembered
from intermodal.platforms.compose.planning.wording import problem
from intermodal.platforms.compose.seen import NUMBER, PROJECT, SERVICE, HostPort

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from intermodal.clients.docker.engine import Engine
    from intermodal.platforms.compose.requests import ContainerRequest

_BAD_REQUEST = 400
_NOT_THERE = 404
_CONFLICT = 409
_SLACK = 60.0
"""Seconds an engine may take to stop a container, besides the grace it gives."""
_GRACE = 10
"""Seconds the engine gives where nobody said anything."""
_SHORT = 12
_SAME = (PROJECT, SERVICE, NUMBER, REVISION)


@record
class Made:
    """A container by its id; `ran` says that it was there already, and has been started before."""

    id: str
    ran: bool = False


class Containers:
    """The containers of an engine."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.starting: set[str] = set()
        """Those being started just now, by their ids: the engine answers nothing about them until it is done."""

    def look(self, name: str) -> dict[str, Any] | None:
        """The engine's answer about a container, None where it is not there."""
        try:
            found: dict[str, Any] = self._engine.call("GET", f"/containers/{name}/json")
        except EngineError as error:
            if error.status == _NOT_THERE:
                return None
            raise
        return found

    def make(self, wanted: ContainerRequest, archives: Iterable[tuple[str, bytes]] = ()) -> Made:
        """Make a container ready to be started.

        `archives` are tar streams to be unpacked below folders. One of that name that was made for this very purpose
        stays if it has run, and is made once more if not. Half made, it is taken away again.
        """
        try:
            made = self._created(wanted)
        except EngineError as error:
            if error.status != _CONFLICT:
                raise
            there = self._there(wanted)
            if there is not None:
                return there
            made = self._created(wanted)
        try:
            for connection in wanted.connections:
                body = {"Container": made, **connection.body}
                self._engine.call("POST", f"/networks/{connection.network}/connect", body=body)
            if wanted.uploads:
                put(self._engine, made, "/", wanted.uploads)
            for folder, content in archives:
                self._engine.call("PUT", f"/containers/{made}/archive", query={"path": folder}, body=content)
        except EngineError:
            self.remove(made, volumes=True)
            raise
        return Made(id=made)

    def start(self, container: str, service: str) -> None:
        """Start a container; one that runs goes on. Raises `NotDone` that says why it does not start."""
        self.starting.add(container)
        try:
            self._engine.call("POST", f"/containers/{container}/start", timeout=_SLACK * 2)
        except EngineError as error:
            raise self._not_started(error, container, service) from error
        finally:
            self.starting.discard(container)

    def stop(self, found: Mapping[str, Any]) -> None:
        """Stop a container that `look` found, after the `pre_stop` hooks it remembers."""
        state = found["State"]
        if not (state.get("Running") or state.get("Restarting")):
            return
        if state.get("Paused"):
            self._engine.call("POST", f"/containers/{found['Id']}/unpause")
        for hook in remembered(found).pre_stop:
            self.hook(found["Id"], hook)
        grace = found["Config"].get("StopTimeout")
        timeout = (_GRACE if grace is None else grace) + _SLACK
        self._quietly("POST", f"/containers/{found['Id']}/stop", timeout=timeout)

    def unpause(self, container: str) -> None:
        """Let a paused container go on."""
        self._quietly("POST", f"/containers/{container}/unpause")

    def remove(self, container: str, *, volumes: bool = False) -> None:
        """Remove a container, with the volumes that nobody named where `volumes` says so. It need not be there."""
        query = {"force": True, "v": volumes}
        self._quietly("DELETE", f"/containers/{container}", query=query, timeout=_SLACK)

    def rename(self, container: str, name: str) -> None:
        """Call a container something else. Raises `EngineError` where another one has the name."""
        self._engine.call("POST", f"/containers/{container}/rename", query={"name": name})

    def set_aside(self, found: Mapping[str, Any], name: str) -> None:
        """Free the name of a container that is to be replaced; done already, it does nothing."""
        if found["Name"].removeprefix("/") == name:
            self.rename(found["Id"], f"{found['Id'][:_SHORT]}_{name}")

    def hook(self, container: str, body: Mapping[str, Any]) -> tuple[int, str]:
        """Run a command inside a container to its end; gives its exit code and the last line it wrote."""
        wanted = {"AttachStdout": True, "AttachStderr": True, "Tty": True, **body}
        made = self._engine.call("POST", f"/containers/{container}/exec", body=wanted)["Id"]
        said = b"".join(self._engine.stream("POST", f"/exec/{made}/start", body={"Detach": False, "Tty": True}))
        code = int(self._engine.call("GET", f"/exec/{made}/json").get("ExitCode") or 0)
        lines = said.decode("utf-8", "replace").strip().splitlines()
        return code, lines[-1] if lines else ""

    def last_words(self, container: str) -> str:
        """The last line that a container wrote; "" where it wrote nothing, or that is not kept."""
        from intermodal.clients.docker.logs import read  # noqa: PLC0415 - only when something is wrong

        try:
            found = list(read(self._engine, f"/containers/{container}/logs", tail=1))
        except EngineError:
            return ""
        return found[-1].text.strip() if found else ""

    def _there(self, wanted: ContainerRequest) -> Made | None:
        """The container that has the name, if it is what is wanted; one that never ran is removed."""
        found = self.look(wanted.name)
        if found is None:
            return None
        if not _same(found, wanted.body["Labels"]):
            raise _name_taken(found, wanted)
        if found["State"]["Status"] != "created":
            return Made(id=found["Id"], ran=True)
        self.remove(found["Id"], volumes=True)
        return None

    def _created(self, wanted: ContainerRequest) -> str:
        try:
            made = self._engine.call("POST", "/containers/create", query=wanted.query, body=wanted.body)
        except EngineError as error:
            if error.status != _BAD_REQUEST:
                raise
            raise _refused(error, wanted.body["Labels"].get(SERVICE, "")) from error
        return str(made["Id"])

    def _quietly(self, method: str, path: str, **said: Any) -> None:  # noqa: ANN401 - as `call` takes them
        """Ask for what may have happened already."""
        try:
            self._engine.call(method, path, **said)
        except EngineError as error:
            if error.status not in (_NOT_THERE, _CONFLICT):
                raise

    def _not_started(self, error: EngineError, container: str, service: str) -> NotDone:
        port = taken_port(error.message)
        if port:
            who = holder(self._engine, port, container)
            wanted = HostPort(port=port.port, protocol=port.protocol, address=port.address)
            return NotDone([port_taken(service, wanted, who)])
        if "start container" in error.message or "task" in error.message or "OCI" in error.message:
            said = error.message.rpartition("OCI runtime create failed: ")[2]
            message = f"service {service} cannot be started: {said}"
            advice = "look at `command`, `entrypoint`, `devices` and mounts of the service"
            return NotDone([problem("instance-not-started", message, advice)])
        return not_done(error, self._engine.address)


def _refused(error: EngineError, service: str) -> NotDone:
    message = f"service {service} cannot be started: {error.message}"
    advice = "the engine refuses what the file says: look at the service's mounts, ports, devices and limits"
    return NotDone([problem("instance-not-started", message, advice)])


def _same(found: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    """Whether a container stands for the same instance; one that has run must be of the same revision, too."""
    there = found["Config"].get("Labels") or {}
    keys = _SAME[:3] if found["State"]["Status"] == "created" else _SAME
    return all(there.get(key) == labels.get(key) for key in keys)


def _name_taken(found: Mapping[str, Any], wanted: ContainerRequest) -> NotDone:
    labels = found["Config"].get("Labels") or {}
    whose = f"project {labels[PROJECT]!r}" if labels.get(PROJECT) else "no project"
    message = f"the container name {wanted.name} is taken by a container of {whose}"
    advice = (
        f"run the same command again if that is this project; else `docker rm {wanted.name}` or another name with -p"
    )
    return NotDone([problem("container-name-taken", message, advice)])
