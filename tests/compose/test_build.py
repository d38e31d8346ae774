from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.compose.build import build
from intermodal.compose.origins import TreeOrigins
from intermodal.model.building import Hook
from intermodal.model.networks import Attachment, Port
from intermodal.model.resources import DeviceRequest, HostDevice, Ulimit
from intermodal.model.volumes import BindOptions, Mount, TmpfsOptions
from tests.compose.trees import FOLDER, HOME, service, whole

if TYPE_CHECKING:
    from intermodal.model.application import Application, Service


def application(text: str) -> Application:
    tree = whole(text)
    return build(tree, name="demo", working_dir=FOLDER, origins=TreeOrigins(tree), environment={"TOKEN": "secret"})


def web(body: str) -> Service:
    return application(service(body)).services["web"]


def test_scalars_are_typed() -> None:
    built = web(
        "tty: 'yes'\ncpus: '0.5'\nmem_limit: 1g\nstop_grace_period: 1m30s\nscale: '2'\noom_score_adj: -5\n"
        "cpu_percent: 50\npids_limit: 100\nmemswap_limit: -1\nshm_size: 64m\ninit: false"
    )
    assert (built.tty, built.cpus, built.mem_limit, built.stop_grace_period) == (True, 0.5, 1 << 30, 90.0)
    assert (built.scale, built.oom_score_adj, built.cpu_percent, built.pids_limit) == (2, -5, 50.0, 100)
    assert (built.memswap_limit, built.shm_size, built.init, built.attach) == (-1, 64 << 20, False, None)


def test_what_is_not_said_is_none_and_what_is_emptied_is_empty() -> None:
    said = web("entrypoint: []\ncommand: ''")
    unsaid = web("command:")
    assert (said.entrypoint, said.command) == ((), ())
    assert (unsaid.entrypoint, unsaid.command) == (None, None)


def test_records_are_those_of_the_model() -> None:
    built = web(
        "ports: ['8080:80/udp', {target: 1, x-a: b}]\n"
        "volumes: ['~/a:/b:ro', {type: tmpfs, target: /t, tmpfs: {size: 1m, mode: 0755}}]\n"
        "ulimits: {nofile: 5, core: {soft: 1, hard: 2}}\ndevices: [/dev/a]\ngpus: all\n"
        "networks: {front: , back: {aliases: [x], priority: 5}}\npost_start: [{command: a b}]\n"
        "extra_hosts: ['a=[::1]']\nhealthcheck: {test: x, interval: 5s, retries: '3'}"
    )
    assert built.ports == (
        Port(target=80, published="8080", protocol="udp"),
        Port(target=1, extensions={"x-a": "b"}),
    )
    assert built.volumes == (
        Mount(type="bind", source=f"{HOME}/a", target="/b", read_only=True, bind=BindOptions(create_host_path=True)),
        Mount(type="tmpfs", target="/t", tmpfs=TmpfsOptions(size=1 << 20, mode=0o755)),
    )
    assert built.ulimits == {"nofile": Ulimit(soft=5, hard=5), "core": Ulimit(soft=1, hard=2)}
    assert built.devices == (HostDevice(source="/dev/a", target="/dev/a", permissions="rwm"),)
    assert built.gpus == (DeviceRequest(count=-1),)
    assert built.networks == {"front": Attachment(), "back": Attachment(aliases=("x",), priority=5)}
    assert built.post_start == (Hook(command=("a", "b")),)
    assert built.extra_hosts == {"a": ("::1",)}
    assert built.healthcheck is not None
    assert (built.healthcheck.test, built.healthcheck.interval, built.healthcheck.retries) == (
        ("CMD-SHELL", "x"),
        5.0,
        3,
    )


def test_maps_hold_text() -> None:
    built = web("environment: {A: 1.50, B: true, C: , D: ''}\nlabels: {a: , b: 1e6}\nlogging: {options: {n: 3}}")
    assert built.environment == {"A": "1.5", "B": "true", "C": None, "D": ""}
    assert built.labels == {"a": "", "b": "1e+06"}
    assert built.logging is not None
    assert built.logging.options == {"n": "3"}


def test_a_mode_in_quotes_is_octal_and_a_secret_without_one_has_none() -> None:
    built = web("secrets: [{source: a, mode: '0400'}, {source: b, mode: 0440}, c]")
    assert [(grant.mode, grant.target) for grant in built.secrets] == [
        (0o400, "/run/secrets/a"),
        (0o440, "/run/secrets/b"),
        (None, "/run/secrets/c"),
    ]


def test_extensions_are_kept_everywhere() -> None:
    found = application(
        "x-top: [1]\nservices: {web: {image: a, x-s: {b: c}, deploy: {x-d: 1}}}\nvolumes: {v: {x-v: 2}}"
    )
    deploy = found.services["web"].deploy
    assert deploy is not None
    assert (found.extensions, found.services["web"].extensions) == ({"x-top": [1]}, {"x-s": {"b": "c"}})
    assert (deploy.extensions, found.volumes["v"].extensions) == ({"x-d": 1}, {"x-v": 2})


def test_secrets_from_the_environment_know_their_value() -> None:
    found = application("services: {}\nsecrets: {a: {environment: TOKEN}, b: {environment: NOPE}, c: {file: ./c}}")
    assert {name: file.value for name, file in found.secrets.items()} == {"a": "secret", "b": None, "c": None}
    assert found.secrets["c"].file == f"{FOLDER}/c"


def test_environment_files_bring_their_values() -> None:
    tree = whole(service("env_file: [a, {path: b, required: false}]"))
    found = build(tree, name="demo", working_dir=FOLDER, origins=TreeOrigins(tree), env_values={("web", 0): {"A": "1"}})
    assert [(file.path, file.required, dict(file.values)) for file in found.services["web"].env_file] == [
        (f"{FOLDER}/a", True, {"A": "1"}),
        (f"{FOLDER}/b", False, {}),
    ]


def test_the_application_has_its_name_folder_and_parts() -> None:
    found = application(
        service("tty: true") + "volumes: {v: }\nnetworks: {n: {external: true}}\nmodels: {m: {model: x}}"
    )
    assert (found.name, found.working_dir) == ("demo", FOLDER)
    assert found.volumes["v"].name == "demo_v"
    assert (found.networks["n"].external, found.networks["n"].name) == (True, "n")
    assert found.models["m"].model == "x"
    assert found.services["web"].name == "web"


def test_ssh_keys_and_builds() -> None:
    built = web("build: {context: ., ssh: [default, k=./key], args: {A: , B: 1}, ulimits: {nofile: 3}}").build
    assert built is not None
    assert built.ssh == ("default", f"k={FOLDER}/key")
    assert built.args == {"A": None, "B": "1"}
    assert (built.context, built.dockerfile) == (FOLDER, "Dockerfile")
