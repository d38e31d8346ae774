"""What the user asked of this platform beyond Compose: `x-intermodal`, `intermodal.*` and `kompose.*` labels, options.

Every other part asks here, so that one wish has one meaning however it was said. Strength, strongest first:
command-line option, `x-intermodal`, `intermodal.*` label, `kompose.*` label. The option `expose` without a service's
name is no wish but the default for published ports (`exposure.py`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from intermodal.kit.diagnostics import Diagnostic, Rejected, Severity
from intermodal.kit.records import NOTHING, record
from intermodal.model.support import Consequence, Exact, Missing
from intermodal.platforms.kubernetes.wishes import sources, values
from intermodal.platforms.kubernetes.wishes.sources import is_claimed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from intermodal.model.origin import Path
    from intermodal.model.support import Outcome
    from intermodal.platforms.kubernetes.context import Context
    from intermodal.platforms.kubernetes.wishes.sources import Statement

__all__ = ["ExposureWish", "ServiceWishes", "VolumeWishes", "is_claimed", "service_wishes", "volume_wishes"]


@record
class ExposureWish:
    """How a service is to be reached from outside.

    `kind` is none, cluster, headless, nodeport, loadbalancer, ingress or gateway; "" where nothing was asked.
    `also` holds further pairs of host and path; `dns_name` a further name inside the cluster.
    """

    kind: str = ""
    host: str = ""
    path: str = ""
    also: tuple[tuple[str, str], ...] = ()
    port: int | None = None
    node_port: int | None = None
    class_name: str = ""
    tls_secret: str = ""
    annotations: Mapping[str, str] = NOTHING
    traffic_policy: str = ""
    session_affinity: str = ""
    host_ports: bool = False
    dns_name: str = ""


@record
class ServiceWishes:
    """What was asked of one service; "" where nothing was."""

    controller: str = ""
    schedule: str = ""
    exposure: ExposureWish = ExposureWish()
    service_account: str = ""
    image_pull_secrets: tuple[str, ...] = ()
    image_pull_policy: str = ""
    fs_group: int | None = None
    cron_concurrency: str = ""
    cron_backoff_limit: int | None = None
    ephemeral_request: str = ""
    ephemeral_limit: str = ""


@record
class VolumeWishes:
    """What was asked of one volume.

    `policy` is claim, local, hostpath, ephemeral, memory, nfs, configmap or secret; "" where nothing was asked.
    """

    policy: str = ""
    storage_class: str = ""
    size: str = ""
    access: str = ""
    node: str = ""
    path: str = ""
    server: str = ""


_NO_EXPOSURE = ExposureWish()
_NO_SERVICE = ServiceWishes()
_NO_VOLUME = VolumeWishes()
_ELSEWHERE = frozenset({"volumes"})
"""What a service's statements may name that `volume_wishes` reads."""


def service_wishes(name: str, context: Context) -> ServiceWishes:
    """What was asked of a service; tells the notes of every wish that counts and every one that cannot."""
    service, options = context.application.services[name], context.settings.options
    if not sources.asks(service, options):
        return _NO_SERVICE
    statements = sources.of_service(service, options)
    found = _weigh(statements, values.SERVICE, context)
    if not found:
        return _NO_SERVICE
    exposure = {key.removeprefix("expose."): value for key, value in found.items() if key.startswith("expose.")}
    rest = {key: value for key, value in found.items() if not key.startswith("expose.")}
    return ServiceWishes(**rest, exposure=_exposure(exposure))


def volume_wishes(name: str, context: Context) -> VolumeWishes:
    """What was asked of a top-level volume, or of the mount "<service>:<container path>"."""
    options = context.settings.options
    service, colon, target = name.partition(":")
    if colon:
        statements = sources.of_mount(context.application.services[service], target, options)
    elif name in context.application.volumes:
        statements = sources.of_volume(name, context.application.volumes[name], options)
    else:
        return _NO_VOLUME
    found = _weigh(statements, values.VOLUME, context)
    if not found:
        return _NO_VOLUME
    found["storage_class"] = found.pop("class", "")
    return VolumeWishes(**found)


def _exposure(found: dict[str, Any]) -> ExposureWish:
    """The wish of an exposure; a host asks for an Ingress and a node's port for a NodePort where no kind is named."""
    if not found:
        return _NO_EXPOSURE
    pairs = found.pop("address", None)
    if pairs is not None:
        found.setdefault("kind", "ingress" if pairs else "")
    if pairs:
        (first_host, first_path), *also = pairs
        found = {"host": first_host, "path": first_path, "also": tuple(also), **found}
    implied = "ingress" if found.get("host") else "nodeport" if "node_port" in found else ""
    found["kind"] = found.get("kind") or implied
    found["class_name"] = found.pop("class", "")
    found["tls_secret"] = found.pop("tls", "")
    return ExposureWish(**found)


def _weigh(statements: Iterable[Statement], readers: Mapping[str, Any], context: Context) -> dict[str, Any]:
    """The strongest valid value of each field."""
    found: dict[str, Any] = {}
    said: dict[str, Path | None] = {}
    for statement in statements:
        if statement.field in _ELSEWHERE:
            continue
        value = _read(statement, readers, context)
        if value is None:
            continue
        field = statement.field
        if field == "expose.annotations":
            value = {**found.get(field, NOTHING), **value}
        elif said.get(field) is not None:
            context.notes(said[field] or (), _outweighed())
        found[field], said[field] = value, statement.path
        if statement.path:
            context.notes(statement.path, Exact(how=field))
    return found


def _read(statement: Statement, readers: Mapping[str, Any], context: Context) -> Any:  # noqa: ANN401 - any field's
    """The value of one statement; None, and a note, where it says nothing we understand."""
    reader = readers.get(statement.field)
    if reader is None:
        _refuse(statement, _unknown(statement, readers), context)
        return None
    try:
        return reader(statement.value)
    except ValueError as error:
        _refuse(statement, _misunderstood(statement, str(error)), context)
    return None


def _refuse(statement: Statement, outcome: Missing, context: Context) -> None:
    """Note a wish that cannot be granted; one from the command line is refused outright."""
    if statement.path is None:
        message = f"the option for {statement.field}: {outcome.why}"
        raise Rejected([Diagnostic(code="option-value", severity=Severity.ERROR, message=message)])
    context.notes(statement.path, outcome)


def _unknown(statement: Statement, readers: Mapping[str, Any]) -> Missing:
    label = statement.field
    if label.startswith(sources.KOMPOSE):
        return Missing(code="kompose-label-not-carried", why=f"{label} has no counterpart here")
    from difflib import get_close_matches  # noqa: PLC0415 - only needed when something is wrong

    near = get_close_matches(label, list(readers), n=1)
    return Missing(
        code="unknown-wish",
        why=f"intermodal knows no wish called {label}",
        advice=f"did you mean {near[0]}?" if near else f"known are {', '.join(readers)}",
    )


def _misunderstood(statement: Statement, why: str) -> Missing:
    return Missing(code="wish-not-understood", why=f"{statement.field} {why}", advice="correct the value")


def _outweighed() -> Outcome:
    return Missing(
        code="wish-outweighed",
        why="a stronger wish for the same thing counts instead",
        advice="options outweigh x-intermodal, which outweighs intermodal.* labels, then kompose.* labels",
        consequence=Consequence.NONE,
    )
