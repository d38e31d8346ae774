"""Named and anonymous volumes: claims, who shares them, what fills them."""

from __future__ import annotations

import pytest

from intermodal.kit.records import replace
from intermodal.model.building import Build
from intermodal.model.placement import Deploy
from intermodal.model.support import Approximate, Consequence, Exact
from intermodal.model.volumes import Mount, Volume
from intermodal.platforms.kubernetes.storage.volume_plan import Kind, plan_lines
from tests.applications import service
from tests.platforms.kubernetes.stored import Planned, bind, copying, source_of, volume

DATA = volume("data", "/data")


def test_a_volume_of_one_service_is_a_claim_of_its_own() -> None:
    planned = Planned(service("web", volumes=(DATA,)), volumes={"data": Volume(name="shop_data")})
    (claim,) = planned.documents("PersistentVolumeClaim")
    assert claim["metadata"]["name"] == "data"
    assert claim["spec"] == {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
    assert planned.mounts() == [{"name": "data", "mountPath": "/data", "subPath": "data"}]
    assert planned.storage.parts("web").volumes == ({"name": "data", "persistentVolumeClaim": {"claimName": "data"}},)
    assert planned.broken_rules() == []


@pytest.mark.parametrize(
    "deploy", [Deploy(replicas=3), Deploy(mode="global"), Deploy(mode="replicated-job", replicas=2)]
)
def test_several_instances_need_shared_storage(deploy: Deploy) -> None:
    planned = Planned(service("web", volumes=(DATA,), deploy=deploy), volumes={"data": Volume()})
    assert planned.only.access == "ReadWriteMany"
    assert planned.code(*source_of()) == "shared-volume"


def test_two_services_share_one_claim_and_two_of_one_pod_need_not() -> None:
    two = (service("web", volumes=(DATA,)), service("job", volumes=(replace(DATA, read_only=True),)))
    planned = Planned(*two, volumes={"data": Volume()})
    assert len(planned.documents("PersistentVolumeClaim")) == 1
    assert planned.only.access == "ReadWriteMany"
    assert planned.mounts("job")[0]["readOnly"] is True
    beside = Planned(two[0], replace(two[1], network_mode="service:web"), volumes={"data": Volume()})
    assert beside.only.access == "ReadWriteOnce"


def test_who_owns_storage_and_who_writes_alone() -> None:
    planned = Planned(
        service("web", volumes=(DATA, volume("own", "/own"))),
        service("reader", volumes=(replace(DATA, read_only=True),)),
        service("writer", volumes=(volume("shared", "/s"),)),
        service("other", volumes=(volume("shared", "/s"),)),
        service("idle"),
        volumes=dict.fromkeys(("data", "own", "shared"), Volume()),
    )
    owners = {name: planned.storage.owns(name) for name in planned.made.services}
    assert owners == {"web": True, "reader": False, "writer": True, "other": True, "idle": False}
    alone = {name: planned.storage.single_writer(name) for name in ("web", "writer", "other")}
    assert alone == {"web": True, "writer": False, "other": False}


def test_size_class_and_access_as_asked() -> None:
    options = {"volume.data.size": "20Gi", "volume.data.class": "fast", "volume.data.access": "ReadWriteMany"}
    planned = Planned(service("web", volumes=(DATA,)), volumes={"data": Volume()}, options=options)
    spec = planned.documents("PersistentVolumeClaim")[0]["spec"]
    assert spec["storageClassName"] == "fast"
    assert spec["accessModes"] == ["ReadWriteMany"]
    assert spec["resources"]["requests"]["storage"] == "20Gi"
    everywhere = {"storage-class": "slow", "volume-size": "5g"}
    planned = Planned(service("web", volumes=(DATA,)), volumes={"data": Volume()}, options=everywhere)
    assert (planned.only.storage_class, planned.only.size) == ("slow", "5Gi")


def test_wishes_of_the_volume_in_the_file() -> None:
    asked = Volume(extensions={"x-intermodal": {"policy": "nfs", "server": "10.0.0.5", "path": "/export"}})
    planned = Planned(service("web", volumes=(DATA,)), volumes={"data": asked})
    (made,) = planned.documents("PersistentVolume")
    assert made["spec"]["nfs"] == {"server": "10.0.0.5", "path": "/export"}
    assert planned.broken_rules() == []


def test_nfs_without_a_server_is_an_error_and_still_valid() -> None:
    planned = Planned(
        service("web", volumes=(DATA,)), volumes={"data": Volume()}, options={"volume.data.policy": "nfs"}
    )
    assert planned.code(*source_of()) == "nfs-without-server"
    assert planned.documents("PersistentVolume") == []
    assert planned.broken_rules() == []


def test_a_volume_on_a_chosen_node() -> None:
    options = {"volume.data.policy": "local", "node": "worker-1"}
    planned = Planned(service("web", volumes=(DATA,)), volumes={"data": Volume()}, options=options)
    (made,), (claim,) = planned.documents("PersistentVolume"), planned.documents("PersistentVolumeClaim")
    assert made["spec"]["claimRef"]["name"] == claim["metadata"]["name"]
    assert claim["spec"]["volumeName"] == made["metadata"]["name"]
    assert made["metadata"]["name"] == "shop-data"
    assert claim["spec"]["storageClassName"] == made["spec"]["storageClassName"] == ""
    terms = made["spec"]["nodeAffinity"]["required"]["nodeSelectorTerms"]
    assert terms[0]["matchExpressions"][0]["values"] == ["worker-1"]
    assert planned.broken_rules() == []


@pytest.mark.parametrize(("policy", "kind"), [("ephemeral", Kind.SCRATCH), ("memory", Kind.MEMORY)])
def test_storage_of_one_pod_cannot_be_shared(policy: str, kind: Kind) -> None:
    options = {"volume.data.policy": policy}
    alone = Planned(service("web", volumes=(DATA,)), volumes={"data": Volume()}, options=options)
    assert alone.only.kind is kind
    assert isinstance(alone.told(*source_of()), Exact)
    shared = Planned(
        service("web", volumes=(DATA,)), service("b", volumes=(DATA,)), volumes={"data": Volume()}, options=options
    )
    told = shared.told(*source_of())
    assert isinstance(told, Approximate)
    assert told.consequence is Consequence.DATA


def test_a_policy_outranks_the_driver_and_says_so() -> None:
    driven = Volume(driver="rexray", driver_opts={"size": "5"})
    planned = Planned(
        service("web", volumes=(DATA,)), volumes={"data": driven}, options={"volume.data.policy": "claim"}
    )
    assert planned.code("volumes", "data", "driver") == "volume-policy-outranks"
    assert planned.code("volumes", "data", "driver_opts", "size") == "volume-policy-outranks"


def test_external_volumes_are_named_not_made() -> None:
    planned = Planned(
        service("web", volumes=(DATA, volume("own", "/own"))),
        volumes={"data": Volume(name="Prod_Data", external=True), "own": Volume()},
    )
    assert [made["metadata"]["name"] for made in planned.documents("PersistentVolumeClaim")] == ["own"]
    told = planned.told(*source_of())
    assert isinstance(told, Approximate)
    assert "prod-data" in told.why
    assert planned.storage.parts("web").volumes[0]["persistentVolumeClaim"]["claimName"] == "prod-data"


def test_an_external_volume_never_becomes_ours_of_the_same_name() -> None:
    planned = Planned(
        service("web", volumes=(volume("theirs", "/a"), volume("data", "/b"))),
        volumes={"theirs": Volume(name="data", external=True), "data": Volume()},
    )
    claims = [made["persistentVolumeClaim"]["claimName"] for made in planned.storage.parts("web").volumes]
    assert claims == ["data", "shop-data"]


def test_two_keys_with_one_engine_name_are_one_volume() -> None:
    planned = Planned(
        service("web", volumes=(volume("a", "/a"), volume("b", "/b"))),
        volumes={"a": Volume(name="same"), "b": Volume(name="same")},
    )
    assert planned.only.object_name == "same"
    assert planned.broken_rules() == []


def test_names_that_kubernetes_does_not_take() -> None:
    planned = Planned(
        service("web", volumes=(volume("My_Data", "/a"), volume("my-data", "/b"), volume("config-x", "/c"))),
        volumes={"My_Data": Volume(), "my-data": Volume(), "config-x": Volume()},
    )
    names = [made["metadata"]["name"] for made in planned.documents("PersistentVolumeClaim")]
    assert len(set(names)) == 3
    assert all(name == name.lower() and "_" not in name for name in names)
    assert not any(
        made["name"].startswith(("config-", "secret-")) and made["name"] != "config-x-volume"
        for made in planned.storage.parts("web").volumes
    )
    assert planned.broken_rules() == []


def test_one_volume_at_two_places_of_one_service() -> None:
    planned = Planned(service("web", volumes=(DATA, volume("data", "/copy"))), volumes={"data": Volume()})
    assert [made["name"] for made in planned.storage.parts("web").volumes] == ["data"]
    assert [made["mountPath"] for made in planned.mounts()] == ["/data", "/copy"]
    assert planned.broken_rules() == []


def test_labels_are_carried_and_unused_volumes_told() -> None:
    planned = Planned(
        service("web", volumes=(DATA,)),
        volumes={"data": Volume(labels={"team": "a", "note": "two words"}), "left": Volume(labels={"a": "b"})},
    )
    metadata = planned.documents("PersistentVolumeClaim")[0]["metadata"]
    assert metadata["labels"]["team"] == "a"
    assert metadata["annotations"]["note"] == "two words"
    assert planned.code("volumes", "left", "labels", "a") == "volume-unused"


def test_subfolders() -> None:
    planned = Planned(
        service("web", volumes=(volume("data", "/a", volume=copying(subpath="in/side")),)), volumes={"data": Volume()}
    )
    assert planned.mounts()[0]["subPath"] == "data/in/side"
    assert planned.script() == ""
    outside = volume("data", "/a", volume=copying(subpath="../x"))
    planned = Planned(service("web", volumes=(outside,)), volumes={"data": Volume()})
    assert planned.code("services", "web", "volumes", 0, "volume", "subpath") == "volume-subpath-outside"
    assert planned.broken_rules() == []


def test_an_empty_volume_is_filled_from_the_image() -> None:
    planned = Planned(service("web", image="nginx", volumes=(DATA,)), volumes={"data": Volume()})
    (prepared,) = planned.storage.parts("web").init_containers
    assert prepared["image"] == "nginx"
    assert prepared["volumeMounts"] == [{"name": "data", "mountPath": "/intermodal/data", "subPath": "data"}]
    assert "fill /data /intermodal/data" in planned.script()
    assert planned.code(*source_of()) == "image-content-copied"


@pytest.mark.parametrize(
    ("image", "mount", "options"),
    [
        ("nginx", volume("data", "/data", volume=copying(nocopy=True)), {}),
        ("nginx", DATA, {"copy-image-content": "no"}),
        ("docker.io/library/postgres:16", volume("data", "/var/lib/postgresql/data"), {}),
        ("grafana/loki:3", DATA, {}),
    ],
)
def test_nothing_is_copied_where_docker_would_not_or_none_could(
    image: str, mount: Mount, options: dict[str, str]
) -> None:
    planned = Planned(service("web", image=image, volumes=(mount,)), volumes={"data": Volume()}, options=options)
    assert planned.script() == ""


def test_a_shell_that_is_missing_is_told() -> None:
    planned = Planned(service("web", image="grafana/loki:3", volumes=(DATA,)), volumes={"data": Volume()})
    assert planned.code(*source_of()) == "image-content-not-copied"


def test_an_official_image_run_as_somebody_else_is_filled_all_the_same() -> None:
    at_home = volume("data", "/var/lib/postgresql/data")
    planned = Planned(service("web", image="postgres:16", user="999", volumes=(at_home,)), volumes={"data": Volume()})
    assert "fill /var/lib/postgresql/data" in planned.script()


def test_readers_do_not_fill_what_others_write() -> None:
    planned = Planned(
        service("app", image="app", volumes=(DATA,)),
        service("web", image="nginx", volumes=(replace(DATA, read_only=True),)),
        volumes={"data": Volume()},
    )
    assert planned.script("app") != ""
    assert planned.script("web") == ""


def test_nocopy_counts_only_where_something_would_be_copied() -> None:
    path = ("services", "web", "volumes", 0, "volume", "nocopy")
    without = volume("data", "/data", volume=copying(nocopy=True))
    planned = Planned(service("web", image="nginx", volumes=(without,)), volumes={"data": Volume()})
    assert isinstance(planned.told(*path), Exact)
    planned = Planned(service("web", image="redis", volumes=(without,)), volumes={"data": Volume()})
    assert planned.code(*path) == "nocopy-without-effect"


def test_anonymous_volumes_end_with_the_pod_unless_they_hold_data() -> None:
    planned = Planned(service("web", volumes=(volume("", "/app/cache"), volume("", "/var/lib/thing"))))
    cache, data = planned.storage.plans
    assert (cache.kind, data.kind) == (Kind.SCRATCH, Kind.CLAIM)
    assert planned.documents("PersistentVolumeClaim")[0]["metadata"]["name"] == "web-var-lib-thing"
    assert planned.code("services", "web", "volumes", 0, "target") == "anonymous-volume"
    assert planned.broken_rules() == []


def test_several_instances_each_lose_their_anonymous_data_and_that_is_an_error() -> None:
    planned = Planned(service("web", scale=3, volumes=(volume("", "/var/lib/thing"),)))
    told = planned.told("services", "web", "volumes", 0, "target")
    assert isinstance(told, Approximate)
    assert told.consequence is Consequence.DATA


def test_anonymous_volumes_shared_by_volumes_from_are_one_claim() -> None:
    planned = Planned(service("web", volumes=(volume("", "/html"),)), service("php", volumes_from=("web:ro",)))
    assert planned.only.kind is Kind.CLAIM
    assert planned.only.access == "ReadWriteMany"
    assert planned.mounts("php")[0]["readOnly"] is True
    assert planned.code("services", "php", "volumes_from", 0) == "shared-volume"
    assert planned.broken_rules() == []


def test_a_developers_mount_and_its_shades_are_left_out() -> None:
    made = service(
        "web",
        build=Build(context="/project/app"),
        volumes=(bind("/project/app", "/code"), volume("", "/code/node_modules"), volume("", "/other")),
    )
    planned = Planned(made, files={"/project/app/index.js": b"x"})
    assert [mount["mountPath"] for mount in planned.mounts()] == ["/other"]
    assert planned.code(*source_of()) == "development-mount"
    assert planned.code("services", "web", "volumes", 1, "target") == "development-mount"


def test_the_plan_can_be_printed() -> None:
    planned = Planned(
        service("web", volumes=(DATA,)),
        service("b", volumes=(replace(DATA, read_only=True),)),
        volumes={"data": Volume()},
        options={"storage-class": "nfs"},
    )
    assert plan_lines(planned.storage.plans) == [
        "data: PersistentVolumeClaim data (1Gi, ReadWriteMany, nfs) - a named volume",
        "  web at /data (its folder data, filled from the image while empty)",
        "  b at /data (read-only, its folder data)",
    ]
