"""The cgroups of a node's containers, which stay when the containers are killed: removed, innermost first."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from intermodal.kit.clock import Clock

ROOT = Path("/sys/fs/cgroup")

_PATIENCE = 5.0
_BEAT = 0.05


def remove(name: str, clock: Clock, root: Path = ROOT) -> bool:
    """Remove the cgroups of that name from every hierarchy; False when some of them are still in use."""
    end = clock.monotonic() + _PATIENCE
    # A killed process leaves its cgroup a moment after it is gone.
    while [top for top in tops(name, root) if not _removed(top)]:
        if clock.monotonic() > end:
            return False
        clock.sleep(_BEAT)
    return True


def tops(name: str, root: Path = ROOT) -> Iterator[Path]:
    """Where cgroups of that name are: at the top of the one hierarchy there is, or of each of several."""
    hierarchies = [root, *(folder for folder in root.iterdir() if folder.is_dir() and not folder.is_symlink())]
    return (folder / name for folder in hierarchies if (folder / name).is_dir())


def _removed(folder: Path) -> bool:
    inside = [entry for entry in folder.iterdir() if entry.is_dir()]
    if [entry for entry in inside if not _removed(entry)]:
        return False
    try:
        folder.rmdir()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True
