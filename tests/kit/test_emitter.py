from __future__ import annotations

import json
import math
import re
import subprocess
import sysconfig
import time
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from intermodal.kit.emitter import emit, emit_all

AMBIGUOUS = """
y Y n N yes Yes YES no No NO on On ON off Off OFF true True TRUE false False FALSE null Null NULL ~
0 7 010 0o17 0x1F 0b101 1_000 +1 -1 1e3 1E3 1.5e3 1e-3 -1e+3 .5 5. 1. .inf -.inf +.Inf .nan .NaN 0. 1.5
22:22 1:30 190:20:30 22:22.5 2024-01-01 2024-01-01T00:00:00Z 2001-12-14t21:59:43.10-05:00
= << - -- --- ... ? : , [ ] { } # & * ! | > ' " % @ ` [a] {a} &a *a !a !!str @a `a %a -.5 -0x1 0x 0o 0b 1e
""".split()  # noqa: SIM905 - a list of quoted quotes is unreadable
AWKWARD = [
    *AMBIGUOUS,
    "",
    " ",
    " a",
    "a ",
    "a  b",
    "a: b",
    "a:",
    "a :b",
    "a #b",
    "a# b",
    "#a",
    "- a",
    "-\ta",
    "a\tb",
    "\t",
    "\ta",
    "a\r\nb",
    "a\rb",
    "a\0b",
    "\x1b[31m",
    "a\x85b",
    "a\u2028b\u2029c",
    "\ufeffa",
    "ü",
    "日本",
    "🐳",
    "\xa0a",
    'say "x"',
    "it's",
    "back\\slash",
    '"it\'s" \\',
    "$(VAR)",
    "${A}",
    "--flag=x",
    "-e",
    "--",
    "sh -c 'x'",
    "10m",
    "512Mi",
    "1E",
    "1Ei",
    "1m30s",
    "10.0.0.1",
    "8080:80",
    "a" * 1500,
    "--- a",
    "... a",
    "Yes please",
]
BLOCKS = [
    "a\nb",
    "a\nb\n",
    "a\nb\n\n",
    "a\n\n\nb",
    "\na",
    "\n\n  a\nb",
    " a\nb",
    "\ta\nb",
    "a\n b\n  c\n",
    "a\n ",
    "a\n \n",
    "a\n\t",
    "a \nb",
    "\n",
    "\n\n",
    " \n ",
    "a\n---\nb\n",
    "a\n...\n# b\n",
    "#a\nb",
    "a\r\nb\n",
    "a\n\x85",
    "a\n\u2028",
    "ü\n日本\n",
    "\ufeffa\nb",
]
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text()
    | st.text("ab01eE+-.:_~ #'\"\\\n\t{}[],&*!|>%@`=<?ynotfru$/")
    | st.sampled_from(AWKWARD + BLOCKS)
)
KEYS = st.text() | st.sampled_from(AWKWARD + BLOCKS)
DATA = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner), max_leaves=20)


class Core(yaml.SafeLoader):
    """A reader of YAML 1.2's core schema."""


class Wide11(yaml.SafeLoader):
    """PyYAML's YAML 1.1, with the forms of YAML 1.1 it leaves out: y and n."""


Core.yaml_implicit_resolvers = {}
for tag, pattern in (
    ("null", r"~|null|Null|NULL|"),
    ("bool", r"true|True|TRUE|false|False|FALSE"),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+"),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)"),
):
    Core.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"^(?:{pattern})$"), None)
Core.add_constructor("tag:yaml.org,2002:int", lambda _, node: int(str(node.value), 0))
Wide11.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^[yYnN]$"), list("yYnN"))
READERS = (yaml.SafeLoader, yaml.CSafeLoader, Core, Wide11)


def same(left: Any, right: Any) -> bool:
    """Equal with equal types: 1 is neither True nor 1.0."""
    if isinstance(left, dict) and isinstance(right, dict):
        return list(left) == list(right) and all(same(left[key], right[key]) for key in left)
    if isinstance(left, (list, tuple)) and isinstance(right, (list, tuple)):
        return len(left) == len(right) and all(map(same, left, right))
    return type(left) is type(right) and left == right


@settings(max_examples=400, deadline=None)
@given(DATA)
def test_every_reader_reads_back_the_same_data(data: Any) -> None:
    text = emit(data)
    for reader in READERS:
        assert same(yaml.load(text, reader), data), (reader, text)  # noqa: S506 - safe loaders all


@pytest.mark.parametrize("text", AWKWARD + BLOCKS)
@pytest.mark.parametrize(
    "around", [lambda x: x, lambda x: [x], lambda x: {"k": x}, lambda x: {x: x}, lambda x: [[{"k": [x]}]]]
)
def test_awkward_texts_in_every_position(text: str, around: Any) -> None:
    data = around(text)
    for reader in READERS:
        assert same(yaml.load(emit(data), reader), data), emit(data)  # noqa: S506 - safe loaders all


def test_the_yaml_reader_of_docker_compose_reads_the_same_texts(tmp_path: Path) -> None:
    texts = [text for text in AWKWARD + BLOCKS if "\0" not in text]
    file = tmp_path / "compose.yaml"
    application = {"name": "x", "services": {"a": {"image": "b"}}, "x-texts": texts}
    file.write_text(emit(application).replace("$", "$$"), encoding="utf-8")
    binary = Path(sysconfig.get_paths()["purelib"], "compose", "docker-compose")
    ran = subprocess.run(
        [binary, "-f", file, "config", "--format", "json"], capture_output=True, check=True, timeout=60
    )
    read = json.loads(ran.stdout)["x-texts"]
    assert [text.replace("$$", "$") for text in read] == texts


@pytest.mark.parametrize("word", AMBIGUOUS)
def test_ambiguous_words_are_quoted(word: str) -> None:
    assert emit(word)[0] in "'\""


@pytest.mark.parametrize(
    "word",
    [
        "web",
        "nginx:1.27",
        "/var/lib/data",
        "./conf",
        "--config=/etc/x.yaml",
        "-f",
        "$(POD_NAME)",
        "500m",
        "512Mi",
        "1m30s",
        "http://localhost:80/a?b=c#d",
        "apps/v1",
        "curl -f http://x || exit 1",
        "sh",
    ],
)
def test_everyday_words_stay_plain(word: str) -> None:
    assert emit(word) == word + "\n"


def test_layout() -> None:
    data = {
        "kind": "Pod",
        "metadata": {"name": "a", "labels": {}},
        "args": ["--x", {"name": "b", "ports": [80, "80"]}, [1, [2.0, None]], []],
        "script": "set -e\nrun\n",
        "files": ["a\nb", {"c": "\td\n\n"}],
        "on": True,
        "big": 1e300,
    }
    assert emit(data) == (
        "kind: Pod\n"
        "metadata:\n  name: a\n  labels: {}\n"
        'args:\n  - --x\n  - name: b\n    ports:\n      - 80\n      - "80"\n'
        "  - - 1\n    - - 2.0\n      - null\n  - []\n"
        "script: |\n  set -e\n  run\n"
        "files:\n  - |-\n    a\n    b\n  - c: |2+\n      \td\n\n"
        '"on": true\n'
        "big: 1.0e+300\n"
    )


def test_texts_of_several_lines_are_blocks_unless_a_block_would_change_them() -> None:
    assert emit({"a": "x\n  y\n"}) == "a: |\n  x\n    y\n"
    assert emit({"a": "x\r\ny"}) == 'a: "x\\r\\ny"\n'
    assert emit({"a": "\n"}) == 'a: "\\n"\n'


def test_not_a_number_and_infinity() -> None:
    read = yaml.safe_load(emit([math.nan, math.inf, -math.inf]))
    assert math.isnan(read[0])
    assert read[1:] == [math.inf, -math.inf]


def test_other_mappings_and_tuples_are_data_too() -> None:
    assert emit(MappingProxyType({"a": (1, MappingProxyType({}))})) == "a:\n  - 1\n  - {}\n"


def test_keys_need_not_be_text() -> None:
    data = {7: "a", None: "b", True: "c", 2.5: "d"}
    assert yaml.safe_load(emit(data)) == data


def test_what_is_no_data_is_refused() -> None:
    with pytest.raises(TypeError, match="object"):
        emit({"a": object()})


@given(st.lists(DATA, min_size=1, max_size=4))
def test_several_documents(documents: list[Any]) -> None:
    read = list(yaml.load_all(emit_all(documents), yaml.CSafeLoader))
    assert same(read, documents)


def test_an_application_of_thousands_of_services_is_written_much_faster_than_by_pyyaml() -> None:
    service = {
        "image": "nginx:1.27",
        "environment": {"A": "1", "B": "two"},
        "ports": ["80:80"],
        "deploy": {"replicas": 2},
    }
    data = {"services": {f"s{number}": {**service, "hostname": f"s{number}"} for number in range(1000)}}
    ours = min(_seconds(lambda: emit(data)) for _ in range(3))
    theirs = _seconds(lambda: yaml.dump(data, Dumper=yaml.CSafeDumper))
    assert ours * 4 < theirs


def _seconds(act: Any) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start
