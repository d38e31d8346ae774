from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from intermodal.kit.emitter import emit
from intermodal.model.files import EnvFile
from intermodal.model.networks import Attachment, Network, Port
from intermodal.model.placement import Deploy, RestartPolicy
from intermodal.model.platform import Command, Settings
from intermodal.model.resources import CredentialSpec
from intermodal.platforms.compose.requests import (
    Around,
    Neighbour,
    ServiceRequest,
    container,
    container_name,
    inherited,
    one_off,
    wanted,
)
from tests.applications import FilesInMemory, application, service
from tests.platforms.compose.samples import FILES, asked, file_of, load_text, made

if TYPE_CHECKING:
    from pathlib import Path

NEWEST = (1, 48)


def requested(**fields: Any) -> ServiceRequest:
    said = {"networks": {"default": Attachment()}, **fields} if "network_mode" not in fields else fields
    whole = application(service(**said), networks={"default": Network(name="shop_default")})
    return wanted(whole, Settings(), FilesInMemory(FILES)).services["web"]


def body(**fields: Any) -> Any:
    return container(requested(**fields), 1, Around(version=NEWEST)).body


def test_a_container_bears_the_labels_that_docker_compose_looks_for() -> None:
    request = requested(labels={"own": "1"})
    labels = container(request, 2, Around(image_id="sha256:7", replaces="shop-web-1")).body["Labels"]
    assert labels == {
        "own": "1",
        "com.docker.compose.project": "shop",
        "com.docker.compose.service": "web",
        "com.docker.compose.version": "2.40.3",
        "com.docker.compose.project.working_dir": "/project",
        "com.docker.compose.project.config_files": "",
        "com.docker.compose.oneoff": "False",
        "com.docker.compose.container-number": "2",
        "com.docker.compose.depends_on": "",
        "com.docker.compose.image": "sha256:7",
        "com.docker.compose.config-hash": request.revision,
        "com.docker.compose.replace": "shop-web-1",
        "intermodal.revision": request.revision,
        "intermodal.replicas": "1",
    }


def test_names() -> None:
    assert container_name(requested(), 3) == "shop-web-3"
    assert container_name(requested(container_name="own"), 1) == "own"
    request = container(requested(platform="linux/arm64"), 3, Around())
    assert (request.name, request.query) == ("shop-web-3", {"name": "shop-web-3", "platform": "linux/arm64"})


def test_an_image_that_is_built_is_called_after_project_and_service() -> None:
    assert requested(image="").image == "shop-web"


@pytest.mark.parametrize(("said", "sent"), [(None, None), ((), []), (("a", "b"), ["a", "b"])])
def test_an_empty_command_is_not_the_same_as_none(said: Any, sent: Any) -> None:
    assert body(command=said).get("Cmd") == sent
    assert body(entrypoint=said).get("Entrypoint") == sent


def test_environment_files_are_weaker_and_what_nobody_set_is_taken_out() -> None:
    files = (EnvFile(path="/a", values={"A": "file", "B": "file"}),)
    assert body(env_file=files, environment={"A": "own", "C": None})["Env"] == ["A=own", "B=file", "C"]


def test_ports_are_exposed_and_published() -> None:
    ports = (Port(target=80, published="8080"), Port(target=80, host_ip="127.0.0.1"), Port(target=53, protocol="udp"))
    sent = body(ports=ports, expose=("90", "91-92/udp"))
    assert list(sent["ExposedPorts"]) == ["90/tcp", "91/udp", "92/udp", "80/tcp", "53/udp"]
    assert sent["HostConfig"]["PortBindings"] == {
        "80/tcp": [{"HostIp": "", "HostPort": "8080"}, {"HostIp": "127.0.0.1", "HostPort": ""}],
        "53/udp": [{"HostIp": "", "HostPort": ""}],
    }


@pytest.mark.parametrize(
    ("restart", "policy", "sent"),
    [
        ("", None, None),
        ("always", None, {"Name": "always", "MaximumRetryCount": 0}),
        ("on-failure:5", None, {"Name": "on-failure", "MaximumRetryCount": 5}),
        ("always", RestartPolicy(condition="none"), {"Name": "no", "MaximumRetryCount": 0}),
        ("", RestartPolicy(condition="any", max_attempts=3), {"Name": "always", "MaximumRetryCount": 0}),
        ("", RestartPolicy(condition="on-failure", max_attempts=3), {"Name": "on-failure", "MaximumRetryCount": 3}),
        ("", RestartPolicy(), {"Name": "no", "MaximumRetryCount": 0}),
    ],
)
def test_restart_policies(restart: str, policy: RestartPolicy | None, sent: Any) -> None:
    deploy = Deploy(restart_policy=policy) if policy else None
    assert body(restart=restart, deploy=deploy)["HostConfig"].get("RestartPolicy") == sent


def test_a_grace_period_is_never_cut_short() -> None:
    assert body(stop_grace_period=1.5)["StopTimeout"] == 2
    assert "StopTimeout" not in body()


def test_an_old_engine_is_sent_no_annotations() -> None:
    request = requested(annotations={"a": "1"})
    assert container(request, 1, Around(version=NEWEST)).body["HostConfig"]["Annotations"] == {"a": "1"}
    assert "Annotations" not in container(request, 1, Around(version=(1, 41))).body["HostConfig"]


def test_security_profiles_are_sent_whole_and_open_paths_are_fields() -> None:
    host = body(security_opt=("seccomp:profile.json", "systempaths=unconfined", "no-new-privileges"))["HostConfig"]
    assert host["SecurityOpt"] == ['seccomp={"defaultAction":"x"}', "no-new-privileges"]
    assert host["MaskedPaths"] == host["ReadonlyPaths"] == []


def test_windows_accounts_are_security_options() -> None:
    host = body(credential_spec=CredentialSpec(file="a.json", registry="b"))["HostConfig"]
    assert host["SecurityOpt"] == ["credentialspec=file://a.json", "credentialspec=registry://b"]


def test_namespaces_of_other_services_are_their_first_containers() -> None:
    request = requested(network_mode="service:db", pid="service:db", ipc="service:db")
    assert request.refers == ("db",)
    neighbours = {"db": (Neighbour(id="abc", name="shop-db-1"), Neighbour(id="def", name="shop-db-2"))}
    sent = container(request, 1, Around(containers=neighbours)).body
    assert {sent["HostConfig"][mode] for mode in ("NetworkMode", "PidMode", "IpcMode")} == {"container:abc"}
    assert sent["NetworkingConfig"] == {"EndpointsConfig": {}}


def test_the_socket_comes_with_credentials() -> None:
    request = requested(use_api_socket=True)
    sent = container(request, 1, Around(credentials='{"auths": {}}'))
    assert sent.body["HostConfig"]["Binds"] == ["/var/run/docker.sock:/var/run/docker.sock:rw"]
    assert sent.body["Env"] == ["DOCKER_CONFIG=/run/secrets/docker"]
    assert [upload.path for upload in sent.uploads] == ["/run/secrets/docker/config.json"]
    own = requested(use_api_socket=True, environment={"DOCKER_CONFIG": "/own"})
    assert container(own, 1, Around(credentials="{}")).uploads == ()


def test_a_one_off_is_nobodys_instance() -> None:
    request = requested(
        ports=(Port(target=80, published="80"),),
        restart="always",
        container_name="own",
        environment={"A": "1"},
        networks={"default": Attachment(aliases=("shop",))},
    )
    sent = one_off(
        request, Command(service="web", argv=("sh",), user="me", environment={"A": "2"}, tty=True), "x", Around()
    )
    assert sent.name == "x"
    assert sent.body["Labels"]["com.docker.compose.oneoff"] == "True"
    assert (sent.body["Cmd"], sent.body["User"], sent.body["Env"], sent.body["Tty"]) == (["sh"], "me", ["A=2"], True)
    assert sent.body["OpenStdin"] is sent.body["StdinOnce"] is sent.body["AttachStdin"] is True
    assert "PortBindings" not in sent.body["HostConfig"]
    assert "RestartPolicy" not in sent.body["HostConfig"]
    assert sent.body["NetworkingConfig"]["EndpointsConfig"]["shop_default"]["Aliases"] == ["x"]


def test_a_one_off_may_publish_ports_and_run_unattended() -> None:
    request = requested(ports=(Port(target=80, published="80"),), command=("serve",))
    sent = one_off(request, Command(service="web", ports=True, detach=True), "x", Around())
    assert "PortBindings" in sent.body["HostConfig"]
    assert "AttachStdin" not in sent.body
    assert sent.body["Cmd"] == ["serve"]


def test_volumes_without_a_name_live_on_in_the_replacement(tmp_path: Path) -> None:
    found = asked(load_text(emit(file_of("mounts-anonymous")), tmp_path))
    request = found.services["mounts-anonymous"]
    mounts = [
        {"Type": "volume", "Name": "a" * 64, "Destination": "/anonymous"},
        {"Type": "volume", "Name": "b" * 64, "Destination": "/of-image"},
        {"Type": "volume", "Name": "named", "Destination": "/else"},
        {"Type": "bind", "Source": "/x", "Destination": "/bind"},
    ]
    kept = inherited(request, {"Mounts": mounts}, {"Config": {"Volumes": {"/of-image": {}}}})
    assert kept == {"/anonymous": "a" * 64, "/of-image": "b" * 64}
    sent = container(request, 1, Around(inherited=kept)).body["HostConfig"]["Mounts"]
    assert {mount["Target"]: mount.get("Source") for mount in sent} == {
        "/anonymous": "a" * 64,
        "/labelled": None,
        "/of-image": "b" * 64,
    }
    assert inherited(request, {"Mounts": None}, {"Config": None}) == {}


def test_a_container_of_every_sample_can_be_made_on_old_and_new_engines(tmp_path: Path) -> None:
    for name in ("networks", "mounts-newer", "network-details", "healthcheck-start"):
        found = asked(load_text(emit(file_of(name)), tmp_path))
        assert made(found, name, (1, 41)).body["Image"] == made(found, name, (1, 48)).body["Image"]
