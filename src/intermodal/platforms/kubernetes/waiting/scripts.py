"""What an init container asks while it waits, as POSIX shell. Pure text; nothing here knows of Compose.

The loops need `nc` and `timeout` (busybox has both) or, to ask the API, `curl`. None contains `$(`, which Kubernetes
would take for a variable of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from intermodal.kit.records import record
from intermodal.platforms.kubernetes.kinds import COMPLETED, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

SECONDS_STARTED = 60
"""How long to wait for a service that need only have started: Compose itself would not wait at all."""
SECONDS_OPTIONAL = 300
"""How long to wait for what is not required."""
PAUSE = 2
ACCOUNT = "/run/intermodal/account"
"""Where the token, the API's certificate and the namespace are mounted."""


@record
class Reach:
    """Whether any of a host's TCP ports takes a connection."""

    host: str
    ports: tuple[int, ...]


@record
class Resolve:
    """Whether a name has an address: that of a headless Service has one once an instance is ready."""

    host: str


@record
class Ask:
    """Whether the API says that a workload has come as far as a condition of Compose's."""

    kind: Kind
    name: str
    condition: str


Question: TypeAlias = Reach | Resolve | Ask

RESOURCES: Mapping[Kind, tuple[str, str]] = {
    Kind.JOB: ("batch", "jobs"),
    Kind.DEPLOYMENT: ("apps", "deployments"),
    Kind.STATEFUL_SET: ("apps", "statefulsets"),
    Kind.DAEMON_SET: ("apps", "daemonsets"),
}
"""Kind -> API group and resource."""

_COMPLETE = '"type":"Complete","status":"True"'
_FAILED = '"type":"Failed","status":"True"'
_READY = {Kind.DEPLOYMENT: '"readyReplicas":[1-9]', Kind.STATEFUL_SET: '"readyReplicas":[1-9]'}


def script(question: Question, *, seconds: int | None) -> str:
    """A shell text that ends when the answer is yes; after `seconds`, where given, it ends well all the same."""
    match question:
        case Reach(host=host, ports=ports):
            tries = " || ".join(f"nc -z -w {PAUSE} {host} {port}" for port in ports)
            return _limited(f"until {tries}; do sleep {PAUSE}; done", host, seconds)
        case Resolve(host=host):
            probe = f"nc -z -w {PAUSE} {host} 1 2>&1 | grep -q 'bad address'"
            return _limited(f"while {probe}; do sleep {PAUSE}; done", host, seconds)
        case Ask():
            return _asking(question, seconds)


def _limited(loop: str, name: str, seconds: int | None) -> str:
    if seconds is None:
        return loop
    quoted = loop.replace("'", "'\\''")
    return (
        f"timeout {seconds} sh -c '{quoted}' || echo '{name} does not answer after {seconds} s: starting all the same'"
    )


def _asking(question: Ask, seconds: int | None) -> str:
    group, resource = RESOURCES[question.kind]
    url = f"https://kubernetes.default.svc/apis/{group}/v1/namespaces/$NAMESPACE/{resource}/{question.name}"
    # The token goes through standard input, so that no list of processes shows it; to curl's own user agent the API
    # would answer in its long, indented form.
    ask = (
        f"ask() {{ {{ printf 'Authorization: Bearer '; cat {ACCOUNT}/token; }} | "
        f"curl -sS -A intermodal --cacert {ACCOUNT}/ca.crt -H @- \"{url}\" | tr -d ' \\n'; }}"
    )
    ends = seconds is not None
    loop = f"until ask | grep -q -E '{_pattern(question)}'; do {_step(ends=ends)}; done"
    lines = [ask, *([f"left={(seconds or 0) // PAUSE}"] if ends else []), loop]
    if question.condition == COMPLETED and not ends:
        lines.append(f"ask | grep -q '{_COMPLETE}' || {{ echo '{question.name} failed' >&2; exit 1; }}")
    return "\n".join(lines)


def _step(*, ends: bool) -> str:
    """One pause; `expr` counts without the `$((` that Kubernetes would read."""
    return f'[ "$left" -gt 0 ] || exit 0; left=`expr $left - 1`; sleep {PAUSE}' if ends else f"sleep {PAUSE}"


def _pattern(question: Ask) -> str:
    if question.kind is Kind.JOB:
        patterns = {COMPLETED: f"{_COMPLETE}|{_FAILED}", "service_healthy": f'"ready":[1-9]|{_COMPLETE}'}
        return patterns.get(question.condition, '"startTime":')
    return _READY.get(question.kind, '"numberReady":[1-9]')
