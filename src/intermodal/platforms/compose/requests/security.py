"""Security options: profiles are read here and sent whole; `systempaths=unconfined` becomes fields of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.clients.docker.objects import Object, filled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from intermodal.model.resources import CredentialSpec
    from intermodal.platforms.compose.requests.records import ServiceRequest

OPEN_PATHS = "systempaths=unconfined"
_NAMED_PROFILES = frozenset({"unconfined", "builtin"})


def options(request: ServiceRequest) -> Object:
    """`SecurityOpt` and what goes with it."""
    said = [_option(request, option) for option in request.service.security_opt if option != OPEN_PATHS]
    said += _credentials(request.service.credential_spec)
    made = filled(SecurityOpt=said)
    if OPEN_PATHS in request.service.security_opt:
        made |= {"MaskedPaths": [], "ReadonlyPaths": []}
    return made


def profiles(said: tuple[str, ...]) -> Iterator[str]:
    """The files of seccomp profiles that security options name."""
    for option in said:
        name, value = _parts(option)
        if name == "seccomp" and value and value not in _NAMED_PROFILES:
            yield value


def _option(request: ServiceRequest, option: str) -> str:
    name, value = _parts(option)
    if name == "seccomp" and value in request.profiles:
        return f"seccomp={request.profiles[value]}"
    return option


def _credentials(said: CredentialSpec | None) -> list[str]:
    """A Windows account, as Windows engines take it."""
    if said is None:
        return []
    return [
        f"credentialspec={kind}://{text}" for kind, text in (("file", said.file), ("registry", said.registry)) if text
    ]


def _parts(option: str) -> tuple[str, str]:
    """Name and value; a colon between them is the older spelling."""
    separator = "=" if "=" in option else ":"
    name, _, value = option.partition(separator)
    return name, value
