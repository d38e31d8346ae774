"""One-off runs: a command in a new instance of a service, as a job of its own that is removed afterwards."""

from __future__ import annotations

from secrets import token_hex
from typing import TYPE_CHECKING, Any

from intermodal.clients.docker.logs import Once, read
from intermodal.model.labels import ONEOFF, REPLICAS, REVISION
from intermodal.platforms.swarm.operating.ending import end_service
from intermodal.platforms.swarm.operating.telling import told
from intermodal.platforms.swarm.planning.seen import STACK, container, labels, name
from intermodal.platforms.swarm.refusals import refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intermodal.clients.docker.engine import Engine
    from intermodal.kit.clock import Clock
    from intermodal.model.platform import Command, Terminal
    from intermodal.platforms.swarm.planning.seen import Raw

_ENDED = frozenset({"complete", "failed", "rejected", "shutdown", "orphaned", "remove"})
_POLL = 0.3
_GRACE = 10.0


def job(spec: Raw, service: str, command: Command) -> dict[str, Any]:
    """The spec of a job that runs the command once as the service would run it, under a name of its own."""
    inside = {**container(spec), "TTY": False, "OpenStdin": False, "Healthcheck": {"Test": ["NONE"]}}
    inside |= {"Args": list(command.argv)} if command.argv else {}
    inside |= {"User": command.user} if command.user else {}
    inside |= {"Dir": command.working_dir} if command.working_dir else {}
    inside["Env"] = _environment(inside.get("Env") or (), command.environment)
    template = {
        **spec["TaskTemplate"],
        "ContainerSpec": inside,
        "RestartPolicy": {"Condition": "none"},
        "Networks": [{"Target": one["Target"]} for one in spec["TaskTemplate"].get("Networks") or ()],
    }
    kept = {key: value for key, value in labels({"Spec": spec}).items() if key not in (REVISION, REPLICAS)}
    return {
        "Name": f"{spec['Name'][:40]}-run-{token_hex(4)}",
        "Labels": {**kept, ONEOFF: service},
        "TaskTemplate": template,
        "Mode": {"ReplicatedJob": {"MaxConcurrent": 1, "TotalCompletions": 1}},
        **({"EndpointSpec": spec["EndpointSpec"]} if command.ports and spec.get("EndpointSpec") else {}),
    }


class OneOff:
    """A job that was made: waits for it, hands on what it writes, removes it."""

    def __init__(self, client: Engine, clock: Clock, spec: Raw, terminal: Terminal) -> None:
        self._client = client
        self._clock = clock
        self._spec = spec
        self._terminal = terminal
        self._service = ""
        self._shown = Once()
        self._since = self._moment = ""
        self._told = ""

    def run(self, headers: Mapping[str, str], *, detach: bool, remove: bool) -> int:
        """Start it; gives the command's exit code, 0 when detached. Raises `NotDone`."""
        with told(self._client):
            self._service = self._client.call("POST", "/services/create", body=self._spec, headers=headers)["ID"]
            if detach:
                self._terminal.write("stdout", f"{name({'Spec': self._spec})}\n".encode())
                return 0
            try:
                return self._wait()
            finally:
                if remove:
                    stack = labels({"Spec": self._spec}).get(STACK, "")
                    end_service(self._client, self._clock, self._service, stack, _GRACE)

    def _wait(self) -> int:
        while True:
            task = self._task()
            state = task["Status"]["State"] if task else "new"
            self._hand_on(started=state == "running" or state in _ENDED)
            if task and state in _ENDED:
                return self._code(task, state)
            self._explain(task)
            self._clock.sleep(_POLL)

    def _task(self) -> Raw | None:
        found = self._client.call("GET", "/tasks", query={"filters": {"service": [self._service]}}) or ()
        task: Raw | None = max(found, key=lambda task: task["CreatedAt"], default=None)
        return task

    def _hand_on(self, *, started: bool) -> None:
        """Write the lines that came since the last look.

        A line of one stream may come late, with an earlier time than the other's: it is read from the look before the
        last one.
        """
        if not started:
            return
        latest = self._moment
        for line in read(self._client, f"/services/{self._service}/logs", since=self._since or None):
            if self._shown.new(line):
                self._terminal.write(line.stream, f"{line.text}\n".encode())
            latest = line.moment
        self._since, self._moment = self._moment, latest

    def _explain(self, task: Raw | None) -> None:
        """Say once why it does not start."""
        why = ((task or {}).get("Status") or {}).get("Err") or ""
        if why and why != self._told:
            self._told = why
            self._terminal.write("stderr", f"waiting: {why}\n".encode())

    def _code(self, task: Raw, state: str) -> int:
        status = task["Status"].get("ContainerStatus") or {}
        if state == "complete":
            return 0
        if not status.get("ExitCode"):
            why = task["Status"].get("Err") or task["Status"].get("Message") or state
            raise refused(
                "one-off-not-started",
                f"the command did not run: {why}",
                "`intermodal nodes` shows where it could; an image must be in a registry or on the node",
            )
        code: int = status["ExitCode"]
        return code


def _environment(said: Any, more: Mapping[str, str]) -> list[str]:  # noqa: ANN401 - JSON
    kept = [one for one in said if one.partition("=")[0] not in more]
    return [*kept, *(f"{key}={value}" for key, value in more.items())]
