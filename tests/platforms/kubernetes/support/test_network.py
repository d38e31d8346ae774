"""Every field of networks, ports, variables, configs and secrets, set to something: output or ledger changes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from intermodal.compose.grammar import leaves
from intermodal.compose.load import Request, load
from intermodal.model.ledger import UNCLASSIFIED, ledger
from intermodal.model.origin import Standing
from intermodal.model.patterns import compiled
from intermodal.model.platform import Settings
from intermodal.model.support import Approximate, Exact
from intermodal.platforms.kubernetes.support import SUPPORT
from intermodal.platforms.kubernetes.support.network import NETWORK
from intermodal.platforms.kubernetes.terms import DEFAULT
from intermodal.platforms.kubernetes.translate import translate

if TYPE_CHECKING:
    from pathlib import Path

    from intermodal.model.support import Outcome


def web(**fields: Any) -> dict[str, Any]:
    return {"services": {"web": fields}}


def net(**fields: Any) -> dict[str, Any]:
    return {**ATTACHED, "networks": {"n": fields}}


ATTACHED = {**web(networks={"n": None}), "networks": {"n": {}}}
CONFIG = {**web(configs=["c"]), "configs": {"c": {"content": "x"}}}
SECRET = {**web(secrets=["c"]), "secrets": {"c": {"file": "token"}}}
PORT = {"target": 80, "published": "8080"}
GRANT = {"source": "c", "target": "/etc/c"}
IPAM = {"driver": "default", "config": [{"subnet": "10.7.0.0/16", "gateway": "10.7.0.1"}]}

SAMPLES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "networks.*": ({}, {}),
    "networks.*.name": (ATTACHED, net(name="other")),
    "networks.*.driver": (ATTACHED, net(driver="macvlan")),
    "networks.*.driver_opts.*": (ATTACHED, net(driver_opts={"encrypted": "true"})),
    "networks.*.ipam.driver": (ATTACHED, net(ipam=IPAM)),
    "networks.*.ipam.config.*.subnet": (ATTACHED, net(ipam=IPAM)),
    "networks.*.ipam.config.*.gateway": (ATTACHED, net(ipam=IPAM)),
    "networks.*.ipam.config.*.ip_range": (ATTACHED, net(ipam={"config": [{"ip_range": "10.7.1.0/24"}]})),
    "networks.*.ipam.config.*.aux_addresses.*": (
        ATTACHED,
        net(ipam={"config": [{"aux_addresses": {"a": "10.7.0.9"}}]}),
    ),
    "networks.*.ipam.options.*": (ATTACHED, net(ipam={"options": {"a": "b"}})),
    "networks.*.external": (ATTACHED, net(external=True)),
    "networks.*.internal": (ATTACHED, net(internal=True)),
    "networks.*.attachable": (ATTACHED, net(attachable=True)),
    "networks.*.enable_ipv4": (ATTACHED, net(enable_ipv4=False)),
    "networks.*.enable_ipv6": (ATTACHED, net(enable_ipv6=True)),
    "networks.*.labels.*": (ATTACHED, net(labels={"a": "b"})),
    "services.*.networks.*": ({}, ATTACHED),
    "services.*.networks.*.aliases.*": (ATTACHED, web(networks={"n": {"aliases": ["front"]}})),
    "services.*.networks.*.interface_name": (ATTACHED, web(networks={"n": {"interface_name": "eth7"}})),
    "services.*.networks.*.ipv4_address": (ATTACHED, web(networks={"n": {"ipv4_address": "10.7.0.5"}})),
    "services.*.networks.*.ipv6_address": (ATTACHED, web(networks={"n": {"ipv6_address": "fd00::5"}})),
    "services.*.networks.*.link_local_ips.*": (ATTACHED, web(networks={"n": {"link_local_ips": ["169.254.8.8"]}})),
    "services.*.networks.*.mac_address": (ATTACHED, web(networks={"n": {"mac_address": "02:42:ac:11:65:43"}})),
    "services.*.networks.*.driver_opts.*": (ATTACHED, web(networks={"n": {"driver_opts": {"a": "b"}}})),
    "services.*.networks.*.priority": (ATTACHED, web(networks={"n": {"priority": 5}})),
    "services.*.networks.*.gw_priority": (ATTACHED, web(networks={"n": {"gw_priority": 5}})),
    "services.*.container_name": ({}, web(container_name="front")),
    "services.*.deploy.endpoint_mode": ({}, web(deploy={"endpoint_mode": "dnsrr"})),
    "services.*.expose.*": ({}, web(expose=["8123"])),
    "services.*.external_links.*": ({}, web(external_links=["other:cache"])),
    "services.*.links.*": ({}, web(links=["db:database"])),
    "services.*.ports.*.target": ({}, web(ports=[PORT])),
    "services.*.ports.*.published": (web(ports=[{"target": 80}]), web(ports=[PORT])),
    "services.*.ports.*.protocol": (web(ports=[PORT]), web(ports=[{**PORT, "protocol": "udp"}])),
    "services.*.ports.*.mode": (web(ports=[PORT]), web(ports=[{**PORT, "mode": "host"}])),
    "services.*.ports.*.host_ip": (web(ports=[PORT]), web(ports=[{**PORT, "host_ip": "127.0.0.1"}])),
    "services.*.ports.*.name": (web(ports=[PORT]), web(ports=[{**PORT, "name": "http"}])),
    "services.*.ports.*.app_protocol": (web(ports=[PORT]), web(ports=[{**PORT, "app_protocol": "http"}])),
    "services.*.environment.*": ({}, web(environment={"A": "b"})),
    "services.*.env_file.*.path": ({}, web(env_file=["app.env"])),
    "services.*.env_file.*.required": ({}, web(env_file=[{"path": "app.env", "required": False}])),
    "services.*.env_file.*.format": ({}, web(env_file=[{"path": "app.env", "format": "raw"}])),
    "configs.*.file": (web(), {**web(configs=["c"]), "configs": {"c": {"file": "token"}}}),
    "configs.*.content": (web(), CONFIG),
    "configs.*.environment": (web(), {**CONFIG, "configs": {"c": {"environment": "TOKEN"}}}),
    "configs.*.external": (web(), {**CONFIG, "configs": {"c": {"external": True}}}),
    "configs.*.name": (CONFIG, {"configs": {"c": {"name": "other"}}}),
    "configs.*.labels.*": (CONFIG, {"configs": {"c": {"labels": {"a": "b"}}}}),
    "configs.*.template_driver": (CONFIG, {"configs": {"c": {"template_driver": "golang"}}}),
    "secrets.*.file": (web(), SECRET),
    "secrets.*.environment": (web(), {**SECRET, "secrets": {"c": {"environment": "TOKEN"}}}),
    "secrets.*.external": (web(), {**SECRET, "secrets": {"c": {"external": True}}}),
    "secrets.*.name": (SECRET, {"secrets": {"c": {"name": "other"}}}),
    "secrets.*.labels.*": (SECRET, {"secrets": {"c": {"labels": {"a": "b"}}}}),
    "secrets.*.template_driver": (SECRET, {"secrets": {"c": {"template_driver": "golang"}}}),
    "secrets.*.driver": (SECRET, {"secrets": {"c": {"driver": "vault"}}}),
    "secrets.*.driver_opts.*": (SECRET, {"secrets": {"c": {"driver_opts": {"a": "b"}}}}),
    **{
        f"services.*.{section}.*.{field}": (base, web(**{section: [{**GRANT, field: value}]}))
        for section, base in (("configs", CONFIG), ("secrets", SECRET))
        for field, value in (("source", "c"), ("target", "/x"), ("uid", "7"), ("gid", "7"), ("mode", 0o400))
    },
}
"""Field -> what is there in both cases, and what is added. The field itself is looked for in the second."""


def merged(one: Any, other: Any) -> Any:
    if isinstance(one, dict) and isinstance(other, dict):
        return {**one, **{key: merged(one.get(key), value) for key, value in other.items()}}
    return other


def run(folder: Path, fields: dict[str, Any], options: dict[str, str]) -> tuple[Any, dict[tuple[Any, ...], Outcome]]:
    """The documents, and the outcomes in force of an application with these fields."""
    base = {
        "name": "shop",
        "services": {"web": {"image": "example.org/web:1"}, "db": {"image": "example.org/db:1", "networks": ["n"]}},
        "networks": {"n": {}},
    }
    file = folder / "compose.yaml"
    file.write_text(json.dumps(merged(base, fields)))
    folder.joinpath("app.env").write_text("A=b\n")
    folder.joinpath("token").write_text("t")
    environment = {"TOKEN": "t"}
    loaded = load(Request(files=(str(file),), environment=environment, working_directory=str(folder), stdin=None))
    made = translate(loaded.application, Settings(options=options), loaded.files)
    entries = ledger(loaded.application, SUPPORT, made.notes)
    told = {entry.leaf.path: entry.outcome for entry in entries if entry.leaf.standing is Standing.IN_FORCE}
    return [document.content for document in made.documents], told


@pytest.mark.parametrize("isolate", ["no", "yes"])
@pytest.mark.parametrize("field", SAMPLES)
def test_a_field_changes_the_output_or_is_reported(field: str, isolate: str, tmp_path: Path) -> None:
    base, added = SAMPLES[field]
    documents, _ = run(tmp_path, base, {"isolate": isolate})
    changed, after = run(tmp_path, merged(base, added), {"isolate": isolate})
    told = [outcome for path, outcome in after.items() if fits(path, field)]
    assert told, f"the ledger has no entry for {field}: {sorted(map(str, after))}"
    assert UNCLASSIFIED not in told
    promised = any(isinstance(outcome, (Exact, Approximate)) and outcome.how != DEFAULT for outcome in told)
    assert not promised or changed != documents, f"{told} without a change in the documents"


def fits(path: tuple[Any, ...], field: str) -> bool:
    pattern = field.split(".")
    return len(path) == len(pattern) and all(
        wanted in {"*", str(key)} for wanted, key in zip(pattern, path, strict=True)
    )


def test_every_field_of_the_table_has_a_sample() -> None:
    ours = compiled(NETWORK)
    missing = []
    for leaf in leaves():
        position = ours
        for key in leaf:
            position = position.step(key)
        if position.row is not None and not any(str(key).startswith("x-") for key in leaf):
            missing += [".".join(leaf)] if ".".join(leaf) not in SAMPLES else []
    assert missing == []
