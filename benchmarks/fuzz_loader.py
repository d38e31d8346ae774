"""Feeds the loader with what a coverage-guided fuzzer makes up: `make fuzz`, or `python benchmarks/fuzz_loader.py [-runs=N] [corpus]`.

Needs atheris (`pip install -e '.[fuzz]'`). Any exception but `Rejected` is a finding; atheris keeps the input.
"""

from __future__ import annotations

import sys
from contextlib import suppress

import atheris

with atheris.instrument_imports(include=["intermodal"]):
    from intermodal.compose.dotenv import raw_variables, variables
    from intermodal.compose.load import Request, load
    from intermodal.compose.render import render
    from intermodal.kit.diagnostics import Findings, Rejected
    from intermodal.kit.places import Source

SEED = b"services:\n  a:\n    image: x:${T:-1}\n    ports: ['80:80']\n    <<: {environment: [A=1]}\n"


def one_input(data: bytes) -> None:
    """A compose file on standard input, and an env file; the first byte says which."""
    text = data[1:].decode("utf-8", "surrogateescape")
    if data[:1] < b"\x20":
        source = Source("fuzz.env", text)
        variables(source, {"A": "1"}.get, Findings())
        raw_variables(source, {"A": "1"}.get, Findings())
        return
    with suppress(Rejected):
        loaded = load(Request(working_directory="/nowhere", files=("-",), stdin=text, project_name="fuzz"))
        render(loaded.tree, loaded.application)
        list(loaded.application.origins.leaves())


if __name__ == "__main__":
    one_input(b"c" + SEED)
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
