"""What happens when a container ends: restart policies, and how often a Job is tried."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.kit.records import record
from intermodal.model.support import Consequence, Exact, Missing
from intermodal.platforms.kubernetes.kinds import mode, restart_condition
from intermodal.platforms.kubernetes.terms import UNCHANGED
from intermodal.platforms.kubernetes.wishes.wishes import service_wishes

if TYPE_CHECKING:
    from intermodal.model.application import Service
    from intermodal.platforms.kubernetes.context import Context
    from intermodal.platforms.kubernetes.kinds import Kind

UNLIMITED = 2**31 - 1
"""The largest number of attempts a Job takes: Compose's `on-failure` never gives up."""

_ALWAYS = Missing(
    code="always-restarted",
    why="what serves is started again whenever it ends, also when it ended well",
    advice="if this service is a task that ends, ask for a Job with `x-intermodal: {controller: job}`",
)
_AS_A_JOB = Missing(
    code="restarted-until-done",
    why="as a Job it is tried again until it ends well, and then it rests",
    advice="ask for a Deployment with `x-intermodal: {controller: deployment}` if it is to run for ever",
)


@record
class Retries:
    """The restart policy of a Job's Pods and how many times failures are forgiven."""

    policy: str
    limit: int


def job_retries(service: Service) -> Retries:
    """How a task is tried again; Compose's default is not at all, Swarm's for its jobs is until it ends well."""
    condition = restart_condition(service) or ("on-failure" if mode(service).endswith("-job") else "no")
    if condition == "no":
        return Retries(policy="Never", limit=0)
    return Retries(policy="OnFailure", limit=_attempts(service))


def note_restarts(service: Service, kind: Kind, context: Context, *, awaited: bool) -> None:
    """Say what became of `restart` and `deploy.restart_policy`; `awaited` is whether others wait for the end."""
    policy = service.deploy.restart_policy if service.deploy else None
    outcome = _outcome(restart_condition(service), kind)
    if restart_condition(service) == "no" and _ends_anyway(service, context, awaited=awaited):
        outcome = UNCHANGED
    if service.restart:
        stronger = policy is not None and bool(policy.condition)
        context.notes(("services", service.name, "restart"), _OUTRANKED if stronger else outcome)
    if policy is None:
        return
    path = ("services", service.name, "deploy", "restart_policy")
    if policy.condition:
        context.notes((*path, "condition"), outcome)
    if policy.max_attempts is not None and (not kind.ends or restart_condition(service) == "no"):
        context.notes((*path, "max_attempts"), _WITHOUT_END)


_OUTRANKED = Missing(
    code="restart-said-twice", why="`deploy.restart_policy` is the stronger", consequence=Consequence.NONE
)
_WITHOUT_END = Missing(
    code="restarts-without-end",
    why="a container that keeps failing is started again for ever, with growing pauses of up to five minutes",
    advice="watch for restarts (`kubectl get pods`), or make the service a Job",
)


def _ends_anyway(service: Service, context: Context, *, awaited: bool) -> bool:
    """Whether a service would be the same Job if it did not say that it ends."""
    wishes = service_wishes(service.name, context)
    asked = wishes.controller in {"job", "cronjob"} or bool(wishes.schedule)
    return (asked or awaited) and not mode(service).endswith("-job")


def _outcome(condition: str, kind: Kind) -> Exact | Missing:
    if kind.ends:
        return (
            Exact(how="restartPolicy and backoffLimit of the Job") if condition in {"no", "on-failure"} else _AS_A_JOB
        )
    return UNCHANGED if condition in {"always", "unless-stopped"} else _ALWAYS


def _attempts(service: Service) -> int:
    policy = service.deploy.restart_policy if service.deploy else None
    if policy is not None and (policy.condition or policy.max_attempts):
        return policy.max_attempts or UNLIMITED
    written = service.restart.partition(":")[2]
    return min(int(written), UNLIMITED) if written.isdigit() else UNLIMITED
