"""Text that reaches a container unchanged: past Kubernetes' own variables, past a shell."""

from __future__ import annotations

_PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-+=:,./%@")


def escaped(text: str) -> str:
    """Make text literal in a container's command, arguments, variables and exec probes.

    Kubernetes replaces `$(NAME)` there and turns `$$` into `$` (k8s.io/kubernetes/third_party/forked/golang/expansion).
    A `$` before anything else stands for itself and is left readable.
    """
    if "$$" not in text and "$(" not in text:
        return text
    return "".join(_pieces(text))


def _pieces(text: str) -> list[str]:
    pieces: list[str] = []
    position = 0
    while position < len(text):
        end = position
        while end < len(text) and text[end] == "$":
            end += 1
        run = end - position
        if run:
            literal = run == 1 and not text.startswith("(", end)
            pieces.append("$" if literal else "$$" * run)
        following = text.find("$", end)
        position = len(text) if following < 0 else following
        pieces.append(text[end:position])
    return pieces


def quoted(text: str) -> str:
    """One word of a POSIX shell."""
    if text and _PLAIN.issuperset(text):
        return text
    return "'" + text.replace("'", "'\\''") + "'"
