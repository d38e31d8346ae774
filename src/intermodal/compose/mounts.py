"""Mounts in their short form: `[source:]target[:options]`, with Windows paths.

Source: the Compose Specification, volumes, short syntax; and docker compose's reading of it.
"""

from __future__ import annotations

from intermodal.kit.records import record

PROPAGATIONS = frozenset({"rprivate", "private", "rshared", "shared", "rslave", "slave"})
RELABELLINGS = frozenset({"z", "Z"})
_READABLE = PROPAGATIONS | RELABELLINGS | {"ro", "rw", "nocopy"}


@record
class ShortMount:
    """What a short form says. `options` are in the order written; `unknown` are those that mean nothing."""

    target: str
    source: str = ""
    options: tuple[str, ...] = ()

    @property
    def is_path(self) -> bool:
        """Whether the source is a path of the host rather than a volume's name."""
        return is_path(self.source)

    @property
    def unknown(self) -> tuple[str, ...]:
        """Options that docker compose ignores."""
        return tuple(option for option in self.options if option and option not in _READABLE)


def parse(text: str) -> ShortMount:
    """Take a short form apart; raises `ValueError` with a reason."""
    if not text:
        raise ValueError("it is empty")
    if len(text) <= 2:
        return ShortMount(target=text)
    parts = _parts(text)
    if not all(parts):
        raise ValueError("nothing stands between two colons")
    if len(parts) == 1:
        return ShortMount(target=parts[0])
    if len(parts) > 3:
        raise ValueError("it has too many colons")
    options = tuple(parts[2].split(",")) if len(parts) == 3 else ()
    return ShortMount(target=parts[1], source=parts[0], options=options)


def _parts(text: str) -> list[str]:
    """Split at colons, but not behind a single letter: that is a Windows drive (or a quirk, when it was not meant)."""
    parts: list[str] = []
    begin = 0
    for index, letter in enumerate(text):
        if letter == ":" and not (index - begin == 1 and text[begin].isalpha()):
            parts.append(text[begin:index])
            begin = index + 1
    parts.append(text[begin:])
    return parts


def is_path(source: str) -> bool:
    """Whether a mount's source is a path of the host: `.`, `/`, `~`, a Windows drive or a named pipe."""
    return bool(source) and (
        source[0] in "./~" or source.startswith("\\\\") or (source[0].isalpha() and source[1:2] == ":")
    )
