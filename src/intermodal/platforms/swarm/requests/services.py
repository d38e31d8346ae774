"""One service: a service of the stack and what the application says beyond it -> the API's ServiceSpec."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.clients.docker.objects import filled, log_driver
from intermodal.kit.records import NOTHING
from intermodal.model.changes import Condition
from intermodal.model.labels import DEPENDS_ON, REPLICAS, REVISION, revision
from intermodal.platforms.swarm.requests import deploying
from intermodal.platforms.swarm.requests.containers import container
from intermodal.platforms.swarm.requests.names import user_defined
from intermodal.platforms.swarm.requests.wanted import IMAGE, NAMESPACE, WantedService

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intermodal.model.application import Application, Service
    from intermodal.model.support import Notes
    from intermodal.platforms.swarm.plain import Object
    from intermodal.platforms.swarm.requests.names import Names

_CONDITIONS = {
    "service_started": Condition.STARTED,
    "service_healthy": Condition.HEALTHY,
    "service_completed_successfully": Condition.COMPLETED,
}


def service(
    application: Application, said: Service, stack: Object, names: Names, notes: Notes, profiles: Mapping[str, bytes]
) -> WantedService:
    """The service; `stack` is how the translation has it."""
    deploy = stack.get("deploy", {})
    kind, count, mode = deploying.mode(deploy)
    template = _template(stack, deploy, said, names, container(stack, said, names, notes, profiles))
    depends_on = _dependencies(application, said)
    made = filled(
        Name=names.scoped(said.name),
        Labels={**deploy.get("labels", {}), IMAGE: stack["image"], NAMESPACE: names.stack},
        TaskTemplate=template,
        UpdateConfig=deploying.update(deploy.get("update_config")),
        RollbackConfig=deploying.update(deploy.get("rollback_config")),
        EndpointSpec=deploying.endpoint(deploy, stack.get("ports", [])),
    )
    hashed = revision(made | {"Mode": list(mode), "DependsOn": sorted(depends_on)})
    labels = filled(**{REVISION: hashed, REPLICAS: _number(kind, count), DEPENDS_ON: ",".join(sorted(depends_on))})
    spec = made | {"Labels": made["Labels"] | labels, "Mode": mode}
    inside = template["ContainerSpec"]
    return WantedService(
        name=said.name,
        full_name=made["Name"],
        image=stack["image"],
        spec=spec,
        revision=hashed,
        mode=kind,
        replicas=count,
        depends_on=depends_on,
        pull_policy=said.pull_policy,
        networks=tuple(network["Target"] for network in template.get("Networks", ())),
        configs=tuple(dict.fromkeys(one["ConfigName"] for one in inside.get("Configs", ()))),
        secrets=tuple(dict.fromkeys(one["SecretName"] for one in inside.get("Secrets", ()))),
    )


def _number(kind: str, count: int | None) -> str | None:
    return str(count) if kind == "replicated" else None


def _template(stack: Object, deploy: Object, said: Service, names: Names, inside: Object) -> Object:
    return {"ContainerSpec": inside} | filled(
        Resources=deploying.resources(deploy.get("resources", {})),
        RestartPolicy=deploying.restart(deploy.get("restart_policy", {})),
        Placement=deploying.placement(deploy.get("placement", {})),
        Networks=_networks(stack.get("networks") or {"default": None}, said.name, names),
        LogDriver=log_driver(said.logging),
    )


def _networks(said: Mapping[str, Object | None], service: str, names: Names) -> list[Object]:
    """The networks it joins; in each it answers to its own name too, except in the engine's own."""
    made = []
    for key, attachment in said.items():
        target, detail = names.of("networks", key), attachment or NOTHING
        aliases = [*detail.get("aliases", ()), *([service] if user_defined(target) else ())]
        made.append(filled(Target=target, Aliases=aliases, DriverOpts=detail.get("driver_opts")))
    return sorted(made, key=lambda one: str(one["Target"]))


def _dependencies(application: Application, said: Service) -> dict[str, tuple[Condition, bool]]:
    """What must be true of other services first; services that are not active here need not be awaited."""
    return {
        name: (_CONDITIONS.get(dependency.condition, Condition.STARTED), dependency.required)
        for name, dependency in said.depends_on.items()
        if name in application.services and application.services[name].provider is None
    }
