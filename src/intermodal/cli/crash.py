"""A bug of ours: what the user sees of it is two lines; what we need to find it is saved beside.

The report holds no value of the environment or of the user's files: frames, the kind of the exception, and its
message with everything quoted left out.
"""

from __future__ import annotations

import os
import sys


def saved_report(error: BaseException, arguments: list[str]) -> str:
    """Save a report of the bug; returns the path, or why there is none."""
    import tempfile  # noqa: PLC0415 - only a crash needs it

    text = _report(error, arguments)
    try:
        descriptor, path = tempfile.mkstemp(prefix="intermodal-", suffix=".txt")
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)
    except OSError as failure:
        return f"(no report could be saved: {failure.strerror})"
    return path


def _report(error: BaseException, arguments: list[str]) -> str:
    import platform  # noqa: PLC0415 - as above
    import traceback  # noqa: PLC0415 - as above

    from intermodal import __version__  # noqa: PLC0415 - as above

    frames = "".join(traceback.format_list(traceback.extract_tb(error.__traceback__)))
    said = [word if word.startswith("-") and "=" not in word else "…" for word in arguments[1:]]
    message = _without_values(str(error), _names_in_code(error))
    return (
        f"intermodal {__version__}, Python {platform.python_version()}, {sys.platform}\n"
        f"intermodal {' '.join([*arguments[:1], *said])}\n\n"
        f"{frames}{type(error).__name__}: {message}\n"
    )


def _without_values(message: str, names: set[str]) -> str:
    """The message without what is quoted in it, unless that is a name in our own code."""
    import re  # noqa: PLC0415 - as above

    for value in sorted({value for value in os.environ.values() if len(value) > 3}, key=len, reverse=True):
        message = message.replace(value, "…")
    quoted = re.compile(r"'([^']*)'|\"([^\"]*)\"")
    return quoted.sub(lambda found: found[0] if (found[1] or found[2]) in names else "'…'", message)


def _names_in_code(error: BaseException) -> set[str]:
    names = {"NoneType", "str", "int", "float", "bool", "list", "dict", "tuple"}
    trace = error.__traceback__
    while trace is not None:
        names.update(trace.tb_frame.f_code.co_names)
        trace = trace.tb_next
    return names
