"""Plans rendered: the objects a volume needs in the cluster, and what a pod says of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.platforms.kubernetes.names import slug
from intermodal.platforms.kubernetes.objects import document, make_object, metadata
from intermodal.platforms.kubernetes.payload import payload_fields
from intermodal.platforms.kubernetes.storage.shipped_files import USUAL_MODE
from intermodal.platforms.kubernetes.storage.volume_plan import CLAIMS, FILES, MADE_CLAIMS, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from intermodal.model.platform import Document
    from intermodal.platforms.kubernetes.context import Context
    from intermodal.platforms.kubernetes.storage.shipped_files import FileSet
    from intermodal.platforms.kubernetes.storage.volume_plan import MountPlan, VolumePlan
    from intermodal.platforms.kubernetes.terms import Object

SMB_DRIVER = "smb.csi.k8s.io"


def volume_documents(context: Context, plan: VolumePlan) -> Iterator[Document]:
    """The objects of one plan, in the order they depend on each other."""
    if plan.kind in FILES and plan.content is not None:
        kind = "Secret" if plan.kind is Kind.SECRET else "ConfigMap"
        payload = payload_fields(kind, {file.key: file.content for file in plan.content.files})
        yield document(make_object(context, kind, _metadata(context, plan), **payload))
    if plan.login is not None:
        login = {"username": plan.login[0].encode(), "password": plan.login[1].encode()}
        made = metadata(context, _login_name(plan), original=plan.source)
        yield document(make_object(context, "Secret", made, **payload_fields("Secret", login)))
    if plan.is_bound:
        yield document(_volume(context, plan))
    if plan.kind in MADE_CLAIMS:
        yield document(_claim(context, plan))


def pod_volume(plan: VolumePlan) -> Object:
    """The entry of a pod's `volumes`."""
    if plan.kind in CLAIMS:
        return {"name": plan.name, "persistentVolumeClaim": {"claimName": plan.object_name}}
    if plan.kind is Kind.NODE_PATH:
        type_ = {"type": plan.path_type} if plan.path_type else {}
        return {"name": plan.name, "hostPath": {"path": plan.path, **type_}}
    if plan.kind is Kind.CONFIG_MAP:
        return {"name": plan.name, "configMap": {"name": plan.object_name, **_items(plan.content)}}
    if plan.kind is Kind.SECRET:
        return {"name": plan.name, "secret": {"secretName": plan.object_name, **_items(plan.content)}}
    if plan.kind is Kind.IMAGE:
        return {"name": plan.name, "image": {"reference": plan.path}}
    medium = {"medium": "Memory"} if plan.kind is Kind.MEMORY else {}
    limit = {"sizeLimit": plan.size} if plan.size else {}
    return {"name": plan.name, "emptyDir": {**medium, **limit}}


def volume_mount(plan: VolumePlan, mount: MountPlan, name: str = "") -> Object:
    """The entry of a container's `volumeMounts`; `name` is another volume that stands in for the plan's own."""
    made: Object = {"name": name or plan.name, "mountPath": mount.target}
    if mount.sub_path:
        made["subPath"] = mount.sub_path
    if mount.read_only:
        made["readOnly"] = True
    if mount.propagation:
        made["mountPropagation"] = mount.propagation
    if mount.recursive:
        made["recursiveReadOnly"] = mount.recursive
    return made


def _items(content: FileSet | None) -> Object:
    """Paths and modes of the keys, where they are not what Kubernetes does by itself."""
    if content is None:
        return {}
    common = content.common_mode
    made: Object = {} if common in {None, USUAL_MODE} else {"defaultMode": common}
    if content.single or not content.flat or common is None:
        made["items"] = [
            {"key": file.key, "path": file.path, **({"mode": file.mode} if common is None else {})}
            for file in content.files
        ]
    return made


def _claim(context: Context, plan: VolumePlan) -> Object:
    spec: Object = {"accessModes": [plan.access]}
    if plan.is_bound:
        spec |= {"storageClassName": "", "volumeName": _volume_name(context, plan)}
    elif plan.storage_class:
        spec["storageClassName"] = plan.storage_class
    spec["resources"] = {"requests": {"storage": plan.size}}
    return make_object(context, "PersistentVolumeClaim", _metadata(context, plan), spec=spec)


def _volume(context: Context, plan: VolumePlan) -> Object:
    """A PersistentVolume that only our claim gets; it and its data outlive the claim."""
    spec: Object = {
        "capacity": {"storage": plan.size},
        "accessModes": [plan.access],
        "persistentVolumeReclaimPolicy": "Retain",
        "storageClassName": "",
        "claimRef": {
            "apiVersion": "v1",
            "kind": "PersistentVolumeClaim",
            "namespace": context.target.namespace or "default",
            "name": plan.object_name,
        },
    }
    if plan.mount_options:
        spec["mountOptions"] = list(plan.mount_options)
    spec |= _medium(context, plan)
    made = metadata(context, _volume_name(context, plan), original=plan.source)
    return make_object(context, "PersistentVolume", made, spec=spec)


def _medium(context: Context, plan: VolumePlan) -> Object:
    if plan.kind is Kind.NFS:
        return {"nfs": {"server": plan.server, "path": plan.path}}
    if plan.kind is Kind.SMB:
        return {"csi": _smb(context, plan)}
    type_ = {"type": plan.path_type} if plan.path_type else {}
    made: Object = {"hostPath": {"path": plan.path, **type_}}
    if plan.node:
        wanted = {"key": "kubernetes.io/hostname", "operator": "In", "values": [plan.node]}
        made["nodeAffinity"] = {"required": {"nodeSelectorTerms": [{"matchExpressions": [wanted]}]}}
    return made


def _smb(context: Context, plan: VolumePlan) -> Object:
    made: Object = {
        "driver": SMB_DRIVER,
        "volumeHandle": _volume_name(context, plan),
        "volumeAttributes": {"source": plan.share},
    }
    if plan.login is not None:
        made["nodeStageSecretRef"] = {"name": _login_name(plan), "namespace": context.target.namespace or "default"}
    return made


def _volume_name(context: Context, plan: VolumePlan) -> str:
    """A name for the whole cluster: two applications may both have a claim called `data`."""
    owner = context.target.namespace or slug(context.application.name)
    return context.names.object("PersistentVolume", f"{owner}-{plan.object_name}")


def _login_name(plan: VolumePlan) -> str:
    return f"{plan.object_name[:57]}-login"


def _metadata(context: Context, plan: VolumePlan) -> Object:
    return metadata(context, plan.object_name, original=plan.source, labels=plan.labels, annotations=plan.annotations)
