"""Our `config` against docker compose's, file by file: real files, and the cases of its own tests.

Writes `build/reports/oracle-corpus.txt` and `oracle-cases.txt`: the rates, and every difference with the reason for it.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path
from random import Random

import pytest

from intermodal.kit.records import record
from tests.compose import oracle
from tests.compose.generated import Maker
from tests.compose.trees import service

ROOT = Path(__file__).resolve().parents[2]
DIFFERENCES = (ROOT / "docs" / "reference" / "differences.md").read_text("utf-8")
TARGET = 0.99

EXPLAINED = {
    "docker__compose/pkg/e2e/fixtures/build-test/ssh/compose.yaml": "A build's SSH keys",
    "single/loader_loader__TestLoadSSHWithKeyValueInBuildConfig_0": "A build's SSH keys",
    "single/loader_loader__TestLoadSSHWithKeysValuesInBuildConfig_0": "A build's SSH keys",
    "single/loader_reset__TestAliasBombPrevented_0": "Alias bombs",
}
"""Files of which the two make something different, and the heading of `differences.md` that says why."""


@record
class Case:
    """Files loaded together in a folder, under a project name."""

    title: str
    folder: Path
    files: tuple[str, ...]
    name: str = ""


class Comparison:
    """What two loaders made of many cases."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.same: list[str] = []
        self.different: dict[str, str] = {}
        self.refused_by_both: list[str] = []

    def add(self, case: Case) -> None:
        """Load a case with both and compare."""
        theirs = oracle.ask(case.files, case.folder, *(["-p", case.name] if case.name else []))
        ours = oracle.answer(case.files, case.folder, case.name)
        if theirs.config is None and ours.config is None:
            assert ours.reason
            self.refused_by_both.append(case.title)
        elif theirs.config is None:
            self.different[case.title] = f"only docker compose refuses it: {theirs.reason}"
        elif ours.config is None:
            self.different[case.title] = f"only we refuse it: {ours.reason}"
        else:
            found = oracle.differences(ours.config, theirs.config)
            if found:
                self.different[case.title] = "; ".join(found[:5])
            else:
                self.same.append(case.title)

    @property
    def rate(self) -> float:
        """How many of the cases that either accepts come out identical."""
        return len(self.same) / (len(self.same) + len(self.different))

    def report(self) -> str:
        """The rates, and every difference with its reason."""
        lines = [
            f"{self.title}: {len(self.same)} identical, {len(self.different)} different",
            f"{len(self.refused_by_both)} refused by both; {self.rate:.2%} of those that either accepts are identical",
            *(f"  {title}: {text} [{EXPLAINED.get(title, 'NOT EXPLAINED')}]" for title, text in self.different.items()),
        ]
        return "\n".join(lines) + "\n"


def compared(title: str, cases: list[Case]) -> Comparison:
    comparison = Comparison(title)
    for case in cases:
        comparison.add(case)
    report = ROOT / "build" / "reports" / f"oracle-{title.replace(' ', '-')}.txt"
    report.parent.mkdir(parents=True, exist_ok=True)
    report.write_text(comparison.report(), "utf-8")
    print(comparison.report())
    return comparison


@pytest.mark.corpus
def test_real_files_come_out_as_docker_compose_has_them(corpus: Path) -> None:
    with (corpus / "INDEX.tsv").open(encoding="utf-8") as index:
        paths = [corpus / row["path"] for row in csv.DictReader(index, delimiter="\t")]
    assert len(paths) > 500
    cases = [Case(title=str(path.relative_to(corpus)), folder=path.parent, files=(path.name,)) for path in paths]
    comparison = compared("corpus", cases)
    assert len(comparison.same) > 400
    assert comparison.rate >= TARGET
    assert sorted(set(comparison.different) - set(EXPLAINED)) == []


@pytest.mark.corpus
def test_docker_compose_s_own_cases_come_out_as_it_has_them(cases: Path) -> None:
    single = [
        Case(title=str(folder.relative_to(cases)), folder=folder, files=("compose.yaml",), name="test")
        for folder in sorted(cases.glob("single/*"))
    ]
    merged = [
        Case(title=str(folder.relative_to(cases)), folder=folder, files=("base.yaml", "override.yaml"), name="test")
        for folder in sorted(cases.glob("merge/*"))
    ]
    assert len(single) > 100
    assert len(merged) > 30
    comparison = compared("cases", single + merged)
    assert len(comparison.same) > 130
    assert sorted(set(comparison.different) - set(EXPLAINED)) == []


def test_files_made_by_chance_come_out_as_docker_compose_has_them(tmp_path: Path) -> None:
    maker = Maker(Random(20))  # noqa: S311 - nothing secret
    accepted = 0
    wrong: list[str] = []
    for number in range(60):
        text = json.dumps(maker.application())
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "compose.yaml").write_text(text)
        theirs = oracle.ask(("compose.yaml",), folder, "-p", "demo")
        ours = oracle.answer(("compose.yaml",), folder, "demo")
        accepted += theirs.config is not None
        if (ours.config is None) != (theirs.config is None):
            wrong.append(f"{text}\n  ours: {ours.reason or 'fine'}\n  theirs: {theirs.reason or 'fine'}")
        elif ours.config is not None:
            wrong += [f"{text}\n  {found}" for found in oracle.differences(ours.config, theirs.config)]
    assert not wrong, "\n".join(wrong)
    assert 20 < accepted < 60


DOCUMENTED = {
    # heading: a file, whether we accept it, whether docker compose does
    "A build's SSH keys": (service("build: {context: ., ssh: [mine=./key]}"), True, False),
    "Version 1 files": ("web: {image: nginx}\n", True, False),
    "Unsupported versions": ("version: '99'\n" + service("tty: true"), False, True),
    "Dates": (service("environment: {DAY: 2021-01-01}"), True, False),
    "Nothing as a process namespace": (service("pid:"), True, False),
    "Numbers no machine has": (service("shm_size: 8e18k"), False, True),
    "Whole numbers with a fraction": (service("expose: [80.0]"), True, False),
    "One port in two forms": (service("ports: ['8080:80', {target: 80, published: 8080}]"), True, True),
    "Two services on one port of the host": (
        service("ports: ['8080:80']") + "  db: {image: x, ports: ['8080:81']}\n",
        True,
        True,
    ),
    "Commands that are cut": (service("command: a && b"), True, True),
    "`!reset` behind a merge key": (
        service("ports: ['80:80']") + "---\nx-a: &a {ports: !reset []}\nservices: {web: {<<: *a}}\n",
        True,
        True,
    ),
    "YAML's version": ("%YAML 1.2\n---\n" + service("tty: true"), True, False),
    "Port ranges without end": (service("ports: ['1-60000', '1-60000/udp']"), False, True),
}
"""Every difference that `differences.md` speaks of and a small file can show."""

IN_SCENARIOS = ("Services next to an extended one", "The last line of an env file")
"""Differences that take several files: test_scenarios.py shows them."""


@pytest.mark.parametrize("heading", DOCUMENTED)
def test_a_difference_is_as_the_page_says(heading: str, tmp_path: Path) -> None:
    text, we_accept, they_accept = DOCUMENTED[heading]
    (tmp_path / "compose.yaml").write_text(text)
    ours = oracle.answer(("compose.yaml",), tmp_path, "demo")
    theirs = oracle.ask(("compose.yaml",), tmp_path, "-p", "demo")
    assert (ours.config is not None, theirs.config is not None) == (we_accept, they_accept), (ours, theirs)


def test_the_page_has_every_difference_and_no_other() -> None:
    headings = {line.removeprefix("## ") for line in DIFFERENCES.splitlines() if line.startswith("## ")}
    assert headings == {*DOCUMENTED, *EXPLAINED.values(), *IN_SCENARIOS, "Wording"}


def test_a_difference_would_be_seen() -> None:
    theirs = {"a": [{"b": 1}], "c": "x"}
    assert oracle.differences({"a": [{"b": 1}], "c": "x"}, theirs) == []
    assert oracle.differences({"a": [{"b": 2}]}, theirs) == ["a.0.b: '2', theirs '1'", "c is only in theirs"]
    assert oracle.differences({"a": [], "c": "x", "d": 1}, theirs) != []
    assert oracle.differences({"a": [{"b": True}], "c": "x"}, theirs) != []
