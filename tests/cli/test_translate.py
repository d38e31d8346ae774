from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from intermodal.cli import translate
from intermodal.model.platform import AttachedFile, Document, Translation
from intermodal.model.support import Approximate, Consequence, Exact, Missing, Notes, Outcome
from intermodal.platforms import Listed, Platform

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Cli

COMPOSE = """\
name: shop
services:
  web:
    image: nginx
    privileged: true
    stop_signal: SIGINT
    hostname: a
    environment:
      PASSWORD: hunter2
  db:
    image: postgres
    privileged: true
    stop_signal: SIGINT
    hostname: b
"""
SUPPORT: dict[str, Outcome] = {
    "services.*.image": Exact(how="the image"),
    "services.*.environment.*": Exact(),
    "services.*.privileged": Missing(
        code="no-privileges", why="there are none here", advice="do without", consequence=Consequence.SECURITY
    ),
    "services.*.stop_signal": Missing(code="no-signals", why="it always sends SIGTERM"),
    "services.*.hostname": Missing(code="no-hostnames", why="nobody asks", consequence=Consequence.NONE),
    "services.*.tty": Approximate(code="odd-terminals", why="they are odd", consequence=Consequence.BEHAVIOUR),
}


class Toy:
    """A platform made for these tests: one document for each service."""

    support = SUPPORT
    options: dict[str, str]
    attached: tuple[AttachedFile, ...]

    def __init__(self) -> None:
        self.options = {"colour": "of the paint", "volume.*.size": "in bytes"}
        self.attached = ()
        self.settings: Any = None

    def translate(self, application: Any, settings: Any, _files: object) -> Translation:
        self.settings = settings
        documents = tuple(
            Document(stem=name, content={"image": service.image, "environment": service.environment})
            for name, service in application.services.items()
        )
        return Translation(documents=documents, notes=Notes(), attached=self.attached)


@pytest.fixture
def toy(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Toy:
    """The toy platform under the name of toy, and a compose file in the folder."""
    made = Toy()
    monkeypatch.setattr("intermodal.platforms.PLATFORMS", {"toy": Listed(title="toys", settings=("namespace",))})
    real = Platform.__init__
    monkeypatch.setattr(Platform, "__init__", lambda self, name, listed, _=None: real(self, name, listed, made))
    (tmp_path / "compose.yaml").write_text(COMPOSE)
    assert cli("version").code == 0
    return made


TRANSLATE = ("translate", "--platform", "toy")
ALLOWED = (*TRANSLATE, "--allow-loss", "privileged")


@pytest.mark.usefixtures("toy")
def test_a_loss_that_matters_stops_and_nothing_is_written(cli: Cli, tmp_path: Path) -> None:
    ran = cli(*TRANSLATE, "-o", "out")
    assert ran.code == 1
    assert ran.out == ""
    assert not (tmp_path / "out").exists()
    assert ran.err == (
        "Security is weakened:\n"
        "\n"
        "error[no-privileges]: services.*.privileged (2 values): there are none here\n"
        "   --> compose.yaml:5:17\n"
        "    |\n"
        "  5 |     privileged: true\n"
        "    |                 ^^^^\n"
        "   ::: compose.yaml:12:17  services.db.privileged\n"
        "    = help: do without\n"
        "            to accept the loss: --allow-loss no-privileges\n"
        "\n"
        "Behaviour changes:\n"
        "\n"
        "warning[no-signals]: services.*.stop_signal (2 values): it always sends SIGTERM\n"
        "   --> compose.yaml:6:18\n"
        "   ::: compose.yaml:13:18  services.db.stop_signal\n"
        "\n"
        "4 values carried over, 4 lost (2 security, 2 behaviour); 2 without effect here (-v lists them)\n"
        "nothing was written; to accept what is lost: --allow-loss no-privileges\n"
    )


@pytest.mark.usefixtures("toy")
@pytest.mark.parametrize("name", ["no-privileges", "privileged", "services.*.privileged", "all"])
def test_losses_are_accepted_by_name(cli: Cli, tmp_path: Path, name: str) -> None:
    ran = cli(*TRANSLATE, "-o", "out", "--allow-loss", name)
    assert ran.code == 0
    assert "accepted by --allow-loss" in ran.err
    assert "wrote 2 files to out/" in ran.err
    assert yaml.safe_load((tmp_path / "out" / "web.yaml").read_text())["image"] == "nginx"


@pytest.mark.usefixtures("toy")
def test_a_name_that_accepts_nothing_is_pointed_out(cli: Cli) -> None:
    assert "warning[allowed-loss-not-found]: --allow-loss nothing" in cli(*ALLOWED, "--allow-loss", "nothing").err


@pytest.mark.usefixtures("toy")
def test_documents_go_to_stdout_and_talk_to_stderr(cli: Cli) -> None:
    ran = cli(*ALLOWED)
    assert [document["image"] for document in yaml.safe_load_all(ran.out)] == ["nginx", "postgres"]
    assert cli(*ALLOWED, "-o", "-").out == ran.out


@pytest.mark.usefixtures("toy")
def test_quiet_says_nothing_but_errors(cli: Cli) -> None:
    assert cli(*ALLOWED, "-q").err == ""
    refused = cli(*TRANSLATE, "-q").err
    assert refused.count("error[") == 1
    assert "warning" not in refused


@pytest.mark.usefixtures("toy")
def test_verbose_lists_what_has_no_effect_and_draws_warnings(cli: Cli) -> None:
    err = cli(*ALLOWED, "-v").err
    assert "compose.yaml:7:15: note[no-hostnames]: services.*.hostname (2 values): nobody asks" in err
    assert "  6 |     stop_signal: SIGINT" in err


@pytest.mark.usefixtures("toy")
def test_the_report_for_machines_is_complete(cli: Cli) -> None:
    ran = cli(*TRANSLATE, "--json")
    said = json.loads(ran.out)
    assert ran.code == 1
    assert ran.err == ""
    assert said["schema"] == 1
    assert said["refused"] is True
    assert [document["name"] for document in said["documents"]] == ["web", "db"]
    assert {found["code"] for found in said["diagnostics"]} == {"no-privileges", "no-signals"}
    assert said["totals"] == {
        "exact": 3,
        "loading": 1,
        "missing-security": 2,
        "missing-behaviour": 2,
        "missing-none": 2,
    }
    entries = {entry["field"]: entry for entry in said["ledger"]}
    assert len(entries) == 10
    assert entries["services.web.privileged"] == {
        "path": ["services", "web", "privileged"],
        "field": "services.web.privileged",
        "file": "compose.yaml",
        "line": 5,
        "column": 17,
        "outcome": "missing",
        "code": "no-privileges",
        "consequence": "security",
        "why": "there are none here",
        "advice": "do without",
    }
    assert entries["name"]["outcome"] == "loading"
    assert entries["services.web.image"]["how"] == "the image"


@pytest.mark.usefixtures("toy")
@pytest.mark.parametrize(
    ("form", "first"),
    [
        ("concise", "compose.yaml:5:17: error[no-privileges]: services.web.privileged: there are none here"),
        ("github", "::error file=compose.yaml,line=5,col=17,title=no-privileges::"),
    ],
)
def test_machines_get_every_place(cli: Cli, form: str, first: str) -> None:
    lines = cli(*TRANSLATE, "--format", form).err.splitlines()
    assert lines[0].startswith(first)
    assert sum("no-privileges" in line for line in lines[:4]) == 2


@pytest.mark.usefixtures("toy")
@pytest.mark.parametrize("form", ["json", "sarif"])
def test_diagnostics_as_data_come_on_stdout_of_check(cli: Cli, form: str) -> None:
    ran = cli("check", "--platform", "toy", "--format", form)
    assert ran.code == 1
    said = json.loads(ran.out)
    found = said["diagnostics"] if form == "json" else said["runs"][0]["results"]
    assert len(found) == 4


@pytest.mark.usefixtures("toy")
@pytest.mark.parametrize("form", ["json", "sarif"])
def test_diagnostics_as_data_are_one_document_even_where_files_are_written(cli: Cli, form: str) -> None:
    ran = cli(*ALLOWED, "-o", "out", "--format", form)
    assert ran.code == 0
    assert json.loads(ran.err)


@pytest.mark.usefixtures("toy")
def test_one_file_for_each_object_or_a_single_one(cli: Cli, tmp_path: Path) -> None:
    cli(*ALLOWED, "-o", "a")
    cli(*ALLOWED, "-o", "b", "--output-format", "json")
    cli(*ALLOWED, "-o", "c", "--output-format", "single")
    names = {folder: sorted(file.name for file in (tmp_path / folder).iterdir()) for folder in "abc"}
    assert names == {
        "a": [".intermodal.manifest", "db.yaml", "web.yaml"],
        "b": [".intermodal.manifest", "db.json", "web.json"],
        "c": [".intermodal.manifest", "shop.yaml"],
    }
    web = yaml.safe_load((tmp_path / "a" / "web.yaml").read_text())
    assert json.loads((tmp_path / "b" / "web.json").read_text()) == web
    assert next(yaml.safe_load_all((tmp_path / "c" / "shop.yaml").read_text())) == web


@pytest.mark.usefixtures("toy")
def test_json_on_stdout_is_one_document_after_the_other(cli: Cli) -> None:
    out = cli(*ALLOWED, "--output-format", "json").out
    first, end = json.JSONDecoder().raw_decode(out)
    assert first["image"] == "nginx"
    assert json.loads(out[end:])["image"] == "postgres"


@pytest.mark.usefixtures("toy")
def test_a_folder_that_is_not_empty_needs_force(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "web.yaml").write_text("mine")
    refused = cli(*ALLOWED, "-o", "out", "-q")
    assert refused.code == 1
    assert "error[output-folder-not-empty]: nothing was written: out is not empty" in refused.err
    assert [file.name for file in (tmp_path / "out").iterdir()] == ["web.yaml"]
    forced = cli(*ALLOWED, "-o", "out", "--force")
    assert forced.code == 0
    assert "warning[output-file-kept]" in forced.err
    assert (tmp_path / "out" / "web.yaml.kept").read_text() == "mine"


@pytest.mark.usefixtures("toy")
def test_the_same_translation_again_is_up_to_date(cli: Cli) -> None:
    cli(*ALLOWED, "-o", "out")
    again = cli(*ALLOWED, "-o", "out/")
    assert again.code == 0
    assert "nothing to write: out/ is up to date" in again.err


@pytest.mark.usefixtures("toy")
def test_a_later_translation_replaces_and_removes_its_own_files(cli: Cli, tmp_path: Path) -> None:
    cli(*ALLOWED, "-o", "out")
    (tmp_path / "compose.yaml").write_text("name: shop\nservices:\n  web: {image: nginx:2}\n")
    refused = cli(*TRANSLATE, "-o", "out")
    assert refused.code == 1
    assert "it holds 2 files of an earlier translation" in refused.err
    forced = cli(*TRANSLATE, "-o", "out", "--force")
    assert "wrote 1 file to out/, 1 removed that are no longer needed" in forced.err
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == [".intermodal.manifest", "web.yaml"]


@pytest.mark.usefixtures("toy")
def test_a_stale_file_that_was_edited_is_named(cli: Cli, tmp_path: Path) -> None:
    cli(*ALLOWED, "-o", "out")
    (tmp_path / "out" / "db.yaml").write_text("edited")
    (tmp_path / "compose.yaml").write_text("name: shop\nservices:\n  web: {image: nginx:2}\n")
    ran = cli(*TRANSLATE, "-o", "out", "--force")
    assert ran.code == 0
    assert "warning[output-file-stale]: db.yaml in out" in ran.err


@pytest.mark.usefixtures("toy")
@pytest.mark.parametrize("output", ["file", "file/below"])
def test_a_file_where_the_folder_must_be(cli: Cli, tmp_path: Path, output: str) -> None:
    (tmp_path / "file").write_text("mine")
    ran = cli(*ALLOWED, "-o", output)
    assert ran.code == 1
    assert "error[output-not-written]: " in ran.err
    assert (tmp_path / "file").read_text() == "mine"


def test_attached_files_are_written_beside(cli: Cli, toy: Toy, tmp_path: Path) -> None:
    toy.attached = (AttachedFile(path="files/motd", content=b"\x00hello"),)
    assert cli(*ALLOWED, "-o", "out").code == 0
    assert (tmp_path / "out" / "files" / "motd").read_bytes() == b"\x00hello"
    printed = cli(*ALLOWED)
    assert printed.code == 0
    assert "warning[files-not-beside]: " in printed.err
    assert "files/motd" in printed.err


def test_settings_reach_the_platform(cli: Cli, toy: Toy) -> None:
    ran = cli(*ALLOWED, "--namespace", "n", "--set", "colour=a=b", "--set", "volume.data.size=1")
    assert ran.code == 0
    assert toy.settings.namespace == "n"
    assert toy.settings.options == {"colour": "a=b", "volume.data.size": "1"}


@pytest.mark.usefixtures("toy")
@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--set", "color=red"), "unknown-option", "did you mean `colour`?"),
        (("--set", "volume.size=red"), "unknown-option", "volume.size"),
        (("--set", "colour"), "option-form", "colour"),
        (("--set", "=red"), "option-form", "NAME=VALUE"),
        (("--kubernetes-version", "1.30"), "option-not-for-platform", "--kubernetes-version"),
        (("--platform", "toi"), "unknown-platform", "did you mean `toy`?"),
        (("-f", "gone.yaml"), "file-not-found", "gone.yaml"),
    ],
)
def test_what_cannot_be_used_is_exit_code_2(cli: Cli, arguments: tuple[str, ...], code: str, said: str) -> None:
    ran = cli(*ALLOWED, *arguments)
    assert ran.code == 2
    assert f"error[{code}]: " in ran.err
    assert said in ran.err
    assert "hunter2" not in ran.err


@pytest.mark.usefixtures("toy")
def test_rejections_are_data_too(cli: Cli) -> None:
    ran = cli(*ALLOWED, "--json", "-f", "gone.yaml")
    assert ran.code == 2
    assert ran.err == ""
    assert [found["code"] for found in json.loads(ran.out)["diagnostics"]] == ["file-not-found"]


@pytest.mark.usefixtures("toy")
def test_the_platform_may_stand_in_the_file(cli: Cli, tmp_path: Path) -> None:
    assert "error[platform-not-chosen]" in cli("translate").err
    (tmp_path / "compose.yaml").write_text("x-intermodal: {platform: toy}\nservices: {web: {image: a}}\n")
    ran = cli("translate", "--allow-loss", "all")
    assert ran.code == 0
    assert "image: a" in ran.out


@pytest.mark.usefixtures("toy")
def test_standard_input_is_a_file(cli: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "in").write_text("services: {web: {image: from-stdin}}\n")
    with (tmp_path / "in").open() as stdin:
        monkeypatch.setattr("sys.stdin", stdin)
        assert "image: from-stdin" in cli(*TRANSLATE, "-f", "-").out


@pytest.mark.usefixtures("toy")
def test_no_secret_is_drawn(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text(COMPOSE + "    environment: {A: hunter2, B: {c: hunter2}}\n")
    ran = cli(*TRANSLATE, "-v")
    assert ran.code == 2
    assert "hunter2" not in ran.err


def test_text_of_a_file_with_forty_losses_is_short(cli: Cli, toy: Toy, tmp_path: Path) -> None:
    toy.support = SUPPORT
    services = "".join(f"  s{n}: {{image: a, privileged: true, stop_signal: SIGINT}}\n" for n in range(20))
    (tmp_path / "compose.yaml").write_text(f"services:\n{services}")
    ran = cli(*TRANSLATE)
    assert "40 lost (20 security, 20 behaviour)" in ran.err
    assert len(ran.err.splitlines()) <= 32


def test_the_command_lives_where_the_table_says() -> None:
    assert translate.command.name == "translate"


def test_a_problem_of_the_application_itself_is_accepted_by_name(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text(
        "services:\n  a: {image: x, ports: ['80:80']}\n  b: {image: x, ports: ['80:81']}\n"
    )
    refused = cli("translate", "--platform", "kubernetes")
    assert (refused.code, refused.out) == (1, "")
    assert "--allow-loss port-conflict" in refused.err
    accepted = cli("translate", "--platform", "kubernetes", "--allow-loss", "port-conflict")
    assert accepted.code == 0
    assert "warning[port-conflict]" in accepted.err
