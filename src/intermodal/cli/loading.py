"""From options to an application, and on to its translation. What goes wrong is raised as `Rejected`."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from intermodal.compose.files import MOST_BYTES, decode
from intermodal.kit.diagnostics import Diagnostic, Findings, Rejected, Severity
from intermodal.kit.records import record, replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from intermodal.cli.output import Console
    from intermodal.compose.load import Loaded
    from intermodal.model.application import Application
    from intermodal.model.losses import Allowance, Loss
    from intermodal.model.platform import Settings
    from intermodal.model.support import Entry
    from intermodal.platforms import Platform, Translated

EXTENSION = "x-intermodal"


@record
class Done:
    """A translation, what it lost, and what else is to be told.

    `refused` are the codes of what keeps it from being written, each to be accepted by name.
    """

    application: Application
    platform: Platform
    result: Translated
    losses: tuple[Loss, ...]
    warnings: tuple[Diagnostic, ...]
    refused: tuple[str, ...] = ()


def load(console: Console, chosen: Mapping[str, Any], *, interpolate: bool = True) -> Loaded:
    """Load the application that the options name."""
    from intermodal.compose.load import Request  # noqa: PLC0415 - who names an application reads no file
    from intermodal.compose.load import load as load_request  # noqa: PLC0415 - as above

    request = Request(
        files=chosen["files"],
        project_name=chosen["project_name"],
        project_directory=chosen["project_directory"],
        profiles=chosen["profiles"],
        env_files=chosen["env_files"],
        environment=os.environ,
        working_directory=os.getcwd(),
        stdin=_stdin() if "-" in chosen["files"] else None,
        interpolate=interpolate,
    )
    with console.progress("loading"):
        return load_request(request)


def translate(console: Console, chosen: Mapping[str, Any]) -> Done:
    """Load and translate what the options name."""
    from intermodal.platforms import find, translated  # noqa: PLC0415 - `check` may do without it

    asked = options(chosen["asked"])
    loaded = load(console, chosen)
    platform = find(chosen["platform"] or written_platform(loaded.application) or _not_chosen())
    settings = _settings(platform, chosen, asked)
    with console.progress(f"translating to {platform.name}"):
        result = translated(platform, loaded.application, settings, loaded.files)
    found, warnings, refused = weighed(result.ledger, loaded.diagnostics, chosen["allowed"])
    return Done(
        application=loaded.application,
        platform=platform,
        result=result,
        losses=found,
        warnings=warnings,
        refused=refused,
    )


def weighed(
    ledger: Sequence[Entry], diagnostics: Iterable[Diagnostic], allowed: Iterable[str]
) -> tuple[tuple[Loss, ...], tuple[Diagnostic, ...], tuple[str, ...]]:
    """What of a ledger is lost, what else is to be told, and the codes of what is not accepted, given what is."""
    from intermodal.model.losses import Allowance, losses  # noqa: PLC0415 - `check` may do without it

    allowance = Allowance(allowed)
    found = losses(ledger, allowance)
    told = tuple(_weighed(diagnostic, allowance) for diagnostic in diagnostics)
    errors = [loss.code for loss in found if loss.severity is Severity.ERROR]
    errors += [diagnostic.code for diagnostic in told if diagnostic.severity is Severity.ERROR]
    return found, (*told, *map(_unused, allowance.unused)), tuple(dict.fromkeys(errors))


def _weighed(diagnostic: Diagnostic, allowance: Allowance) -> Diagnostic:
    """A problem of the application itself is accepted by name as a loss is."""
    if diagnostic.severity is Severity.ERROR and allowance.names(diagnostic.code):
        return replace(diagnostic, severity=Severity.WARNING)
    return diagnostic


def _stdin() -> str:
    findings = Findings()
    content = sys.stdin.buffer.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        findings.error("file-too-large", "what standard input holds is larger than 16 MiB")
    source = decode(content[:MOST_BYTES], "stdin", findings)
    findings.stop_if_errors()
    return source.text if source is not None else ""


def options(asked: tuple[str, ...]) -> dict[str, str]:
    """What `--set` says, by name; raises `Rejected` for what is no NAME=VALUE."""
    wrong = [word for word in asked if not word.partition("=")[0] or "=" not in word]
    if wrong:
        message = f"--set takes NAME=VALUE, not {wrong[0].partition('=')[0] or 'an empty name'}"
        raise Rejected([_error("option-form", message, "`intermodal platforms NAME` lists a platform's options")])
    return {name: value for name, _, value in (word.partition("=") for word in asked)}


def written_platform(application: Application) -> str:
    """The platform that the files name, "" where they name none."""
    section = application.extensions.get(EXTENSION)
    written = section.get("platform") if isinstance(section, Mapping) else None
    return written if isinstance(written, str) else ""


def _not_chosen() -> str:
    from intermodal.platforms import names  # noqa: PLC0415 - loaded already where it matters

    known = names()
    advice = f"add --platform {' or --platform '.join(known)}, or write `platform` below `{EXTENSION}` in the file"
    raise Rejected([_error("platform-not-chosen", "it is not said what to translate to", advice)])


def _settings(platform: Platform, chosen: Mapping[str, Any], asked: Mapping[str, str]) -> Settings:
    from intermodal.model.platform import Settings  # noqa: PLC0415 - `check` may do without it

    words = {"version": "--kubernetes-version", "namespace": "--namespace"}
    idle = [word for name, word in words.items() if chosen[name] and name not in platform.settings]
    if idle:
        message = f"{' and '.join(idle)} means nothing to {platform.name}"
        raise Rejected([_error("option-not-for-platform", message, "leave it out, or choose another --platform")])
    return Settings(version=chosen["version"], namespace=chosen["namespace"], options=asked)


def _unused(name: str) -> Diagnostic:
    return Diagnostic(
        code="allowed-loss-not-found",
        severity=Severity.WARNING,
        message=f"--allow-loss {name} accepts nothing: no loss has that code, field or path",
        help="leave it out, or correct its spelling",
    )


def _error(code: str, message: str, advice: str) -> Diagnostic:
    return Diagnostic(code=code, severity=Severity.ERROR, message=message, help=advice)
