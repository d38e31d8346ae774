"""The table of platforms. Nobody else names one; what a platform does is in its own folder.

A platform is found by its name in `PLATFORMS`, else among the entry points of the group `intermodal.platforms`, each
of which names an object with `support`, `options` and `translate` (see `model.platform.Translates`). Its folder is
imported when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from intermodal.kit.diagnostics import Diagnostic, Rejected, Severity
from intermodal.kit.records import NOTHING, record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intermodal.kit.clock import Clock
    from intermodal.model.application import Application
    from intermodal.model.files import ProjectFiles
    from intermodal.model.platform import AttachedFile, Document, Engine, Settings, Target, Translation
    from intermodal.model.support import Entry, Support

ENTRY_POINTS = "intermodal.platforms"


@record
class Listed:
    """What is known of a platform before it is imported: its title, and which settings mean something to it."""

    title: str
    settings: tuple[str, ...] = ()


PLATFORMS: Mapping[str, Listed] = {
    "kubernetes": Listed(title="Kubernetes manifests", settings=("version", "namespace")),
    "swarm": Listed(title="a stack file for docker stack deploy"),
    "compose": Listed(title="one resolved Compose file, for one Docker engine"),
}

OPERATED = frozenset({"compose", "swarm"})
"""The platforms of ours that have an `operate`."""


@record
class Translated:
    """A translation with its ledger: what came out, and what became of every value that went in."""

    documents: tuple[Document, ...]
    attached: tuple[AttachedFile, ...]
    ledger: tuple[Entry, ...]


class Platform:
    """A platform by name; its parts are imported when they are asked for."""

    def __init__(self, name: str, listed: Listed, foreign: Any = None) -> None:  # noqa: ANN401 - whatever they offer
        self.name = name
        self.title = listed.title
        self.settings = listed.settings
        self._foreign = foreign

    @property
    def support(self) -> Support:
        """What the platform makes of every field."""
        found: Support = self._foreign.support if self._foreign else self._part("support").SUPPORT
        return found

    @property
    def operating(self) -> Support:
        """What becomes of every field when the application is run; as translated where nothing else is said."""
        part = self._foreign or self._part("support")
        found: Support = getattr(part, "OPERATED", None) or self.support
        return found

    @property
    def options(self) -> Mapping[str, str]:
        """The options `--set` takes, as patterns ("volume.*.size"), each with a line of help."""
        found: Mapping[str, str] = (
            getattr(self._foreign, "options", NOTHING) if self._foreign else self._part("options").OPTIONS
        )
        return found

    def translate(self, application: Application, settings: Settings, files: ProjectFiles) -> Translation:
        """What the platform makes of an application; raises `Rejected` for settings it cannot use."""
        act = self._foreign.translate if self._foreign else self._part("translate").translate
        made: Translation = act(application, settings, files)
        return made

    def connect(self, target: Target, clock: Clock) -> Engine:
        """The engine the target leads to; raises `NotDone` where it cannot be reached, `Rejected` if none can be."""
        if not self.operates:
            raise Rejected([_not_operated(self.name)])
        act = self._foreign.connect if self._foreign else self._part("operate").connect
        engine: Engine = act(target, clock)
        return engine

    @property
    def operates(self) -> bool:
        """Whether applications can be run there, and not only translated."""
        return hasattr(self._foreign, "connect") if self._foreign else self.name in OPERATED

    def _part(self, part: str) -> Any:  # noqa: ANN401 - a module
        return import_module(f"{__name__}.{self.name}.{part}")


def find(name: str) -> Platform:
    """The platform of that name; raises `Rejected` where there is none."""
    if name in PLATFORMS:
        return Platform(name, PLATFORMS[name])
    for entry in _entry_points():
        if entry.name == name:
            return Platform(name, _foreign_listing(entry), entry.load())
    raise Rejected([_unknown(name)])


def names() -> tuple[str, ...]:
    """The names of every platform there is, our own first."""
    return (*PLATFORMS, *sorted({entry.name for entry in _entry_points()} - set(PLATFORMS)))


def translated(platform: Platform, application: Application, settings: Settings, files: ProjectFiles) -> Translated:
    """Translate and account for every written value; raises `Rejected` for settings the platform cannot use."""
    from intermodal.model.ledger import ledger  # noqa: PLC0415 - listing platforms does without it

    refuse_unknown_options(platform, settings)
    made = platform.translate(application, settings, files)
    entries = ledger(application, platform.support, made.notes)
    return Translated(documents=made.documents, attached=made.attached, ledger=entries)


def operated(
    platform: Platform, engine: Engine, application: Application, settings: Settings, files: ProjectFiles
) -> tuple[Entry, ...]:
    """Account for every written value of an application that is to be run; raises `Rejected` as `translated` does."""
    from intermodal.model.ledger import ledger  # noqa: PLC0415 - listing platforms does without it

    refuse_unknown_options(platform, settings)
    return ledger(application, platform.operating, engine.shape(application, files, settings).notes)


def refuse_unknown_options(platform: Platform, settings: Settings) -> None:
    """Raise `Rejected` for options the platform does not have: a misspelt one must not be without effect in silence."""
    if not settings.options:
        return
    from intermodal.kit.spelling import did_you_mean  # noqa: PLC0415 - only needed when something is wrong
    from intermodal.model.patterns import compiled  # noqa: PLC0415 - as above

    known = compiled(platform.options)
    unknown = [name for name in settings.options if not _leads_to_row(known, name)]
    advice = f"`intermodal platforms {platform.name}` lists its options"
    found = (
        Diagnostic(
            code="unknown-option",
            severity=Severity.ERROR,
            message=f"{platform.name} has no option called {name}",
            help=did_you_mean(name, platform.options, advice),
        )
        for name in unknown
    )
    if unknown:
        raise Rejected(found)


def _leads_to_row(position: Any, name: str) -> bool:  # noqa: ANN401 - a `Position`, imported where it is made
    for key in name.split("."):
        position = position.step(key)
    return position.row is not None


def _unknown(name: str) -> Diagnostic:
    from intermodal.kit.spelling import did_you_mean  # noqa: PLC0415 - only needed when something is wrong

    known = names()
    return Diagnostic(
        code="unknown-platform",
        severity=Severity.ERROR,
        message=f"no platform is called {name!r}",
        help=did_you_mean(name, known, f"platforms are {', '.join(known)}"),
    )


def _not_operated(name: str) -> Diagnostic:
    return Diagnostic(
        code="platform-not-operated",
        severity=Severity.ERROR,
        message=f"applications can be translated to {name}, but not run there yet",
        help=f"`intermodal translate --platform {name}`; what can be run: {', '.join(sorted(OPERATED))}",
    )


def _entry_points() -> Any:  # noqa: ANN401 - importlib.metadata is slow to import, even for its types
    from importlib.metadata import entry_points  # noqa: PLC0415 - slow, and only third parties need it

    return entry_points(group=ENTRY_POINTS)


def _foreign_listing(entry: Any) -> Listed:  # noqa: ANN401 - an entry point
    package = entry.dist.name if entry.dist else entry.value
    return Listed(title=f"provided by {package}", settings=("version", "namespace"))
