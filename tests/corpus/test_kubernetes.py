"""Every file of the shared corpus that docker compose accepts becomes objects that Kubernetes accepts."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

import kubernetes_validate
import pytest

from intermodal.kit.emitter import emit
from intermodal.model.ledger import ledger
from intermodal.model.platform import Settings
from intermodal.platforms.kubernetes.rules import Scene, check
from intermodal.platforms.kubernetes.rules.references import MISSING, references
from intermodal.platforms.kubernetes.support import SUPPORT
from intermodal.platforms.kubernetes.translate import translate
from tests.corpus import schemas
from tests.corpus.accepted import PARTS, index, loaded, part, reports, write_part

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from intermodal.compose.load import Loaded
    from intermodal.model.platform import Translation

pytestmark = pytest.mark.corpus

VERSIONS = ("1.25", "1.31", kubernetes_validate.latest_version().rpartition(".")[0])
REFUSED = "refused by docker compose too"


class Result(NamedTuple):
    """What came of one file: the number of objects, and everything wrong with them."""

    path: str
    objects: int
    problems: tuple[str, ...]
    remark: str = ""


@pytest.mark.parametrize("number", range(PARTS))
def test_every_translation_is_valid(corpus: Path, number: int) -> None:
    results = [examine(corpus, path) for path in part(corpus, number)]
    report(results, number)
    assert [(result.path, result.problems) for result in results if result.problems] == []


def test_few_files_are_left_out(corpus: Path) -> None:
    """A corpus that mostly fails to load would pass the test above."""
    left_out = [path for path in index(corpus) if loaded(corpus, path) is None]
    assert len(left_out) <= 4
    assert len(index(corpus)) >= 400


def test_the_quick_validation_agrees_with_the_published_one(corpus: Path) -> None:
    """The real validator, at 39 ms an object, for one file in forty; and broken objects are found by both."""
    seen: Counter[str] = Counter()
    for path in index(corpus)[::40]:
        found = loaded(corpus, path)
        assert found is not None
        for document in translate(found.application, Settings(version=VERSIONS[-1]), found.files).documents:
            content = dict(document.content)
            kubernetes_validate.validate(content, VERSIONS[-1], strict=True)
            assert schemas.problem(VERSIONS[-1], content) == ""
            broken = {**content, "metadata": {**content["metadata"], "nmae": "x"}}
            with pytest.raises(kubernetes_validate.ValidationError):
                kubernetes_validate.validate(broken, VERSIONS[-1], strict=True)
            assert "nmae" in schemas.problem(VERSIONS[-1], broken)
            seen[content["kind"]] += 1
    assert {"Deployment", "Service"} <= seen.keys()


def examine(corpus: Path, path: str) -> Result:
    """Translate one file for every version and look at what comes out."""
    found = loaded(corpus, path)
    if found is None:
        return Result(path, 0, (), REFUSED)
    problems: list[str] = []
    objects = 0
    for version in VERSIONS:
        translation = translate(found.application, Settings(version=version), found.files)
        objects = len(translation.documents)
        problems += (f"{version}: {problem}" for problem in _problems(version, translation))
        problems += (f"{version}: {problem}" for problem in _rules(found, translation))
    again = translate(found.application, Settings(version=VERSIONS[-1]), found.files)
    if _text(again) != _text(translation):
        problems.append("a second translation is not the same")
    return Result(path, objects, tuple(problems))


def _problems(version: str, translation: Translation) -> Iterator[str]:
    for document in translation.documents:
        problem = schemas.problem(version, document.content)
        if problem:
            yield f"{document.stem}: {problem}"


def _rules(found: Loaded, translation: Translation) -> Iterator[str]:
    """Broken rules. An object may be missing if the ledger names it: somebody was told to make it."""
    violations = check(translation.documents)
    if not violations:
        return
    told = _told(found, translation)
    scene = Scene(document.content for document in translation.documents)
    excused = {f"names {wanted.kind}/{wanted.name}," for wanted in references(scene) if wanted.name in told}
    for violation in violations:
        if violation.rule != MISSING or not any(violation.message.startswith(start) for start in excused):
            yield str(violation)


def _told(found: Loaded, translation: Translation) -> frozenset[str]:
    """The words of everything the ledger says."""
    outcomes = {entry.outcome for entry in ledger(found.application, SUPPORT, translation.notes)}
    said = " ".join(f"{getattr(outcome, 'why', '')} {getattr(outcome, 'advice', '')}" for outcome in outcomes)
    return frozenset(re.findall(r"[a-z0-9][a-z0-9.-]*[a-z0-9]", said))


def _text(translation: Translation) -> str:
    return "".join(f"# {document.stem}\n{emit(document.content)}" for document in translation.documents)


def report(results: list[Result], number: int) -> None:
    """A line for every file, with a line that sums them up."""
    lines = [f"{result.path}\t{result.objects}\t{verdict(result)}" for result in results]
    with reports() as folder:
        rows = write_part(folder, "kubernetes", number, lines)
        words = Counter(row.split("\t")[2] for row in rows)
        summary = ", ".join(f"{count} {word}" for word, count in words.most_common())
        text = "\n".join(("path\tobjects\tresult\tproblems\tfirst", *sorted(rows)))
        (folder / "kubernetes.tsv").write_text(f"{text}\n# {len(rows)} files: {summary}\n", encoding="utf-8")


def verdict(result: Result) -> str:
    """One word and the first problem."""
    if result.problems:
        return f"invalid\t{len(result.problems)}\t{result.problems[0]}"
    return result.remark or "valid"
