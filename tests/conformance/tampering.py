"""Changes to what runs, made past us on the engines themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.clients.docker.connect import connect
from intermodal.model.platform import Target

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def _compose(host: str, application: str, service: str) -> None:
    with connect(Target(host=host)) as engine:
        labels = [f"com.docker.compose.project={application}", f"com.docker.compose.service={service}"]
        for found in engine.call("GET", "/containers/json", query={"filters": {"label": labels}}):
            body = {"RestartPolicy": {"Name": "on-failure", "MaximumRetryCount": 7}}
            engine.call("POST", f"/containers/{found['Id']}/update", body=body)


def _swarm(host: str, application: str, service: str) -> None:
    with connect(Target(host=host)) as engine:
        found = engine.call("GET", f"/services/{application}_{service}")
        spec = found["Spec"]
        spec["TaskTemplate"]["ContainerSpec"]["User"] = "1000"
        path = f"/services/{found['ID']}/update"
        engine.call("POST", path, query={"version": found["Version"]["Index"]}, body=spec)


TAMPERING: Mapping[str, Callable[[str, str, str], None]] = {"compose": _compose, "swarm": _swarm}
