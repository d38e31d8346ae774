"""Where the command line speaks: results on stdout, talk on stderr, and in what form.

Belongs here: streams, colours, formats, exit codes, progress. Does not: what is said (`telling.py`, the commands).
"""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TextIO

from intermodal.kit.diagnostics import Diagnostic, Severity
from intermodal.kit.drawing import Style, concise, draw_all

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from intermodal.kit.places import Source

CODES = DONE, PROBLEMS, UNUSABLE, STOPPED, TIMED_OUT, BUG, INTERRUPTED = 0, 1, 2, 3, 4, 101, 130
"""Exit codes: done; failed or problems found; usage or input that cannot be used; stopped half way, the same command
goes on; not healthy in time; a bug of ours; Ctrl-C."""

FORMATS = ("text", "concise", "json", "sarif", "github")
SCHEMA = 1
"""The version of everything `--json` prints; it changes when a field changes its meaning or goes."""

_WHOLE = frozenset({"json", "sarif"})
"""Forms that are one document, in which there is no place for talk."""

_MOST_DRAWN = 40
PATIENCE = 1.0
"""Seconds after which somebody who watches is told what is being done."""


class Unwritten(Exception):  # noqa: N818 - named for what happened to the result
    """Standard output cannot take the result; the text says why."""


class Console:
    """One run's streams. `talk_on_stdout` is for a command whose results are the diagnostics themselves."""

    def __init__(
        self, form: str = "text", *, quiet: bool = False, verbose: bool = False, as_json: bool = False
    ) -> None:
        self.form = form
        self.quiet = quiet
        self.verbose = verbose
        self.as_json = as_json
        self.talk_on_stdout = False
        _speak_unicode()

    def result(self, text: str) -> None:
        """Write a result to stdout as it is; raises `Unwritten` where stdout cannot take it."""
        try:
            sys.stdout.write(text)
            sys.stdout.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            raise Unwritten(error.strerror) from error

    def data(self, value: object, *, indent: int | None = None) -> None:
        """Write a result to stdout as one JSON document."""
        self.result(as_json_text(value, indent=indent))

    def say(self, text: str) -> None:
        """Write a line of talk to stderr, unless asked to be quiet or to speak to a machine."""
        if not self.quiet and not self.as_json and self.form not in _WHOLE:
            sys.stderr.write(text + "\n")

    def write(self, text: str) -> None:
        """Write diagnostics, drawn already, to the stream that they go to."""
        if self.talk_on_stdout:
            self.result(text)
        else:
            sys.stderr.write(text)

    def style(self, *, excerpts: bool = True) -> Style:
        """How diagnostics are drawn on the stream that they go to."""
        stream = sys.stdout if self.talk_on_stdout else sys.stderr
        return Style(colour=wants_colour(stream), excerpts=excerpts, veil=_veil)

    def style_of_results(self) -> Style:
        """How results that may be coloured are drawn on stdout."""
        return Style(colour=wants_colour(sys.stdout))

    def report(self, diagnostics: Sequence[Diagnostic]) -> None:
        """Show diagnostics in the form asked for; quiet shows errors only."""
        shown = [found for found in diagnostics if found.severity is Severity.ERROR or not self.quiet]
        self.write(_REPORTS[self.form](self, shown))

    def refuse(self, diagnostics: Sequence[Diagnostic]) -> None:
        """Report why the input cannot be used, or what could not be done."""
        if self.as_json:
            self.data({"schema": SCHEMA, **reported(diagnostics)})
        else:
            self.report(diagnostics)
            self.count(diagnostics)

    def fail(self, reason: Unwritten) -> None:
        """Report that the result could not be written."""
        self.talk_on_stdout = False
        message = f"standard output cannot be written: {reason}"
        advice = "what was written so far is not complete"
        self.report([Diagnostic(code="output-not-written", severity=Severity.ERROR, message=message, help=advice)])

    def count(self, diagnostics: Sequence[Diagnostic]) -> None:
        """Say how many errors and warnings there were, where people read it."""
        if self.form == "text" and len(diagnostics) > 1:
            self.say(f"\n{counted(diagnostics)}")

    @contextmanager
    def progress(self, doing: str) -> Iterator[None]:
        """Say what is being done if it takes more than a second and somebody is watching."""
        if self.quiet or self.as_json or not sys.stderr.isatty():
            yield
            return
        from threading import Timer  # noqa: PLC0415 - only where somebody is watching

        shown: list[str] = []

        def show() -> None:
            shown.append(doing)
            _show(f"\r{doing} …")

        timer = Timer(PATIENCE, show)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            timer.join()
            if shown:
                _show("\r\x1b[K")


def wants_colour(stream: TextIO) -> bool:
    """Whether a stream is a terminal whose user did not ask for plain text (https://no-color.org)."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def wants_cursor(stream: TextIO) -> bool:
    """Whether a stream is a terminal on which lines can be drawn anew."""
    return stream.isatty() and os.environ.get("TERM") not in (None, "", "dumb")


def _veil(source: Source, number: int, line: str) -> str:
    from intermodal.cli.veil import veil  # noqa: PLC0415 - its patterns take 2 ms, and most runs draw no line

    return veil(source, number, line)


def as_json_text(value: object, *, indent: int | None = None) -> str:
    """JSON with a line break at the end; mappings of any kind are objects."""
    from json import dumps  # noqa: PLC0415 - few runs print JSON

    return dumps(value, indent=indent, ensure_ascii=False, default=dict) + "\n"


def reported(diagnostics: Sequence[Diagnostic]) -> dict[str, Any]:
    """Diagnostics as data."""
    from intermodal.kit.reports import plain  # noqa: PLC0415 - as above

    return {"diagnostics": [plain(found) for found in diagnostics]}


def counted(diagnostics: Sequence[Diagnostic]) -> str:
    """`2 errors, 1 warning`."""
    numbers = {
        severity.word: sum(found.severity is severity for found in diagnostics) for severity in reversed(Severity)
    }
    return ", ".join(f"{number} {word}{'s' * (number != 1)}" for word, number in numbers.items() if number)


def _as_text(console: Console, diagnostics: Sequence[Diagnostic]) -> str:
    rest = len(diagnostics) - _MOST_DRAWN
    more = f"\n… and {rest} more; --format concise shows all\n" if rest > 0 else ""
    return draw_all(diagnostics[:_MOST_DRAWN], console.style()) + more


def _as_lines(console: Console, diagnostics: Sequence[Diagnostic]) -> str:
    style = console.style()
    return "".join(concise(found, style) + "\n" for found in diagnostics)


def _as_json(_console: Console, diagnostics: Sequence[Diagnostic]) -> str:
    return as_json_text({"schema": SCHEMA, **reported(diagnostics)})


def _as_sarif(_console: Console, diagnostics: Sequence[Diagnostic]) -> str:
    from intermodal import __version__  # noqa: PLC0415 - few runs print SARIF
    from intermodal.kit.reports import sarif  # noqa: PLC0415 - as above

    return as_json_text(sarif(diagnostics, "intermodal", __version__))


def _as_annotations(_console: Console, diagnostics: Sequence[Diagnostic]) -> str:
    from intermodal.kit.reports import github  # noqa: PLC0415 - few runs print annotations

    return "".join(github(found) + "\n" for found in diagnostics)


_REPORTS = {
    "text": _as_text,
    "concise": _as_lines,
    "json": _as_json,
    "sarif": _as_sarif,
    "github": _as_annotations,
}


def _speak_unicode() -> None:
    """Text from files may hold any character: what a stream cannot encode must not stop us."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")


def _show(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()
