"""Everything that can be wrong with what people hand us: one clear diagnostic, its place, a reason, and help."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.cli.conftest import Cli

WEB = "services:\n  web:\n    image: nginx\n"
TWO = "services:\n  a:\n    image: x\n    {}\n  b:\n    image: x\n    {}\n"
CONFIG = ("config",)
KUBERNETES = ("translate", "--platform", "kubernetes")


class Case(NamedTuple):
    """What is wrong, and what is said of it: the code, the place ("" for none), and a word of the text."""

    what: str
    compose: str | bytes | None
    code: str
    place: str
    word: str
    arguments: tuple[str, ...] = CONFIG
    files: Mapping[str, str] = {}
    exit_code: int = 2


CASES = (
    Case("a missing file", None, "file-not-found", "", "gone.yaml", (*CONFIG, "-f", "gone.yaml")),
    Case("no file", None, "no-compose-file", "", "compose.yaml"),
    Case("a folder", None, "file-is-a-folder", "", "folder", (*CONFIG, "-f", "d"), {"d/x": ""}),
    Case("an unreadable path", None, "file-unreadable", "", "symbolic links", (*CONFIG, "-f", "loop")),
    Case("a path below a file", None, "file-not-found", "", "x/y", (*CONFIG, "-f", "x/y"), {"x": ""}),
    Case("an empty file", "", "empty-compose-file", "", "compose.yaml is empty"),
    Case("only a comment", "# nothing\n", "empty-compose-file", "", "compose.yaml is empty"),
    Case("not YAML", "services: [\n", "invalid-yaml", "compose.yaml:2:1", "not YAML"),
    Case("an open quote", "services: {a: {image: 'x\n", "invalid-yaml", "compose.yaml:2:1", "quoted"),
    Case("a list", "- a\n", "not-a-mapping", "compose.yaml:1:1", "mapping"),
    Case("binary junk", b"\x7fELF\x00\x01\xff\xfe", "not-text", "compose.yaml:1:7", "UTF-8"),
    Case("control characters", WEB + "    user: \x1b[31m\n", "not-text", "compose.yaml:4:11", "character"),
    Case("tabs", "services:\n\tweb:\n\t\timage: a\n", "tab-indentation", "compose.yaml:2:1", "spaces"),
    Case("a key twice", WEB + "    image: b\n", "duplicate-key", "compose.yaml:4:5", "image"),
    Case("an unknown alias", "x-a: *b\n", "unknown-anchor", "compose.yaml:1:6", "&b"),
    Case("deep nesting", f"x-a: {'[' * 2000}{']' * 2000}\n", "nesting-too-deep", "compose.yaml:1:105", "nested"),
    Case("text for a mapping", "services:\n  web: nginx\n", "wrong-type", "compose.yaml:2:8", "services.web"),
    Case("a number for a list", WEB + "    ports: 80\n", "wrong-type", "compose.yaml:4:12", "services.web.ports"),
    Case(
        "text for a number", WEB + "    deploy: {replicas: three}\n", "invalid-number", "compose.yaml:4:24", "'three'"
    ),
    Case("text for yes or no", WEB + "    privileged: maybe\n", "invalid-boolean", "compose.yaml:4:17", "'maybe'"),
    Case("an unknown key", WEB + "    prots: ['80']\n", "unknown-key", "compose.yaml:4:5", "did you mean `ports`?"),
    Case("an unknown section", "service: {}\n", "unknown-key", "compose.yaml:1:1", "did you mean `services`?"),
    Case(
        "an undefined variable",
        "services:\n  web:\n    image: nginx:${TAG:?choose one}\n",
        "variable-required",
        "compose.yaml:3:18",
        "choose one",
    ),
    Case("half an expression", "services: {a: {image: '${A'}}\n", "invalid-interpolation", "compose.yaml:1:24", "${"),
    Case("a missing env_file", WEB + "    env_file: a.env\n", "file-not-found", "compose.yaml:4:15", "a.env"),
    Case(
        "an env_file in a ring of links", WEB + "    env_file: loop\n", "file-unreadable", "compose.yaml:4:15", "loop"
    ),
    Case("a missing --env-file", WEB, "file-not-found", "", "a.env", (*CONFIG, "--env-file", "a.env")),
    Case("a broken .env", WEB, "invalid-env-file", ".env:1:3", "quote", CONFIG, {".env": 'A="hunter2\n'}),
    Case(
        "extends in a ring",
        "services:\n  a:\n    extends: b\n  b:\n    extends: a\n",
        "extends-cycle",
        "compose.yaml:5:14",
        "a -> b -> a",
    ),
    Case("extends nobody", "services:\n  a:\n    extends: b\n", "extends-unknown-service", "compose.yaml:3:14", "b"),
    Case(
        "includes in a ring",
        "include: [b.yaml]\n" + WEB,
        "include-cycle",
        "b.yaml:1:11",
        "compose.yaml -> b.yaml -> compose.yaml",
        CONFIG,
        {"b.yaml": "include: [compose.yaml]\n"},
    ),
    Case("a missing include", "include: [b.yaml]\n" + WEB, "file-not-found", "compose.yaml:1:11", "b.yaml"),
    Case(
        "dependencies in a ring",
        TWO.format("depends_on: [b]", "depends_on: [a]"),
        "dependency-cycle",
        "compose.yaml:4:18",
        "a -> b -> a",
    ),
    Case("an unknown dependency", WEB + "    depends_on: [db]\n", "unknown-service", "compose.yaml:4:18", "'db'"),
    Case("an unknown network", WEB + "    networks: [x]\n", "unknown-network", "compose.yaml:4:16", "'x'"),
    Case("an unknown secret", WEB + "    secrets: [x]\n", "unknown-secret", "compose.yaml:4:15", "'x'"),
    Case("an unknown config", WEB + "    configs: [x]\n", "unknown-config", "compose.yaml:4:15", "'x'"),
    Case(
        "ranges of unequal length", WEB + "    ports: ['1-3:5-6']\n", "invalid-port", "compose.yaml:4:13", "3 published"
    ),
    Case("a port that is none", WEB + "    ports: ['80:70000']\n", "invalid-port", "compose.yaml:4:13", "70000"),
    Case("an unsupported version", "version: '4'\n" + WEB, "version-unsupported", "compose.yaml:1:10", "'4'"),
    Case("no image", "services:\n  web:\n    command: a\n", "image-missing", "compose.yaml:3:5", "image"),
    Case("an invalid name", "services:\n  'we b':\n    image: a\n", "invalid-name", "compose.yaml:2:3", "we b"),
    Case("an invalid project name", WEB, "invalid-project-name", "", "'A B'", (*CONFIG, "-p", "A B")),
    Case("no duration", WEB + "    stop_grace_period: soon\n", "invalid-duration", "compose.yaml:4:24", "30s"),
    Case("no size", WEB + "    mem_limit: lots\n", "invalid-size", "compose.yaml:4:16", "512m"),
    Case("no number of CPUs", WEB + "    cpus: many\n", "invalid-number", "compose.yaml:4:11", "0.5"),
    Case(
        "two services publish one port",
        TWO.format("ports: ['80:80']", "ports: ['80:81']"),
        "port-conflict",
        "compose.yaml:7:14",
        "'a' and 'b'",
        KUBERNETES,
        exit_code=1,  # docker compose loads it too, and fails when it starts the second
    ),
    Case("no platform", WEB, "platform-not-chosen", "", "--platform kubernetes", ("translate",)),
    Case("an unknown platform", WEB, "unknown-platform", "", "kubernetes", ("translate", "--platform", "k8s")),
    Case("an old release", WEB, "kubernetes-version-too-old", "", "1.20", (*KUBERNETES, "--kubernetes-version", "1.9")),
    Case("no release", WEB, "kubernetes-version-unreadable", "", "new", (*KUBERNETES, "--kubernetes-version", "new")),
    Case("an invalid namespace", WEB, "namespace-invalid", "", "'A B'", (*KUBERNETES, "--namespace", "A B")),
    Case("an unknown option", WEB, "unknown-option", "", "isolate", (*KUBERNETES, "--set", "isolat=yes")),
    Case("a wrong value", WEB, "option-value", "", "yes, no", (*KUBERNETES, "--set", "isolate=si")),
    Case(
        "a folder that is not empty",
        WEB,
        "output-folder-not-empty",
        "",
        "--force",
        (*KUBERNETES, "-o", "d"),
        {"d/mine": "mine"},
        1,
    ),
    Case("a folder that is a file", WEB, "output-not-written", "", "x", (*KUBERNETES, "-o", "x"), {"x": "mine"}, 1),
    Case("an unknown command", None, "usage", "", "did you mean `config`?", ("konfig",)),
    Case("an unknown flag", None, "usage", "", "--services", ("config", "--service")),
)


def prepare(folder: Path, case: Case) -> None:
    """Write the case's files, and a link that leads to itself."""
    if case.compose is not None:
        (folder / "compose.yaml").write_bytes(
            case.compose if isinstance(case.compose, bytes) else case.compose.encode()
        )
    for name, text in case.files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    (folder / "loop").symlink_to("loop")


@pytest.mark.parametrize("case", CASES, ids=[case.what for case in CASES])
def test_bad_input_is_answered(cli: Cli, tmp_path: Path, case: Case) -> None:
    prepare(tmp_path, case)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    ran = cli(*case.arguments)
    first = re.search(r"^(error|warning)\[([a-z0-9-]+)\]: .+\n(?: +--> (\S+)\n)?", ran.err, re.MULTILINE)
    assert first, ran.err
    severity, code, place = first.groups()
    assert (ran.code, severity) == (case.exit_code, "error" if case.exit_code else "warning")
    assert (code, place or "") == (case.code, case.place)
    assert case.word in ran.err
    assert "= help: " in ran.err
    assert "Traceback" not in ran.err
    assert "hunter2" not in ran.err
    assert all(line.isprintable() for line in ran.err.split("\n"))
    if case.exit_code:
        assert ran.out == ""
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("case", [case for case in CASES if case.arguments == CONFIG], ids=lambda case: case.what)
def test_check_says_the_same_in_every_format(cli: Cli, tmp_path: Path, case: Case) -> None:
    prepare(tmp_path, case)
    for form in ("text", "concise", "json", "sarif", "github"):
        ran = cli("check", "--format", form)
        assert ran.code == case.exit_code
        assert case.code in ran.out
        assert "hunter2" not in ran.out + ran.err
