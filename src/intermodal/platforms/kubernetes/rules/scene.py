"""The objects of one translation, indexed for the rules, and what a rule says of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from intermodal.kit.records import record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    Content: TypeAlias = Mapping[str, Any]
    Rule: TypeAlias = "Callable[[Scene], Iterator[Violation]]"

LASTING = ("Deployment", "StatefulSet", "DaemonSet")
ENDING = ("Job", "CronJob")


@record
class Violation:
    """One broken rule: its name, the object and place, and what is wrong there."""

    rule: str
    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.where}: {self.message} [{self.rule}]"


@record
class Pod:
    """A Pod template with the object around it; `claims` are the names of a StatefulSet's claim templates."""

    owner: Content
    template: Content
    claims: tuple[str, ...] = ()

    @property
    def spec(self) -> Content:
        """The Pod's spec."""
        found: Content = self.template.get("spec", {})
        return found

    @property
    def labels(self) -> Mapping[str, str]:
        """The labels its Pods carry."""
        found: Mapping[str, str] = self.template.get("metadata", {}).get("labels") or {}
        return found

    @property
    def initial(self) -> list[Content]:
        """Its init containers."""
        return list(self.spec.get("initContainers") or ())

    @property
    def running(self) -> list[Content]:
        """Its containers."""
        return list(self.spec.get("containers") or ())

    @property
    def containers(self) -> list[Content]:
        """All its containers, those that run first first."""
        return [*self.initial, *self.running]

    @property
    def volumes(self) -> list[Content]:
        """Its volumes."""
        return list(self.spec.get("volumes") or ())


class Scene:
    """All objects, by kind and name."""

    def __init__(self, objects: Iterable[Content]) -> None:
        self.objects = list(objects)
        self.by_kind: dict[str, dict[str, Content]] = {}
        for content in self.objects:
            self.by_kind.setdefault(content["kind"], {}).setdefault(content["metadata"]["name"], content)
        self.pods = [pod for content in self.objects for pod in _pods(content)]

    def of(self, *kinds: str) -> Iterator[Content]:
        """The objects of some kinds, in order."""
        return (content for content in self.objects if content["kind"] in kinds)

    def has(self, kind: str, name: str) -> bool:
        """Whether there is such an object."""
        return name in self.by_kind.get(kind, {})


def _pods(content: Content) -> Iterator[Pod]:
    spec = content.get("spec") or {}
    if content["kind"] == "Pod":
        yield Pod(owner=content, template=content)
    elif content["kind"] == "CronJob":
        yield Pod(owner=content, template=spec["jobTemplate"]["spec"]["template"])
    elif "template" in spec:
        claims = tuple(claim["metadata"]["name"] for claim in spec.get("volumeClaimTemplates") or ())
        yield Pod(owner=content, template=spec["template"], claims=claims)


def title(content: Content, *inside: str) -> str:
    """How people find it: `Deployment/web container web`."""
    return " ".join((f"{content['kind']}/{content['metadata']['name']}", *inside))
