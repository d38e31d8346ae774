"""The files of a layer: packages' without manuals, ours, commands of busybox; and a tar of them, always the same."""

from __future__ import annotations

import io
import re
import tarfile
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import debian

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recipes import File

Entry = tuple[tarfile.TarInfo, bytes]
Tree = dict[str, Entry]
_NOT_KEPT = re.compile(
    r"usr/share/(man|info|lintian|bash-completion|bug|zsh|perl5|apport|debhelper|pixmaps|applications|locale)/"
    r"|usr/share/zoneinfo/(right|posix)/|usr/share/doc/[^/]+/(?!copyright$)|etc/(init\.d|cron\.|default|logrotate\.d|ufw)"
    r"|usr/lib/systemd/|usr/lib/[^/]+-linux-gnu/gconv/|usr/lib/postgresql/\d+/lib/bitcode/|usr/share/postgresql/\d+/man/"
    r"|usr/lib/python3\.\d+/(test|lib2to3|idlelib|tkinter|ensurepip|pydoc_data|distutils|turtledemo|unittest)/"
    r"|usr/share/(python3|binfmts|initramfs-tools)|usr/lib/(valgrind|tmpfiles\.d|sysusers\.d)|.*\.a$"
)
_MERGED = re.compile(r"(bin|sbin|lib|lib64)(/|$)")
BUSYBOX = "usr/bin/busybox"


def of_packages(packages: Iterable[Path]) -> Tree:
    """Packages' files at their place in a merged /usr, without what a container has no use for."""
    tree: Tree = {}
    for entry, content in debian.contents(packages):
        entry.name = _merged(entry.name)
        if not entry.name or _NOT_KEPT.match(entry.name) or _NOT_KEPT.match(f"{entry.name}/"):
            continue
        if entry.islnk():
            entry.linkname = _merged(entry.linkname)
        entry.mode &= 0o1777  # no set-user-ID, no set-group-ID
        tree[entry.name] = (entry, content)
    return tree | (_commands(tree[BUSYBOX][1]) if BUSYBOX in tree else {})


def of_files(files: Iterable[File]) -> Tree:
    """Our own files, folders and links."""
    return {
        file.path: entry(
            file.path,
            file.source.read_bytes() if file.source else None,
            link=file.link,
            mode=file.mode,
            owner=file.owner,
        )
        for file in files
    }


def entry(path: str, content: bytes | None = None, *, link: str = "", mode: int = 0o644, owner: int = 0) -> Entry:
    """A file; a link, where `link` says where to; a folder, where there is no content."""
    made = tarfile.TarInfo(path)
    made.type = tarfile.SYMTYPE if link else tarfile.DIRTYPE if content is None else tarfile.REGTYPE
    made.linkname = link
    made.mode = 0o777 if link else mode
    made.size = len(content or b"")
    made.uid = made.gid = owner
    return made, content or b""


def write(tree: Tree, path: Path) -> None:
    """A tar of a tree, sorted, folders first; written beside and moved into place."""
    parents = {str(parent) for place in tree for parent in Path(place).parents} - {"."}
    whole = {parent: entry(parent, mode=0o755) for parent in parents} | tree
    beside = path.with_suffix(".new")
    with tarfile.open(beside, "w", format=tarfile.GNU_FORMAT) as archive:
        for place in sorted(whole):
            described, content = whole[place]
            described.uname = described.gname = ""
            archive.addfile(described, io.BytesIO(content) if described.isreg() else None)
    beside.rename(path)


def _merged(path: str) -> str:
    path = path.removeprefix("./").rstrip("/")
    return f"usr/{path}" if _MERGED.match(path) else path


def _commands(busybox: bytes) -> Tree:
    """A link for every command that busybox has."""
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / "busybox"
        program.write_bytes(busybox)
        program.chmod(0o755)
        names = debian.run(str(program), "--list").split()
    places = [f"usr/bin/{name}" for name in names if name != "busybox"]
    return {place: entry(place, link="busybox") for place in places}
