"""From options to what `up` will do: the application loaded, its losses weighed and told, the engine asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from intermodal.cli import connection, loading, telling
from intermodal.cli.output import PROBLEMS
from intermodal.kit.records import record, replace
from intermodal.model.losses import single
from intermodal.platforms import operated

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intermodal.cli.connection import Ready
    from intermodal.cli.output import Console
    from intermodal.kit.diagnostics import Diagnostic
    from intermodal.model.changes import Plan
    from intermodal.model.losses import Loss
    from intermodal.model.support import Entry


@record
class Account:
    """What becomes of every value, what of it is lost, what else is to be told, and what nobody accepted."""

    entries: tuple[Entry, ...]
    losses: tuple[Loss, ...]
    warnings: tuple[Diagnostic, ...]
    refused: tuple[str, ...]

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """All of it that matters, one by one."""
        return (*self.warnings, *(found for loss in self.losses if loss.consequence for found in single(loss)))


def plan(console: Console, chosen: Mapping[str, Any]) -> tuple[Ready, Plan] | int:
    """The plan of `up`, or the exit code where losses were told that nobody accepted."""
    ready = connection.loaded(console, chosen, tell=False)
    account = _account(ready, chosen)
    if account.refused:
        return _refuse(console, account)
    with console.progress("planning"):
        found = ready.engine.plan(ready.application, ready.files, ready.wishes)
    if console.as_json:
        return ready, replace(found, warnings=(*account.diagnostics, *found.warnings))
    # Somebody whose application is as the files say has been told what the platform cannot do when it was brought up.
    if found.work or console.verbose:
        telling.tell(console, account.entries, account.losses, account.warnings)
    else:
        console.report(account.warnings)
    return ready, found


def _account(ready: Ready, chosen: Mapping[str, Any]) -> Account:
    entries = operated(ready.platform, ready.engine, ready.application, ready.wishes.settings, ready.files)
    losses, warnings, refused = loading.weighed(entries, ready.diagnostics, chosen["allowed"])
    return Account(entries=entries, losses=losses, warnings=warnings, refused=refused)


def _refuse(console: Console, account: Account) -> int:
    if console.as_json:
        console.refuse(account.diagnostics)
    else:
        telling.tell(console, account.entries, account.losses, account.warnings)
    accepting = " ".join(f"--allow-loss {code}" for code in account.refused)
    console.say(f"nothing was changed; to accept what is lost: {accepting}")
    return PROBLEMS
