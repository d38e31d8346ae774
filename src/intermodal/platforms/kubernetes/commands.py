"""What a container runs: image, command, arguments, and how the image is fetched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.model.support import Approximate, Consequence, Exact, Missing
from intermodal.platforms.kubernetes.escape import escaped
from intermodal.platforms.kubernetes.objects import DEFAULT

if TYPE_CHECKING:
    from intermodal.model.application import Service
    from intermodal.platforms.kubernetes.context import Context, Object
    from intermodal.platforms.kubernetes.wishes import ServiceWishes

_PULL = {
    "always": "Always",
    "never": "Never",
    "missing": "IfNotPresent",
    "if_not_present": "IfNotPresent",
    "build": "IfNotPresent",
}

_NOT_BUILT = Missing(
    code="image-not-built",
    why="a translation builds no images: the cluster looks for the name that docker compose gives the built one",
    advice="build and push it (`docker compose build --push`) and name it with `image: REGISTRY/NAME:TAG`",
)
_CLEARED = Missing(
    code="entrypoint-cleared",
    why="Kubernetes cannot clear an image's entrypoint without a command to run instead",
    advice="write the command to run as `command`",
    consequence=Consequence.START,
)
_REFRESH = Approximate(
    code="pulled-at-every-start",
    why="Kubernetes has no interval for pulling: it asks the registry at every start",
    how="imagePullPolicy",
)


def image(service: Service, context: Context) -> str:
    """The image's name; what is only built here gets the name docker compose gives it: project-service."""
    if service.image:
        return service.image
    if service.build:
        for field in ("context", "dockerfile_inline"):
            context.notes(("services", service.name, "build", field), _NOT_BUILT)
    return f"{context.application.name}-{service.name}".lower()


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
        context.notes(("services", service.name, "command"), Exact(how=DEFAULT))
    made: Object = {}
    if entrypoint:
        made["command"] = [escaped(word) for word in entrypoint]
    if arguments:
        made["args"] = [escaped(word) for word in arguments]
    return made


def _without_entrypoint(service: Service, context: Context) -> Object:
    """The image's entrypoint is cleared, so `command` is all that runs."""
    if service.command:
        return {"command": [escaped(word) for word in service.command]}
    context.notes(("services", service.name, "entrypoint"), _CLEARED)
    return {}
