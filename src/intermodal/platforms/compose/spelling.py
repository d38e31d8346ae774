"""The model's values as a Compose file writes them. A record's fields are the specification's keys, so one walk does.

What says only what holds anyway is left out. `$` is doubled, since whoever reads the file interpolates it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from intermodal.kit.quantities import format_duration, format_size
from intermodal.kit.records import defaults, fields

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from intermodal.model.resources import Ulimit


def _size(count: int) -> str | int:
    return format_size(count) if count >= 0 else count


def _count(number: int) -> str | int:
    return "all" if number < 0 else number


def _octal(bits: int) -> str:
    return f"0{bits:o}"


def _number(value: float) -> float:
    return int(value) if value == int(value) else value


def _ulimits(said: Mapping[str, Ulimit]) -> dict[str, Any]:
    return {
        name: limit.soft if limit.soft == limit.hard and not limit.extensions else spelled(limit)
        for name, limit in said.items()
    }


SPELLINGS: Mapping[tuple[str, str], Callable[[Any], Any]] = {
    **{("Service", name): _size for name in ("mem_limit", "mem_reservation", "memswap_limit", "shm_size")},
    **{(kind, "memory"): _size for kind in ("Limits", "Reservations")},
    **{(kind, "cpus"): str for kind in ("Limits", "Reservations")},
    **{("Service", name): _number for name in ("cpus", "cpu_percent")},
    **{("Healthcheck", name): format_duration for name in ("interval", "timeout", "start_period", "start_interval")},
    **{("UpdateConfig", name): format_duration for name in ("delay", "monitor")},
    **{("RestartPolicy", name): format_duration for name in ("delay", "window")},
    ("Build", "shm_size"): _size,
    ("DeviceRate", "rate"): _size,
    ("DeviceRequest", "count"): _count,
    ("TmpfsOptions", "size"): _size,
    ("Service", "stop_grace_period"): format_duration,
    ("Service", "ulimits"): _ulimits,
    ("Build", "ulimits"): _ulimits,
    ("Grant", "mode"): _octal,
}
"""Fields that a file writes otherwise than the model holds them, by class and name."""

READ = frozenset(
    {
        ("Service", "name"),
        ("Service", "env_file"),
        ("Service", "label_file"),
        ("Service", "profiles"),
        ("SharedFile", "value"),
    }
)
"""Fields that loading has used up, or that were never written."""
ALWAYS = frozenset(
    {
        ("DeviceRate", "path"),
        ("DeviceRate", "rate"),
        ("DeviceWeight", "path"),
        ("DeviceWeight", "weight"),
        ("DiscreteResource", "value"),
        ("Dependency", "condition"),
        ("Hook", "command"),
    }
)
"""Fields that a file must have even where they say nothing new."""


def spelled(value: Any) -> Any:  # noqa: ANN401 - a piece of the model becomes plain data
    """A piece of the model as plain data in the order to be written."""
    if hasattr(value, "__fields__"):
        return _record(value)
    if isinstance(value, (tuple, list)):
        return [spelled(item) for item in value]
    if hasattr(value, "items"):
        return {escaped(key): spelled(item) for key, item in value.items()}
    return escaped(value) if isinstance(value, str) else value


def _record(value: Any) -> dict[str, Any]:  # noqa: ANN401 - any record of the model
    kind, unsaid = type(value).__name__, defaults(value)
    said: dict[str, Any] = {}
    for name in fields(value):
        field = getattr(value, name)
        if name == "extensions":
            said |= spelled(field)
        elif (kind, name) not in READ and ((kind, name) in ALWAYS or name not in unsaid or field != unsaid[name]):
            spell = SPELLINGS.get((kind, name))
            said[name] = spelled(spell(field) if spell is not None else field)
    return said


def escaped(text: str) -> str:
    """Text that interpolation gives back."""
    return text.replace("$", "$$") if "$" in text else text
