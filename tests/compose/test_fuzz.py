"""Whatever the input: an application or a rejection with reasons, never anything else."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intermodal.compose.load import Request, load
from intermodal.compose.render import render
from intermodal.kit.diagnostics import Rejected, Severity
from tests.compose.junk import ODD, files
from tests.compose.loading import HOME, write

if TYPE_CHECKING:
    from pathlib import Path

FEW = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


def answered(request: Request) -> None:
    """Load; what comes out can be printed and asked for its leaves, and what is refused says why."""
    try:
        loaded = load(request)
    except Rejected as rejected:
        found = rejected.diagnostics
    else:
        json.dumps(render(loaded.tree, loaded.application))
        places = [leaf.place for leaf in loaded.application.origins.leaves()]
        assert all(place.line >= 1 and place.column >= 1 for place in places)
        found = loaded.diagnostics
        assert all(one.severity is not Severity.ERROR for one in found)
    assert all(one.message and one.code for one in found)


@FEW
@given(files())
def test_nearly_right_files(content: dict[str, Any]) -> None:
    text = json.dumps(content, ensure_ascii=False)
    answered(Request(working_directory="/nowhere", files=("-",), stdin=text, project_name="p", environment=HOME))


@FEW
@given(st.lists(files(), min_size=2, max_size=3))
def test_nearly_right_files_over_each_other(tmp_path: Path, contents: list[dict[str, Any]]) -> None:
    names = [f"{number}.yaml" for number in range(len(contents))]
    write(
        tmp_path, {name: json.dumps(content, ensure_ascii=False) for name, content in zip(names, contents, strict=True)}
    )
    answered(Request(working_directory=str(tmp_path), files=tuple(names), project_name="p", environment=HOME))


FILES = st.sampled_from(["a.yaml", "b.yaml", "s/c.yaml", "../a.yaml", "none.yaml", "."])
SERVICES = st.sampled_from(["a", "b", "c", "none"])
EXTENDS = st.fixed_dictionaries({"service": SERVICES}, optional={"file": FILES}) | SERVICES | ODD
INCLUDE = st.lists(FILES | st.fixed_dictionaries({"path": FILES | st.lists(FILES, max_size=2)}, optional={
    "project_directory": st.sampled_from(["s", "..", "."]), "env_file": st.sampled_from(["e.env", "none", "."]),
}), max_size=2) | ODD  # fmt: skip
LINKED = st.fixed_dictionaries(
    {
        "services": st.dictionaries(
            SERVICES, st.fixed_dictionaries({"image": st.just("x")}, optional={"extends": EXTENDS})
        )
    },
    optional={"include": INCLUDE},
)


@FEW
@given(st.tuples(LINKED, LINKED, LINKED), st.text("AB=$'\"\\# \n{}:-", max_size=30))
def test_files_that_extend_and_include_each_other(
    tmp_path: Path, contents: tuple[dict[str, Any], ...], variables: str
) -> None:
    names = ("a.yaml", "b.yaml", "s/c.yaml")
    texts = {name: json.dumps(content, ensure_ascii=False) for name, content in zip(names, contents, strict=True)}
    write(tmp_path, {**texts, "e.env": variables})
    answered(Request(working_directory=str(tmp_path), files=("a.yaml",), project_name="p", environment=HOME))


@FEW
@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_arbitrary_bytes(tmp_path: Path, content: bytes) -> None:
    write(tmp_path, {"compose.yaml": content, ".env": content})
    answered(Request(working_directory=str(tmp_path), project_name="p", environment=HOME))
