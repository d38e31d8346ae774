from __future__ import annotations

import re
from pathlib import Path

import pytest

from intermodal.kit.diagnostics import Rejected
from intermodal.model.networks import Port
from intermodal.model.volumes import Mount, Volume
from intermodal.platforms.kubernetes import options
from intermodal.platforms.kubernetes.options import CHOICES, OPTIONS, check_options
from tests.applications import application, service

SHOP = application(
    service("web_1", ports=(Port(target=80),), volumes=(Mount(type="bind", source="/x", target="/etc/a.conf"),)),
    volumes={"data": Volume()},
)


def read_in_source() -> set[str]:
    """Every option that the translation asks for by name."""
    names = "[a-z]+(?:-[a-z]+)+|domain|expose|gateway|isolate|liveness|node|wait"
    call = re.compile(rf'(?:\boptions\.get\(|\boption\(context, )"({names})"')
    folder = Path(options.__file__).parent
    return {name for file in folder.rglob("*.py") for name in call.findall(file.read_text("utf-8"))}


def test_every_option_that_is_read_is_listed_and_every_listed_one_is_read() -> None:
    assert read_in_source() == {name for name in OPTIONS if "." not in name}


def test_choices_are_of_listed_options() -> None:
    assert set(CHOICES) <= set(OPTIONS)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("isolate", "yes"),
        ("wait-image", "anything:1"),
        ("expose", "NodePort".lower()),
        ("expose.web_1", "ingress"),
        ("expose.web_1.host", "example.org"),
        ("expose.web_1.node-port", "30000"),
        ("expose.web_1.node_port", "30000"),
        ("volume.data.size", "5Gi"),
        ("volume.web_1:/etc/a.conf.policy", "configmap"),
    ],
)
def test_options_that_can_have_an_effect(name: str, value: str) -> None:
    check_options({name: value}, SHOP)


@pytest.mark.parametrize(
    ("name", "value", "code", "said"),
    [
        ("isolate", "maybe", "option-value", "yes, no"),
        ("isolate", "", "option-value", "yes, no"),
        ("env-files", "files", "option-value", "configmap, inline"),
        ("expose.web-1", "ingress", "unknown-option", "expose.web_1"),
        ("expose.web_1.hosts", "a", "unknown-option", "expose.web_1.host"),
        ("volume.dat.size", "5Gi", "unknown-option", "volume.data.size"),
        ("volume.data.sise", "5Gi", "unknown-option", "volume.data.size"),
        ("volume.web_1:/etc/b.conf.policy", "claim", "unknown-option", "volume.web_1:/etc/a.conf.policy"),
    ],
)
def test_options_without_effect_are_refused(name: str, value: str, code: str, said: str) -> None:
    with pytest.raises(Rejected) as rejected:
        check_options({name: value}, SHOP)
    (found,) = rejected.value.diagnostics
    assert found.code == code
    assert said in f"{found.message} {found.help}"
