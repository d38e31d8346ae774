"""How values are spelled in a stack file: CPUs, sets, and the signs that Swarm would otherwise interpret."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

_TEMPLATES = ("{{.Service.", "{{.Node.", "{{.Task.", "{{ .Service.", "{{ .Node.", "{{ .Task.")


def cpus(cores: float) -> str:
    """Cores as a decimal fraction; Swarm counts in billionths and refuses anything finer."""
    return f"{cores:.9f}".rstrip("0").rstrip(".")


def unique(items: Iterable[str]) -> list[str]:
    """The items, each once, in their order: lists of a stack file are sets."""
    return list(dict.fromkeys(items))


def uninterpolated(value: Any) -> Any:  # noqa: ANN401 - plain data of any kind
    """Plain data with every `$` doubled, since `docker stack deploy` interpolates the values of the whole file."""
    kind = type(value)
    if kind is str:
        return value.replace("$", "$$") if "$" in value else value
    if kind is dict:
        return {key: uninterpolated(item) for key, item in value.items()}
    if kind is list:
        return [uninterpolated(item) for item in value]
    return value


def is_template(text: str) -> bool:
    """Whether all `{{` in the text begin one of Swarm's own placeholders, such as `{{.Node.Hostname}}`."""
    return "{{" in text and text.count("{{") == sum(text.count(start) for start in _TEMPLATES)


def untemplated(text: str) -> str:
    """The text as Swarm must read it to give it back: it expands `{{…}}` in variables, mounts and host names."""
    return text if "{{" not in text or is_template(text) else text.replace("{{", '{{"{{"}}')
