"""The application as it is operated: what others wait to see ended is a job, since the order is kept by the rollout."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.kit.records import replace
from intermodal.model.placement import Deploy

if TYPE_CHECKING:
    from intermodal.model.application import Application, Service

_JOBS = {"": "replicated-job", "replicated": "replicated-job", "global": "global-job"}
COMPLETED = "service_completed_successfully"


def prepared(application: Application) -> Application:
    """The same application, with services that others await as jobs that run once, as docker compose runs them."""
    awaited = _awaited(application)
    if not awaited:
        return application
    services = {name: _job(service) if name in awaited else service for name, service in application.services.items()}
    return replace(application, services=services)


def _awaited(application: Application) -> frozenset[str]:
    """The services that others wait for to end well."""
    return frozenset(
        name
        for service in application.services.values()
        for name, dependency in service.depends_on.items()
        if dependency.condition == COMPLETED
    )


def _job(service: Service) -> Service:
    deploy = service.deploy or Deploy()
    said = service.restart or (deploy.restart_policy is not None and deploy.restart_policy.condition)
    return replace(
        service,
        deploy=replace(deploy, mode=_JOBS.get(deploy.mode, deploy.mode)),
        restart=service.restart if said else "no",
    )
