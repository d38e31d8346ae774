"""Words and numbers for news of a rollout, the same in every form of progress."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.model.changes import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intermodal.model.changes import Step

_DOING = {"create": "creating", "update": "updating", "replace": "replacing", "remove": "removing"}
_DONE = {"create": "created", "update": "updated", "replace": "replaced", "remove": "removed"}


def doing(step: Step) -> str:
    """What is being done, in a word."""
    return _word(_DOING, step, "pulling")


def done(step: Step) -> str:
    """What was done, in a word."""
    return _word(_DONE, step, "pulled")


def counted(step: Step) -> str:
    """`2/3`."""
    return f"{step.done}/{step.total}"


def waiting(step: Step) -> str:
    """`waiting (1/3): web-3: started just now`; nothing is counted before somebody knows of how many."""
    counts = f" ({counted(step)})" if step.total else ""
    return f"waiting{counts}: {step.text}" if step.text else f"waiting{counts}"


def seconds(duration: float) -> str:
    """`0.4s`, `12s`, `3m05s`."""
    if duration < 10:
        return f"{duration:.1f}s"
    return f"{int(duration)}s" if duration < 60 else f"{int(duration // 60)}m{int(duration % 60):02}s"


def _word(words: Mapping[str, str], step: Step, of_image: str) -> str:
    if step.key.startswith(f"{Kind.IMAGE.value}/") and step.text == "create":
        return of_image
    return words.get(step.text, step.text)
