"""Plain data -> YAML text, fast. The opposite of `yamlfiles.py`; how single values are spelled is in `yamltext.py`.

Lists stand indented under their key, mappings keep their order, texts of several lines are literal blocks. Some
ten times as fast as PyYAML's C dumper, because a translation writes the same few hundred words again and again
and each is looked at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from intermodal.kit.yamltext import inline, literal, number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

# PyYAML and libyaml look for the ":" of a simple key within 1024 characters.
_LONGEST_SIMPLE_KEY = 1000
_LONGEST_REMEMBERED = 80
_LARGEST_MEMORY = 20_000


def emit(value: object) -> str:
    """One YAML document. Raises `TypeError` for what is not a mapping, sequence, text, number, truth value or None."""
    writer = _Writer()
    writer.put(value, "", "")
    return "".join(writer.pieces)


def emit_all(documents: Iterable[object]) -> str:
    """Several documents in one text, with `---` between them."""
    return "---\n".join(map(emit, documents))


class _Words(dict[str, str]):
    """Texts already spelled; forgets everything rather than grow without bound."""

    def __missing__(self, text: str) -> str:
        written = inline(text)
        if len(text) <= _LONGEST_REMEMBERED:
            if len(self) >= _LARGEST_MEMORY:
                self.clear()
            self[text] = written
        return written


_WORDS = _Words()


class _Writer:
    """Writes a document piece by piece: `lead` stands before the first line of a value, `pad` before its others."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self._put = self.pieces.append

    def put(self, value: object, lead: str, pad: str) -> None:
        """Write a value; `lead` ends where the value begins."""
        if isinstance(value, Mapping) and value:
            self._mapping(value, lead, pad)
        elif isinstance(value, (list, tuple)) and value:
            self._sequence(value, lead, pad)
        else:
            self._put(f"{lead}{_scalar(value, pad or '  ')}\n")

    def _mapping(self, mapping: Mapping[object, object], lead: str, pad: str) -> None:
        put, words, deeper = self._put, _WORDS, pad + "  "
        for key, value in mapping.items():
            name = words[key] if type(key) is str else _scalar(key, "")
            head = f"{lead}{name}:" if len(name) < _LONGEST_SIMPLE_KEY else f"{lead}? {name}\n{pad}:"
            lead = pad
            if type(value) is str and "\n" not in value:
                put(f"{head} {words[value]}\n")
            elif isinstance(value, (dict, Mapping)) and value:
                put(f"{head}\n")
                self._mapping(value, deeper, deeper)
            elif isinstance(value, (list, tuple)) and value:
                put(f"{head}\n")
                self._sequence(value, deeper, deeper)
            else:
                put(f"{head} {_scalar(value, deeper)}\n")

    def _sequence(self, items: list[object] | tuple[object, ...], lead: str, pad: str) -> None:
        put, words, deeper = self._put, _WORDS, pad + "  "
        for item in items:
            if type(item) is str and "\n" not in item:
                put(f"{lead}- {words[item]}\n")
            else:
                self.put(item, lead + "- ", deeper)
            lead = pad


def _scalar(value: object, pad: str) -> str:
    """Anything that is not a filled list or mapping; a text's further lines begin with `pad`."""
    for kind, spell in _SPELLINGS:
        if isinstance(value, kind):
            return spell(value, pad)
    raise TypeError(f"cannot write {type(value).__name__} as YAML")


def _text(value: str, pad: str) -> str:
    block = literal(value, pad) if "\n" in value and pad else None
    return _WORDS[str(value)] if block is None else block.removesuffix("\n")


_SPELLINGS: tuple[tuple[type | tuple[type, ...], Callable[..., str]], ...] = (
    (str, _text),
    (bool, lambda value, _: "true" if value else "false"),
    ((int, float), lambda value, _: number(value)),
    (type(None), lambda *_: "null"),
    (Mapping, lambda *_: "{}"),
    ((list, tuple), lambda *_: "[]"),
)
