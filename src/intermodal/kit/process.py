"""Other programs: run an argument list and get its output, or start it and keep it. Nobody else starts processes.

Secrets never go on a command line: hand them over by `stdin` or `environment`.
"""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_SHOWN = 2000


class CommandFailed(Exception):  # noqa: N818 - named for what happened
    """A command ended badly, took too long, or could not be started; `stderr` is the end of what it said."""

    def __init__(self, argv: Sequence[str], code: int | None, stderr: str) -> None:
        self.argv = tuple(argv)
        self.code = code
        self.stderr = stderr[-_SHOWN:].strip()
        said = self.stderr.splitlines()[-1] if self.stderr else "nothing said"
        super().__init__(f"{argv[0]} {'did not end in time' if code is None else f'ended with {code}'}: {said}")


def run(
    argv: Sequence[str],
    *,
    stdin: bytes | None = None,
    environment: Mapping[str, str] | None = None,
    timeout: float = 60.0,
    check: bool = True,
) -> subprocess.CompletedProcess[bytes]:
    """Run to the end, `timeout` seconds at most; raises `CommandFailed`. `environment` is added to our own."""
    surroundings = None if environment is None else {**os.environ, **environment}
    try:
        done = subprocess.run(  # noqa: S603,TID251 - this is the place; an argument list, no shell
            list(argv),
            input=stdin if stdin is not None else b"",
            capture_output=True,
            env=surroundings,
            timeout=timeout,
            check=False,
        )
    except subprocess.TimeoutExpired as expired:
        raise CommandFailed(argv, None, _text(expired.stderr)) from expired
    except OSError as error:
        raise CommandFailed(argv, 127, f"{argv[0]}: {error.strerror}") from error
    if check and done.returncode:
        raise CommandFailed(argv, done.returncode, _text(done.stderr))
    return done


def output(argv: Sequence[str], *, timeout: float = 60.0) -> str:
    """What a command prints, stripped; raises `CommandFailed`."""
    return _text(run(argv, timeout=timeout).stdout).strip()


def _text(data: bytes | None) -> str:
    return (data or b"").decode("utf-8", "replace")
