"""What becomes of the names that services are given: told once the Services are known.

A name leads somewhere only where its service has a Service, and counts only where somebody may use it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.model.support import Approximate, Consequence, Exact, Missing
from intermodal.platforms.kubernetes.dns_names import Fate
from intermodal.platforms.kubernetes.terms import DEFAULT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intermodal.model.application import Service
    from intermodal.model.origin import Path
    from intermodal.model.support import Outcome
    from intermodal.platforms.kubernetes.context import Context
    from intermodal.platforms.kubernetes.dns_names import Claim
    from intermodal.platforms.kubernetes.network.exposed import Exposure


def note_names(context: Context, found: Mapping[str, Exposure]) -> None:
    """Give every written name its verdict: container names, aliases, links, and services' own."""
    for name, service in context.application.services.items():
        exposure = found.get(name)
        path: Path = ("services", name, "container_name")
        if service.container_name and (exposure is None or exposure.owner or path not in context.dns.fates):
            context.notes(path, _UNUSED)
        if exposure is None:
            _note_unreachable(service, context)
        elif not exposure.owner and exposure.service != name.lower():
            context.notes(_visible_leaf(service), _renamed(name, exposure.service))
        for claim in context.dns.claims.get(name, ()):
            if claim.path and claim.path[2] != "hostname":
                context.notes(claim.path, _outcome(claim, exposure, context))
        for index, link in enumerate(service.links):
            if ":" not in link:
                context.notes(("services", name, "links", index), _LINK)


def _outcome(claim: Claim, exposure: Exposure | None, context: Context) -> Outcome:
    if exposure is None or exposure.owner:
        return _UNUSED
    name = claim.name.lower()
    match context.dns.fates[claim.path]:
        case Fate.OWN:
            return Exact(how=DEFAULT)
        case Fate.ALIAS:
            return Exact(how=f"Service {name}")
        case Fate.TAKEN:
            return _taken(name, context.dns.answers[name][0])
        case Fate.IMPOSSIBLE:
            wanted = claim.path[2] != "container_name" or name in context.dns.sightings.words
            return _impossible(name, Consequence.BEHAVIOUR if wanted else Consequence.NONE)


def _note_unreachable(service: Service, context: Context) -> None:
    for field, written in (("ports", service.ports), ("expose", service.expose)):
        if written:
            context.notes(("services", service.name, field), _NO_SERVICE)
    if service.deploy and service.deploy.endpoint_mode:
        context.notes(("services", service.name, "deploy", "endpoint_mode"), _UNUSED)


def _visible_leaf(service: Service) -> Path:
    """A written value of the service that a new name can be told at: the key itself is no value."""
    start: Path = ("services", service.name)
    if service.ports:
        return (*start, "ports", 0, "target")
    if service.expose:
        return (*start, "expose", 0)
    return (*start, "image") if service.image else (*start, "build", "context")


def _taken(name: str, winner: str) -> Missing:
    return Missing(
        code="name-taken",
        why=f"within a namespace {name} means one thing, and service {winner} has it",
        advice="give the services different names or aliases",
    )


def _impossible(name: str, consequence: Consequence) -> Missing:
    return Missing(
        code="name-not-possible",
        why=f"{name} cannot be the name of a Service: letters, digits and hyphens, starting with a letter",
        advice="where a variable uses it as a host it is replaced; look for it in files and in code",
        consequence=consequence,
    )


def _renamed(name: str, service: str) -> Approximate:
    return Approximate(
        code="service-renamed",
        why=f"{name} cannot be a name in the cluster's DNS; the service answers as {service}",
        advice="variables that use it as a host are changed; look for it in files and in code",
        consequence=Consequence.BEHAVIOUR,
        how=f"Service {service}",
    )


_UNUSED = Missing(
    code="name-unused", why="nothing in the application can call the service by it", consequence=Consequence.NONE
)
_NO_SERVICE = Missing(
    code="no-service-made",
    why="the service has no network, or a wish says that nothing reaches it",
    consequence=Consequence.NONE,
)
_LINK = Missing(
    code="link-not-needed",
    why="services reach one another by name without links",
    consequence=Consequence.NONE,
)
