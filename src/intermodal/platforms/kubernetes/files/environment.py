"""Environment variables: `environment` on the container, each `env_file` as a ConfigMap of its own.

Docker's precedence holds: `environment` outweighs files, a later file an earlier one; so does Kubernetes (`env` over
`envFrom`, later over earlier). Options: `env-files=inline` writes the files' variables on the container;
`secret-env=secret` moves what looks secret to Secrets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.kit.records import record
from intermodal.model.support import Approximate, Consequence, Missing
from intermodal.platforms.kubernetes.context import PodParts
from intermodal.platforms.kubernetes.escape import escaped
from intermodal.platforms.kubernetes.files.credentials import looks_secret
from intermodal.platforms.kubernetes.hosts import replace_hosts
from intermodal.platforms.kubernetes.names import is_environment_name
from intermodal.platforms.kubernetes.objects import document, make_object, metadata
from intermodal.platforms.kubernetes.payload import LIMIT, content_hash, payload_fields

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from intermodal.model.application import Service
    from intermodal.model.files import EnvFile
    from intermodal.model.origin import Path
    from intermodal.model.platform import Document
    from intermodal.platforms.kubernetes.context import Context
    from intermodal.platforms.kubernetes.terms import Object


@record
class _Holder:
    """A ConfigMap or Secret of variables: its kind, its name, what it is called in the file, and its content."""

    kind: str
    name: str
    original: str
    values: Mapping[str, str]
    service: str = ""


def environment_parts(service: str, context: Context) -> PodParts:
    """The variables of a service's container; what cannot be carried over is noted."""
    which = context.application.services[service]
    _note_variables(which, context)
    values = _values(which, context)
    secret = _secret(which, values, context)
    hidden = secret.values if secret else {}
    env = tuple(_variable(name, value, secret if name in hidden else None) for name, value in values.items())
    env_from = () if _inline(context) else tuple(_source(holder) for holder in _files(which, context))
    return PodParts(env=env, env_from=env_from)


def environment_documents(context: Context) -> tuple[Document, ...]:
    """The ConfigMaps and Secrets that hold variables, each once, in the order of the services that read them."""
    holders: dict[tuple[str, str], _Holder] = {}
    for service in context.application.services.values():
        if service.provider is None:
            for holder in _holders(service, context):
                holders.setdefault((holder.kind, holder.name), holder)
    return tuple(document(_object(holder, context)) for holder in holders.values())


def _holders(service: Service, context: Context) -> Iterator[_Holder]:
    if not _inline(context):
        yield from _files(service, context)
    secret = _secret(service, _values(service, context), context) if _moves_secrets(context) else None
    if secret:
        yield secret


def _values(service: Service, context: Context) -> dict[str, str]:
    """What is set on the container itself, as it is to be seen inside: hosts that cannot be are replaced."""
    replaced = context.dns.replaced
    values: dict[str, str] = {}
    if _inline(context):
        for holder in _files(service, context):
            values |= holder.values
    for name, value in service.environment.items():
        if value is not None and is_environment_name(name):
            values[name] = replace_hosts(value, name, replaced)
    return values


def _files(service: Service, context: Context) -> Iterator[_Holder]:
    """What each env file sets. A variable that `environment` names without a value is unset, whatever files say."""
    unset = {name for name, value in service.environment.items() if value is None}
    for file in service.env_file:
        values = {
            name: replace_hosts(value, name, context.dns.replaced)
            for name, value in file.values.items()
            if name not in unset and is_environment_name(name)
        }
        if values and not _too_large(file):
            yield _file_holder(file, values, context)


def _file_holder(file: EnvFile, values: Mapping[str, str], context: Context) -> _Holder:
    secret = _moves_secrets(context) and any(looks_secret(name, value) for name, value in values.items())
    kind = "Secret" if secret else "ConfigMap"
    original = file.path.removeprefix(context.application.working_dir.rstrip("/") + "/").lstrip("/")
    name = context.names.object(kind, original, _hash(values))
    return _Holder(kind=kind, name=name, original=original, values=values)


def _secret(service: Service, values: Mapping[str, str], context: Context) -> _Holder | None:
    """The Secret with what looks secret in a service's own variables, where such are to be moved."""
    if not _moves_secrets(context):
        return None
    hidden = {name: value for name, value in values.items() if looks_secret(name, value)}
    if not hidden:
        return None
    original = f"{context.names.workload(service.name)}-environment"
    name = context.names.object("Secret", original, _hash(hidden))
    return _Holder(kind="Secret", name=name, original="", values=hidden, service=service.name)


def _hash(values: Mapping[str, str]) -> str:
    return content_hash({name: value.encode(errors="surrogatepass") for name, value in values.items()})


def _variable(name: str, value: str, secret: _Holder | None) -> Object:
    if secret:
        return {"name": name, "valueFrom": {"secretKeyRef": {"name": secret.name, "key": name}}}
    return {"name": name, "value": escaped(value)}


def _source(holder: _Holder) -> Object:
    return {"secretRef" if holder.kind == "Secret" else "configMapRef": {"name": holder.name}}


def _object(holder: _Holder, context: Context) -> Object:
    about = metadata(context, holder.name, service=holder.service, original=holder.original)
    contents = {name: value.encode(errors="replace") for name, value in holder.values.items()}
    return make_object(context, holder.kind, about, immutable=True, **payload_fields(holder.kind, contents))


def _inline(context: Context) -> bool:
    return context.settings.options.get("env-files", "configmap") == "inline"


def _moves_secrets(context: Context) -> bool:
    return context.settings.options.get("secret-env", "keep") == "secret"


def _note_variables(service: Service, context: Context) -> None:
    """Say which variables are not as written, and point once at those that look secret."""
    start: Path = ("services", service.name, "environment")
    secret = [name for name, value in service.environment.items() if value and looks_secret(name, value)]
    if secret and not _moves_secrets(context):
        context.notes((*start, secret[0]), _readable(secret))
    for name, value in service.environment.items():
        if value is None:
            context.notes((*start, name), _NOT_SET)
        elif not is_environment_name(name):
            context.notes((*start, name), _IMPOSSIBLE)
        elif replace_hosts(value, name, context.dns.replaced) != value:
            context.notes((*start, name), _REPLACED)
    for index, file in enumerate(service.env_file):
        outcome = _of_file(file, context)
        if outcome:
            context.notes(("services", service.name, "env_file", index, "path"), outcome)


def _of_file(file: EnvFile, context: Context) -> Approximate | Missing | None:
    if not file.values:
        return _EMPTY
    if _too_large(file):
        return _TOO_LARGE
    impossible = [name for name in file.values if not is_environment_name(name)]
    if impossible:
        return Approximate(
            code="variable-name-not-possible",
            why=f"Kubernetes takes no variable called {', '.join(impossible[:5])}",
            advice="rename it",
            consequence=Consequence.BEHAVIOUR,
        )
    if any(replace_hosts(value, name, context.dns.replaced) != value for name, value in file.values.items()):
        return _REPLACED
    secret = [name for name, value in file.values.items() if looks_secret(name, value)]
    return _readable(secret) if secret and not _moves_secrets(context) else None


def _too_large(file: EnvFile) -> bool:
    return sum(len(name) + len(value) for name, value in file.values.items()) > LIMIT


def _readable(names: list[str]) -> Approximate:
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    return Approximate(
        code="secret-in-environment",
        why=f"{', '.join(names[:5])}{more}: whoever may see the workload sees what looks secret",
        advice="translate with `--set secret-env=secret`",
        how="env",
    )


_NOT_SET = Missing(
    code="variable-not-set",
    why="nothing gives it a value; Docker passes none either",
    advice="set it where you translate, or write a value",
    consequence=Consequence.NONE,
)
_IMPOSSIBLE = Missing(
    code="variable-name-not-possible",
    why="Kubernetes takes letters, digits, '-', '_' and '.' in a variable's name, and no digit at the start",
    advice="rename it",
)
_REPLACED = Approximate(
    code="host-name-replaced",
    why="it names a host that cannot exist in the cluster's DNS; the value now names the Service instead",
    advice="use the service's own name, of letters, digits and hyphens",
    how="env",
)
_EMPTY = Missing(code="env-file-empty", why="the file sets no variable or is not there", consequence=Consequence.NONE)
_TOO_LARGE = Missing(
    code="object-too-large",
    why="a ConfigMap or Secret holds at most 1 MiB",
    advice="split it, or bring it in through a volume",
    consequence=Consequence.START,
)
