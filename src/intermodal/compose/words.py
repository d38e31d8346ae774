"""Splitting a command into words the way docker compose does, so that nobody's arguments change.

It knows quotes, backslashes, backquotes and `$( )`, but no other shell syntax: everything from the first unquoted
`;`, `&`, `|`, `<` or `>` on is silently dropped by docker compose (the rule of its shellwords library). `split` does
the same; `taken` also says what would be lost, so that the loader can warn.
"""

from __future__ import annotations

_SPACES = " \t\r\n"
_ENDS = ";&|<>"


class _Splitter:
    """The state of one walk over a text: the word so far, and which quotes are open."""

    __slots__ = ("double", "end", "escaped", "open_word", "single", "substitution", "word", "words")

    def __init__(self) -> None:
        self.words: list[str] = []
        self.word: list[str] = []
        self.open_word = False
        self.escaped = False
        self.single = False
        self.double = False
        self.substitution = ""
        self.end = -1

    def run(self, text: str) -> None:
        """Take the text letter by letter."""
        for index, letter in enumerate(text):
            if self.escaped:
                self.escaped = False
                self.add(letter)
            elif letter == "\\" and not self.single:
                self.escaped = True
            elif letter in _SPACES:
                self.space(letter)
            elif letter in _ENDS and not (self.single or self.double or self.substitution):
                self.cut(letter, index)
                break
            elif not self.quote(letter):
                self.add(letter)
        if self.open_word:
            self.words.append("".join(self.word))
        if self.escaped or self.single or self.double or self.substitution:
            raise ValueError("a quote, a backslash or a parenthesis is left open")

    def add(self, letter: str) -> None:
        """One more letter of the word."""
        self.word.append(letter)
        self.open_word = True

    def space(self, letter: str) -> None:
        """The end of a word, unless quoted."""
        if self.single or self.double or self.substitution:
            self.word.append(letter)
        elif self.open_word:
            self.words.append("".join(self.word))
            self.word = []
            self.open_word = False

    def cut(self, letter: str, index: int) -> None:
        """Shell syntax: the rest is dropped, with the number before a `>`."""
        if letter == ">" and self.word and self.word[0].isdigit():
            self.open_word = False
        self.end = index

    def quote(self, letter: str) -> bool:
        """Whether the letter opened or closed a quote and is no part of the word."""
        if letter == '"' and not self.single and self.substitution != ")":
            self.double = not self.double
            self.open_word = True
            return True
        if letter == "'" and not self.double and self.substitution != ")":
            self.single = not self.single
            self.open_word = True
            return True
        if not (self.single or self.double):
            self.substitute(letter)
        return False

    def substitute(self, letter: str) -> None:
        """Backquotes and `$( )` keep everything inside them in one word."""
        if letter == "`" and self.substitution != ")":
            self.substitution = "" if self.substitution else "`"
        elif letter == "(" and self.substitution != "`":
            if self.substitution or self.word[-1:] != ["$"]:
                raise ValueError("a parenthesis must be quoted")
            self.substitution = ")"
        elif letter == ")" and self.substitution != "`":
            self.substitution = "" if self.substitution else ")"


def taken(text: str) -> tuple[list[str], str]:
    """The words of a command, and the part of it that docker compose never runs ("" when all of it runs).

    Raises `ValueError` with a reason when quotes do not close.
    """
    splitter = _Splitter()
    splitter.run(text)
    return splitter.words, text[splitter.end :] if splitter.end >= 0 else ""


def split(text: str) -> list[str]:
    """The words of a command, as docker compose runs it."""
    return taken(text)[0]
