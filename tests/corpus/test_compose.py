"""Every file of the shared corpus that docker compose accepts, written as one resolved file, means the same again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from intermodal.compose.load import Request, load
from intermodal.compose.render import render
from intermodal.kit.emitter import emit
from intermodal.model.ledger import UNCLASSIFIED
from intermodal.model.platform import Settings
from intermodal.platforms import find, translated
from tests.compose.oracle import ask
from tests.corpus.accepted import ENVIRONMENT, PARTS, loaded, part

if TYPE_CHECKING:
    from pathlib import Path

    from intermodal.compose.load import Loaded

pytestmark = pytest.mark.corpus

ASKED = 12
"""Docker compose itself reads one file in so many."""


@pytest.mark.parametrize("number", range(PARTS))
def test_the_written_file_means_what_the_source_does(corpus: Path, number: int) -> None:
    wrong = []
    for path in part(corpus, number):
        found = loaded(corpus, path)
        if found is not None:
            before, after = meaning(found), meaning(read_again(found, written(found)))
            wrong += [path] if before != after else []
    assert wrong == []


@pytest.mark.parametrize("number", range(PARTS))
def test_docker_compose_reads_the_same_in_it(corpus: Path, number: int, tmp_path: Path) -> None:
    """Both files are read by docker compose; the folders of the source are named in both."""
    for path in part(corpus, number)[::ASKED]:
        found = loaded(corpus, path)
        if found is None:
            continue
        file = tmp_path / "compose.yaml"
        file.write_text(written(found), encoding="utf-8")
        again = ask((str(file),), tmp_path, form="yaml")
        assert again.config is not None, f"{path}: {again.reason}"
        source = render(found.tree, found.application, yaml=True)
        assert plain(again.config) == plain(source), path


def written(found: Loaded) -> str:
    made = translated(find("compose"), found.application, Settings(), found.files)
    assert all(entry.outcome is not UNCLASSIFIED for entry in made.ledger)
    (document,) = made.documents
    return emit(document.content)


def read_again(found: Loaded, text: str) -> Loaded:
    folder = found.application.working_dir
    return load(Request(files=("-",), environment=ENVIRONMENT, working_directory=folder, stdin=text))


def meaning(found: Loaded) -> Any:
    return plain(render(found.tree, found.application, yaml=True))


def plain(config: Any) -> Any:
    """What `config` prints without what says the default, and without profiles: the active ones' services are there."""
    for service in config.get("services", {}).values():
        service.pop("profiles", None)
        for mount in service.get("volumes", ()):
            _without_default(mount, "bind", "create_host_path", default=True)
        build = service.get("build")
        if build and "dockerfile_inline" not in build:
            build.setdefault("dockerfile", "Dockerfile")
        for name, limit in service.get("ulimits", {}).items():
            service["ulimits"][name] = limit if isinstance(limit, dict) else {"soft": limit, "hard": limit}
    return config


def _without_default(mount: dict[str, Any], section: str, key: str, *, default: object) -> None:
    options = mount.get(section)
    if options is not None and options.get(key) == default:
        del options[key]
    if not options:
        mount.pop(section, None)
