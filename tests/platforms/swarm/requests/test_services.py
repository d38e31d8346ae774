"""Services as the API has them, beyond what the client can be asked about."""

from __future__ import annotations

from typing import Any

import pytest

from intermodal.model.application import Dependency
from intermodal.model.changes import Condition
from intermodal.model.files import Grant, SharedFile
from intermodal.model.health import Healthcheck
from intermodal.model.labels import DEPENDS_ON, REPLICAS, REVISION
from intermodal.model.ledger import ledger
from intermodal.model.placement import Deploy, RestartPolicy, UpdateConfig
from intermodal.model.resources import CredentialSpec, Ulimit
from intermodal.model.support import Exact
from intermodal.model.volumes import BindOptions, Mount, TmpfsOptions, Volume, VolumeOptions
from intermodal.platforms.swarm.requests import identified, updated
from intermodal.platforms.swarm.support import OPERATED
from tests.applications import FilesInMemory, application, service
from tests.platforms.swarm.sending import NEWEST, inside, spec, wanted


def lost(version: tuple[int, int] = (1, 41), files: FilesInMemory | None = None, **fields: Any) -> dict[str, str]:
    """The codes of what is not carried over, by path below the one service."""
    made = application(service("web", **fields))
    entries = ledger(made, OPERATED, wanted(made, files, version).notes)
    found = ((".".join(map(str, entry.leaf.path[2:])), entry.outcome) for entry in entries)
    return {path: outcome.code for path, outcome in found if not isinstance(outcome, Exact)}


def test_what_a_stack_file_cannot_say() -> None:
    made = inside(
        group_add=("1000", "audio", "1000"),
        dns_opt=("ndots:2",),
        sysctls={"net.core.somaxconn": "7"},
        ulimits={"core": Ulimit(soft=0, hard=0)},
        security_opt=("label:type:svirt_t", "label=level:s0"),
    )
    assert made["Groups"] == ["1000", "audio"]
    assert made["DNSConfig"] == {"Options": ["ndots:2"]}
    assert made["Sysctls"] == {"net.core.somaxconn": "7"}
    assert made["Ulimits"] == [{"Name": "core", "Soft": 0, "Hard": 0}]
    assert made["Privileges"] == {"SELinuxContext": {"Type": "svirt_t", "Level": "s0"}}


@pytest.mark.parametrize(
    ("fields", "since", "field", "value", "at"),
    [
        ({"oom_score_adj": 500}, (1, 46), "OomScoreAdj", 500, "oom_score_adj"),
        (
            {"security_opt": ("no-new-privileges",)},
            (1, 44),
            "Privileges",
            {"NoNewPrivileges": True},
            "security_opt.0",
        ),
        (
            {"security_opt": ("seccomp=unconfined",)},
            (1, 44),
            "Privileges",
            {"Seccomp": {"Mode": "unconfined"}},
            "security_opt.0",
        ),
        (
            {"security_opt": ("apparmor:unconfined",)},
            (1, 44),
            "Privileges",
            {"AppArmor": {"Mode": "disabled"}},
            "security_opt.0",
        ),
    ],
)
def test_newer_engines_can_do_more(
    fields: dict[str, Any], since: tuple[int, int], field: str, value: Any, at: str
) -> None:
    before = (since[0], since[1] - 1)
    assert inside(since, **fields)[field] == value
    assert field not in inside(before, **fields)
    assert lost(since, **fields) == {}
    assert lost(before, **fields) == {at: "swarm-engine-too-old"}


def test_a_shorter_interval_at_the_start_needs_a_newer_engine() -> None:
    check = Healthcheck(test=("CMD", "true"), start_interval=1.0)
    assert inside((1, 44), healthcheck=check)["Healthcheck"]["StartInterval"] == 1_000_000_000
    assert "StartInterval" not in inside((1, 43), healthcheck=check)["Healthcheck"]
    assert lost((1, 43), healthcheck=check)["healthcheck.start_interval"] == "swarm-engine-too-old"


def test_a_folder_of_a_volume_needs_a_newer_engine() -> None:
    mounts = (Mount(type="volume", source="v", target="/v", volume=VolumeOptions(subpath="x")),)
    made = application(service("web", volumes=mounts), volumes={"v": Volume(name="shop_v")})
    (old,), (new,) = (wanted(made, version=version).services for version in ((1, 44), (1, 45)))
    options = [one.spec["TaskTemplate"]["ContainerSpec"]["Mounts"][0]["VolumeOptions"] for one in (old, new)]
    assert ["Subpath" in one for one in options] == [False, True]
    assert lost((1, 44), volumes=mounts)["volumes.0.volume.subpath"] == "swarm-engine-too-old"


def test_a_seccomp_profile_of_the_application_is_sent() -> None:
    files = FilesInMemory({"/project/profile.json": b"{}"})
    option = ("seccomp:profile.json",)
    made = spec(NEWEST, files, security_opt=option)["TaskTemplate"]["ContainerSpec"]
    assert made["Privileges"] == {"Seccomp": {"Mode": "custom", "Profile": "e30="}}
    assert lost(NEWEST, files, security_opt=option) == {}
    assert lost(NEWEST, security_opt=("seccomp:/elsewhere.json",)) == {"security_opt.0": "swarm-security-option"}


@pytest.mark.parametrize("option", ["no-new-privileges:false", "apparmor:docker-default"])
def test_security_options_that_repeat_the_default_cost_nothing(option: str) -> None:
    assert lost(security_opt=(option,)) == {}


def test_memory_mounts_have_their_mode() -> None:
    made = inside(
        tmpfs=("/a:size=1m,mode=0755,noexec", "/b:uid=7"),
        volumes=(Mount(type="tmpfs", target="/c", tmpfs=TmpfsOptions(mode=0o700)),),
    )
    assert [mount.get("TmpfsOptions") for mount in made["Mounts"]] == [
        {"Mode": 0o700},
        {"SizeBytes": 1 << 20, "Mode": 0o755},
        None,
    ]
    assert lost(tmpfs=("/a:size=1m,mode=0755,noexec", "/b:uid=7")) == {"tmpfs.1": "swarm-tmpfs-options"}


def test_memory_that_executes_needs_a_newer_engine() -> None:
    assert inside((1, 46), tmpfs=("/a:exec",))["Mounts"][0]["TmpfsOptions"] == {"Options": [["exec"]]}
    assert lost((1, 46), tmpfs=("/a:exec",)) == {}
    assert lost((1, 45), tmpfs=("/a:exec",)) == {"tmpfs.0": "swarm-tmpfs-options"}


def test_mounts_that_are_not_recursive() -> None:
    mounts = (Mount(type="bind", source="/srv", target="/srv", bind=BindOptions(recursive="disabled")),)
    assert inside(volumes=mounts)["Mounts"][0]["BindOptions"] == {"NonRecursive": True}
    assert "volumes.0.bind.recursive" not in lost(volumes=mounts)
    read_only = (Mount(type="bind", source="/srv", target="/srv", bind=BindOptions(recursive="readonly")),)
    assert lost(volumes=read_only)["volumes.0.bind.recursive"] == "swarm-bind-options"


def test_volumes_carry_labels_and_drivers_in_their_mounts() -> None:
    made = application(
        service(
            volumes=(
                Mount(type="volume", source="v", target="/v"),
                Mount(type="volume", source="e", target="/e"),
                Mount(type="volume", target="/a", volume=VolumeOptions(labels={"k": "v"}, nocopy=True)),
            )
        ),
        volumes={
            "v": Volume(name="shop_v", driver="nfs", driver_opts={"a": "b"}, labels={"l": "m"}),
            "e": Volume(name="theirs", external=True),
        },
    )
    result = wanted(made)
    mounts = result.services[0].spec["TaskTemplate"]["ContainerSpec"]["Mounts"]
    assert mounts[0]["VolumeOptions"] == {
        "Labels": {"l": "m", "com.docker.stack.namespace": "shop"},
        "DriverConfig": {"Name": "nfs", "Options": {"a": "b"}},
    }
    assert (mounts[1]["Source"], mounts[1].get("VolumeOptions")) == ("theirs", None)
    assert mounts[2]["VolumeOptions"] == {"NoCopy": True, "Labels": {"k": "v"}}
    assert result.volumes == ("shop_v", "theirs")


def job(**fields: Any) -> dict[str, Any]:
    """The spec of a service that another awaits."""
    after = {"init": Dependency(condition="service_completed_successfully")}
    made = wanted(application(service("web", depends_on=after), service("init", **fields)))
    return {one.name: one for one in made.services}["init"].spec


def test_what_others_await_is_a_job_that_is_not_repeated() -> None:
    made = job()
    assert made["Mode"] == {"ReplicatedJob": {"MaxConcurrent": 1, "TotalCompletions": 1}}
    assert made["TaskTemplate"]["RestartPolicy"] == {"Condition": "none"}
    assert REPLICAS not in made["Labels"]


@pytest.mark.parametrize(
    ("fields", "mode", "condition"),
    [
        ({"restart": "on-failure"}, "ReplicatedJob", "on-failure"),
        ({"restart": "always"}, "ReplicatedJob", "on-failure"),
        ({"deploy": Deploy(mode="global")}, "GlobalJob", "none"),
        ({"deploy": Deploy(replicas=3)}, "ReplicatedJob", "none"),
        ({"deploy": Deploy(restart_policy=RestartPolicy(condition="on-failure"))}, "ReplicatedJob", "on-failure"),
        ({"deploy": Deploy(update_config=UpdateConfig(parallelism=2))}, "ReplicatedJob", "none"),
    ],
)
def test_jobs_keep_what_the_file_says(fields: dict[str, Any], mode: str, condition: str) -> None:
    made = job(**fields)
    assert list(made["Mode"]) == [mode]
    assert made["TaskTemplate"]["RestartPolicy"]["Condition"] == condition
    assert "UpdateConfig" not in made


def test_dependencies_are_requirements() -> None:
    made = wanted(
        application(
            service(
                "web",
                depends_on={
                    "db": Dependency(condition="service_healthy"),
                    "init": Dependency(condition="service_completed_successfully", required=False),
                    "cache": Dependency(),
                    "inactive": Dependency(required=False),
                },
            ),
            *(service(name) for name in ("db", "init", "cache")),
        )
    )
    web = made.services[0]
    assert dict(web.depends_on) == {
        "db": (Condition.HEALTHY, True),
        "init": (Condition.COMPLETED, False),
        "cache": (Condition.STARTED, True),
    }
    assert web.spec["Labels"][DEPENDS_ON] == "cache,db,init"
    assert DEPENDS_ON not in made.services[1].spec["Labels"]


def test_a_revision_is_of_everything_but_the_number() -> None:
    one, same, more, other = (
        wanted(application(service("web", **fields))).services[0]
        for fields in ({}, {}, {"deploy": Deploy(replicas=5)}, {"environment": {"A": "b"}})
    )
    assert one.revision == same.revision == more.revision != other.revision
    assert (one.spec["Labels"][REVISION], more.spec["Labels"][REPLICAS]) == (one.revision, "5")
    assert (one.replicas, more.replicas) == (1, 5)


def test_new_content_of_a_config_is_a_new_service_revision() -> None:
    first, second = (
        wanted(
            application(
                service("web", configs=(Grant(source="motd"),)),
                configs={"motd": SharedFile(name="shop_motd", content=content)},
            )
        )
        for content in ("one", "two")
    )
    assert first.services[0].revision != second.services[0].revision
    assert first.services[0].configs == (first.configs[0].name,)


def test_ids_take_the_places_of_names() -> None:
    made = application(
        service(
            "web",
            configs=(Grant(source="motd"),),
            secrets=(Grant(source="token"),),
            credential_spec=CredentialSpec(config="account"),
        ),
        configs={
            "motd": SharedFile(name="shop_motd", content="x"),
            "account": SharedFile(name="account", external=True),
        },
        secrets={"token": SharedFile(name="shop_token", environment="TOKEN", value="s")},
    )
    result = wanted(made)
    configs = {one.name: f"id-{one.key}" for one in result.configs}
    secrets = {one.name: f"id-{one.key}" for one in result.secrets}
    found = identified(result.services[0].spec, configs, secrets)["TaskTemplate"]["ContainerSpec"]
    assert {one["ConfigID"] for one in found["Configs"]} == {"id-motd", "id-account"}
    assert [one["SecretID"] for one in found["Secrets"]] == ["id-token"]
    assert found["Privileges"]["CredentialSpec"] == {"Config": "id-account"}
    with pytest.raises(KeyError):
        identified(result.services[0].spec, {}, secrets)


def test_an_update_keeps_what_is_live_and_not_ours() -> None:
    made = spec(deploy=Deploy(replicas=2))
    raw = {
        "Name": "shop_web",
        "Labels": {"old": "gone", "intermodal.previous": "kept"},
        "TaskTemplate": {"ContainerSpec": {"Image": "old", "Hostname": "gone"}, "ForceUpdate": 4, "Novelty": 1},
        "Mode": {"Replicated": {"Replicas": 7}},
        "EndpointSpec": {"Mode": "dnsrr"},
        "Future": True,
    }
    sent = updated(raw, made, 7)
    assert sent["Mode"] == {"Replicated": {"Replicas": 7}}
    assert (sent["TaskTemplate"]["ForceUpdate"], sent["TaskTemplate"]["Novelty"], sent["Future"]) == (4, 1, True)
    assert sent["TaskTemplate"]["ContainerSpec"] == made["TaskTemplate"]["ContainerSpec"]
    assert "EndpointSpec" not in sent
    assert sent["Labels"] == made["Labels"] | {"intermodal.previous": "kept"}
    assert updated(raw, made, None)["Mode"] == {"Replicated": {"Replicas": 2}}


def test_specs_do_not_show_in_tracebacks() -> None:
    made = wanted(
        application(
            service("web", environment={"TOKEN": "s3cret"}, secrets=(Grant(source="token"),)),
            secrets={"token": SharedFile(name="shop_token", environment="TOKEN", value="s3cret")},
        )
    )
    assert "s3cret" not in repr(made)
    assert "czNjcmV0" not in repr(made)
