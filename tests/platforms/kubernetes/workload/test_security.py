from __future__ import annotations

from typing import Any

import pytest

from intermodal.model.support import Consequence
from tests.applications import service
from tests.platforms.kubernetes.workloads import one, several


def security(**fields: Any) -> Any:
    return one(**fields).container().get("securityContext")


@pytest.mark.parametrize(
    ("user", "expected"),
    [
        ("1000", {"runAsUser": 1000}),
        ("1000:2000", {"runAsUser": 1000, "runAsGroup": 2000}),
        ("root", {"runAsUser": 0}),
        ("0:0", {"runAsUser": 0, "runAsGroup": 0}),
        (":7", {"runAsGroup": 7}),
    ],
)
def test_users_in_numbers(user: str, expected: dict[str, int]) -> None:
    made = one(user=user)
    assert made.container()["securityContext"] == expected
    assert ("services", "web", "user") not in made.notes


@pytest.mark.parametrize("user", ["app", "app:app", "1000:staff", "99999999999", "1000:4294967296"])
def test_users_by_name_are_a_loss_of_security(user: str) -> None:
    made = one(user=user)
    assert made.code("user") == "user-by-name"
    assert made.note("user").consequence is Consequence.SECURITY  # type: ignore[union-attr]


def test_what_is_known_of_a_user_is_kept() -> None:
    assert security(user="1000:staff") == {"runAsUser": 1000}


def test_capabilities_lose_their_prefix() -> None:
    made = security(cap_add=("CAP_NET_ADMIN", "sys_time"), cap_drop=("ALL",))
    assert made["capabilities"] == {"add": ["NET_ADMIN", "SYS_TIME"], "drop": ["ALL"]}


def test_privileges_and_read_only_roots() -> None:
    assert security(privileged=True, read_only=True) == {"privileged": True, "readOnlyRootFilesystem": True}


@pytest.mark.parametrize("text", ["no-new-privileges", "no-new-privileges:true", "no-new-privileges=true"])
def test_no_new_privileges(text: str) -> None:
    assert security(security_opt=(text,)) == {"allowPrivilegeEscalation": False}


@pytest.mark.parametrize("fields", [{"privileged": True}, {"cap_add": ("CAP_SYS_ADMIN",)}])
def test_no_new_privileges_where_kubernetes_refuses_it(fields: dict[str, Any]) -> None:
    made = one(security_opt=("no-new-privileges",), **fields)
    assert made.code("security_opt", 0) == "no-new-privileges-refused"
    assert "allowPrivilegeEscalation" not in made.container()["securityContext"]


def test_seccomp() -> None:
    assert one().pod()["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert security(security_opt=("seccomp=unconfined",)) == {"seccompProfile": {"type": "Unconfined"}}
    made = one(security_opt=("seccomp:./profile.json",))
    assert made.note("security_opt", 0).consequence is Consequence.SECURITY  # type: ignore[union-attr]


def test_apparmor_is_a_field_or_of_old_an_annotation() -> None:
    asked = service(security_opt=("apparmor=unconfined",))
    new, old = several(asked), several(asked, version="1.29")
    assert new.container()["securityContext"] == {"appArmorProfile": {"type": "Unconfined"}}
    assert "annotations" not in new.marks()
    assert "securityContext" not in old.container()
    assert old.marks()["annotations"] == {"container.apparmor.security.beta.kubernetes.io/web": "unconfined"}


def test_a_named_apparmor_profile_must_be_on_the_nodes() -> None:
    made = one(security_opt=("apparmor:mine",))
    assert made.container()["securityContext"]["appArmorProfile"] == {"type": "Localhost", "localhostProfile": "mine"}
    assert made.code("security_opt", 0) == "apparmor-profile-on-nodes"


def test_selinux_labels_add_up() -> None:
    made = security(security_opt=("label:user:u", "label=type:t", "label=level:s0:c1,c2"))
    assert made == {"seLinuxOptions": {"user": "u", "type": "t", "level": "s0:c1,c2"}}
    assert security(security_opt=("label:disable",)) == {"seLinuxOptions": {"type": "spc_t"}}


@pytest.mark.parametrize("text", ["systempaths=unconfined", "label=colour:red", "mystery"])
def test_unknown_options_are_losses_of_security(text: str) -> None:
    made = one(security_opt=(text,))
    assert made.note("security_opt", 0).consequence is Consequence.SECURITY  # type: ignore[union-attr]
    assert "securityContext" not in made.container()


def test_groups_in_numbers_are_the_pods() -> None:
    made = one(group_add=("7", "docker", "root"))
    assert made.pod()["securityContext"]["supplementalGroups"] == [7, 0]
    assert made.code("group_add", 1) == "group-by-name"


def test_no_pod_gets_a_token_or_the_addresses_of_all_services() -> None:
    pod = one().pod()
    assert pod["automountServiceAccountToken"] is False
    assert pod["enableServiceLinks"] is False
