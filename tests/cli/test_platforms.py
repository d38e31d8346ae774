from __future__ import annotations

import json
from typing import TYPE_CHECKING, ClassVar

import pytest

from intermodal.kit.diagnostics import Rejected
from intermodal.model.support import Exact, Notes
from intermodal.platforms import PLATFORMS, find, names

if TYPE_CHECKING:
    from tests.cli.conftest import Cli


def test_the_table_lists_every_platform(cli: Cli) -> None:
    lines = cli("platforms").out.splitlines()
    assert lines[0].split() == ["PLATFORM", "EXACT", "APPROXIMATE", "MISSING", "NO", "EFFECT", "WRITES"]
    assert [line.split()[0] for line in lines[1:]] == list(PLATFORMS)


@pytest.mark.parametrize("name", list(PLATFORMS))
def test_one_platform_field_by_field(cli: Cli, name: str) -> None:
    out = cli("platforms", name).out
    for pattern in find(name).support:
        assert f" {pattern} " in out or f" {pattern}\n" in out
    for option in find(name).options:
        assert f"  {option} " in out


def test_json_has_every_field_and_its_outcome(cli: Cli) -> None:
    said = json.loads(cli("platforms", "--json").out)
    assert said["schema"] == 1
    assert [platform["name"] for platform in said["platforms"]] == list(PLATFORMS)
    fields = said["platforms"][0]["fields"]
    assert fields["services.*.image"]["outcome"] == "exact"
    assert {field["outcome"] for field in fields.values()} == {"exact", "approximate", "missing"}
    assert {field.get("consequence", "none") for field in fields.values()} >= {"none", "behaviour"}


def test_an_unknown_platform_is_answered_with_the_nearest(cli: Cli) -> None:
    ran = cli("platforms", "kuberntes")
    assert ran.code == 2
    assert "error[unknown-platform]" in ran.err
    assert "did you mean `kubernetes`?" in ran.err


class Foreign:
    """A platform that a third party provides."""

    support: ClassVar = {"services.*.image": Exact()}

    @staticmethod
    def translate(application: object, settings: object, files: object) -> tuple[object, object, object, Notes]:
        return application, settings, files, Notes()


class Entry:
    name = "nomad"
    value = "theirs:platform"
    dist = None

    def load(self) -> type[Foreign]:
        return Foreign


def test_third_parties_add_platforms_by_entry_points(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.metadata.entry_points", lambda group: [Entry()] * (group == "intermodal.platforms"))
    assert names() == (*PLATFORMS, "nomad")
    platform = find("nomad")
    assert platform.support is Foreign.support
    assert platform.options == {}
    assert platform.translate(1, 2, 3)[:3] == (1, 2, 3)  # type: ignore[arg-type, index]
    with pytest.raises(Rejected, match="nomadd"):
        find("nomadd")
