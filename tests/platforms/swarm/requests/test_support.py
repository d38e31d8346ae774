"""Nothing is lost in silence by `up`: setting a field shows in what is sent, in the order, or in the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from intermodal.kit.records import fields
from intermodal.model.ledger import ledger
from intermodal.model.platform import Settings
from intermodal.model.support import Exact, Missing
from intermodal.platforms.swarm.requests import requests
from intermodal.platforms.swarm.support import OPERATED, SUPPORT
from intermodal.platforms.swarm.support.operated import DIFFERENT
from tests.platforms.swarm.requests.loading import loaded
from tests.platforms.swarm.schema import SERVICE, mistakes
from tests.platforms.swarm.sending import NEWEST
from tests.platforms.swarm.test_support import _promises, files

if TYPE_CHECKING:
    from pathlib import Path

    from intermodal.model.support import Entry


def send(
    file: dict[str, Any], folder: Path, version: tuple[int, int]
) -> tuple[Any, dict[tuple[str | int, ...], Entry]]:
    """What is sent for a compose file, and its ledger."""
    found = loaded(file, folder)
    made = requests(found.application, found.files, Settings(), version)
    entries = ledger(found.application, OPERATED, made.notes)
    sent = (made.services, made.networks, made.configs, made.secrets)
    assert [wrong for one in made.services for wrong in mistakes(one.spec, SERVICE)] == []
    plain = [{name: getattr(one, name) for name in fields(one)} for kind in sent for one in kind]
    return plain, {entry.leaf.path: entry for entry in entries}


@pytest.mark.parametrize("version", [(1, 41), NEWEST], ids=str)
@pytest.mark.parametrize("pattern", sorted(files()))
def test_setting_a_field_shows_in_what_is_sent_or_in_the_ledger(
    pattern: str, version: tuple[int, int], tmp_path: Path
) -> None:
    without, having = files()[pattern]
    plain, plain_ledger = send(without, tmp_path, version)
    made, found = send(having, tmp_path, version)
    new = [path for path in found if path not in plain_ledger]
    assert new or made != plain
    assert [path for path in new if made == plain and _promises(found[path])] == []


def test_every_row_that_is_different_is_a_row_of_the_translation() -> None:
    assert [pattern for pattern in DIFFERENT if pattern not in SUPPORT] == ["services.*.depends_on.*.restart"]


def test_up_loses_nothing_that_the_translation_keeps() -> None:
    """But for a hint to other systems than Linux, which the client sends and the engine drops."""
    worse = [
        pattern
        for pattern, outcome in DIFFERENT.items()
        if isinstance(outcome, Missing) and isinstance(SUPPORT.get(pattern), Exact)
    ]
    assert worse == ["services.*.volumes.*.consistency"]


def test_losses_of_up_do_not_speak_of_stack_files() -> None:
    lost = {pattern: outcome for pattern, outcome in OPERATED.items() if isinstance(outcome, Missing)}
    speaking = [pattern for pattern, outcome in lost.items() if "stack" in outcome.why + outcome.advice]
    assert speaking == ["services.*.external_links.*"]
