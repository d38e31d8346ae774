from __future__ import annotations

from intermodal.model.application import Provider
from intermodal.platforms.kubernetes.groups import make_groups
from tests.applications import application, service


def test_a_service_stands_alone_unless_it_joins_another() -> None:
    groups = make_groups(application(service("a"), service("b", network_mode="bridge")))
    assert groups.leader("b") == "b"
    assert groups.members("b") == ("b",)


def test_chains_lead_to_one_pod() -> None:
    found = make_groups(
        application(
            service("c", pid="service:b"),
            service("a", container_name="the-a"),
            service("b", ipc="container:the-a"),
        )
    )
    assert found.members("a") == ("a", "c", "b")
    assert {found.leader(name) for name in "abc"} == {"a"}


def test_circles_and_strangers_do_no_harm() -> None:
    found = make_groups(
        application(
            service("a", network_mode="service:b"),
            service("b", pid="service:a"),
            service("c", network_mode="container:elsewhere"),
            service("d", network_mode="container:"),
        )
    )
    assert found.leader("a") == found.leader("b")
    assert found.leader("c") == "c"
    assert found.leader("d") == "d"


def test_nobody_joins_what_is_no_container() -> None:
    provided = service("cloud", image="", provider=Provider(type="x"))
    assert make_groups(application(provided, service("a", network_mode="service:cloud"))).leader("a") == "a"
