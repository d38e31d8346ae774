"""Numbers as Kubernetes writes them: CPUs, bytes, seconds."""

from __future__ import annotations

from math import ceil

_UNITS = (("Ei", 1 << 60), ("Pi", 1 << 50), ("Ti", 1 << 40), ("Gi", 1 << 30), ("Mi", 1 << 20), ("Ki", 1 << 10))


def cpu_quantity(cores: float) -> str:
    """Cores as whole numbers or thousandths, never less than one thousandth."""
    thousandths = max(1, round(cores * 1000))
    return str(thousandths // 1000) if thousandths % 1000 == 0 else f"{thousandths}m"


def byte_quantity(size: int) -> str:
    """Bytes in the largest binary unit that says them exactly."""
    return next((f"{size // unit}{name}" for name, unit in _UNITS if size and size % unit == 0), str(size))


def whole_seconds(seconds: float, least: int = 0) -> int:
    """Seconds rounded up: Kubernetes knows no fractions, and waiting too long is the safer error."""
    return max(least, ceil(seconds))
