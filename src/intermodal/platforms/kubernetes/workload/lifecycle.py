"""What happens right after a container starts and before it stops: hooks, the stop signal, the grace period."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.model.support import Approximate, Consequence, Missing
from intermodal.platforms.kubernetes.escape import quoted
from intermodal.platforms.kubernetes.quantities import whole_seconds
from intermodal.platforms.kubernetes.terms import UNCHANGED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from intermodal.model.application import Service
    from intermodal.model.building import Hook
    from intermodal.platforms.kubernetes.context import Context
    from intermodal.platforms.kubernetes.terms import Object

NUMBERS = {"1": "HUP", "2": "INT", "3": "QUIT", "9": "KILL", "10": "USR1", "12": "USR2", "15": "TERM", "28": "WINCH"}
"""Signal numbers of Linux that are the same on every architecture people run, and their names."""
AT_ONCE = 1
"""Seconds of grace where none is wanted: 0 would delete the Pod before its node has stopped it."""

_HOOK_USER = Missing(
    code="hook-user",
    why="hooks run as the container's own user and with its own rights",
    advice="run what needs another user in an init container, or let the container's user do it",
)
_BY_HOOK = Approximate(
    code="stop-signal-by-hook",
    why="a hook sends it before SIGTERM; the image needs /bin/sh, else SIGTERM or the image's own signal is sent",
    advice="set STOPSIGNAL in the image: Kubernetes heeds that",
    consequence=Consequence.BEHAVIOUR,
    how="lifecycle.preStop",
)
_KILLED = Approximate(
    code="killed-after-a-second",
    why="it is asked to stop and killed one second later; Kubernetes cannot kill without asking",
    how="terminationGracePeriodSeconds",
)
_NO_FIRST_PROCESS = Missing(
    code="stop-signal-with-init",
    why="with `init: true` the application is not the first process, so a hook does not know whom to signal",
    advice="set STOPSIGNAL in the image: Kubernetes heeds that",
)


def lifecycle(service: Service, context: Context) -> Object:
    """A container's `lifecycle`; empty when nothing is asked. Kubernetes expands no variables in it."""
    for field in ("post_start", "pre_stop"):
        _note_users(field, service, context)
    started = _handler(service.post_start)
    stopping = _handler(service.pre_stop, _signalling(service, context))
    made = {"postStart": started, "preStop": stopping}
    return {name: handler for name, handler in made.items() if handler}


def grace_period(service: Service, context: Context) -> int | None:
    """Seconds between asking a container to stop and killing it; None for Kubernetes' default."""
    if _signal(service) == "KILL":
        return AT_ONCE
    if service.stop_grace_period is None:
        return None
    if service.stop_grace_period == 0:
        context.notes(("services", service.name, "stop_grace_period"), _KILLED)
    return whole_seconds(service.stop_grace_period, AT_ONCE)


def _signal(service: Service) -> str:
    name = service.stop_signal.upper().removeprefix("SIG")
    return NUMBERS.get(name, name)


def _signalling(service: Service, context: Context) -> str:
    """The shell text that stops the first process by the signal asked for; "" where SIGTERM does."""
    signal = _signal(service)
    path = ("services", service.name, "stop_signal")
    if not signal:
        return ""
    if signal in {"TERM", "KILL"}:
        context.notes(path, UNCHANGED if signal == "TERM" else _KILLED)
        return ""
    if service.init:
        context.notes(path, _NO_FIRST_PROCESS)
        return ""
    context.notes(path, _BY_HOOK)
    return f"kill -s {quoted(signal)} 1 && while kill -0 1 2>/dev/null; do sleep 1; done"


def _handler(hooks: tuple[Hook, ...], last: str = "") -> Object:
    """One hook as it is; several, or one that needs more than a command, as the lines of one shell."""
    if len(hooks) == 1 and not last and not hooks[0].working_dir and not hooks[0].environment:
        return {"exec": {"command": list(hooks[0].command)}}
    lines = [*(_line(hook) for hook in hooks), *([last] if last else [])]
    return {"exec": {"command": ["/bin/sh", "-c", " && ".join(lines)]}} if lines else {}


def _line(hook: Hook) -> str:
    settings = [f"{name}={quoted(value)}" for name, value in hook.environment.items() if value is not None]
    command = _words([*(["env", *settings] if settings else []), *(quoted(word) for word in hook.command)])
    return f"(cd {quoted(hook.working_dir)} && {command})" if hook.working_dir else command


def _words(words: Iterable[str]) -> str:
    return " ".join(words)


def _note_users(field: str, service: Service, context: Context) -> None:
    hooks: tuple[Hook, ...] = getattr(service, field)
    for index, hook in enumerate(hooks):
        path = ("services", service.name, field, index)
        if hook.user:
            context.notes((*path, "user"), UNCHANGED if hook.user == service.user else _HOOK_USER)
        same = hook.privileged <= service.privileged
        context.notes((*path, "privileged"), UNCHANGED if same else _HOOK_USER)
