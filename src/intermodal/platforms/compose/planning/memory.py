"""What a container remembers besides labels: what it replaced, its `pre_stop` hooks, the files that were put into it.

Values of the environment and of secrets are in it, and labels are shown by every list and exported by monitoring. So it
stands where only those see it who may inspect the container, and its environment with it: among the image's `ONBUILD`
triggers, which engines keep and never run. Pure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from intermodal.kit.records import NOTHING, record
from intermodal.model.labels import PREVIOUS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intermodal.model.building import Hook

_MARK = f"LABEL {PREVIOUS}="


@record
class Memory:
    """`previous` is a copy as `copying.copied` makes them, `files` are paths, `pre_stop` hooks as plain data.

    `manner` is how it is to be exchanged, where the file says it: what a rollback goes by.
    """

    previous: Mapping[str, Any] = NOTHING
    files: tuple[str, ...] = ()
    pre_stop: tuple[Mapping[str, Any], ...] = ()
    manner: Mapping[str, Any] = NOTHING

    def __repr__(self) -> str:
        return f"Memory(previous={bool(self.previous)}, files={self.files})"


def remembered(inspected: Mapping[str, Any]) -> Memory:
    """What a container remembers, from the engine's answer about it; nothing where it was not made by us."""
    for text in (inspected.get("Config") or {}).get("OnBuild") or ():
        if text.startswith(_MARK):
            return Memory(**{key: _tuple(value) for key, value in _unpacked(text.removeprefix(_MARK)).items()})
    return Memory()


def with_memory(body: Mapping[str, Any], memory: Memory) -> dict[str, Any]:
    """The body of a container that will remember; unchanged where there is nothing to remember."""
    kept = {
        "manner": dict(memory.manner),
        "previous": dict(memory.previous),
        "files": memory.files,
        "pre_stop": [dict(one) for one in memory.pre_stop],
    }
    said = {key: value for key, value in kept.items() if value}
    return {**body, "OnBuild": [_MARK + _packed(said)]} if said else dict(body)


def hooks(said: tuple[Hook, ...]) -> tuple[Mapping[str, Any], ...]:
    """Hooks as the bodies of the requests that run them."""
    return tuple(
        {
            "Cmd": list(hook.command),
            "User": hook.user,
            "Privileged": hook.privileged,
            "WorkingDir": hook.working_dir,
            "Env": [name if value is None else f"{name}={value}" for name, value in hook.environment.items()],
        }
        for hook in said
    )


def _packed(value: object) -> str:
    from base64 import urlsafe_b64encode  # noqa: PLC0415 - most plans replace nothing
    from json import dumps  # noqa: PLC0415 - as above
    from zlib import compress  # noqa: PLC0415 - as above

    return urlsafe_b64encode(compress(dumps(value, separators=(",", ":")).encode(), 9)).decode()


def _unpacked(text: str) -> dict[str, Any]:
    from base64 import urlsafe_b64decode  # noqa: PLC0415 - as above
    from json import loads  # noqa: PLC0415 - as above
    from zlib import decompress, error  # noqa: PLC0415 - as above

    try:
        found = loads(decompress(urlsafe_b64decode(text)))
    except (ValueError, error):
        return {}
    return {key: value for key, value in found.items() if key in Memory.__fields__}  # type: ignore[attr-defined]


def _tuple(value: Any) -> Any:  # noqa: ANN401 - plain data
    return tuple(value) if isinstance(value, list) else value
