"""Which images are to be fetched before anything else is done, and which cannot be had."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.model.changes import Action, Change, Kind
from intermodal.platforms.compose.planning.instructions import Pull
from intermodal.platforms.compose.planning.wording import caution, listed, problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from intermodal.kit.diagnostics import Diagnostic
    from intermodal.model.platform import Wishes
    from intermodal.platforms.compose.planning.situation import Findings, Situation
    from intermodal.platforms.compose.requests.records import ServiceRequest

_REFRESHED = ("always", "daily", "weekly", "every_")
"""The policies that look whether a registry has a newer image; looking is cheap, so all of them look every time."""


def refreshed(service: ServiceRequest, wishes: Wishes) -> bool:
    """Whether a registry is to be asked for a newer image."""
    return _policy(service, wishes).startswith(_REFRESHED)


def images(situation: Situation, findings: Findings) -> tuple[Change, ...]:
    """The changes of every image that the chosen services need, each once."""
    needing: dict[str, list[ServiceRequest]] = {}
    for service in situation.chosen:
        for image in (service.image, *service.image_mounts):
            needing.setdefault(image, []).append(service)
    return tuple(
        change for image, services in needing.items() for change in _image(image, services, situation, findings)
    )


def _image(image: str, services: list[ServiceRequest], situation: Situation, findings: Findings) -> Iterable[Change]:
    names = tuple(service.name for service in services)
    pull = Pull(image=image, platform=services[0].platform, needed_by=names)
    found = situation.images.find(image)
    built = [service for service in services if service.builds and service.image == image]
    if built and found and _policy(built[0], situation.wishes) == "build":
        findings.warnings.append(_not_built_anew(built[0]))
    if found and image in situation.newer:
        yield _fetch(Action.UPDATE, pull, "the registry has a newer one")
    elif found:
        yield Change(action=Action.KEEP, kind=Kind.IMAGE, name=image, instruction=pull)
    elif built and _policy(built[0], situation.wishes) not in ("always", "missing"):
        findings.problems.append(_not_built(built[0]))
    elif any(_policy(service, situation.wishes) == "never" for service in services):
        findings.problems.append(_missing(image, names))
    else:
        yield _fetch(Action.CREATE, pull, f"{listed(names)} {'needs' if len(names) == 1 else 'need'} it")


def _fetch(action: Action, pull: Pull, reason: str) -> Change:
    return Change(action=action, kind=Kind.IMAGE, name=pull.image, reasons=(reason,), instruction=pull)


def _policy(service: ServiceRequest, wishes: Wishes) -> str:
    said = wishes.pull or service.pull
    return {"if_not_present": "missing", "": "build" if service.builds else "missing"}.get(said, said)


def _missing(image: str, names: tuple[str, ...]) -> Diagnostic:
    return problem(
        "image-not-there",
        f"the image {image} is not on the engine, and is not to be pulled; {listed(names)} cannot run without it",
        f"`docker load` or `docker pull {image}`, or `--pull missing`",
    )


def _not_built(service: ServiceRequest) -> Diagnostic:
    return problem(
        "image-unbuilt",
        f"the image {service.image} of service {service.name} has not been built; `up` does not build images",
        f"`{_command(service)}`, then the same command again",
    )


def _not_built_anew(service: ServiceRequest) -> Diagnostic:
    return caution(
        "image-used-as-built",
        f"the image {service.image} of service {service.name} is used as it was built; `up` does not build images",
        f"to build it anew: `{_command(service)}`",
    )


def _command(service: ServiceRequest) -> str:
    """The command that builds a service's image, without the values of its arguments."""
    build = service.service.build
    words = ["docker", "build", "-t", service.image]
    if build is not None:
        words += ["-f", build.dockerfile] if build.dockerfile else []
        words += ["--target", build.target] if build.target else []
        words += [word for name in build.args for word in ("--build-arg", name)]
    return " ".join([*words, build.context if build is not None and build.context else "."])
