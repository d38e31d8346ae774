"""Loading applications that a test writes down: files by name in a folder of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from intermodal.compose.load import Loaded, Request, load
from intermodal.kit.diagnostics import Diagnostic, Rejected, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

HOME = {"HOME": "/home/somebody"}


def write(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """The folder, with files in it."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def loaded(folder: Path, written: Mapping[str, str | bytes], **options: Any) -> Loaded:
    """What becomes of the files written; `options` are fields of the request."""
    write(folder, written)
    fields: dict[str, Any] = {"working_directory": str(folder), "environment": HOME, **options}
    return load(Request(**fields))


def rejected(folder: Path, written: Mapping[str, str | bytes], **options: Any) -> list[Diagnostic]:
    """The errors for files that cannot be loaded."""
    with pytest.raises(Rejected) as caught:
        loaded(folder, written, **options)
    return [found for found in caught.value.diagnostics if found.severity is Severity.ERROR]


def codes(found: list[Diagnostic] | tuple[Diagnostic, ...]) -> list[tuple[str, str]]:
    """Each finding's code and place."""
    return [(one.code, str(one.place) if one.place else "") for one in found]
