"""Which networks and volumes are to be made, made anew, or left as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.model.changes import Action, Change, Kind
from intermodal.model.labels import REVISION
from intermodal.platforms.compose.planning.instructions import PutNetwork, PutVolume
from intermodal.platforms.compose.planning.wording import caution, listed, problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from intermodal.kit.diagnostics import Diagnostic
    from intermodal.platforms.compose.planning.situation import Findings, Situation
    from intermodal.platforms.compose.requests.records import Shared
    from intermodal.platforms.compose.seen import SeenContainer, SeenNetwork, SeenVolume


def networks(situation: Situation, findings: Findings) -> tuple[Change, ...]:
    """The changes of the networks that the chosen services stand in."""
    keys = dict.fromkeys(key for service in situation.chosen for key in service.networks)
    wanted = [situation.wanted.networks[key] for key in keys if key in situation.wanted.networks]
    return tuple(change for shared in wanted for change in _network(shared, situation, findings))


def volumes(situation: Situation, findings: Findings) -> tuple[Change, ...]:
    """The changes of the volumes that the chosen services mount. A volume that is there is never made anew."""
    keys = dict.fromkeys(key for service in situation.chosen for key in service.volumes)
    wanted = [situation.wanted.volumes[key] for key in keys if key in situation.wanted.volumes]
    return tuple(change for shared in wanted for change in _volume(shared, situation, findings))


def _network(shared: Shared, situation: Situation, findings: Findings) -> Iterable[Change]:
    found = _named(shared, situation)
    if shared.external:
        if not found:
            findings.problems.append(_network_missing(shared.name))
    elif found is None:
        yield _change(Action.CREATE, Kind.NETWORK, shared, PutNetwork(shared=shared), ())
    elif found.project != situation.wanted.application:
        findings.problems.append(_network_of_another(found, situation.wanted.application))
    else:
        yield _known_network(shared, found, situation, findings)


def _known_network(shared: Shared, found: SeenNetwork, situation: Situation, findings: Findings) -> Change:
    differences = situation.drift.get(found.id, ())
    revision = found.labels.get(REVISION, "")
    if revision == shared.revision or (not revision and not differences):
        return Change(action=Action.KEEP, kind=Kind.NETWORK, name=shared.key, instruction=PutNetwork(shared=shared))
    strangers = [one for one in situation.seen.others if found.id in one.networks.values()]
    if strangers:
        findings.problems.append(_network_in_use(shared, strangers))
    return Change(
        action=Action.REPLACE,
        kind=Kind.NETWORK,
        name=shared.key,
        reasons=(_why(revision), "a network cannot be changed: the containers in it are made anew as well"),
        differences=differences,
        instruction=PutNetwork(shared=shared, replaces=found.id),
    )


def _named(shared: Shared, situation: Situation) -> SeenNetwork | None:
    """The network of that name; where there are several, ours."""
    found = [one for one in situation.seen.networks if one.name == shared.name]
    return max(found, key=lambda one: one.project == situation.wanted.application, default=None)


def _volume(shared: Shared, situation: Situation, findings: Findings) -> Iterable[Change]:
    found = next((one for one in situation.seen.volumes if one.name == shared.name), None)
    if shared.external:
        if not found:
            findings.problems.append(_volume_missing(shared.name))
    elif found is None:
        yield _change(Action.CREATE, Kind.VOLUME, shared, PutVolume(shared=shared), ())
    else:
        warned = _volume_warning(found, situation)
        if warned:
            findings.warnings.append(caution("volume-differs", *warned))
        yield Change(action=Action.KEEP, kind=Kind.VOLUME, name=shared.key, instruction=PutVolume(shared=shared))


def _volume_warning(found: SeenVolume, situation: Situation) -> tuple[str, str] | None:
    """Why a volume is not quite what the file says: it is kept all the same, since data are in it."""
    if found.project != situation.wanted.application:
        whose = f"project {found.project!r}" if found.project else "somebody else"
        return f"the volume {found.name} was made by {whose}; it is used as it is", _SAY_EXTERNAL
    differences = situation.drift.get(found.name, ())
    if not differences:
        return None
    fields = listed([one.field for one in differences])
    return f"the volume {found.name} differs from the file in {fields}; it is kept, with its data", _MOVE_DATA


_SAY_EXTERNAL = "say `external: true` if that is meant, or give the volume another `name`"
_MOVE_DATA = "to have it as the file says: save its data, `intermodal down --volumes`, and up again"


def _why(revision: str) -> str:
    return "the file describes it differently" if revision else "another tool made it with other settings"


def _change(action: Action, kind: Kind, shared: Shared, instruction: object, reasons: tuple[str, ...]) -> Change:
    return Change(action=action, kind=kind, name=shared.key, reasons=reasons, instruction=instruction)


def _network_missing(name: str) -> Diagnostic:
    return problem(
        "external-missing",
        f"the external network {name} is not on the engine",
        f"`docker network create {name}`, or leave out `external: true` to have it made",
    )


def _volume_missing(name: str) -> Diagnostic:
    return problem(
        "external-missing",
        f"the external volume {name} is not on the engine",
        f"`docker volume create {name}`, or leave out `external: true` to have it made",
    )


def _network_of_another(found: SeenNetwork, application: str) -> Diagnostic:
    whose = f"belongs to project {found.project!r}" if found.project else "was not made for a project"
    return problem(
        "network-name-taken",
        f"the network {found.name} is there already and {whose}, not {application!r}",
        "say `external: true` to use it, give ours another `name`, or remove it",
    )


def _network_in_use(shared: Shared, strangers: list[SeenContainer]) -> Diagnostic:
    return problem(
        "network-in-use",
        f"the network {shared.name} must be made anew, but other containers are in it: "
        f"{listed([one.name for one in strangers])}",
        f"take them out (`docker network disconnect {shared.name} NAME`) and run the same command again",
    )
