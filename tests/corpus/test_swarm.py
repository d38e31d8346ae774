"""Every file of the shared corpus that docker compose accepts becomes a stack that the Docker client deploys."""

from __future__ import annotations

import shutil
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

import pytest

from intermodal.kit.emitter import emit
from intermodal.model.ledger import UNCLASSIFIED
from intermodal.model.platform import Settings
from intermodal.model.support import Approximate, Consequence, Missing
from intermodal.platforms import find, translated
from intermodal.platforms.swarm.images import NO_NAME
from tests.corpus.accepted import PARTS, REPORTS, loaded, part
from tests.platforms.swarm.recorder import deploy

if TYPE_CHECKING:
    from pathlib import Path

    from intermodal.model.support import Outcome
    from intermodal.platforms import Translated

pytestmark = pytest.mark.corpus

ABSENT = "no such file or directory"
"""What the client says where a config's file was too large for the corpus, or is the user's own."""


class Result(NamedTuple):
    """What came of one file: its services, the worst loss, what the client did, and everything wrong."""

    path: str
    services: int
    worst: str
    client: str
    problems: tuple[str, ...]


@pytest.mark.parametrize("number", range(PARTS))
def test_every_stack_is_deployed_by_the_client(corpus: Path, number: int, tmp_path: Path) -> None:
    docker = shutil.which("docker")
    assert docker, "the docker client is missing"
    results = [examine(corpus, path, docker, tmp_path) for path in part(corpus, number)]
    report(results, number)
    assert [(result.path, result.problems) for result in results if result.problems] == []
    assert sum(result.client == "deployed" for result in results) > 0.8 * len(results)


def examine(corpus: Path, path: str, docker: str, folder: Path) -> Result:
    """Translate one file, let the client deploy it to a recorder, and look at both."""
    found = loaded(corpus, path)
    if found is None:
        return Result(path, 0, "", "refused by docker compose too", ())
    made = translated(find("swarm"), found.application, Settings(), found.files)
    client, problems = deployed(made, docker, folder)
    if has(made, UNCLASSIFIED):
        problems.append("a field has no verdict")
    again = translated(find("swarm"), found.application, Settings(), found.files)
    if emit(again.documents[0].content) != emit(made.documents[0].content):
        problems.append("a second translation is not the same")
    return Result(path, len(found.application.services), worst(made), client, tuple(problems))


def deployed(made: Translated, docker: str, folder: Path) -> tuple[str, list[str]]:
    """How far the client got, and what it found wrong: that includes any key it ignores."""
    (document,) = made.documents
    for attached in made.attached:
        (folder / attached.path).parent.mkdir(parents=True, exist_ok=True)
        (folder / attached.path).write_bytes(attached.content)
    stack = folder / "stack.yaml"
    stack.write_text(emit(document.content), encoding="utf-8")
    try:
        sent, said = deploy(stack, docker, folder)
    except RuntimeError as refused:
        if ABSENT in str(refused):
            return "read", []
        if "invalid image reference" in str(refused) and has(made, NO_NAME):
            return "no image name", []
        return ("refused", [" ".join(str(refused).split())])
    problems = [line for line in said.splitlines() if "gnoring" in line or "nsupported" in line]
    if len(sent["services"]) != len(document.content["services"]):
        problems.append("the client sent fewer services than the stack has")
    return "deployed", problems


def has(made: Translated, outcome: Outcome) -> bool:
    """Whether the ledger says this of anything."""
    return any(entry.outcome is outcome for entry in made.ledger)


def worst(made: Translated) -> str:
    """The gravest consequence in the ledger."""
    lost = [entry.outcome for entry in made.ledger if isinstance(entry.outcome, (Missing, Approximate))]
    return max((outcome.consequence for outcome in lost), default=Consequence.NONE).name.lower()


def report(results: list[Result], number: int) -> None:
    """Write the results of one part, and put the parts that are there together."""
    REPORTS.mkdir(parents=True, exist_ok=True)
    lines = ["\t".join(map(str, (*result[:4], "; ".join(result.problems)))) for result in results]
    (REPORTS / f"swarm.{number}.part").write_text("\n".join(lines) + "\n", encoding="utf-8")
    parts = sorted(REPORTS.glob("swarm.*.part"))
    everything = sorted(line for path in parts for line in path.read_text(encoding="utf-8").splitlines())
    words = Counter(line.split("\t")[3] for line in everything)
    summary = f"# {len(everything)} files: {', '.join(f'{count} {word}' for word, count in words.most_common())}"
    head = "path\tservices\tworst loss\tclient\tproblems"
    (REPORTS / "swarm.tsv").write_text("\n".join([head, *everything, summary]) + "\n", encoding="utf-8")
