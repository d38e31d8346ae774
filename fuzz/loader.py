"""Feeds the loader what a coverage-guided fuzzer makes up: `make fuzz`.

The loader takes the application, or rejects it; what it takes every platform translates, or rejects. All else is a bug.

Runs on; stops at the first exception, hang or excess of memory, and leaves the input in a file `crash-…` to try again:
`python fuzz/loader.py crash-…`.
"""

from __future__ import annotations

import contextlib
import sys
import tempfile

import atheris

with atheris.instrument_imports(include=["intermodal"]):
    from intermodal.compose.load import Request, load
    from intermodal.kit.diagnostics import Rejected
    from intermodal.model.platform import Settings
    from intermodal.platforms import PLATFORMS, find, translated

LIMITS = ["-timeout=10", "-rss_limit_mb=1024", "-max_len=4096", "-only_ascii=0"]
ENVIRONMENT = {"HOME": "/home/nobody", "TAG": "1.2", "EMPTY": ""}


def one_input(data: bytes) -> None:
    """Load and translate the bytes as if they came on standard input."""
    with contextlib.suppress(Rejected):
        text = data.decode("utf-8", "replace")
        request = Request(
            files=("-",), project_name="fuzz", working_directory=FOLDER, environment=ENVIRONMENT, stdin=text
        )
        loaded = load(request)
        for name in PLATFORMS:
            translated(find(name), loaded.application, Settings(), loaded.files)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="intermodal-fuzz-") as FOLDER:
        atheris.Setup([sys.argv[0], *LIMITS, *sys.argv[1:]], one_input)
        atheris.Fuzz()
