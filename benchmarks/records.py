"""What a class costs at import: a record, a frozen slotted dataclass, a NamedTuple. Prints microseconds each."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from intermodal.kit.records import record

if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDS = 200


def one_record() -> None:
    @record
    class _Port:
        target: int
        published: str = ""
        protocol: str = "tcp"
        mode: str = "ingress"
        host_ip: str = ""
        name: str = ""
        app_protocol: str = ""


def one_dataclass() -> None:
    @dataclass(frozen=True, slots=True, kw_only=True)
    class _Port:
        target: int
        published: str = ""
        protocol: str = "tcp"
        mode: str = "ingress"
        host_ip: str = ""
        name: str = ""
        app_protocol: str = ""


def one_tuple() -> None:
    class _Port(NamedTuple):
        target: int
        published: str = ""
        protocol: str = "tcp"
        mode: str = "ingress"
        host_ip: str = ""
        name: str = ""
        app_protocol: str = ""


def microseconds(make: Callable[[], None]) -> float:
    started = time.perf_counter()
    for _ in range(ROUNDS):
        make()
    return (time.perf_counter() - started) / ROUNDS * 1e6


if __name__ == "__main__":
    for make in (one_record, one_dataclass, one_tuple):
        print(f"{make.__name__:14} {microseconds(make):7.0f} µs")
