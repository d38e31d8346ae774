"""What follows from a ledger: losses grouped for people, which of them stop a translation, and the totals.

Belongs here: accepting losses by name, and turning losses into diagnostics. Does not: how those are drawn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.kit.diagnostics import Diagnostic, Severity
from intermodal.kit.records import record
from intermodal.model.ledger import word
from intermodal.model.origin import Standing
from intermodal.model.support import Approximate, Consequence, Exact, Missing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from intermodal.model.origin import Path
    from intermodal.model.support import Entry

CONSEQUENCES: Mapping[Consequence, str] = {
    Consequence.DATA: "data is lost",
    Consequence.SECURITY: "security is weakened",
    Consequence.START: "the application does not start",
    Consequence.BEHAVIOUR: "behaviour changes",
    Consequence.NONE: "no effect there",
}
"""What people read of each consequence, the gravest first."""

MOST_PLACES = 6
"""How many places a grouped diagnostic names."""


class Allowance:
    """The losses a user accepts: by code, by a field's name, by a path or pattern of a path, or `all`."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._patterns = {name: tuple(name.split(".")) for name in names}
        self._unused = dict.fromkeys(self._patterns)

    def accepts(self, entry: Entry) -> bool:
        """Whether any name accepts this loss; remembers which names did."""
        code = getattr(entry.outcome, "code", "")
        fitting = [
            name
            for name, pattern in self._patterns.items()
            if name in {"all", code} or _within(pattern, entry.leaf.path)
        ]
        for name in fitting:
            self._unused.pop(name, None)
        return bool(fitting)

    def names(self, code: str) -> bool:
        """Whether a code is accepted, by itself or with all others; remembers that it was."""
        self._unused.pop(code, None)
        return code in self._patterns or "all" in self._patterns

    @property
    def unused(self) -> tuple[str, ...]:
        """Names that accepted nothing so far; `all` may."""
        return tuple(name for name in self._unused if name != "all")


@record
class Loss:
    """Entries lost for the same reason, with the same consequence; `accepted` by name or not."""

    code: str
    consequence: Consequence
    accepted: bool
    entries: tuple[Entry, ...]

    @property
    def severity(self) -> Severity:
        """Data, security and start are errors unless accepted, behaviour is a warning, the rest notes."""
        if self.consequence >= Consequence.START:
            return Severity.NOTE if self.accepted else Severity.ERROR
        if self.consequence is Consequence.BEHAVIOUR and not self.accepted:
            return Severity.WARNING
        return Severity.NOTE


def losses(entries: Iterable[Entry], allowance: Allowance) -> tuple[Loss, ...]:
    """The values not carried over exactly, grouped by consequence and code; the gravest first, then as written."""
    groups: dict[tuple[Consequence, str, bool], list[Entry]] = {}
    for entry in entries:
        outcome = entry.outcome
        if isinstance(outcome, (Missing, Approximate)):
            accepted = outcome.consequence > Consequence.NONE and allowance.accepts(entry)
            groups.setdefault((outcome.consequence, outcome.code, accepted), []).append(entry)
    found = (
        Loss(code=code, consequence=consequence, accepted=accepted, entries=tuple(group))
        for (consequence, code, accepted), group in groups.items()
    )
    return tuple(sorted(found, key=lambda loss: (loss.accepted, -loss.consequence)))


def grouped(loss: Loss) -> Diagnostic:
    """One diagnostic for all places of a loss, a line of a file named once; beyond `MOST_PLACES` it only counts."""
    first, *others = _one_for_each_line(loss.entries)
    named, rest = others[: MOST_PLACES - 1], others[MOST_PLACES - 1 :]
    if len(rest) == 1:
        named, rest = others, []
    places = [(entry.leaf.place, _other(entry, first)) for entry in named]
    places += [(rest[0].leaf.place, f"and {len(rest) - 1} more places")] if rest else []
    return Diagnostic(
        code=loss.code,
        severity=loss.severity,
        message=f"{_title(loss.entries)}: {_why(first)}",
        place=first.leaf.place,
        help=_advice(first, loss),
        secondary=tuple(places),
    )


def single(loss: Loss) -> tuple[Diagnostic, ...]:
    """One diagnostic for each place of a loss, as machines want them."""
    return tuple(
        Diagnostic(
            code=loss.code,
            severity=loss.severity,
            message=f"{dotted(entry.leaf.path)}: {_why(entry)} ({CONSEQUENCES[loss.consequence]})",
            place=entry.leaf.place,
            help=_advice(entry, loss),
        )
        for entry in loss.entries
    )


def totals(entries: Iterable[Entry]) -> dict[str, int]:
    """How many values met each fate: a word of `ledger.word`, and for losses that matter the word and consequence."""
    counts: dict[str, int] = {}
    for entry in entries:
        fate = word(entry)
        if entry.leaf.standing is Standing.IN_FORCE and not isinstance(entry.outcome, Exact):
            fate = f"{fate}-{entry.outcome.consequence.name.lower()}"
        counts[fate] = counts.get(fate, 0) + 1
    return counts


def dotted(path: Path) -> str:
    """A path as people write it: services.web.ports.0; keys with other characters are quoted."""
    return ".".join(map(_key, path))


def _key(key: str | int) -> str:
    text = str(key)
    return text if text.replace("-", "").replace("_", "").isalnum() else f'"{text}"'


def _within(pattern: tuple[str, ...], path: Path) -> bool:
    keys = tuple(map(str, path))
    size = len(pattern)
    return any(
        all(want in {"*", have} for want, have in zip(pattern, keys[start:], strict=False))
        for start in range(len(keys) - size + 1)
    )


def _title(entries: tuple[Entry, ...]) -> str:
    """The path the entries share, with `*` where they part."""
    if len(entries) == 1:
        return dotted(entries[0].leaf.path)
    columns = zip(*(entry.leaf.path for entry in entries), strict=False)
    shared = ".".join(_key(keys[0]) if len(set(keys)) == 1 else "*" for keys in columns)
    return f"{shared} ({len(entries)} values)"


def _why(entry: Entry) -> str:
    return "" if isinstance(entry.outcome, Exact) else entry.outcome.why


def _other(entry: Entry, first: Entry) -> str:
    why = _why(entry)
    path = dotted(entry.leaf.path)
    return path if why == _why(first) else f"{path}: {why}"


def _one_for_each_line(entries: tuple[Entry, ...]) -> list[Entry]:
    lines: dict[tuple[str, int, str], Entry] = {}
    for entry in entries:
        place = entry.leaf.place
        lines.setdefault((place.source.name, place.line, _why(entry)), entry)
    return list(lines.values())


def _advice(entry: Entry, loss: Loss) -> str:
    advice = "" if isinstance(entry.outcome, Exact) else entry.outcome.advice
    accept = f"to accept the loss: --allow-loss {loss.code}" if loss.severity is Severity.ERROR else ""
    return "\n".join(line for line in (advice, accept) if line)
