"""What an application starts from: its compose files, its folder, its variables and its name.

The rules of `docker compose` for `-f`, `-p`, `--project-directory`, `--env-file`, `.env` and the `COMPOSE_*`
variables. Reads variables, but no compose file.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from intermodal.compose.dotenv import variables
from intermodal.kit.records import NOTHING, record

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from intermodal.compose.files import Reader
    from intermodal.compose.interpolate import Lookup
    from intermodal.kit.diagnostics import Findings
    from intermodal.kit.places import Place

DEFAULT_FILES = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
OVERRIDE_FILES = (
    "compose.override.yml",
    "compose.override.yaml",
    "docker-compose.override.yml",
    "docker-compose.override.yaml",
)
_NAME_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_-")
_TRUE = frozenset(("1", "t", "T", "TRUE", "true", "True"))


@record
class Request:
    """What to load. Paths are relative to `working_directory`, which is absolute.

    `files` empty means: search as `docker compose` does; "-" is standard input, whose text is `stdin`.
    `environment` is the environment of the process.
    """

    working_directory: str
    files: tuple[str, ...] = ()
    project_directory: str = ""
    project_name: str = ""
    env_files: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    environment: Mapping[str, str] = NOTHING
    stdin: str | None = None
    interpolate: bool = True


@record
class Start:
    """Where loading begins: compose files and project directory, absolute, and the variables to fill in."""

    files: tuple[str, ...]
    folder: str
    variables: dict[str, str]


def start(request: Request, reader: Reader, findings: Findings) -> Start:
    """Find the compose files and read the variables. Nothing to load is an error."""
    known = {"PWD": request.working_directory, **request.environment}
    files = tuple(_absolute(name, reader) for name in request.files)
    first = _env_files(request, _folder(request, files, reader), reader)
    _add_variables(known, first, reader, findings)
    if not files:
        files = _files_of_variable(known, reader) or _default_files(request, reader, findings)
    folder = _folder(request, files, reader)
    then = [path for path in _env_files(request, folder, reader) if path not in first]
    _add_variables(known, then, reader, findings)
    if not files:
        message = "no compose file was found here or in the folders above"
        findings.error("no-compose-file", message, help="name one with -f, or create compose.yaml")
    return Start(files=files, folder=folder, variables=known)


def read_variables(
    paths: Iterable[str], known: Mapping[str, str], reader: Reader, findings: Findings, at: Place | None = None
) -> dict[str, str]:
    """The variables of files that stand in for `.env`; what is in `known` is seen by their expressions first."""
    found: dict[str, str] = {}
    for path in paths:
        source = reader.text(path, findings, at, "env file")
        if source is not None:
            lookup = _either(known, found)
            read = variables(source, lookup, findings)
            found |= {name: value for name, value in read.items() if not name[:1].isdigit()}
    return found


def _either(first: Mapping[str, str], second: Mapping[str, str]) -> Lookup:
    def lookup(name: str) -> str | None:
        value = first.get(name)
        return second.get(name) if value is None else value

    return lookup


def project_name(request: Request, written: str, start: Start, findings: Findings) -> str:
    """The name of the project: as asked, by variable, as `written` in the file, or after the folder."""
    asked = request.project_name or start.variables.get("COMPOSE_PROJECT_NAME", "")
    if asked and normalised_name(asked) != asked:
        message = f"{asked!r} is not a valid project name"
        findings.error("invalid-project-name", message, help=f"{_NAME_RULE}; write {normalised_name(asked)!r}")
    name = asked or normalised_name(written) or normalised_name(os.path.basename(start.folder))
    if not name:
        findings.error("project-name-missing", "the folder's name makes no project name", help=_NAME_HELP)
    return name


_NAME_RULE = "it holds a-z, 0-9, - and _, and starts with a letter or digit"
_NAME_HELP = "give one with -p, or write `name:` at the top of the compose file"


def normalised_name(name: str) -> str:
    """A text made a project name: lower case, other characters than a-z, 0-9, `-` and `_` left out."""
    return "".join(letter for letter in name.lower() if letter in _NAME_CHARACTERS).lstrip("_-")


def profiles(request: Request, known: Mapping[str, str]) -> tuple[str, ...]:
    """The profiles asked for: on the command line, else by variable."""
    return request.profiles or tuple(name.strip() for name in known.get("COMPOSE_PROFILES", "").split(","))


def _absolute(name: str, reader: Reader) -> str:
    return name if name == "-" else reader.absolute(name)


def _folder(request: Request, files: tuple[str, ...], reader: Reader) -> str:
    if request.project_directory:
        return reader.absolute(request.project_directory)
    return next((os.path.dirname(file) for file in files if file != "-"), request.working_directory)


def _add_variables(known: dict[str, str], paths: list[str], reader: Reader, findings: Findings) -> None:
    """Add what the env files say; what is known already outranks them."""
    for name, value in read_variables(paths, known, reader, findings).items():
        known.setdefault(name, value)


def _env_files(request: Request, folder: str, reader: Reader) -> list[str]:
    asked = request.env_files or tuple(filter(None, request.environment.get("COMPOSE_ENV_FILES", "").split(",")))
    if asked:
        return [reader.absolute(name) for name in asked]
    default = os.path.join(folder, ".env")
    disabled = request.environment.get("COMPOSE_DISABLE_ENV_FILE", "") in _TRUE
    return [] if disabled or not reader.is_file(default) else [default]


def _files_of_variable(known: Mapping[str, str], reader: Reader) -> tuple[str, ...]:
    names = known.get("COMPOSE_FILE")
    if not names:
        return ()
    separator = known.get("COMPOSE_PATH_SEPARATOR") or os.pathsep
    return tuple(_absolute(name, reader) for name in names.split(separator))


def _default_files(request: Request, reader: Reader, findings: Findings) -> tuple[str, ...]:
    folder = reader.absolute(request.project_directory) if request.project_directory else request.working_directory
    while True:
        found = [path for name in DEFAULT_FILES if reader.is_file(path := os.path.join(folder, name))]
        if found:
            overrides = [path for name in OVERRIDE_FILES if reader.is_file(path := os.path.join(folder, name))]
            _warn_of_many(found, reader, findings)
            _warn_of_many(overrides, reader, findings)
            return (found[0], *overrides[:1])
        above = os.path.dirname(folder)
        if above == folder:
            return ()
        folder = above


def _warn_of_many(found: list[str], reader: Reader, findings: Findings) -> None:
    if len(found) > 1:
        first, *others = (reader.name(path) for path in found)
        message = f"{first} is used; {' and '.join(others)} would also be found, and is not read"
        findings.warning("several-compose-files", message, help="delete or rename the others, or choose with -f")
