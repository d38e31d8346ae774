"""Rights and namespaces that Swarm's services do not have: what losing each one costs hangs on what it says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.model.support import Consequence, Missing
from intermodal.platforms.swarm.defaults import DEFAULT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from intermodal.model.application import Service
    from intermodal.model.support import Notes, Outcome

WEAKER = Missing(
    code="swarm-security-option",
    why="a stack file has no security options; Docker's defaults hold, which allow more",
    advice="make it the default of every node's engine (`no-new-privileges`, `seccomp-profile` in daemon.json)",
    consequence=Consequence.SECURITY,
)
STRICTER = Missing(
    code="swarm-security-option",
    why="a stack file has no security options; Docker's defaults hold, which allow less",
    advice="see whether the service works without it",
    consequence=Consequence.BEHAVIOUR,
)
NEVER_PULLED = Missing(
    code="swarm-pull-policy",
    why="when to pull is said when deploying, not in the stack file",
    advice="`docker stack deploy --resolve-image never`, with the image on every node",
    consequence=Consequence.BEHAVIOUR,
)
_LOOSENING = ("unconfined", "disable", "systempaths=unconfined")
_PULLED = frozenset({"always", "missing", "if_not_present", "build", "refresh"})


def note_privileges(service: Service, notes: Notes) -> None:
    """Tell the ledger of single values whose loss is worse, or better, than the table says of the key."""
    for key, outcome in _findings(service):
        notes(("services", service.name, *key), outcome)


def _findings(service: Service) -> Iterator[tuple[tuple[str | int, ...], Outcome]]:
    for index, option in enumerate(service.security_opt):
        yield ("security_opt", index), STRICTER if option.endswith(_LOOSENING) else _unless_default(option)
    if service.pull_policy:
        yield ("pull_policy",), DEFAULT if service.pull_policy in _PULLED else NEVER_PULLED


def _unless_default(option: str) -> Outcome:
    """An option that only repeats Docker's default costs nothing."""
    return DEFAULT if option.replace("=", ":") == "no-new-privileges:false" else WEAKER
