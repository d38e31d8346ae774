"""Several files, variables and options: what we make of them is what docker compose makes of them."""

from __future__ import annotations

import json
import os
import re
import resource
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from intermodal.compose.load import Request, load
from intermodal.compose.render import render
from intermodal.kit.diagnostics import Rejected, Severity
from tests.compose.oracle import BYTES, SECONDS, binary, differences
from tests.compose.scenarios import Scenario, scenarios

if TYPE_CHECKING:
    from pathlib import Path


SCENARIOS = tuple(scenarios())
VARIABLES = {"HOME": "/home/somebody", "PATH": "/usr/bin:/bin"}

# Where we differ, and why; docs/reference/differences.md says it to users.
ACCEPTED = {
    "v1": "files of version 1 are read, with a warning",
    "extends ext file with bad other service": "services that nobody asked for are not looked at",
}
REFUSED: dict[str, str] = {}
DIFFERENT = {
    "ports: ['80:80'] + ports: [{target: 80, published: 80}]": "one port, written twice in two forms, is one port",
    "env file whose last line is a name": "a name without an end of line is a name",
    "reset via anchor": "`!reset` counts behind a merge key too",
}


@pytest.mark.parametrize("scenario", SCENARIOS, ids=[scenario.title.replace("\n", " ") for scenario in SCENARIOS])
def test_like_docker_compose(scenario: Scenario, tmp_path: Path) -> None:
    folder = tmp_path / "project"
    for name, text in scenario.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    theirs, ours = theirs_of(scenario, folder), ours_of(scenario, folder)
    accepted, refused = scenario.title in ACCEPTED, scenario.title in REFUSED
    assert (ours is None) == (refused or (theirs is None and not accepted))
    if ours is not None and theirs is not None:
        assert bool(differences(ours, theirs)) == (scenario.title in DIFFERENT)


def theirs_of(scenario: Scenario, folder: Path) -> dict[str, Any] | None:
    name = ("-p", "test") if scenario.named else ()
    done = subprocess.run(
        [str(binary()), *name, *scenario.options, "config", "--format", "json"],
        cwd=folder,
        env={**VARIABLES, **scenario.environment},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES)),
    )
    found: dict[str, Any] | None = json.loads(done.stdout) if done.returncode == 0 else None
    return found


def ours_of(scenario: Scenario, folder: Path) -> dict[str, Any] | None:
    request = Request(
        working_directory=str(folder),
        files=given(scenario, "-f"),
        project_directory="".join(given(scenario, "--project-directory")),
        project_name="test" if scenario.named else "",
        env_files=given(scenario, "--env-file"),
        profiles=given(scenario, "--profile"),
        environment={**VARIABLES, **scenario.environment},
    )
    try:
        loaded = load(request)
    except Rejected as rejected:
        errors = [found for found in rejected.diagnostics if found.severity is Severity.ERROR]
        for found in errors:
            assert found.help
            assert re.fullmatch(r"[a-z0-9-]+", found.code)
        return None if errors else {}
    shown: dict[str, Any] = json.loads(json.dumps(render(loaded.tree, loaded.application)))
    return shown


def given(scenario: Scenario, option: str) -> tuple[str, ...]:
    options = scenario.options
    return tuple(options[at + 1] for at, word in enumerate(options) if word == option)


def test_the_oracle_is_asked_for_every_kind_of_outcome() -> None:
    titles = {scenario.title for scenario in SCENARIOS}
    assert {*ACCEPTED, *REFUSED, *DIFFERENT} <= titles
    assert os.access(binary(), os.X_OK)
