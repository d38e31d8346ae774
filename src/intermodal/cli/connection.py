"""From options to an engine and an application on it. What goes wrong is raised as `Rejected` or `NotDone`.

Belongs here: which platform, which engine, which application. Does not: what is done with them (the commands).
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import click

from intermodal.cli import loading
from intermodal.kit.clock import SystemClock
from intermodal.kit.diagnostics import Diagnostic, Rejected, Severity
from intermodal.kit.records import record
from intermodal.model.platform import Settings, Target, Wishes
from intermodal.platforms import OPERATED, find, refuse_unknown_options

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intermodal.cli.output import Console
    from intermodal.compose.load import Loaded
    from intermodal.kit.clock import Clock
    from intermodal.model.application import Application
    from intermodal.model.files import ProjectFiles
    from intermodal.model.platform import Engine
    from intermodal.platforms import Platform

PLATFORM = "INTERMODAL_PLATFORM"
"""The variable that names the platform where no option does; `intermodal lab` has it exported."""
ENGINES = "INTERMODAL_ENGINES"
"""The variable that says where engines of nodes are reached, `NODE=HOST NODE=HOST`; exported for a lab too."""
_FOR_ENGINE = "engine."
"""Options of a platform that begin so say how it is reached."""
_RECREATE = {(True, False): "always", (False, True): "never"}


@record
class Named:
    """An application on an engine, known by its name alone."""

    engine: Engine
    platform: Platform
    application: str
    clock: Clock


@record
class Ready:
    """An application loaded from its files, and the engine it goes to; `diagnostics` are of its loading."""

    engine: Engine
    platform: Platform
    application: Application
    files: ProjectFiles
    clock: Clock
    wishes: Wishes
    diagnostics: tuple[Diagnostic, ...] = ()


def engine(console: Console, chosen: Mapping[str, Any]) -> Engine:
    """The engine alone, for commands that have no application."""
    platform = find(chosen["platform"] or os.environ.get(PLATFORM) or _said_nowhere(chosen))
    return _connected(console, platform, chosen)


def named(console: Console, chosen: Mapping[str, Any]) -> Named:
    """The engine and the application's name; files are read only where options and environment leave either open."""
    name = chosen["project_name"] or os.environ.get("COMPOSE_PROJECT_NAME", "")
    platform = chosen["platform"] or os.environ.get(PLATFORM, "")
    if not name or not platform:
        loaded = loading.load(console, chosen)
        name = loaded.application.name
        platform = platform or loading.written_platform(loaded.application) or _said_nowhere(chosen)
    found = find(platform)
    return Named(engine=_connected(console, found, chosen), platform=found, application=name, clock=SystemClock())


def loaded(console: Console, chosen: Mapping[str, Any], *, tell: bool = True) -> Ready:
    """The engine, the application and what was wished for; warnings of the files are reported if `tell`."""
    found = loading.load(console, chosen)
    if tell:
        console.report(found.diagnostics)
    wanted = chosen["platform"] or os.environ.get(PLATFORM) or loading.written_platform(found.application)
    platform = find(wanted or _said_nowhere(chosen))
    wishes = _wishes(chosen, found)
    refuse_unknown_options(platform, wishes.settings)
    return Ready(
        engine=_connected(console, platform, chosen),
        platform=platform,
        application=found.application,
        files=found.files,
        clock=SystemClock(),
        wishes=wishes,
        diagnostics=found.diagnostics,
    )


def _connected(console: Console, platform: Platform, chosen: Mapping[str, Any]) -> Engine:
    if chosen["host"] and chosen["context"]:
        raise click.UsageError("--host and --context both name an engine: give one of them")
    target = Target(
        host=chosen["host"],
        context=chosen["context"],
        environment=os.environ,
        home=os.path.expanduser("~"),
        options=_engines() | loading.options(chosen["asked"]),
    )
    with console.progress("connecting"):
        return platform.connect(target, SystemClock())


def _engines() -> dict[str, str]:
    """The engines of nodes that the environment names, as options of a platform."""
    pairs = (word.partition("=") for word in os.environ.get(ENGINES, "").split())
    return {f"{_FOR_ENGINE}{name}": host for name, _, host in pairs if name and host}


def _wishes(chosen: Mapping[str, Any], found: Loaded) -> Wishes:
    services = tuple(chosen.get("services", ()))
    replicas = dict(chosen.get("scale", ()))
    refuse_unknown_services((*services, *replicas), found.application)
    recreate = (bool(chosen.get("force_recreate")), bool(chosen.get("no_recreate")))
    return Wishes(
        services=services,
        replicas=replicas,
        recreate=_RECREATE.get(recreate, "changed"),
        pull=chosen.get("pull") or "",
        orphans=bool(chosen.get("remove_orphans")),
        adopt=bool(chosen.get("adopt")),
        alone=bool(chosen.get("no_deps")),
        settings=Settings(options=loading.options(chosen["asked"])),
    )


def refuse_unknown_services(names: tuple[str, ...], application: Application) -> None:
    """Raise `Rejected` for the first of the names that is none of an active service."""
    unknown = [name for name in names if name not in application.services]
    if unknown:
        from intermodal.kit.spelling import did_you_mean  # noqa: PLC0415 - only needed when something is wrong

        message = f"{application.name} has no active service called {unknown[0]!r}"
        advice = f"services are {', '.join(application.services)}; --profile activates more"
        raise Rejected([_error("service-not-there", message, did_you_mean(unknown[0], application.services, advice))])


def _said_nowhere(chosen: Mapping[str, Any]) -> str:
    advice = f"add --platform {' or --platform '.join(sorted(OPERATED))}, or export {PLATFORM}"
    if "files" in chosen:
        advice += f", or write `platform` below `{loading.EXTENSION}` in the file"
    raise Rejected([_error("platform-not-chosen", "it is not said what runs the application", advice)])


def _error(code: str, message: str, advice: str) -> Diagnostic:
    return Diagnostic(code=code, severity=Severity.ERROR, message=message, help=advice)
