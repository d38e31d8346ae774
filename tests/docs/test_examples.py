"""Every example in the README and in the documentation does what the page says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.docs.pages import ON_ENGINES, ROOT, Command, File, agrees, examples, follow, scratch

if TYPE_CHECKING:
    from pathlib import Path

    from _pytest.mark.structures import ParameterSet

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
WITH_EXAMPLES = [page for page in PAGES if any(examples(page.read_text(encoding="utf-8")))]


def _case(page: Path) -> ParameterSet:
    marks = [pytest.mark.engines] if ON_ENGINES in page.read_text(encoding="utf-8") else []
    return pytest.param(page, id=str(page.relative_to(ROOT)), marks=marks)


@pytest.mark.parametrize("page", [_case(page) for page in WITH_EXAMPLES])
def test_page_shows_what_happens(page: Path, tmp_path: Path) -> None:
    project = scratch(tmp_path)
    for example in examples(page.read_text(encoding="utf-8")):
        printed = follow(example, project)
        if isinstance(example, Command):
            assert agrees(example.shown, printed), f"$ {example.line}\n{printed}\n--- the page shows:\n{example.shown}"


def test_readme_and_tutorial_have_examples() -> None:
    assert {ROOT / "README.md", ROOT / "docs" / "tutorial" / "first-translation.md"} <= set(WITH_EXAMPLES)


def test_commands_files_and_output_are_found() -> None:
    page = (
        "```{code-block} yaml\n:caption: a.yaml\n\nb: 1\n```\ntext\n```console\n$ cat \\\n  a.yaml\nb: 1\n$ true\n```\n"
    )
    found = list(examples(page))
    assert found[0] == File("a.yaml", "b: 1\n")
    assert [(each.line, each.shown) for each in found if isinstance(each, Command)] == [
        ("cat \\\n  a.yaml", "b: 1\n"),
        ("true", ""),
    ]


@pytest.mark.parametrize(
    ("shown", "printed", "same"),
    [
        ("a\n", "a\n", True),
        ("a\n", "b\n", False),
        ("a\n...\n", "a\nb\nc\n", True),
        ("a\n...\nd\n", "a\nb\nc\n", False),
        ("took ... ms\n", "took 12 ms\n", True),
        ("", "anything\n", False),
    ],
)
def test_output_agrees_or_not(shown: str, printed: str, same: bool) -> None:
    assert agrees(shown, printed) is same
