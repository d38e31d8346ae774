"""The init containers that wait, the account they ask the API with, and its rights."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.kit.records import record
from intermodal.model.support import Approximate, Consequence
from intermodal.platforms.kubernetes.escape import escaped
from intermodal.platforms.kubernetes.kinds import Kind
from intermodal.platforms.kubernetes.objects import document, make_object, metadata
from intermodal.platforms.kubernetes.terms import WAIT_API_IMAGE, WAIT_IMAGE
from intermodal.platforms.kubernetes.waiting.scripts import (
    ACCOUNT,
    RESOURCES,
    SECONDS_OPTIONAL,
    SECONDS_STARTED,
    Ask,
    script,
)
from intermodal.platforms.kubernetes.waiting.waits import STARTED
from intermodal.platforms.kubernetes.wishes.wishes import service_wishes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from intermodal.model.platform import Document
    from intermodal.platforms.kubernetes.context import Context
    from intermodal.platforms.kubernetes.terms import Object
    from intermodal.platforms.kubernetes.waiting.waits import Wait

NOBODY = 65534
ACCOUNT_VOLUME = "intermodal-account"

_NAMESPACE_GUESSED = Approximate(
    code="wait-needs-namespace",
    why="the right to ask the API is bound to an account of one namespace, and without `--namespace` that is `default`",
    advice="translate with --namespace if you apply the files to another one",
    consequence=Consequence.BEHAVIOUR,
    how="an init container that asks the API",
)


@record
class WaitParts:
    """What waiting adds to a Pod. `account` is the service account it runs under, "" where none is needed."""

    init_containers: tuple[Object, ...] = ()
    volumes: tuple[Object, ...] = ()
    account: str = ""


def wait_parts(leader: str, found: tuple[Wait, ...], context: Context) -> WaitParts:
    """The init containers of one Pod, and what they need."""
    asking = [wait for wait in found if isinstance(wait.question, Ask)]
    return WaitParts(
        init_containers=tuple(_container(wait, context) for wait in found),
        volumes=(_account_volume(),) if asking else (),
        account=_account(leader, context) if asking else "",
    )


def wait_documents(waiting: Mapping[str, tuple[Wait, ...]], context: Context) -> tuple[Document, ...]:
    """Accounts, roles and bindings of every Pod that asks the API."""
    made: list[Document] = []
    for leader, found in waiting.items():
        questions = [wait.question for wait in found if isinstance(wait.question, Ask)]
        if questions:
            made.extend(document(content) for content in _rights(leader, questions, context))
            if not context.target.namespace:
                _note_namespace(leader, found, context)
    return tuple(made)


def _note_namespace(leader: str, found: tuple[Wait, ...], context: Context) -> None:
    asked = {wait.service for wait in found if isinstance(wait.question, Ask)}
    for member in context.groups.members(leader):
        for name in context.application.services[member].depends_on:
            if name in asked:
                context.notes(("services", member, "depends_on", name), _NAMESPACE_GUESSED)


def _container(wait: Wait, context: Context) -> Object:
    asking = isinstance(wait.question, Ask)
    options = context.settings.options
    image = options.get("wait-api-image", WAIT_API_IMAGE) if asking else options.get("wait-image", WAIT_IMAGE)
    made: Object = {
        "name": f"wait-for-{context.names.workload(wait.service)}",
        "image": image,
        "command": ["sh", "-c", escaped(script(wait.question, seconds=_seconds(wait)))],
        "resources": {"requests": {"cpu": "10m", "memory": "16Mi"}, "limits": {"memory": "64Mi"}},
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": NOBODY,
            "runAsGroup": NOBODY,
            "readOnlyRootFilesystem": True,
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
        },
    }
    if asking:
        made["env"] = [{"name": "NAMESPACE", "valueFrom": {"fieldRef": {"fieldPath": "metadata.namespace"}}}]
        made["volumeMounts"] = [{"name": ACCOUNT_VOLUME, "mountPath": ACCOUNT, "readOnly": True}]
    return made


def _seconds(wait: Wait) -> int | None:
    if not wait.required:
        return SECONDS_OPTIONAL
    task = isinstance(wait.question, Ask) and wait.question.kind is Kind.JOB
    return SECONDS_STARTED if wait.condition == STARTED and not task else None


def _account(leader: str, context: Context) -> str:
    return service_wishes(leader, context).service_account or context.names.object("wait", leader, "wait")


def _account_volume() -> Object:
    """A token of its own, mounted where only the waiting containers see it."""
    return {
        "name": ACCOUNT_VOLUME,
        "projected": {
            "sources": [
                {"serviceAccountToken": {"path": "token", "expirationSeconds": 3600}},
                {"configMap": {"name": "kube-root-ca.crt", "items": [{"key": "ca.crt", "path": "ca.crt"}]}},
            ]
        },
    }


def _rights(leader: str, questions: list[Ask], context: Context) -> Iterator[Object]:
    name, account = context.names.object("wait", leader, "wait"), _account(leader, context)
    if account == name:
        yield make_object(
            context, "ServiceAccount", metadata(context, name, service=leader), automountServiceAccountToken=False
        )
    yield make_object(context, "Role", metadata(context, name, service=leader), rules=_rules(questions))
    yield make_object(
        context,
        "RoleBinding",
        metadata(context, name, service=leader),
        roleRef={"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": name},
        subjects=[{"kind": "ServiceAccount", "name": account, "namespace": context.target.namespace or "default"}],
    )


def _rules(questions: list[Ask]) -> list[Object]:
    names: dict[tuple[str, str], list[str]] = {}
    for question in questions:
        mine = names.setdefault(RESOURCES[question.kind], [])
        if question.name not in mine:
            mine.append(question.name)
    return [
        {"apiGroups": [group], "resources": [resource], "resourceNames": found, "verbs": ["get"]}
        for (group, resource), found in names.items()
    ]
