"""Services made and changed, always from the spec that is there: what we do not know of it survives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from intermodal.clients.docker.errors import EngineError
from intermodal.clients.docker.references import InvalidReference
from intermodal.platforms.swarm.operating.ending import end_service
from intermodal.platforms.swarm.operating.retrying import outrun
from intermodal.platforms.swarm.operating.telling import is_there
from intermodal.platforms.swarm.planning.revising import gone_back, is_as_wanted, made_spec, next_spec
from intermodal.platforms.swarm.planning.seen import (
    STACK,
    container,
    force,
    image,
    labels,
    live_replicas,
    with_force,
    with_replicas,
)
from intermodal.platforms.swarm.refusals import refused
from intermodal.platforms.swarm.requests import identified

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from intermodal.clients.docker.auth import Credentials
    from intermodal.clients.docker.engine import Engine
    from intermodal.kit.clock import Clock
    from intermodal.platforms.swarm.planning.instructions import GoBack, PutService, Restart, Scale
    from intermodal.platforms.swarm.planning.seen import Raw

_GRACE = 10.0


class Services:
    """Changes services of one Swarm."""

    def __init__(self, client: Engine, credentials: Credentials) -> None:
        self._client = client
        self._credentials = credentials

    def put(self, put: PutService, clock: Clock) -> None:
        """Make the service what the instruction says, whatever it is now."""
        outrun(clock, f"service {put.name}", lambda: self._put(put, clock))

    def scale(self, scale: Scale, clock: Clock) -> None:
        """Give the service that many instances, and change nothing else."""
        self._change(clock, scale.full_name, lambda raw: _unless(
            live_replicas(raw["Spec"]) == scale.replicas, with_replicas(raw["Spec"], scale.replicas)
        ))  # fmt: skip

    def restart(self, restart: Restart, clock: Clock) -> None:
        """Have the service's instances started anew, once."""
        self._change(clock, restart.full_name, lambda raw: _unless(
            force(raw["Spec"]) >= restart.force, with_force(raw["Spec"], restart.force)
        ))  # fmt: skip

    def go_back(self, back: GoBack, clock: Clock) -> None:
        """Make the service what it was, with the number of instances it has now."""
        self._change(clock, back.full_name, lambda raw: gone_back(raw, back.spec))

    def _put(self, put: PutService, clock: Clock) -> bool | None:
        raw = self._find(put.full_name)
        if raw is not None and put.exchange and raw["ID"] == put.exchange:
            end_service(self._client, clock, put.exchange, labels(raw).get(STACK, ""), _grace(raw))
            return None
        spec = identified(dict(put.spec), *ids(self._client, put.spec))
        if raw is None:
            return self._create(put, spec)
        if labels(raw).get(STACK) != (put.spec.get("Labels") or {}).get(STACK):
            raise _taken(put.full_name)
        if not is_as_wanted(raw, put):
            self._send(raw, next_spec(raw, put, spec))
        return True

    def _create(self, put: PutService, spec: Raw) -> bool | None:
        made = made_spec(put, spec)
        try:
            self._client.call("POST", "/services/create", body=made, headers=self._headers(made))
        except EngineError as error:
            if is_there(error):
                return None  # made by another run meanwhile: look again
            raise
        return True

    def _change(self, clock: Clock, full_name: str, change: Callable[[Raw], Raw | None]) -> None:
        def attempt() -> bool:
            raw = self._find(full_name)
            if raw is None:
                raise refused("service-not-there", f"the service {full_name} is gone", "`intermodal up` makes it again")
            spec = change(raw)
            if spec is not None:
                self._send(raw, spec)
            return True

        outrun(clock, f"service {full_name}", attempt)

    def _send(self, raw: Raw, spec: Raw) -> None:
        self._client.call(
            "POST",
            f"/services/{raw['ID']}/update",
            query={"version": raw["Version"]["Index"], "registryAuthFrom": "spec"},
            body=spec,
            headers=self._headers(spec),
        )

    def _find(self, full_name: str) -> dict[str, Any] | None:
        try:
            found: dict[str, Any] = self._client.call("GET", f"/services/{quote(full_name, safe='')}")
        except EngineError as error:
            if error.status == 404:
                return None
            raise
        return found

    def _headers(self, spec: Raw) -> Mapping[str, str]:
        try:
            return self._credentials.headers(image(spec).partition("@")[0])
        except InvalidReference:  # an image by its id, which no registry is asked for
            return {}


def ids(client: Engine, spec: Raw) -> tuple[dict[str, str], dict[str, str]]:
    """The ids of the configs and of the secrets that a spec names. Raises `NotDone` where one is gone."""
    return _named(client, spec, "configs", "ConfigName"), _named(client, spec, "secrets", "SecretName")


def _named(client: Engine, spec: Raw, section: str, key: str) -> dict[str, str]:
    names = {one[key] for one in container(spec).get(section.capitalize()) or ()}
    if not names:
        return {}
    there = client.call("GET", f"/{section}", query={"filters": {"name": sorted(names)}}) or ()
    found = {raw["Spec"]["Name"]: raw["ID"] for raw in there}
    if missing := sorted(names - found.keys()):
        raise refused(
            "changed-meanwhile",
            f"{section} that {spec['Name']} needs are gone: {', '.join(missing)}",
            "somebody removed them meanwhile: give the same command again",
            exit_code=3,
        )
    return found


def _unless(done: bool, spec: Raw) -> Raw | None:
    return None if done else spec


def _grace(raw: Raw) -> float:
    said = container(raw["Spec"]).get("StopGracePeriod")
    return _GRACE if said is None else said / 1e9


def _taken(full_name: str) -> Exception:
    return refused(
        "service-name-taken",
        f"a service called {full_name} is there, and it is not part of this application",
        f"remove it (`docker service rm {full_name}`), or give the application another name (-p, `name:`)",
    )
