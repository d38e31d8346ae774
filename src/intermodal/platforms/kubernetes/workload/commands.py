"""What a container runs: command and arguments; and how its image is fetched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.model.support import Approximate, Consequence, Missing
from intermodal.platforms.kubernetes.escape import escaped
from intermodal.platforms.kubernetes.hosts import replace_hosts
from intermodal.platforms.kubernetes.terms import UNCHANGED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from intermodal.model.application import Service
    from intermodal.platforms.kubernetes.context import Context
    from intermodal.platforms.kubernetes.terms import Object
    from intermodal.platforms.kubernetes.wishes.wishes import ServiceWishes

_PULL = {
    "always": "Always",
    "never": "Never",
    "missing": "IfNotPresent",
    "if_not_present": "IfNotPresent",
    "build": "IfNotPresent",
}

_CLEARED = Missing(
    code="entrypoint-cleared",
    why="Kubernetes cannot clear an image's entrypoint without a command to run instead",
    advice="write the command to run as `command`",
    consequence=Consequence.START,
)
_REPLACED = Approximate(
    code="host-name-replaced",
    why="it names a host that cannot be called so in a cluster, so it gets the name that leads there",
    how="args",
)
_REFRESH = Approximate(
    code="pulled-at-every-start",
    why="Kubernetes has no interval for pulling: it asks the registry at every start",
    how="imagePullPolicy",
)


def pull_policy(service: Service, wishes: ServiceWishes, context: Context) -> Object:
    """imagePullPolicy; what is only built here is never fetched anew, since its name has no version."""
    if wishes.image_pull_policy:
        return {"imagePullPolicy": wishes.image_pull_policy}
    if service.pull_policy:
        policy = _PULL.get(service.pull_policy)
        if policy is None:
            context.notes(("services", service.name, "pull_policy"), _REFRESH)
        return {"imagePullPolicy": policy or "Always"}
    return {} if service.image else {"imagePullPolicy": "IfNotPresent"}


def command(service: Service, context: Context) -> Object:
    """`command` and `args`. An entrypoint of one's own clears the image's command, in Docker as in Kubernetes."""
    entrypoint, arguments = service.entrypoint, service.command
    if entrypoint == ():
        return _without_entrypoint(service, context)
    if arguments == ():
        context.notes(("services", service.name, "command"), UNCHANGED)
    made: Object = {}
    if entrypoint:
        made["command"] = _words(service, "entrypoint", entrypoint, context)
    if arguments:
        made["args"] = _words(service, "command", arguments, context)
    return made


def _without_entrypoint(service: Service, context: Context) -> Object:
    """The image's entrypoint is cleared, so `command` is all that runs."""
    if service.command:
        return {"command": _words(service, "command", service.command, context)}
    context.notes(("services", service.name, "entrypoint"), _CLEARED)
    return {}


def _words(service: Service, field: str, words: Sequence[str], context: Context) -> list[str]:
    """Words that reach the process as they are, but for names of hosts that had to be given another."""
    made: list[str] = []
    for index, word in enumerate(words):
        found = replace_hosts(word, "", context.dns.replaced)
        if found != word:
            context.notes(("services", service.name, field, index), _REPLACED)
        made.append(escaped(found))
    return made
