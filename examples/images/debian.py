"""Debian packages without installing them: an apt state of our own, what a package depends on, and its files.

Nothing of the system's apt is changed and nobody needs to be root; apt checks signatures as always.
"""

from __future__ import annotations

import os
import re
import subprocess
import tarfile
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path

SUITES = {"Debian": "bookworm bookworm-updates", "Debian-Security": "bookworm-security"}
"""Of each of Debian's archives, by its label."""
MIRRORS = {"Debian": "http://deb.debian.org/debian", "Debian-Security": "http://deb.debian.org/debian-security"}
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
_CONFIGURATION = """
Dir::Etc::main "/dev/null";
Dir::Etc::parts "/dev/null";
Dir::Etc::sourcelist "/dev/null";
Dir::Etc::sourceparts "{folder}/sources";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
Dir::State "{folder}";
Dir::State::status "{folder}/status";
Dir::Cache "{folder}";
APT::Sandbox::User "";
Acquire::Retries "3";
Acquire::Languages "none";
Acquire::Check-Valid-Until "false";
"""
# Check-Valid-Until: a mirror may lag; signatures are checked all the same.


class Package(NamedTuple):
    """A package as the index describes it: name, version, and for each dependency the names that would do."""

    name: str
    version: str
    depends: tuple[tuple[str, ...], ...]


def run(*command: str, cwd: Path | None = None, environment: dict[str, str] | None = None) -> str:
    """What a program prints; raises `SystemExit` with what it said where it fails."""
    try:
        done = subprocess.run(  # noqa: S603, TID251 - this is the place
            command, cwd=cwd, env=environment, capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        message = f"{command[0]} is missing: images are built from Debian packages, on Debian or Ubuntu"
        raise SystemExit(message) from None
    if done.returncode:
        raise SystemExit(f"{' '.join(command[:2])} failed:\n{done.stderr.strip()}")
    return done.stdout


def architecture() -> str:
    """Debian's and Docker's name of this machine's processor."""
    return run("dpkg", "--print-architecture").strip()


class Archive:
    """Debian's archive, seen through an apt state in a folder of ours."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("lists/partial", "archives/partial", "sources", "debs"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / "status").touch()
        stanzas = (
            f"Types: deb\nURIs: {uri}\nSuites: {SUITES[label]}\nComponents: main\nSigned-By: {KEYRING}\n"
            for label, uri in _mirrors().items()
        )
        (folder / "sources" / "debian.sources").write_text("\n".join(stanzas), encoding="utf-8")
        proxies = "".join(line for line in run("apt-config", "dump").splitlines(keepends=True) if "::Proxy" in line)
        (folder / "apt.conf").write_text(_CONFIGURATION.format(folder=folder) + proxies, encoding="utf-8")
        self.environment = {**os.environ, "APT_CONFIG": f"{folder}/apt.conf"}
        self._run("apt-get", "-qq", "update")
        index = self._run("apt-cache", "dumpavail").split("\n\n")
        self._described = {stanza.partition("\n")[0].removeprefix("Package: "): stanza for stanza in index}

    def _run(self, *command: str, cwd: Path | None = None) -> str:
        return run(*command, cwd=cwd, environment=self.environment)

    def with_dependencies(self, names: Iterable[str], without: Collection[str]) -> dict[str, Package]:
        """The packages and everything they need to run, by name; of alternatives the first, unless another is here."""
        found: dict[str, Package] = {}
        waiting = list(names)
        while waiting:
            name = waiting.pop(0)
            if name in found:
                continue
            found[name] = package = self._package(name)
            waiting += [
                those[0] for those in package.depends if not any(one in found or one in without for one in those)
            ]
        return found

    def _package(self, name: str) -> Package:
        if name not in self._described:
            raise SystemExit(f"{name} is not a package in Debian's archive")
        fields = dict(re.findall(r"^([A-Z][\w-]*): (.*)$", self._described[name], re.MULTILINE))
        groups = ", ".join(fields[kind] for kind in ("Pre-Depends", "Depends") if kind in fields)
        depends = (re.findall(r"(?:^|\|)\s*([\w.+-]+)", group) for group in groups.split(",") if group)
        return Package(name, fields["Version"], tuple(map(tuple, depends)))

    def fetch(self, packages: Iterable[Package]) -> None:
        """Download packages that are not here yet."""
        wanted = [f"{package.name}={package.version}" for package in packages if not self.file(package).exists()]
        if wanted:
            self._run("apt-get", "-qq", "download", *wanted, cwd=self.folder / "debs")

    def file(self, package: Package) -> Path:
        """Where a downloaded package is."""
        stem = f"{package.name}_{package.version.replace(':', '%3a')}"
        return next(iter((self.folder / "debs").glob(f"{stem}_*.deb")), self.folder / stem)


def _mirrors() -> dict[str, str]:
    """Where this machine gets Debian from, else where everybody does."""
    known = run("apt-get", "indextargets", "--format", "$(LABEL) $(REPO_URI)", "Identifier: Packages", "Origin: Debian")
    return {**MIRRORS, **dict(line.split(" ") for line in known.splitlines() if line.partition(" ")[0] in MIRRORS)}


def contents(packages: Iterable[Path]) -> Iterator[tuple[tarfile.TarInfo, bytes]]:
    """Every file, folder and link of packages, with the content of files."""
    with ThreadPoolExecutor() as pool:
        for entries in pool.map(_unpacked, packages):
            yield from entries


def _unpacked(package: Path) -> list[tuple[tarfile.TarInfo, bytes]]:
    command = ["dpkg-deb", "--fsys-tarfile", str(package)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:  # noqa: S603, TID251 - a program's stream
        assert process.stdout  # noqa: S101 - for the type checker
        with tarfile.open(fileobj=process.stdout, mode="r|") as archive:
            entries = [(entry, _content(archive, entry)) for entry in archive]
    if process.returncode:
        raise SystemExit(f"{package.name} cannot be read")
    return entries


def _content(archive: tarfile.TarFile, entry: tarfile.TarInfo) -> bytes:
    stream = archive.extractfile(entry) if entry.isfile() else None
    return stream.read() if stream else b""
