"""What the fake engine would do to become what it is asked to be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from intermodal.kit.records import NOTHING, as_dict, record, replace
from intermodal.model.changes import Action, Change, Condition, Difference, Kind, Plan, Requirement
from intermodal.model.labels import revision
from tests.fakes.state import Held, Wanted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from intermodal.model.application import Application, Service
    from intermodal.model.files import Grant, ProjectFiles, SharedFile
    from intermodal.model.platform import Wishes

_CONDITIONS = {
    "service_started": Condition.STARTED,
    "service_healthy": Condition.HEALTHY,
    "service_completed_successfully": Condition.COMPLETED,
}
_UNSEEN = ("scale", "deploy", "depends_on", "profiles", "extensions")


@record
class Order:
    """The instruction of a change: the application, what its thing becomes, and which instances are not to stay."""

    application: str
    wanted: Wanted | None = None
    replicas: int | None = None
    ending: frozenset[str] = frozenset()
    undo: bool = False


@record
class Seen:
    """What the fake engine has of an application, and which images it holds."""

    services: Mapping[str, Held] = NOTHING
    things: Mapping[Any, frozenset[str]] = NOTHING
    images: frozenset[str] = frozenset()


def wanted(application: Application, files: ProjectFiles) -> dict[str, Wanted]:
    """Every service as the files want it."""
    return {name: _wanted(application, service, files) for name, service in application.services.items()}


def plan(application: Application, files: ProjectFiles, wishes: Wishes, seen: Seen) -> Plan:
    """The plan of `up`."""
    all_wanted = wanted(application, files)
    chosen = _chosen(application, wishes)
    services = [_service(application, all_wanted[name], wishes, seen, chosen) for name in chosen]
    things = _things(application, [all_wanted[name] for name in chosen])
    changes = [
        *(
            _image(application.name, image, seen, wishes)
            for image in dict.fromkeys(all_wanted[n].image for n in chosen)
        ),
        *(_thing(application.name, kind, name, seen) for kind, name in things),
        *services,
        *_superfluous(application, things, services, wishes, seen),
    ]
    return Plan(application=application.name, platform="fake", changes=tuple(changes), waits=tuple(chosen))


def removal(name: str, seen: Seen, services: tuple[str, ...], *, volumes: bool) -> Plan:
    """The plan of `down`."""
    going = [one for one in seen.services if not services or one in services]
    dependents = {
        one: [other for other in going if one in seen.services[other].wanted.service.depends_on] for one in going
    }
    changes = [
        _change(Action.REMOVE, Kind.SERVICE, one, name, after=tuple(map(_done, dependents[one]))) for one in going
    ]
    kinds = [] if services else [Kind.NETWORK, Kind.CONFIG, Kind.SECRET, *([Kind.VOLUME] if volumes else [])]
    after = tuple(map(_done, going))
    changes += [
        _change(Action.REMOVE, kind, one, name, after=after)
        for kind in kinds
        for one in sorted(seen.things.get(kind, ()))
    ]
    return Plan(application=name, platform="fake", changes=tuple(changes))


def _chosen(application: Application, wishes: Wishes) -> list[str]:
    """The services wished for, what they depend on before them."""
    found: dict[str, None] = {}

    def add(name: str) -> None:
        if name not in found and not wishes.alone:
            for other in application.services[name].depends_on:
                add(other)
        found[name] = None

    for name in wishes.services or application.services:
        add(name)
    return list(found)


def _wanted(application: Application, service: Service, files: ProjectFiles) -> Wanted:
    shared = dict(_granted(service.configs, application.configs, files, "/"))
    shared |= dict(_granted(service.secrets, application.secrets, files, "/run/secrets/"))
    plain = {name: value for name, value in as_dict(service).items() if name not in _UNSEEN}
    replicas = service.deploy.replicas if service.deploy else None
    return Wanted(
        service=service,
        image=service.image,
        replicas=next((number for number in (service.scale, replicas) if number is not None), 1),
        revision=revision([plain, shared]),
        files=shared,
    )


def _granted(
    grants: Iterable[Grant], shared: Mapping[str, SharedFile], files: ProjectFiles, folder: str
) -> Iterator[tuple[str, bytes]]:
    for grant in grants:
        target = grant.target or grant.source
        yield target if target.startswith("/") else folder + target, _content(shared[grant.source], files)


def _content(shared: SharedFile, files: ProjectFiles) -> bytes:
    return files.read(shared.file) if shared.file else (shared.content or shared.value or "").encode()


def _things(application: Application, chosen: list[Wanted]) -> list[tuple[Kind, str]]:
    found: dict[tuple[Kind, str], None] = {}
    for one in chosen:
        names = {Kind.NETWORK: one.service.networks, Kind.VOLUME: [mount.source for mount in one.service.volumes]}
        found |= {(kind, f"{application.name}_{name}"): None for kind in names for name in names[kind] if name}
        for kind, grants in ((Kind.CONFIG, one.service.configs), (Kind.SECRET, one.service.secrets)):
            hashed = revision({path: content.hex() for path, content in one.files.items()})[:8]
            found |= {(kind, f"{application.name}_{grant.source}_{hashed}"): None for grant in grants}
    return list(found)


def _image(application: str, image: str, seen: Seen, wishes: Wishes) -> Change:
    held = image in seen.images and wishes.pull != "always"
    return _change(Action.KEEP if held else Action.CREATE, Kind.IMAGE, image, application)


def _thing(application: str, kind: Kind, name: str, seen: Seen) -> Change:
    there = name in seen.things.get(kind, ())
    return _change(Action.KEEP if there else Action.CREATE, kind, name, application)


def _service(application: Application, one: Wanted, wishes: Wishes, seen: Seen, chosen: list[str]) -> Change:
    name = one.service.name
    held = seen.services.get(name)
    asked = wishes.replicas.get(name)
    after = [
        Requirement(key=f"service/{other}", condition=_CONDITIONS[need.condition], required=need.required)
        for other, need in one.service.depends_on.items()
        if other in chosen
    ]
    after += [Requirement(key=f"{kind.value}/{thing}") for kind, thing in _things(application, [one])]
    action, reasons, differences = _decided(one, held, asked, wishes)
    count = asked if asked is not None else _count(one, held)
    ending = ids(held) if held and action is Action.REPLACE else frozenset()
    order = Order(application=application.name, wanted=one, replicas=count, ending=ending)
    return Change(
        action=action,
        kind=Kind.SERVICE,
        name=name,
        reasons=reasons,
        differences=differences,
        after=tuple(after),
        instruction=order,
    )


def _decided(
    one: Wanted, held: Held | None, asked: int | None, wishes: Wishes
) -> tuple[Action, tuple[str, ...], tuple[Difference, ...]]:
    if held is None:
        return Action.CREATE, (), ()
    if wishes.recreate == "always":
        return Action.REPLACE, ("asked for",), ()
    changed = (
        any(made.wanted.revision != one.revision for made in held.instances) or held.wanted.revision != one.revision
    )
    if changed and wishes.recreate != "never":
        return Action.REPLACE, ("it changed",), differences(one, held.wanted)
    count = asked if asked is not None else _count(one, held)
    if count != len(held.instances) or one.replicas != held.wanted.replicas:
        return Action.UPDATE, (f"{len(held.instances)} instances become {count}",), ()
    return Action.KEEP, (), ()


def _count(one: Wanted, held: Held | None) -> int:
    """How many there are stays, unless the file's own number changed."""
    return held.replicas if held is not None and held.wanted.replicas == one.replicas else one.replicas


def differences(one: Wanted, other: Wanted) -> tuple[Difference, ...]:
    """Field by field, values of variables hidden."""
    now, before = as_dict(one.service), as_dict(other.service)
    fields = [name for name in now if name not in _UNSEEN and now[name] != before[name]]
    found = [Difference(field=name, before="", after="", hidden=True) for name in fields]
    return (*found, *([Difference(field="files", hidden=True)] if one.files != other.files else []))


def _superfluous(
    application: Application, things: list[tuple[Kind, str]], services: list[Change], wishes: Wishes, seen: Seen
) -> Iterator[Change]:
    """Orphans where wished, and configs and secrets that nothing uses any more."""
    if wishes.orphans:
        for name in seen.services:
            if name not in application.services:
                yield _change(Action.REMOVE, Kind.SERVICE, name, application.name)
    after = tuple(Requirement(key=change.key) for change in services)
    if not wishes.services:
        for kind in (Kind.CONFIG, Kind.SECRET):
            for name in sorted(seen.things.get(kind, ())):
                if (kind, name) not in things:
                    yield _change(Action.REMOVE, kind, name, application.name, after=after)


def _change(action: Action, kind: Kind, name: str, application: str, **rest: Any) -> Change:
    return Change(action=action, kind=kind, name=name, instruction=Order(application=application), **rest)


def _done(service: str) -> Requirement:
    return Requirement(key=f"service/{service}")


def ids(held: Held) -> frozenset[str]:
    """The instances of a service."""
    return frozenset(made.id for made in held.instances)


def again(name: str, held: Held, **said: Any) -> Change:
    """A change of a service that is there, to something it says of itself."""
    order = replace(Order(application=name, wanted=held.wanted, replicas=held.replicas), **said)
    return Change(action=Action.UPDATE, kind=Kind.SERVICE, name=held.wanted.service.name, instruction=order)


def scaled(name: str, held: Held, replicas: int) -> Change:
    """A change of nothing but the number of instances."""
    change = again(name, held, replicas=replicas)
    return change if replicas != len(held.instances) else replace(change, action=Action.KEEP)
