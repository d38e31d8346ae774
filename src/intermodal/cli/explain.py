"""`intermodal explain`: what a code of a diagnostic means. Each code has a page in `explanations/`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from intermodal.cli import options
from intermodal.cli.commands import Command
from intermodal.cli.output import DONE

if TYPE_CHECKING:
    from intermodal.cli.output import Console

PAGES = os.path.join(os.path.dirname(os.path.dirname(__file__)), "explanations")
_SUFFIX = ".md"


def codes() -> list[str]:
    """Every code that has a page."""
    return sorted(name.removesuffix(_SUFFIX) for name in os.listdir(PAGES) if name.endswith(_SUFFIX))


def _complete(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    return [code for code in codes() if code.startswith(incomplete)]


class _Explain(Command):
    examples = """\
  intermodal explain
  intermodal explain unknown-platform
"""


@click.command("explain", cls=_Explain)
@click.argument("code", default="", shell_complete=_complete)
@options.speaks
def command(console: Console, code: str) -> int:
    """Explain a code of a diagnostic; without one, list all codes."""
    known = codes()
    if not code:
        console.result("".join(f"{name}\n" for name in known))
        return DONE
    if code not in known:
        _refuse(code, known)
    with open(os.path.join(PAGES, code + _SUFFIX), encoding="utf-8") as page:
        console.result(page.read())
    return DONE


def _refuse(code: str, known: list[str]) -> None:
    from intermodal.kit.diagnostics import Findings  # noqa: PLC0415 - only needed when something is wrong
    from intermodal.kit.spelling import did_you_mean  # noqa: PLC0415 - as above

    findings = Findings()
    advice = did_you_mean(code, known, "`intermodal explain` lists all codes")
    findings.error("unknown-code", f"no diagnostic has the code {code!r}", help=advice)
    findings.stop_if_errors()
