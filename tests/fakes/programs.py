"""What the fake engine's instances run: so much of a shell as the conformance suite uses, without any process.

`echo`, `cat`, `sleep`, `test`, `true`, `false`, `exit`, joined by `;`. A program runs at once; how long it takes is
the sum of its sleeps.
"""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

from intermodal.kit.records import record

if TYPE_CHECKING:
    from collections.abc import Mapping

FOREVER = 900.0
"""A sleep of so many seconds does not end while a test watches."""


@record
class Ran:
    """What a program printed, with its moments from the start, its exit code and when it ended; None goes on."""

    lines: tuple[tuple[float, str, str], ...] = ()
    code: int | None = None
    ended: float = 0.0


def ran(argv: tuple[str, ...], environment: Mapping[str, str], files: Mapping[str, bytes]) -> Ran:
    """Run a program."""
    script = argv[2] if argv[:2] == ("sh", "-c") else shlex.join(argv)
    lines: list[tuple[float, str, str]] = []
    code, passed = 0, 0.0
    for statement in script.split(";"):
        words = shlex.split(_filled(statement, environment))
        words = words[1:] if words[:1] == ["exec"] else words
        stream = "stderr" if words[-1:] == [">&2"] else "stdout"
        name, *rest = [word for word in words if word != ">&2"] or ["true"]
        if name == "exit":
            return Ran(lines=tuple(lines), code=int(rest[0]), ended=passed)
        if name == "sleep":
            passed += float(rest[0])
            if float(rest[0]) >= FOREVER:
                return Ran(lines=tuple(lines))
            continue
        code, text = _statement(name, rest, files)
        lines += [(passed, stream, line) for line in text.splitlines()]
    return Ran(lines=tuple(lines), code=code, ended=passed)


def _statement(name: str, rest: list[str], files: Mapping[str, bytes]) -> tuple[int, str]:
    if name == "echo":
        return 0, " ".join(rest) + "\n"
    if name == "cat":
        found = [files.get(path) for path in rest]
        return int(None in found), "".join(content.decode() for content in found if content is not None)
    if name == "test":
        return int(rest[-1] not in files), ""
    return {"true": 0, "false": 1}.get(name, 127), ""


def _filled(text: str, environment: Mapping[str, str]) -> str:
    return re.sub(r"\$\{?(\w+)\}?", lambda found: environment.get(found[1], ""), text)
