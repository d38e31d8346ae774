"""What becomes of networks, configs and secrets, and which of them nobody needs any longer.

None of the three can be changed once it is there. Configs and secrets get another name with other content, so that
only what is missing is made. A network that must differ is told to the user, unless nobody is in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.kit.records import replace
from intermodal.model.changes import Action, Change, Kind, Requirement
from intermodal.platforms.swarm.observe import network_differences
from intermodal.platforms.swarm.planning.instructions import PutFile, PutNetwork, Remove
from intermodal.platforms.swarm.planning.previous import formers, will_remember
from intermodal.platforms.swarm.planning.references import references
from intermodal.platforms.swarm.planning.seen import by_name, labels, name, network_names, of_stack
from intermodal.platforms.swarm.refusals import problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from intermodal.kit.diagnostics import Diagnostic
    from intermodal.platforms.swarm.planning.seen import Raw, Seen
    from intermodal.platforms.swarm.requests import Wanted, WantedFile, WantedNetwork

FILES = {"configs": Kind.CONFIG, "secrets": Kind.SECRET}
"""Sections of the API, and what changes of theirs are called."""

_OF_EVERY_NODE = ("host", "bridge", "none", "ingress")


def network_change(wanted: WantedNetwork, seen: Seen, problems: list[Diagnostic]) -> Change:
    """The change of one network of ours; what cannot be done is added to the problems."""
    raw = _swarm_wide(seen.networks).get(wanted.name)
    put = PutNetwork(name=wanted.name, body=wanted.body)
    if raw is None:
        return _network(Action.CREATE, wanted.name, put, ("it is not there yet",))
    found = tuple(network_differences(wanted.body, raw))
    if not found:
        return _network(Action.KEEP, wanted.name, None)
    users = references((one["Spec"] for one in seen.services), network_names(seen.networks)).networks
    if wanted.name not in users:
        put = PutNetwork(name=wanted.name, body=wanted.body, replaces=raw["Id"])
        reasons = ("the file says something else, and nobody is in it",)
        return replace(_network(Action.REPLACE, wanted.name, put, reasons), differences=found)
    fields = ", ".join(one.field for one in found)
    problems.append(
        problem(
            "network-differs",
            f"the network {wanted.name} is not as the file says ({fields}), and a network in use cannot be changed",
            f"give it another name (`networks: {wanted.key}: name: {wanted.name}-2`): services move there one after "
            "the other, and the old one is removed; or `intermodal down` first",
        )
    )
    return _network(Action.KEEP, wanted.name, None)


def file_change(section: str, wanted: WantedFile, seen: Seen) -> Change:
    """The change of one config or secret of ours."""
    there = by_name(getattr(seen, section))
    kind = FILES[section]
    if wanted.name in there:
        return Change(action=Action.KEEP, kind=kind, name=wanted.name)
    put = PutFile(section=section, name=wanted.name, body=wanted.body)
    return Change(action=Action.CREATE, kind=kind, name=wanted.name, reasons=("it is not there yet",), instruction=put)


def missing_externals(wanted: Wanted, seen: Seen) -> list[Diagnostic]:
    """What the file says exists, and does not."""
    networks = [_network_missing(one, seen) for one in wanted.networks if one.external]
    files = [
        problem(
            "external-missing",
            f"the {section[:-1]} {one.name} is external, and the Swarm has none of that name",
            f"create it: docker {section[:-1]} create {one.name} FILE",
        )
        for section in FILES
        for one in getattr(wanted, section)
        if one.external and one.name not in by_name(getattr(seen, section))
    ]
    return [*(one for one in networks if one is not None), *files]


def named_files_that_differ(wanted: Wanted, seen: Seen, revision: str) -> list[Diagnostic]:
    """Configs and secrets whose name the user chose, with other content than they have there."""
    found = []
    for section in FILES:
        there = by_name(getattr(seen, section))
        for one in getattr(wanted, section):
            if one.external or not one.named or one.name not in there:
                continue
            if labels(there[one.name]).get(revision, "") != one.revision:
                found.append(
                    problem(
                        "named-file-differs",
                        f"the {section[:-1]} {one.name} is there with other content, and Swarm cannot change it",
                        f"leave out `name` of {section}.{one.key} (then its content makes its name), or choose another",
                    )
                )
    return found


def leftovers(stack: str, seen: Seen, after: Mapping[str, Raw], kept: Iterable[str]) -> list[Change]:
    """Objects of the stack that nothing will need once services are as `after` says, by full name.

    What a rollback goes back to stays: the specs that services have now and lose, else those they remember. `kept` are
    names that stay in any case.
    """
    names = network_names(seen.networks)
    needed = references((*after.values(), *_formers(seen, after)), names)
    waits = tuple(Requirement(key=f"service/{one}") for one in _changed(stack, seen, after))
    sections = (
        ("networks", Kind.NETWORK, needed.networks),
        ("configs", Kind.CONFIG, needed.configs),
        ("secrets", Kind.SECRET, needed.secrets),
    )
    keep = frozenset(kept)
    return [
        removal_of(section, kind, raw, ("no service needs it any longer",), waits, spare=True)
        for section, kind, used in sections
        for raw in of_stack(getattr(seen, section), stack)
        if name(raw) not in used and name(raw) not in keep
    ]


def removal_of(
    section: str,
    kind: Kind,
    raw: Raw,
    reasons: tuple[str, ...] = (),
    after: tuple[Requirement, ...] = (),
    *,
    spare: bool = False,
) -> Change:
    """The end of a network, config or secret; `spare` leaves it alone where somebody else turns out to use it."""
    identity = raw.get("Id") or raw.get("ID") or ""
    remove = Remove(section=section, id=identity, name=name(raw), spare=spare)
    return Change(action=Action.REMOVE, kind=kind, name=name(raw), reasons=reasons, after=after, instruction=remove)


def _formers(seen: Seen, after: Mapping[str, Raw]) -> list[Raw]:
    found: list[Raw] = []
    for raw in seen.services:
        will = after.get(name(raw))
        if will is None:
            continue
        found += formers(raw) if will is raw["Spec"] else will_remember(raw, will)
    return found


def _changed(stack: str, seen: Seen, after: Mapping[str, Raw]) -> list[str]:
    there = {name(raw): raw["Spec"] for raw in seen.services}
    return [full.removeprefix(f"{stack}_") for full in {**there, **after} if there.get(full) is not after.get(full)]


def _network_missing(wanted: WantedNetwork, seen: Seen) -> Diagnostic | None:
    if wanted.name in _OF_EVERY_NODE or wanted.name in _swarm_wide(seen.networks):
        return None
    made = f"docker network create --driver overlay --attachable {wanted.name}"
    if any(raw["Name"] == wanted.name for raw in seen.networks):
        why = f"the external network {wanted.name} is one of this node alone, not of the Swarm"
        return problem("external-missing", why, f"create one of the Swarm under another name: {made}-swarm")
    why = f"the network {wanted.name} is external, and the Swarm has none of that name"
    return problem("external-missing", why, f"create it: {made}")


def _swarm_wide(networks: Iterable[Raw]) -> dict[str, Raw]:
    return {raw["Name"]: raw for raw in networks if raw.get("Scope") == "swarm"}


def _network(action: Action, named: str, put: PutNetwork | None, reasons: tuple[str, ...] = ()) -> Change:
    return Change(action=action, kind=Kind.NETWORK, name=named, reasons=reasons, instruction=put)
