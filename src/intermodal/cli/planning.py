"""From options to what `up` will do: the application loaded, its losses told and weighed, the engine asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from intermodal.cli import connection, loading, telling
from intermodal.cli.output import PROBLEMS
from intermodal.kit.records import replace
from intermodal.model.losses import single
from intermodal.platforms import operated

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intermodal.cli.connection import Ready
    from intermodal.cli.output import Console
    from intermodal.kit.diagnostics import Diagnostic
    from intermodal.model.changes import Plan


def plan(console: Console, chosen: Mapping[str, Any]) -> tuple[Ready, Plan] | int:
    """The plan of `up`, or the exit code where losses were told that nobody accepted."""
    ready = connection.loaded(console, chosen, tell=False)
    entries = operated(ready.platform, ready.engine, ready.application, ready.wishes.settings, ready.files)
    losses, warnings, refused = loading.weighed(entries, ready.diagnostics, chosen["allowed"])
    if console.as_json:
        said = (*warnings, *(found for loss in losses if loss.consequence for found in single(loss)))
    else:
        said = ()
        telling.tell(console, entries, losses, warnings)
    if refused:
        return _refused(console, refused, said)
    with console.progress("planning"):
        found = ready.engine.plan(ready.application, ready.files, ready.wishes)
    return ready, replace(found, warnings=(*said, *found.warnings))


def _refused(console: Console, refused: tuple[str, ...], said: tuple[Diagnostic, ...]) -> int:
    if console.as_json:
        console.refuse(said)
    accepting = " ".join(f"--allow-loss {code}" for code in refused)
    console.say(f"nothing was changed; to accept what is lost: {accepting}")
    return PROBLEMS
