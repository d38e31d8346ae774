"""Files made to keep a checker busy: the time must grow with their size, not faster, and messages stay short."""

from __future__ import annotations

from time import process_time

import pytest

from intermodal.compose.check import check_references, check_shape
from intermodal.compose.longhand import expand
from intermodal.compose.normalise import normalise
from intermodal.kit.diagnostics import Findings
from tests.compose.trees import tree

MANY = 20_000
SECONDS = 15  # each takes less than one; what grows with the square of the size takes minutes
FILES = {
    "unknown keys": "services: {web: {image: x, " + ", ".join(f"kei{n}: 1" for n in range(MANY)) + "}}",
    "unknown services": "services: {web: {image: x, depends_on: [" + ", ".join(f"s{n}" for n in range(MANY)) + "]}}",
    "everybody waits for everybody": "services: {"
    + ", ".join(
        f"s{n}: {{image: x, depends_on: [{', '.join(f's{m}' for m in range(150) if m != n)}]}}" for n in range(150)
    )
    + "}",
    "one port, many addresses": "services: {"
    + ", ".join(f"s{n}: {{image: x, ports: ['10.{n >> 8}.{n & 255}.1:80:80']}}" for n in range(5000))
    + "}",
    "one host, many addresses": "services: {web: {image: x, extra_hosts: ['a="
    + ",".join(f"10.0.{n}" for n in range(MANY))
    + "']}}",
    "one host, many times": "services: {web: {image: x, extra_hosts: ["
    + ", ".join(f"'a=10.0.{n}'" for n in range(MANY))
    + "]}}",
    "a long word": "services: {web: {image: x, command: " + "a" * 1_000_000 + "}}",
    "a long duration": "services: {web: {image: x, stop_grace_period: '" + "1ns" * 300_000 + "'}}",
    "a long size": "services: {web: {image: x, mem_limit: '" + "1" * 1_000_000 + "m'}}",
    "a long key": "services:\n  web:\n    image: x\n    ? " + "k" * 1_000_000 + "\n    : 1\n",
    "a long name": "services: {web: {image: x, networks: [" + "n" * 1_000_000 + "]}}",
}


@pytest.mark.parametrize("text", FILES.values(), ids=FILES)
def test_it_is_answered_at_once_and_in_short(text: str) -> None:
    findings = Findings()
    start = process_time()
    node = tree(text)
    check_shape(node, findings)
    node = expand(node, findings)
    if not findings.diagnostics:
        node = normalise(node, name="demo", working_dir="/", environment={}, findings=findings)
        check_references(node, findings)
    assert process_time() - start < SECONDS
    assert max((len(found.message + found.help) for found in findings.diagnostics), default=0) < 5000
